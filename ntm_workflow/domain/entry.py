"""Entries as subjects: the only thing that happens to an entry is that it is voided, once."""

from __future__ import annotations

import msgspec

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject


class EntryVoided(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """An entry does not count from here on. The facts stay in the journal; the fold skips them."""

    entry: int
    reason: str


class VoidedEntry(msgspec.Struct, frozen=True):
    entry: int
    reason: str


def rule(entry: VoidedEntry, event: Event) -> Refused | None:
    return None


def evolve(entry: VoidedEntry | None, fact: Fact) -> VoidedEntry:
    match fact.event:
        case EntryVoided(entry=number, reason=reason):
            return VoidedEntry(number, reason)
        case other:
            raise TypeError(other)


SUBJECT = Subject[VoidedEntry]("entry", (EntryVoided,), evolve, rule)
