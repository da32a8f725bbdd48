"""What is open in a place: owed in it, or by or to a unit of it, on a day, and not settled since. Records nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.dossier import OVER
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS

#: A day after every fact there is.
LAST: Final = date(9999, 12, 30)

_DUTY: Final = (
    *(
        "id",
        "title",
        "place",
        "plan",
        "item",
        "owed_by",
        "owed_to",
        "with",
        "advised_by",
        "trigger",
    ),
    *("strength", "strict_day", "enforce_day", "applies", "suspended_on", "suspended_until"),
)


class NoCounterpart(Refused):
    exit_code = 3
    vi = "{to} chưa có đơn vị thay cho: {units}.\nGhi vào sổ: ntm unit register TÊN --place {id:arg} --role VAI-TRÒ (UBND: ubnd), hoặc nêu: --unit 'CŨ=MỚI'"
    en = "{to} has no unit to take the place of: {units}.\nRegister one: ntm unit register NAME --place {id:arg} --role ROLE (a committee: ubnd), or name it: --unit 'OLD=NEW'"


class NotItsUnit(Refused):
    exit_code = 2
    vi = "--unit {unit}: đơn vị cũ phải thuộc {name}, đơn vị mới thuộc một nơi khác đang tồn tại.\nXem: ntm unit list --within {id:arg} --as-of …"
    en = "--unit {unit}: the old unit must be of {name}, the new one of another place that is there.\nSee: ntm unit list --within {id:arg} --as-of …"


@dataclass
class Work:
    """All that is open on the day of the reading and still is; or `only` what has these ids, as people type them."""

    reading: Reading
    place: str
    only: frozenset[str] = frozenset()

    @cached_property
    def later(self) -> Reading:
        """Everything as it was left: what was settled after the day is not open."""
        return self.reading.on(LAST)

    @cached_property
    def units(self) -> set[str]:
        return {id for id, row in self.reading.units.items() if row.place == self.place}

    @cached_property
    def obligations(self) -> list[Any]:
        return [row for row in self._chosen(self._duties(self.reading)) if row.id in self.as_left]

    @cached_property
    def as_left(self) -> dict[str, Any]:
        """The duties that are open in the end, as they were left, by id."""
        return {row.id: row for row in self._duties(self.later)}

    def _duties(self, reading: Reading) -> Iterator[Any]:
        for row in open_duties(reading):
            if row.place == self.place or named_in(row) & self.units:
                yield row

    @cached_property
    def dossiers(self) -> list[Any]:
        """Those of the place itself."""
        return [row for row in self._under_way if row.place == self.place]

    @cached_property
    def held(self) -> list[Any]:
        """Those of other places that lie with a unit of this one."""
        return [row for row in self._under_way if row.place != self.place]

    @cached_property
    def _under_way(self) -> list[Any]:
        c = VIEWS["dossier"].table.c

        def there(reading: Reading) -> list[Any]:
            rows = reading.rows("dossier", c.stage.not_in(OVER))
            return [r for r in rows if r.place == self.place or r.holder in self.units]

        still = {row.id for row in there(self.later)}
        return [row for row in self._chosen(there(self.reading)) if row.id in still]

    @cached_property
    def funds(self) -> list[Any]:
        c = VIEWS["fund"].table.c

        def there(reading: Reading) -> list[Any]:
            rows = reading.rows("fund", c.settled.is_(None))
            return [r for r in rows if r.place == self.place or r.owner in self.units]

        still = {row.id for row in there(self.later)}
        return [row for row in self._chosen(there(self.reading)) if row.id in still]

    @cached_property
    def places(self) -> list[Any]:
        c = VIEWS["place"].table.c
        below = (c.parent == self.place, c.ended.is_(None))
        still = {row.id for row in self.later.rows("place", *below, only=("id",))}
        there = self._chosen(self.reading.rows("place", *below))
        return [row for row in there if row.id in still]

    @property
    def all_ids(self) -> set[str]:
        """The ids of everything that is open, as people type them."""
        whole = Work(self.reading, self.place)
        groups = (whole.obligations, whole.dossiers, whole.held, whole.funds, whole.places)
        return {typed_id(row.id) for rows in groups for row in rows if not whole.falls(row)}

    def _chosen(self, rows: Iterable[Any]) -> Iterator[Any]:
        return (row for row in rows if not self.only or typed_id(row.id) in self.only)

    def falls(self, duty: Any) -> bool:
        """Whether a duty is to supply what a dossier of the place was returned for: it falls as that is closed."""
        subject, _, step = (getattr(duty, "trigger", None) or "").rpartition("/")
        return step[-1:].isdigit() and subject in self._returned

    @cached_property
    def _returned(self) -> set[str]:
        whole = Work(self.reading, self.place)
        return {row.id for row in whole.dossiers}


def open_duties(reading: Reading) -> Iterator[Any]:
    """The duties of which something is left to do."""
    c = VIEWS["obligation"].table.c
    undone = (c.met_on.is_(None), c.waived_on.is_(None), c.ended_on.is_(None))
    rows = reading.rows("obligation", *undone, only=_DUTY)
    return (row for row in rows if row.applies != "no")


def named_in(duty: Any) -> set[str]:
    """The units a duty speaks of."""
    named = (duty.owed_by, duty.owed_to, *getattr(duty, "with"), *duty.advised_by)
    return {unit for unit in named if unit}


def typed_id(id: str) -> str:
    """How people name a thing: duties and items without their kind, places and dossiers with it."""
    return bare(id) if id.partition("/")[0] in ("obligation", "fund") else id


@dataclass
class Takeover:
    """Which unit takes the place of each unit of a place that ends: the one named, else the only one of its role.

    It is the only one where the old place and the new one have one each.
    """

    work: Work
    to: str
    named: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names, units = self.work.reading.names, self.work.units
        for old, new in self.named.items():
            if old not in units or new in units or not self._there(new):
                told = f"{names.get(old, old)}={names.get(new, new)}"
                place = self.work.place
                raise NotItsUnit(unit=told, name=names.get(place, place), id=place)

    def _there(self, unit: str) -> bool:
        reading = self.work.reading
        place = reading.places.get(reading.units[unit].place or "")
        return place is None or place.ended is None

    def unit(self, unit: str) -> str:
        return self._counterparts.get(unit, unit)

    def must_be_known(self, asked: Iterable[str | None]) -> None:
        """Refuse, naming all at once, units of the old place that nobody takes the place of."""
        names, known = self.work.reading.names, self._counterparts
        lost = (u for u in dict.fromkeys(asked) if u in self.work.units and u not in known)
        missing = [names.get(unit, unit) for unit in lost if unit is not None]
        if missing:
            raise NoCounterpart(to=names.get(self.to, self.to), id=self.to, units=missing)

    @cached_property
    def _counterparts(self) -> dict[str, str]:
        mine, theirs = self._by_role(self.work.place), self._by_role(self.to)
        pairs = ((mine[role], theirs.get(role, [])) for role in mine)
        alike = {old[0]: new[0] for old, new in pairs if len(old) == len(new) == 1}
        return {**alike, **self.named}

    def _by_role(self, place: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for id, row in self.work.reading.units.items():
            if row.place == place:
                found.setdefault(row.role, []).append(id)
        return found
