"""A duty's deadlines, one after another: each in force from its own day, and missed or not by itself.

Knows no event and no rule.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

import msgspec


class Days(Protocol):
    """Whatever sets a deadline: an assignment, or a paper that extends it."""

    @property
    def effective_on(self) -> date: ...
    @property
    def strict_day(self) -> date | None: ...
    @property
    def nominal_day(self) -> date | None: ...
    @property
    def act_by(self) -> date | None: ...
    @property
    def enforce_day(self) -> date | None: ...
    @property
    def entered_by(self) -> date | None: ...


class Term(msgspec.Struct, frozen=True):
    """A deadline in force since a day; without days none is set. Only a `binding` one is ever missed.

    It is judged once `entered_by` is over, if that comes after its last day.
    """

    since: date
    entry: int
    binding: bool
    strict_day: date | None = None
    nominal_day: date | None = None
    act_by: date | None = None
    enforce_day: date | None = None
    entered_by: date | None = None

    def outlasts(self, day: date) -> bool:
        """Whether nobody is late at the end of `day` by this deadline."""
        return not self.binding or self.enforce_day is None or self.enforce_day > day


def term(days: Days, since: date, entry: int, *, binding: bool) -> Term:
    named = (days.strict_day, days.nominal_day, days.act_by, days.enforce_day, days.entered_by)
    return Term(since, entry, binding, *named)


class Miss(msgspec.Struct, frozen=True):
    """A closing found the duty unmet at the end of `last_day`; `history`, before the plan was here."""

    on: date
    entry: int
    last_day: date
    history: bool = False
