"""Units without an address: the office that can mend it hears which they are and what waits for them.

Each is told once a week; what waits leaves by itself when the address is there and it is still owed.
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Final

import sqlalchemy as sa

from ntm_workflow.domain.letter import Line
from ntm_workflow.notifications.context import LetterItem
from ntm_workflow.notifications.ladder import Intent, Morning
from ntm_workflow.office import outbox
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import telling
from ntm_workflow.store.schema import CONTACTS, OUTBOX

KIND: Final = "no_address"
#: Offices that look after others' addresses, the first asked first.
_MENDERS: Final = ("vpdp", "ubnd")


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
    """The units and the command that gives each an address; what they owe is not told to others."""
    reading, reach = lines.reading, _Reach(lines.reading)
    for line in intent.lines:
        unit = bare(line.subject)
        if not reach.has(unit):
            yield _item(reading.names.get(unit, unit), _waits(reading, unit), lines.lang)


def _item(name: str, waiting: int, lang: str) -> LetterItem:
    said = _WAITING[lang == "en"].format(n=waiting)
    command = f"ntm unit contact {shlex.quote(name)} --email …"
    return LetterItem(
        id="", part=KIND, title=said, owed_by=name, clause="", strength="must", command=command
    )


def _waiting(reading: Reading) -> set[str]:
    """The units for whose letters there is no address."""
    return set(reading.conn.scalars(sa.select(OUTBOX.c.unit).where(_UNADDRESSED).distinct()))


def _waits(reading: Reading, unit: str) -> int:
    """How many letters wait for the unit's address, those of this morning included."""
    waiting = sa.or_(_UNADDRESSED, OUTBOX.c.state == outbox.QUEUED)
    query = sa.select(sa.func.count()).where(OUTBOX.c.unit == unit, waiting)
    return reading.conn.scalar(query) or 0


_UNADDRESSED = OUTBOX.c.state == outbox.NO_ADDRESS
_WAITING: Final = ("{n} thư đang chờ địa chỉ", "{n} letters wait for an address")


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
