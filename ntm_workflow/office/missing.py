"""Units without an address: the office that can mend it hears which they are and what waits for them.

Each is told once a week; what waits leaves by itself when the address is there and it is still owed.
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.letter import Line
from ntm_workflow.notifications.context import LetterItem
from ntm_workflow.notifications.ladder import Intent, Morning
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS, telling
from ntm_workflow.store.schema import CONTACTS

KIND: Final = "no_address"
#: Offices that look after others' addresses, the first asked first.
_MENDERS: Final = ("vpdp", "ubnd")
#: Of a unit's waiting duties, so many are named.
_MOST: Final = 20


def planned(reading: Reading, morning: Morning, written: Collection[Intent]) -> list[Intent]:
    """For each office that can mend it, one letter about the units that cannot be written to."""
    reach = _Reach(reading)
    waiting = {intent.unit for intent in written if not intent.held} | _waiting(reading)
    silent = sorted(unit for unit in waiting if unit in reading.units and not reach.has(unit))
    told = telling.last(reading.conn, [f"unit/{unit}" for unit in silent], reading.as_of)
    lately = {bare(each.subject) for each in told if each.day >= morning.week}
    letters: defaultdict[str, list[Line]] = defaultdict(list)
    for unit in silent:
        mender = reach.mender(unit) if unit not in lately else None
        if mender:
            letters[mender].append(Line(f"unit/{unit}", KIND))
    day = reading.as_of
    return [Intent(unit, KIND, day, tuple(lines)) for unit, lines in sorted(letters.items())]


def items(lines: Lines, intent: Intent) -> Iterator[LetterItem]:
    """The duties that wait for each unit's address, with the command that gives it one."""
    reading, reach = lines.reading, _Reach(lines.reading)
    for line in intent.lines:
        unit = bare(line.subject)
        if reach.has(unit):
            continue
        name = reading.names.get(unit, unit)
        command = f"ntm unit contact {shlex.quote(name)} --email …"
        for said in _lines_waiting(reading, unit):
            if said.subject.startswith("obligation/") and lines.row(said.subject) is not None:
                of_it = Line(said.subject, KIND, said.rung, said.act_by)
                yield lines.item(of_it, owed_by=name, command=command)


def _waiting(reading: Reading) -> set[str]:
    """The units whose letters of the last weeks have not left."""
    c = VIEWS["letter"].table.c
    return {row.unit for row in reading.rows("letter", c.state == "queued", only=("unit",))}


class _Reach:
    """Which units can be written to, and who looks after those that cannot."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.kept = set(reading.conn.scalars(sa.select(CONTACTS.c.id)))

    def has(self, unit: str) -> bool:
        row = self.reading.units.get(unit)
        return row is not None and not self.kept.isdisjoint(row.contacts)

    def mender(self, unit: str) -> str | None:
        """The nearest office above that looks after addresses and can be written to itself."""
        place = self.reading.units[unit].place
        for each in (place, *self.reading.ancestors(place)):
            for role in _MENDERS:
                others = (other for other in self._menders.get((each, role), ()) if other != unit)
                if found := next(others, None):
                    return found
        return None

    @cached_property
    def _menders(self) -> dict[tuple[str, str], list[str]]:
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for unit, row in sorted(self.reading.units.items()):
            if row.role in _MENDERS and self.has(unit):
                found[row.place, row.role].append(unit)
        return found


def _lines_waiting(reading: Reading, unit: str) -> list[Any]:
    """The newest lines of letters to the unit that have not left, each duty once."""
    letters = VIEWS["letter"]
    queued = sa.select(letters.table.c.id).where(
        letters.at(reading.as_of, reading.known),
        letters.table.c.unit == unit,
        letters.table.c.state == "queued",
    )
    rows = telling.of_letters(reading.conn, queued)
    newest = {row.subject: row for row in rows}
    return list(newest.values())[-_MOST:]
