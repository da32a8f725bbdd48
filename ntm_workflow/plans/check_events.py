"""What starts a duty of a pack and what meets it: the event must be known, and the words such that it can be one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from ntm_workflow.domain.assignment import DONE_BY, REPORT, STARTS
from ntm_workflow.domain.dates import UnreadablePhrase, read_phrase
from ntm_workflow.domain.deadline import Deadline, Recurrence
from ntm_workflow.domain.recurrence import called, span, turn_of
from ntm_workflow.plans.check_money import MONEY_TYPES
from ntm_workflow.plans.checked import Checked, one_of
from ntm_workflow.plans.faults import Fault
from ntm_workflow.plans.shapes import Duty


def events(of: Checked, at: Fault, duty: Duty) -> Iterator[Fault]:
    if duty.starts_from is not None:
        yield from _started(of, at.under("starts_from"), duty)
    for type in duty.item_types:
        yield from one_of(at.under("item_types"), type, MONEY_TYPES)
    if duty.done_by is not None:
        yield from one_of(at.under("done_by"), duty.done_by, DONE_BY)
        yield from _reported(of, at.under("done_by"), duty)


def _started(of: Checked, at: Fault, duty: Duty) -> Iterator[Fault]:
    """The event must be one the program knows, and the words such that they wait for one."""
    yield from one_of(at, duty.starts_from or "", STARTS)
    if _kind(of, duty) not in ("event", None):
        yield at.of("not_from_event", text=duty.expression or duty.title)


def _kind(of: Checked, duty: Duty) -> str | None:
    """The kind a duty is said to be of, or its words are; None where nobody can read them."""
    if duty.days and duty.days.kind:
        return duty.days.kind
    if not duty.expression:
        return "undated"
    found = read(duty.expression, of.period)
    return found.kind if found else None


def _reported(of: Checked, at: Fault, duty: Duty) -> Iterator[Fault]:
    """A report is told by its period: it comes back with the months, quarters, half-years or years."""
    if duty.done_by != REPORT or _kind(of, duty) is None:
        return
    found = read(duty.expression or "", of.period)
    every = found.recurrence if found else None
    if every is None or not all(map(_told_by_its_period, (every, *every.more))):
        yield at.of("no_period", text=duty.expression or duty.title)


def _told_by_its_period(every: Recurrence) -> bool:
    turn = turn_of(every, date(2024, 1, 15))
    return span(called(every, turn.last)) == turn


@lru_cache(maxsize=4096)
def read(phrase: str, period: tuple[int, int]) -> Deadline | None:
    """The deadline that words set; None where nobody can read them, which is a fault of its own."""
    try:
        return read_phrase(phrase, period)
    except UnreadablePhrase:
        return None
