"""Moves open duties to the days of a changed calendar. What was acted on, or judged, stays as it was told."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, cast

from msgspec.structs import replace

from ntm_workflow.domain.calendar import VietnamCalendar, Why
from ntm_workflow.domain.dates import Deadline, Settled, Step, UnreadablePhrase, read_phrase, settle
from ntm_workflow.domain.derivation import Reason
from ntm_workflow.domain.obligation import Obligation, ObligationRescheduled
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.deadline import redated
from ntm_workflow.office.entry import Entry, FutureDay
from ntm_workflow.office.obligation import entry_days_of, settings_of, weekend_of
from ntm_workflow.projections.closing import last_day
from ntm_workflow.projections.obligation import last_days, still_open

#: Facts in one entry.
BATCH = 1000
#: Days given anew by an office or a reader, which no calendar moves.
_GIVEN = frozenset({"strict_given", "nominal_given"})


@dataclass(frozen=True, kw_only=True)
class Move:
    """A duty's days before and after, and the days of the calendar that moved them.

    One that `stays` would have been moved to a day that is over already.
    """

    id: str
    title: str
    owed_by: str
    place: str | None
    old_act_by: date | None
    new_act_by: date | None
    old_enforce_day: date | None
    new_enforce_day: date | None
    stays: bool
    why: tuple[Why, ...]

    @property
    def differs(self) -> bool:
        return (self.old_act_by, self.old_enforce_day) != (self.new_act_by, self.new_enforce_day)


@dataclass(frozen=True, kw_only=True)
class Cause:
    """The entry that duties move because of, the day it counts from, and its paper."""

    entry: int
    day: date
    document: str | None = None

    @classmethod
    def of(cls, entry: Entry) -> Cause:
        request, day = entry.request, entry.request.on or entry.today
        if day > entry.today:
            raise FutureDay(day=day, today=entry.today)
        return cls(entry=entry.number, day=day, document=request.document)


@dataclass
class Moves:
    """What became of the duties' days, as it is told: of each the days before all and after all."""

    by_id: dict[str, Move] = field(default_factory=dict)

    @property
    def moved(self) -> list[Move]:
        return list(self.by_id.values())

    def tell(self, move: Move) -> None:
        first = self.by_id.pop(move.id, move)
        act_by, enforce_day = first.old_act_by, first.old_enforce_day
        told = dataclasses.replace(move, old_act_by=act_by, old_enforce_day=enforce_day)
        if told.differs:
            self.by_id[move.id] = told


def reschedule(
    entry: Entry,
    told: Moves,
    cause: Cause | None = None,
    days: Sequence[date] = (),
    among: Collection[str] | None = None,
) -> None:
    """Every open duty whose days are others by the calendar as it now is.

    By its changed `days` only, where they are given; `among` are the duties to look at, else all.
    """
    cause, closed = cause or Cause.of(entry), last_day(entry.conn, entry.number - 1)
    parts = [None] if among is None else batches(among)
    ids = [id for part in parts for id in still_open(entry.conn, closed, days, part)]
    reschedule_these(entry, ids, calendar_of(entry.conn), cause, told)


def batches(ids: Iterable[str]) -> list[list[str]]:
    """The ids in order, as many at a time as one question may name."""
    ordered = sorted(ids)
    return [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]


def reschedule_these(
    entry: Entry, ids: list[str], calendar: VietnamCalendar, cause: Cause, told: Moves
) -> None:
    """The same of some duties, in entries of at most `BATCH` facts."""
    some, rest = ids[:BATCH], ids[BATCH:]
    entry.load(some)
    for id in some:
        _move(entry, id, calendar, cause, told)
    if rest:
        more = partial(reschedule_these, ids=rest, calendar=calendar, cause=cause, told=told)
        entry.later.append(more)


def _move(entry: Entry, id: str, calendar: VietnamCalendar, cause: Cause, told: Moves) -> None:
    state = cast(Obligation, entry.timeline(id).now)
    said = days_anew(entry, state, calendar)
    # After whatever set the present days, which it takes the place of.
    since = max(cause.day, state.terms[-1].since)
    old, new = state.terms[-1].enforce_day, said["enforce_day"]
    # What was over before it counts is judged by the day it had.
    if _same(state, said) or (old and old < since):
        return
    stays = old is not None and new < min(old, entry.today)
    days = (said["act_by"], state.counted(new))
    told.tell(_told(id, state, _present(state), days, said["derivation"], stays=stays))
    if stays:
        return
    entry.derive(
        id,
        ObligationRescheduled,
        effective_on=since,
        basis=state.basis,
        because=cause.entry,
        document=cause.document,
        **said,
    )


def _same(state: Obligation, said: dict[str, Any]) -> bool:
    term = state.terms[-1]
    names = ("strict_day", "nominal_day", "act_by", "enforce_day", "entered_by")
    return all(getattr(term, name) == said[name] for name in names)


def tell_changed(entry: Entry, told: Moves) -> None:
    """The days of duties that this entry itself has changed so far; what comes or goes is not moved."""
    changed = [id for id in entry.changed if id.startswith("obligation/")]
    for part in batches(changed):
        for id, was in last_days(entry.conn, part).items():
            state: Obligation | None = entry.timeline(id).now
            if state is not None:
                old = (was.act_by, was.last_day)
                told.tell(_told(id, state, old, _present(state), _derivation(state)))


Pair = tuple[date | None, date | None]


def _present(state: Obligation) -> Pair:
    """The last day to act, and the last day in time."""
    return state.terms[-1].act_by, state.last_day


def _told(
    id: str,
    state: Obligation,
    old: Pair,
    new: Pair,
    derivation: Iterable[Reason],
    *,
    stays: bool = False,
) -> Move:
    a = state.assigned
    steps = (s for s in derivation if s.rule == "act_by" or s.rule.startswith("roll_"))
    grounds = {why.day: why for step in steps for why in step.grounds or ()}
    return Move(
        id=id.partition("/")[2],
        title=a.title,
        owed_by=a.owed_by,
        place=a.place,
        old_act_by=old[0],
        new_act_by=new[0],
        old_enforce_day=old[1],
        new_enforce_day=new[1],
        stays=stays,
        why=tuple(grounds[day] for day in sorted(grounds)),
    )


# --- the days, derived once more --------------------------------------------------------------------


def days_anew(entry: Entry, state: Obligation, calendar: VietnamCalendar) -> dict[str, Any]:
    """The dated fields of a duty by `calendar`, from the same words, papers and settings."""
    old = _derivation(state)
    named = _named(state, old, calendar)
    weekend, _ = weekend_of(entry, state)
    boundary = _boundary(old) or settings_of(entry, state).boundary
    settled = settle(named, boundary, weekend, calendar, entry_days=entry_days_of(entry, state))
    return redated(named, replace(settled, derivation=_with_authority(settled, old, state)))


def _derivation(state: Obligation) -> tuple[Reason, ...]:
    """The steps to the present days: of the extension that counts, else of what gave the days."""
    return state.holding[-1].event.derivation if state.holding else state.dated.derivation


def _named(state: Obligation, old: Iterable[Reason], calendar: VietnamCalendar) -> Deadline:
    """The days as words or paper name them, before anybody asks which are worked."""
    said = state.assigned.expression
    steps = tuple(_step(reason) for reason in old if not _settles(reason.rule))
    if state.holding:
        until = state.holding[-1].event.until
        return Deadline(said, "by_date", None, until, until, steps)
    d = state.dated
    named = Deadline(said, "event", d.window_start, d.strict_day, d.nominal_day, steps)
    return _counted_again(named, calendar)


def _counted_again(named: Deadline, calendar: VietnamCalendar) -> Deadline:
    """A period from an event is counted again: which of its days are worked may be another matter now."""
    rules = {step.rule: step for step in named.derivation}
    event = rules.get("event_on")
    if event is None or event.result is None or rules.keys() & _GIVEN:
        return named
    day = event.result
    try:
        read = read_phrase(named.expression, (day.year, day.year), event=day, working=calendar)
    except UnreadablePhrase:
        return named
    before = [s for s in named.derivation if s.rule not in {r.rule for r in read.derivation}]
    steps = (*read.derivation, *(s for s in before if s.rule not in _COUNTING))
    days = (read.strict_day, read.nominal_day)
    return Deadline(named.expression, "event", named.window_start, *days, steps)


#: Steps of counting that another calendar may leave out.
_COUNTING = frozenset({"period_rolled", "month_lacks_day"})
_SETTLING = ("act_by", "boundary_", "roll_", "entry_days")


def _settles(rule: str) -> bool:
    return rule.startswith(_SETTLING)


def _step(reason: Reason) -> Step:
    return Step(reason.rule, reason.result, reason.authority, reason.grounds or ())


def _boundary(old: Iterable[Reason]) -> str | None:
    """Which of both days is enforced, as it was when the days were first worked out."""
    found = (r.rule.removeprefix("boundary_") for r in old if r.rule.startswith("boundary_"))
    return next(found, None)


def _with_authority(settled: Settled, old: Sequence[Reason], state: Obligation) -> tuple[Step, ...]:
    """Each step with whoever answered for it before; a paper names one day, so no choice of two is shown."""
    answered = {_choice(r.rule): r.authority for r in old}
    steps = (
        s for s in settled.derivation if not (state.holding and s.rule.startswith("boundary_"))
    )
    return tuple(replace(s, authority=answered.get(_choice(s.rule)) or s.authority) for s in steps)


def _choice(rule: str) -> str:
    """Ways to settle one question go by one name: who chose to move days off chose each of them."""
    return rule.partition("_")[0] if rule.startswith(("boundary_", "roll_")) else rule
