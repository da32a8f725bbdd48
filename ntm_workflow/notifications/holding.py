"""Whether what a line of a letter says of a duty is so on a day, and still to be said.

Pure: a row and a day in. A letter is written some time after it was issued; what has changed is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from ntm_workflow.domain.standing import standing
from ntm_workflow.notifications.ladder import AFTER, AHEAD
from ntm_workflow.notifications.wording import DUTIES, MUST

Says = Callable[[Any, date], bool]


def holds(part: str, row: Any | None, day: date) -> bool:
    """True for a line whose duty stands as it says; `row` is None where there is no such duty."""
    return row is not None and _SAYS.get(part, _told)(row, day)


def ahead(row: Any, day: date) -> bool:
    """Whether it can still be done in time."""
    return standing(row, day) in AHEAD


def past(row: Any, day: date) -> bool:
    """Whether it is past its day and not done, by what its clause makes of that."""
    return AFTER.get(row.strength) == standing(row, day)


def _told(row: Any, day: date) -> bool:
    return True


def _reminded(row: Any, day: date) -> bool:
    return row.strength in DUTIES and ahead(row, day) and not _put_off(row, day)


def _missed(row: Any, day: date) -> bool:
    """Only what binds is ever missed: a duty may have been weakened since."""
    return row.strength == MUST and past(row, day)


def _followed_up(row: Any, day: date) -> bool:
    return past(row, day) and not _put_off(row, day)


def _asked(row: Any, day: date) -> bool:
    return _missed(row, day) and not _since_miss(row, row.denied_on)


def _climbed(row: Any, day: date) -> bool:
    """Taken on by a named person, or disputed, it goes no further up."""
    disputed = row.disputed_until is not None and row.disputed_until >= day
    return _missed(row, day) and not disputed and not _since_miss(row, row.acknowledged_on)


def _in_summary(row: Any, day: date) -> bool:
    return ahead(row, day) or past(row, day)


def _put_off(row: Any, day: date) -> bool:
    return row.snoozed_until is not None and row.snoozed_until >= day


def _since_miss(row: Any, said_on: date | None) -> bool:
    return said_on is not None and row.missed_on is not None and said_on >= row.missed_on


_SAYS: Final[Mapping[str, Says]] = {
    "ahead": _reminded,
    "copy": _reminded,
    "asked": _asked,
    "missed": _missed,
    "after": _followed_up,
    "climbed": _climbed,
    "summary": _in_summary,
}
