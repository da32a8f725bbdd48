"""Duties that wait for an event: what the program sees happen starts them, and a person tells the rest.

A duty that runs from the day money was given to a work is one duty for each work: the clause's own
stays as the pattern, undated, and each work's is made after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import count
from typing import Any

from msgspec.structs import replace

from ntm_workflow.domain.assignment import FUND_ALLOCATED, PLACE_MERGED, Assignment
from ntm_workflow.domain.base import Fact, NotBegun
from ntm_workflow.domain.calendar import WorkingDays
from ntm_workflow.domain.dates import Deadline, Step, UnreadablePhrase, read_phrase
from ntm_workflow.domain.fund_events import FundAllocated
from ntm_workflow.domain.fund_state import Fund
from ntm_workflow.domain.obligation import (
    ConditionSettled,
    Obligation,
    ObligationAssigned,
    ObligationRescheduled,
    ObligationStarted,
)
from ntm_workflow.domain.place import PlacesMerged
from ntm_workflow.domain.values import fold
from ntm_workflow.office.amendment import fields
from ntm_workflow.office.calendar import calendar_for
from ntm_workflow.office.deadline import redated
from ntm_workflow.office.entry import Entry, Reaction
from ntm_workflow.office.obligation import SLUG, open_followers, settled_for, trigger
from ntm_workflow.projections.obligation import of_items, waiting

Said = dict[str, Any]


def start(entry: Entry, id: str) -> None:
    """The event that a duty waits for happened on the day of the request; its days follow."""
    timeline = entry.timeline(id)
    if timeline.now is None or timeline.began is None:
        raise NotBegun(subject=id, day=entry.today, began=timeline.began)
    day = entry.request.on or entry.today
    said = {"event_on": day, **counted(entry, timeline.now, day, entry.request.document)}
    # What happened before the duty was given starts it when it is given.
    entry.record(id, ObligationStarted, effective_on=max(day, timeline.began), **said)


def on_start(entry: Entry, fact: Fact) -> None:
    """With the event has happened what the clause makes the duty depend on; an item's is another matter."""
    state: Obligation | None = entry.timeline(fact.subject).now
    if state and state.applies == "unknown" and state.assigned.item is None:
        said = {"effective_on": fact.event.effective_on, "document": fact.event.document}
        entry.derive(fact.subject, ConditionSettled, holds=True, **said)
    # An amended version of a later day may have other words for what runs from it.
    count_anew(entry, fact.subject)
    open_followers(entry, fact)


def counted(entry: Entry, state: Obligation, event_on: date, paper: str | None) -> Said:
    """The days of a duty from the day of its event on, under its own settings and its plan's."""
    said = state.assigned
    clause = " ".join(filter(None, (said.plan, said.clause)))
    deadline = _from_event(said.expression, event_on, calendar_for(entry.reading))
    steps = (
        replace(s, authority=paper if s.rule == "event_on" else s.authority or clause)
        for s in deadline.derivation
    )
    # What a reader said of the clause stays beside what the event gives.
    read = (Step(r.rule, r.result, r.authority) for r in said.derivation if r.rule == "kind_given")
    deadline = replace(deadline, derivation=(*read, *steps))
    return redated(deadline, settled_for(entry, state, deadline))


def _from_event(expression: str, event_on: date, calendar: WorkingDays) -> Deadline:
    """The deadline the words set once the event is known; words that set none keep the event alone."""
    try:
        return read_phrase(expression, event=event_on, working=calendar)
    except UnreadablePhrase:
        steps = (Step("event_on", event_on),)
        return Deadline(expression, "event", None, None, None, steps)


# --- a work that is given money --------------------------------------------------------------------


def on_allocation(entry: Entry, fact: Fact) -> None:
    run_for_item(entry, fact.subject)


def run_for_item(entry: Entry, item: str, cause: int | None = None) -> None:
    """Every duty that runs from the day an item was first given money, made for it where there is none."""
    first = _first_given(entry, item)
    fund: Fund | None = entry.timeline(item).now
    # Money that is carried over belongs to a work whose three years run already.
    if first is None or fund is None or first.term_from:
        return
    # Where the money lay then: an item that was taken elsewhere since keeps the duty it had.
    then: Fund = entry.timeline(item).at(first.effective_on) or fund
    for pattern in _nearest(entry, FUND_ALLOCATED, then.place, first.effective_on):
        state: Obligation | None = entry.timeline(pattern).now
        asked = state is not None and fund.type in (state.assigned.item_types or (fund.type,))
        if state and asked and not entry.exists(item_duty(entry, pattern, first.item)):
            _run(entry, pattern, state.assigned, first, cause or entry.number)


def _run(entry: Entry, pattern: str, said: Assignment, first: FundAllocated, cause: int) -> None:
    """The duty of one item, standing since its plan counts and dated from the money."""
    id, day = item_duty(entry, pattern, first.item), first.effective_on
    paper: Said = {"because": cause, "document": first.decision or first.document}
    stands = max(day, entry.timeline(pattern).began or day)
    clause = said_of_item(said, first.item)
    if entry.derive(id, ObligationAssigned, effective_on=stands, **paper, **clause):
        state: Obligation = entry.timeline(id).now  # type: ignore[assignment]
        days = counted(entry, state, day, paper["document"])
        entry.derive(id, ObligationStarted, effective_on=day, event_on=day, **paper, **days)


def item_duty(entry: Entry, pattern: str, item: str) -> str:
    """Id of a clause's duty for one item: `obligation/D170@nha-van-hoa/tam-ngoc-tam-ky`.

    Of items that are written alike the second is `…-2`.
    """
    rule, _, place = pattern.rpartition("/")
    slug = fold(item)[:SLUG].strip().replace(" ", "-") or "muc-von"
    for number in count(1):
        id = f"{rule}@{slug}{f'-{number}' if number > 1 else ''}/{place}"
        state: Obligation | None = entry.timeline(id).now
        if state is None or state.assigned.item == item:
            return id
    raise AssertionError("counting ended")


def said_of_item(said: Assignment, item: str) -> Said:
    """What the clause says, of one item; its own duty waits for nothing more."""
    waits = {"starts_from": None, "item_types": (), "done_by": None}
    met_by = trigger(f"fund/{item}", said.done_by) if said.done_by else None
    own = {"title": f"{said.title}: {item}", "item": item, "trigger": met_by}
    return {**fields(said), **waits, **own}


def _first_given(entry: Entry, item: str) -> FundAllocated | None:
    steps = (step.fact.event for step in entry.timeline(item).steps)
    return next((event for event in steps if isinstance(event, FundAllocated)), None)


def _nearest(entry: Entry, event: str, place: str, day: date) -> list[str]:
    """The duties that wait for this event: of each rule the one of the place, or of the nearest above it."""
    # An entry may have many acts at the same few places.
    known: dict[tuple[str, str], list[str]] = entry.reading.kept.setdefault("waiting", {})
    if (event, place) not in known:
        known[event, place] = _asked_for(entry, event, place, day)
    return known[event, place]


def _asked_for(entry: Entry, event: str, place: str, day: date) -> list[str]:
    way_up = [place, *entry.reading.ancestors(place)]
    rows = waiting(entry.conn, event, way_up, day)
    rows.sort(key=lambda row: way_up.index(row.place))
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row.id.rpartition("/")[0], row.id)
    return list(found.values())


# --- places that merge -----------------------------------------------------------------------------


def on_merger(entry: Entry, fact: Fact) -> None:
    event = fact.event
    assert isinstance(event, PlacesMerged)
    places = [fact.subject.partition("/")[2], *event.sources]
    for row in waiting(entry.conn, PLACE_MERGED, places):
        _started(entry, row.id, event, entry.number)


def _started(entry: Entry, id: str, event: PlacesMerged, cause: int) -> None:
    """A merger starts a duty that waits for it; one before the duty was given is not what it speaks of."""
    timeline, day = entry.timeline(id), event.effective_on
    state: Obligation | None = timeline.now
    if state is None or timeline.began is None or day < timeline.began:
        return
    paper = {"because": cause, "document": event.document}
    days = counted(entry, state, day, event.document)
    entry.derive(id, ObligationStarted, effective_on=day, event_on=day, **paper, **days)


# --- what happened before, and what happens again ---------------------------------------------------


def from_earlier(entry: Entry, patterns: dict[str, Assignment]) -> None:
    """What happened before its plan was adopted starts a duty too, in an entry of its own each time."""
    given = {said.place for said in patterns.values() if said.starts_from == FUND_ALLOCATED}
    if given:
        for row in entry.reading.rows("fund", only=("id", "place")):
            if given & {row.place, *entry.reading.ancestors(row.place)}:
                _later(entry, row.id)
    for id, said in patterns.items():
        if said.starts_from == PLACE_MERGED and said.place:
            for event, cause in _mergers(entry, said.place):
                entry.later.append(partial(_started, id=id, event=event, cause=cause))


def _mergers(entry: Entry, place: str) -> Iterator[tuple[PlacesMerged, int]]:
    """The mergers that the place went into or that went into it, each with its entry."""
    row = entry.reading.places.get(place)
    for subject in dict.fromkeys((place, *(row.successors if row else ()))):
        for step in entry.timeline(f"place/{subject}").steps:
            event = step.fact.event
            if isinstance(event, PlacesMerged) and place in (subject, *event.sources):
                yield event, step.fact.entry


def _later(entry: Entry, item: str) -> None:
    """Run for an item once this entry is recorded, as following from its first money."""
    steps = entry.timeline(item).steps
    cause = next((s.fact.entry for s in steps if isinstance(s.fact.event, FundAllocated)), None)
    if cause is not None:
        entry.later.append(partial(run_for_item, item=item, cause=cause))


# --- when the plan is amended ------------------------------------------------------------------------


def items_of(entry: Entry, pattern: str) -> list[str]:
    """Ids of the duties made after a clause's own, one for each item."""
    rule, _, place = pattern.rpartition("/")
    return [
        id
        for id in of_items(entry.conn, place)
        if id.startswith(f"{rule}@") and entry.timeline(id).now is not None
    ]


def count_anew(entry: Entry, id: str) -> None:
    """New words for a duty whose event is known: its days follow from that event again."""
    state: Obligation | None = entry.timeline(id).now
    if state is None or state.event_on is None or state.assigned.kind != "event":
        return
    if isinstance(state.dated, Assignment):
        days = counted(entry, state, state.event_on, None)
        said = {"effective_on": state.assigned.effective_on, "basis": state.own_basis}
        entry.derive(id, ObligationRescheduled, **said, **days)


REACTIONS: dict[str, Reaction] = {
    "FundAllocated": on_allocation,
    "PlacesMerged": on_merger,
    "ObligationStarted": on_start,
}
