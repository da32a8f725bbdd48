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
from ntm_workflow.office import outbox
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import telling
from ntm_workflow.projections.slices import IDS
from ntm_workflow.projections.telling import TELLINGS
from ntm_workflow.store.schema import CONTACTS, OUTBOX

KIND: Final = "no_address"
#: Offices that look after others' addresses, the first asked first.
_MENDERS: Final = ("vpdp", "ubnd")
#: So many waiting duties are named of a unit, and of all of them together; one of each at least.
_MOST: Final = 20
_MOST_OF_ALL: Final = 100


def planned(reading: Reading, morning: Morning, written: Collection[Intent]) -> list[Intent]:
    """For each office that can mend it, one letter about the units that cannot be written to."""
    reach = _Reach(reading)
    today = {intent.unit for intent in written if not intent.held}
    silent = sorted(unit for unit in today | _waiting(reading) if reach.lacks(unit))
    told = telling.last(reading.conn, [f"unit/{unit}" for unit in silent], reading.as_of)
    lately = {bare(each.subject) for each in told if each.day >= morning.week}
    to_mend = {u: mender for u in silent if u not in lately and (mender := reach.mender(u))}
    named = today | _held_up(reading, to_mend.keys() - today).keys()
    letters: defaultdict[str, list[Line]] = defaultdict(list)
    for unit, mender in to_mend.items():
        if unit in named:
            letters[mender].append(Line(f"unit/{unit}", KIND))
    day = reading.as_of
    return [Intent(unit, KIND, day, tuple(lines)) for unit, lines in sorted(letters.items())]


def items(lines: Lines, intent: Intent) -> Iterator[LetterItem]:
    """What waits for each unit's address, with the command that gives it one."""
    reading, reach = lines.reading, _Reach(lines.reading)
    units = [unit for line in intent.lines if reach.lacks(unit := bare(line.subject))]
    waiting = _held_up(reading, units, lines)
    most = max(1, min(_MOST, _MOST_OF_ALL // max(1, len(waiting))))
    for unit in units:
        name = reading.names.get(unit, unit)
        said = {"owed_by": name, "command": f"ntm unit contact {shlex.quote(name)} --email …"}
        for line in waiting.get(unit, [])[-most:]:
            yield lines.item(Line(line.subject, KIND, line.rung, line.act_by), **said)


def _waiting(reading: Reading) -> set[str]:
    """The units whose letters wait in the outbox."""
    waits = OUTBOX.c.state.in_((outbox.QUEUED, outbox.NO_ADDRESS))
    return set(reading.conn.scalars(sa.select(OUTBOX.c.unit).where(waits).distinct()))


def _held_up(
    reading: Reading, units: Collection[str], lines: Lines | None = None
) -> dict[str, list[Any]]:
    """By unit the duties of which its waiting letters tell what is still so, each once, the newest last."""
    lines, t = lines or Lines(reading, "vi"), TELLINGS.c
    waits = OUTBOX.c.state.in_((outbox.QUEUED, outbox.NO_ADDRESS))
    query = sa.select(TELLINGS).join(OUTBOX, OUTBOX.c.id == t.id).where(waits)
    query, ids = query.order_by(t.position, t.n), sorted(units)
    found: list[Any] = []
    for at in range(0, len(ids), IDS):
        some = query.where(OUTBOX.c.unit.in_(ids[at : at + IDS]))
        found += reading.conn.execute(some)
    found = [line for line in found if line.subject.startswith("obligation/")]
    lines.learn([line.subject for line in found])
    newest: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for line in found:
        if lines.holds(line):
            newest[line.unit].pop(line.subject, None)
            newest[line.unit][line.subject] = line
    return {unit: list(named.values()) for unit, named in newest.items()}


class _Reach:
    """Which units can be written to, and who looks after those that cannot."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.kept = set(reading.conn.scalars(sa.select(CONTACTS.c.id)))

    def has(self, unit: str) -> bool:
        row = self.reading.units.get(unit)
        return row is not None and not self.kept.isdisjoint(row.contacts)

    def lacks(self, unit: str) -> bool:
        return unit in self.reading.units and not self.has(unit)

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
