"""Units: the offices that owe, receive and are written to. Duties name offices, never persons."""

from __future__ import annotations

from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject


class UnitRegistered(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """An office exists. `role` says what it is to its place, e.g. `ubnd` for the committee."""

    name: str
    role: str
    place: str | None = None
    aliases: tuple[str, ...] = ()


class UnitContactChanged(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Where an office receives letters. `contacts` are ids; the addresses can be erased."""

    contacts: tuple[str, ...]


class UnitAssigned(Event, frozen=True, kw_only=True, omit_defaults=True):
    """An office leads these criteria of a set for its place, by a clause of a plan or a paper.

    `fields` are themes a paper names without a number, such as an outstanding field.
    """

    set: str
    numbers: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    plan: str | None = None
    clause: str | None = None


class Lead(msgspec.Struct, frozen=True):
    """What a unit answers for in one set, and the entry that says so."""

    set: str
    numbers: tuple[int, ...]
    fields: tuple[str, ...]
    clause: str | None
    entry: int


class Unit(msgspec.Struct, frozen=True):
    name: str
    role: str
    place: str | None
    aliases: tuple[str, ...]
    contacts: tuple[str, ...] = ()
    leads: tuple[Lead, ...] = ()


class SameContacts(Refused):
    vi = "Địa chỉ của đơn vị này đã đúng như vậy trong sổ; không ghi thêm.\nXem: ntm unit list"
    en = "The journal already holds these addresses for the unit; nothing to record.\nSee: ntm unit list"


def rule(unit: Unit, event: Event) -> Refused | None:
    match event:
        case UnitContactChanged(contacts=contacts) if contacts == unit.contacts:
            return SameContacts()
    return None


def evolve(unit: Unit | None, fact: Fact) -> Unit:
    match fact.event:
        case UnitRegistered(name=name, role=role, place=place, aliases=aliases):
            return Unit(name, role, place, aliases)
        case UnitContactChanged(contacts=contacts):
            return replace(cast(Unit, unit), contacts=contacts)
        case UnitAssigned(set=set, numbers=numbers, fields=fields, clause=clause):
            unit = cast(Unit, unit)
            lead = Lead(set, numbers, fields, clause, fact.entry)
            return replace(unit, leads=(*unit.leads, lead))
        case other:
            raise TypeError(other)


SUBJECT = Subject[Unit]("unit", (UnitRegistered, UnitContactChanged, UnitAssigned), evolve, rule)
