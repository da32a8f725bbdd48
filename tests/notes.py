"""A small noun of the tests' own: notes that are opened and grow, recorded in a journal."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject, Timeline
from ntm_workflow.domain.entry import EntryVoided
from ntm_workflow.store.engine import Database
from ntm_workflow.store.journal import Journal

DAY = date(2024, 10, 30)
NOON = datetime(2024, 10, 30, 5, 0, 0, 7, UTC)


class NoteOpened(Opening, frozen=True, kw_only=True, omit_defaults=True):
    text: str


class NoteGrown(Event, frozen=True, kw_only=True, omit_defaults=True):
    text: str


REGISTRY: dict[str, type[Event]] = {
    kind.__name__: kind for kind in (NoteOpened, NoteGrown, EntryVoided)
}


def grow(text: str | None, fact: Fact) -> str:
    added: str = fact.event.text  # type: ignore[attr-defined]
    return f"{text} {added}" if text else added


NOTE = Subject[str]("note", (NoteOpened, NoteGrown), grow, lambda state, event: None)


def note(n: int, version: int = 1, text: str = "một", day: date = DAY) -> Fact:
    kind = NoteOpened if version == 1 else NoteGrown
    return Fact(f"note/{n}", version, kind(effective_on=day, by="an", text=text))


def void(entry: int) -> Fact:
    event = EntryVoided(effective_on=DAY, by="an", document="QĐ 1", entry=entry, reason="nhầm")
    return Fact(f"entry/{entry}", 1, event)


def record(journal: Journal, *facts: Fact, now: datetime = NOON) -> list[Fact]:
    with journal.database.write() as conn:
        return journal.append(conn, facts, now)


def everything(journal: Journal) -> list[Fact]:
    with journal.database.read() as conn:
        return list(journal.facts(conn))


def timeline(journal: Journal, id: str) -> Timeline[str]:
    with journal.database.read() as conn:
        return journal.timeline(conn, id, NOTE)


def use_it(database: Database) -> None:
    """Each way of using a store refuses the same; the last refusal is raised."""
    refusals = []
    for use in (database.check, lambda: record(Journal(database, REGISTRY), note(1))):
        try:
            use()
        except Refused as refused:
            refusals.append(refused)
    assert len(refusals) == 2
    assert type(refusals[0]) is type(refusals[1])
    raise refusals[1]
