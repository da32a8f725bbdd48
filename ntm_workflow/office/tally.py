"""What months came to: how many duties had their last day in each, and how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final

from ntm_workflow.domain.standing import standing
from ntm_workflow.notifications.ladder import Due
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections.obligation import VIEW

#: How a duty that fell due can stand, and what else is counted of a month, in the order shown.
STANDS: Final = ("met", "met_late", "overdue", "behind", "undetermined")
COUNTED: Final = ("due", *STANDS, "unspent", "letters")
#: Of what is only encouraged, permitted or considered nobody is ever late.
_OWED: Final = frozenset({"must", "strive"})
#: How a duty stands that asks for nothing (any more).
_NOT_DUE: Final = frozenset({"waived", "ended", "suspended"})


def months(
    reading: Reading, first: date, last: date, unspent: Iterable[date], letters: Iterable[date]
) -> dict[str, dict[str, int]]:
    """Month (2024-10) -> counts, for every month from `first` to `last`.

    A duty that binds counts in the month of its last day in time, as it stands on the day of the reading.
    """
    counts: dict[str, Counter[str]] = {month: Counter() for month in _between(first, last)}
    c = VIEW.table.c
    within = (c.strength.in_(_OWED), c.last_day >= first, c.last_day <= last)
    for row in reading.rows("obligation", *within, only=Due.__struct_fields__):
        how = standing(row, reading.as_of)
        if how not in _NOT_DUE:
            counts[_month(row.last_day)].update(("due", how))
    for name, days in (("unspent", unspent), ("letters", letters)):
        for day in days:
            counts[_month(min(max(day, first), last))][name] += 1
    return {month: {name: found[name] for name in COUNTED} for month, found in counts.items()}


def total(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    every = list(counts)
    return {name: sum(each[name] for each in every) for name in COUNTED}


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _between(first: date, last: date) -> list[str]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months]
