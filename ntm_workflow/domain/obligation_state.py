"""How an obligation stands after its facts: its deadlines, what was done, and what a closing must find.

Knows no event and no rule: it is folded in `obligation.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from ntm_workflow.domain.assignment import (
    Assignment,
)
from ntm_workflow.domain.derivation import Reason
from ntm_workflow.domain.obligation_events import (
    Extension,
    ObligationRehomed,
    Redated,
)
from ntm_workflow.domain.pause import Pause, moving
from ntm_workflow.domain.reminding import NOTHING_SAID, Reminding
from ntm_workflow.domain.standing import after
from ntm_workflow.domain.term import Miss, Term


class Obligation(msgspec.Struct, frozen=True):
    """What binds the unit now, and what became of it. Days are None while nothing has happened.

    `terms` are the deadlines the duty has had, each in force from its own day; the last one counts.
    `dated` is what gave the days, extensions apart: the clause, or what set them anew; `dated_entry`
    is the entry it rests on. `applies` is None where the clause sets no condition, else whether it
    holds: yes, no or unknown. `joined_to` is the duty of which what was left to do became part.
    Where a decision took the duty elsewhere, `home` is that, and `stated` what its clause says.
    """

    assigned: Assignment
    began: date
    terms: tuple[Term, ...]
    dated: Assignment | Redated
    dated_entry: int
    applies: str | None = None
    applies_entry: int | None = None
    event_on: date | None = None
    started_entry: int | None = None
    taken_entry: int | None = None
    met_on: date | None = None
    met_entry: int | None = None
    waived_on: date | None = None
    waived_entry: int | None = None
    ended_on: date | None = None
    ended_entry: int | None = None
    joined_to: str | None = None
    home: ObligationRehomed | None = None
    stated: Assignment | None = None
    misses: tuple[Miss, ...] = ()
    extensions: tuple[Extension, ...] = ()
    suspensions: tuple[Pause, ...] = ()
    cause: str | None = None
    proposal: str | None = None
    reminding: Reminding = NOTHING_SAID

    @property
    def last_day(self) -> date | None:
        """The last day in time; None while no day is set, or the duty is suspended without end.

        What is done is judged by the deadline of the day on which it was done.
        """
        return self.counted(self._term_on(self.met_on or date.max).enforce_day)

    @property
    def basis(self) -> int | None:
        """The entry of the fact that gives the present days; None while nothing gives any."""
        return self.holding[-1].entry if self.holding else self.own_basis

    @property
    def own_basis(self) -> int | None:
        """The same, extensions apart."""
        given = (self.dated.window_start, self.dated.enforce_day, self.event_on)
        return self.dated_entry if any(given) else None

    @property
    def holding(self) -> tuple[Extension, ...]:
        """The extensions to a later day than the duty's own: those that count."""
        day = self.dated.enforce_day
        return tuple(e for e in self.extensions if day is None or e.event.enforce_day > day)

    def ends_before(self, day: date) -> bool:
        present = self.terms[-1].enforce_day
        return present is None or present < day

    def _term_on(self, day: date) -> Term:
        """The deadline in force at the end of `day`."""
        return next((each for each in reversed(self.terms) if each.since <= day), self.terms[0])

    def counted(self, day: date | None) -> date | None:
        """Nobody is late on a day that was suspended: a day after the pause counts instead."""
        return next((pause.last_day for pause in reversed(moving(self.suspensions, day))), day)

    @property
    def moved_by_pauses(self) -> tuple[Reason, ...]:
        """How pauses moved the present deadline, step by step."""
        pauses = moving(self.suspensions, self.terms[-1].enforce_day)
        return tuple(step for each in pauses for step in each.derivation)

    @property
    def in_time(self) -> bool:
        return self.met_on is not None and not after(self.met_on, self.last_day)

    @property
    def to_judge(self) -> tuple[date, date] | None:
        """The last day a closing must find missed, and the day after whose end it must; or None."""
        found = next(self._to_judge, None)
        return (found[1], self._typed_by(*found)) if found else None

    @property
    def judged_since(self) -> date | None:
        """The day since which the deadline is in force that must be found missed; None without one."""
        return next((each.since for each, _ in self._to_judge), None)

    @property
    def decide_after(self) -> date | None:
        """The last day after which a person must decide what follows: of a mark to strive for that
        its clause attaches something to. None while that is not so, or once nothing is left to do.
        """
        done = self.met_on or self.waived_on or self.ended_on
        asked = self.assigned.strength == "strive" and self.assigned.consequences
        return self.last_day if asked and not done and self.applies in (None, "yes") else None

    def _typed_by(self, said: Term, last_day: date) -> date:
        """Until when what was done by the `last_day` of a deadline may be typed without a miss."""
        pauses = moving(self.suspensions, said.enforce_day)
        granted = pauses[-1].entered_by if pauses else said.entered_by
        return max(last_day, granted or last_day)

    @property
    def judge_day(self) -> date | None:
        """The last day of the deadline that must be found missed; None when there is nothing to find."""
        return next(self.judge_days, None)

    @property
    def judge_days(self) -> Iterator[date]:
        """The last days of all the deadlines that must still be found missed, one after the other."""
        return (day for _, day in self._to_judge)

    @property
    def _to_judge(self) -> Iterator[tuple[Term, date]]:
        """Those deadlines, each with its last day. Of several with one last day it is the first."""
        judged, missed = {miss.last_day for miss in self.misses}, date.min
        for each, later in zip(self.terms, (*self.terms[1:], None), strict=True):
            day = self.counted(each.enforce_day)
            if day is None or not each.binding or (later and later.since <= day):
                continue
            if self._settled(each, day):
                return
            if day not in judged and day > missed:
                yield each, day
                judged.add(day)
            missed = day if day in judged else missed

    def _settled(self, term: Term, day: date) -> bool:
        """Whether it was done by `day`, or before anybody set that day."""
        done = (self.met_on, self.waived_on)
        return any(on and (on <= day or on < term.since) for on in done)

    @property
    def missed_on(self) -> date | None:
        """The last miss; an extension after an earlier one leaves that in the history."""
        return self.misses[-1].on if self.misses else None

    @property
    def missed_in_history(self) -> bool:
        """Whether the last miss lay before the plan was taken on here."""
        return bool(self.misses) and self.misses[-1].history

    @property
    def missed_entry(self) -> int | None:
        return self.misses[-1].entry if self.misses else None

    @property
    def miss_overturned_by(self) -> int | None:
        """The entry that shows the last miss to be none: done, waived, moved or suspended in time."""
        if not self.misses:
            return None
        day = self.misses[-1].last_day
        return self._done_by(day) or self.moved_by(day) or self.suspended_by(day)

    def _done_by(self, day: date) -> int | None:
        if self.met_on and self.met_on <= day:
            return self.met_entry
        return self.waived_entry if self.waived_on and self.waived_on <= day else None

    def moved_by(self, day: date) -> int | None:
        """The entry that had, by the end of `day`, set a later deadline in place of that day, or none."""
        days = [each.binding and self.counted(each.enforce_day) for each in self.terms]
        first = len(days) - days[::-1].index(day) if day in days else 0
        later = [each for each in self.terms[first:] if each.since <= day]
        return later[-1].entry if later and later[-1].outlasts(day) else None

    def suspended_by(self, day: date) -> int | None:
        return self.suspended_between(day, day)

    def suspended_between(self, first: date, last: date) -> int | None:
        """The first suspension that holds on some day from `first` to `last`."""
        found = (each.entry for each in self.suspensions if each.meets(first, last))
        return next(found, None)

    @property
    def recorded_late(self) -> bool:
        """Done in time, but typed after the closing had found it missing."""
        return self.in_time and self.miss_overturned_by is not None
