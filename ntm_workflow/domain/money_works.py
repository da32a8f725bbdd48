"""Fund items as money rules see them, and the works they belong to by their project code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple, Protocol

LOCAL: Final = ("district", "commune")
UPPER: Final = ("central", "provincial")
#: Where a plan does not divide the state's money, it means all of it.
STATE: Final = (*UPPER, *LOCAL)


class Item(Protocol):
    """Of a fund item's row, what rules go by; amounts in đồng."""

    @property
    def item(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def year(self) -> int | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def carried_from(self) -> int | None: ...
    @property
    def code(self) -> str | None: ...
    @property
    def allocated(self) -> int: ...
    @property
    def allocated_on(self) -> date | None: ...
    @property
    def disbursed(self) -> int: ...
    @property
    def contracted(self) -> int: ...
    @property
    def settled_on(self) -> date | None: ...
    @property
    def debt(self) -> int: ...


class Work(NamedTuple):
    """The money of one work, by its project code, or of an item without one; in đồng."""

    name: str
    place: str
    upper_plan: int
    upper_paid: int
    local_plan: int
    local_paid: int

    @property
    def allowed(self) -> int | None:
        """What may be paid in all of central and provincial money; None where nothing says."""
        if not self.local_plan:
            return None
        return min(self.upper_plan * self.local_paid // self.local_plan, self.upper_plan)

    @property
    def payable(self) -> int | None:
        return None if self.allowed is None else max(self.allowed - self.upper_paid, 0)


def works(items: Iterable[Item]) -> list[Work]:
    """Items of one project code are one work; those that hold central or provincial money."""
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for each in items:
        found[each.code or each.item].append(each)
    return [
        _work(name, some) for name, some in found.items() if any(i.source in UPPER for i in some)
    ]


def _work(name: str, items: list[Item]) -> Work:
    upper = [i for i in items if i.source in UPPER]
    local = [i for i in items if i.source in LOCAL]
    plan = (total(upper, "allocated"), total(upper, "disbursed"))
    return Work(name, upper[0].place, *plan, total(local, "allocated"), total(local, "disbursed"))


def total(items: Iterable[Item], name: str) -> int:
    """What items hold of something, in đồng."""
    return sum(getattr(each, name) for each in items)
