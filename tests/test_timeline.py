"""The one fold, for every subject and any facts: order of recording, voiding and time travel.

Facts here are any the codec could read, allowed or not: folding must cope with all of them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from given import event, recorded
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy
from msgspec.structs import replace

from ntm_workflow.domain.base import (
    BEGINNING,
    Event,
    Fact,
    NotBegun,
    Opening,
    Step,
    Subject,
    Timeline,
)
from ntm_workflow.domain.subjects import EVENTS, SUBJECTS
from ntm_workflow.domain.unit import UnitContactChanged, UnitRegistered

FIRST = date(2024, 6, 28)
DAYS = [BEGINNING, *(FIRST + timedelta(days=n) for n in range(6))]
LOOKED_AT = sorted({*DAYS, FIRST - timedelta(days=1), DAYS[-1] + timedelta(days=1)})
#: Few words, so that facts meet one another; rules know some of them, and nobody knows the last.
WORDS = ["commune", "district", "province", "central", "provincial", "investment", "must", "ß…"]
EACH_SUBJECT = pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS.keys())
#: Each test runs for each subject, so that this is ten times as many.
FOR_ANY_FACTS = settings(max_examples=30, deadline=None)


# --- facts of any kind ----------------------------------------------------------------------------

PLAIN: dict[Any, SearchStrategy[Any]] = {
    str: st.sampled_from(WORDS),
    int: st.integers(-1, 4),
    bool: st.booleans(),
    date: st.sampled_from(DAYS),
    datetime: st.sampled_from(DAYS).map(lambda day: datetime.combine(day, time(5), UTC)),
    type(None): st.none(),
    msgspec.UnsetType: st.just(msgspec.UNSET),
}


def values(type: Any) -> SearchStrategy[Any]:
    """Anything of the type of a field of an event."""
    if type in PLAIN:
        return PLAIN[type]
    inner = get_args(type)
    if get_origin(type) in (Union, UnionType):
        return st.one_of([values(each) for each in inner])
    if get_origin(type) is tuple:
        many = inner[-1] is Ellipsis
        each = st.lists(values(inner[0]), max_size=3).map(tuple)
        return each if many else st.tuples(*map(values, inner))
    if issubclass(type, msgspec.Struct):
        return structs(type)
    raise TypeError(f"no examples of {type} yet")


#: Of the envelope only what the fold or a rule looks at.
ENVELOPE: dict[str, SearchStrategy[Any]] = {
    "effective_on": PLAIN[date],
    "by": st.just("van-thu"),
    "document": st.sampled_from([None, "Quyết định 12/QĐ-UBND"]),
    "place_of": st.sampled_from([None, None, 1, 3]),
    "against": st.sampled_from([(), (), ("IV.7",)]),
}


def structs(kind: type[Any]) -> SearchStrategy[Any]:
    """Anything of `kind`: an event, or a part of one."""
    hints = {
        name: hint
        for name, hint in get_type_hints(kind).items()
        if get_origin(hint) is not ClassVar
    }
    aside = set(Event.__struct_fields__) if issubclass(kind, Event) else set()
    own = {name: values(hint) for name, hint in hints.items() if name not in aside}
    return st.builds(kind, **own, **(ENVELOPE if aside else {}))


def facts_of(subject: Subject[Any]) -> SearchStrategy[list[Fact]]:
    """Recorded facts: up to three an entry, mostly begun, in any order of their days."""
    opening, later = (
        st.one_of([structs(kind) for kind in subject.events if issubclass(kind, Opening) is first])
        for first in (True, False)
    )
    begun = opening.map(lambda first: replace(first, effective_on=FIRST, place_of=None))
    entry = st.lists(st.one_of(later, opening), min_size=1, max_size=3)
    first_entry = st.one_of(begun.map(lambda first: [first]), entry)
    return st.tuples(first_entry, st.lists(entry, max_size=6)).map(
        lambda entries: numbered(subject, [entries[0], *entries[1]])
    )


def numbered(subject: Subject[Any], entries: list[list[Event]]) -> list[Fact]:
    """Facts as the journal numbers them: an entry goes by the position of its first fact."""
    facts: list[Fact] = []
    for events in entries:
        number = len(facts) + 1
        facts += [
            Fact(f"{subject.kind}/x", number + n, event, number + n, number)
            for n, event in enumerate(events)
        ]
    return facts


def scratch(subject: Subject[Any], facts: list[Fact]) -> Timeline[Any]:
    return Timeline(f"{subject.kind}/x", subject, facts)


def one_by_one(subject: Subject[Any], facts: list[Fact]) -> Timeline[Any]:
    timeline = scratch(subject, [])
    for fact in facts:
        timeline.add(fact)
    return timeline


def drawn(data: DataObject, subject: Subject[Any]) -> list[Fact]:
    return data.draw(facts_of(subject))


def before(steps: list[Step[Any]], day: date) -> list[Step[Any]]:
    return [step for step in steps if step.fact.event.effective_on < day]


# --- the order of recording -----------------------------------------------------------------------


@EACH_SUBJECT
@FOR_ANY_FACTS
@given(st.data())
def test_facts_in_any_order_of_recording_come_to_the_same(
    subject: Subject[Any], data: DataObject
) -> None:
    facts = drawn(data, subject)
    shuffled = data.draw(st.permutations(facts))
    expected, found = scratch(subject, facts), one_by_one(subject, shuffled)
    assert found.steps == expected.steps
    assert found.orders == expected.orders == sorted(fact.order for fact in facts)
    assert found.version == len(facts)


@EACH_SUBJECT
@FOR_ANY_FACTS
@given(st.data())
def test_a_new_fact_changes_nothing_before_the_day_it_tells(
    subject: Subject[Any], data: DataObject
) -> None:
    *earlier, last = drawn(data, subject)
    timeline = scratch(subject, earlier)
    steps = list(timeline.steps)
    since = timeline.add(last)
    assert since == last.event.effective_on
    assert before(timeline.steps, since) == before(steps, since)


def test_a_correction_keeps_the_place_in_the_day_of_what_it_corrects() -> None:
    def names(*facts: Fact) -> list[str]:
        states: list[Any] = [step.state for step in scratch(SUBJECTS["unit"], list(facts)).steps]
        return [state.contacts[0] for state in states if state.contacts]

    kind = UnitContactChanged
    id = "unit/x"
    opened, *changed = recorded(
        id,
        [
            event(UnitRegistered, "01/01/2024", name="Phòng Kinh tế", role="phong"),
            event(kind, "05/01/2024", contacts=("first",)),
            event(kind, "05/01/2024", contacts=("second",)),
            event(kind, "05/01/2024", contacts=("corrected",), replaces=2, place_of=2),
            event(kind, "05/01/2024", contacts=("corrected again",), replaces=4, place_of=2),
        ],
    )
    first, second, corrected, again = changed
    assert names(opened, first, second) == ["first", "second"]
    assert names(opened, second, corrected) == ["corrected", "second"]
    assert names(opened, second, again) == ["corrected again", "second"]


# --- voiding --------------------------------------------------------------------------------------


@EACH_SUBJECT
@FOR_ANY_FACTS
@given(st.data())
def test_a_dropped_entry_leaves_everything_as_if_it_had_never_been(
    subject: Subject[Any], data: DataObject
) -> None:
    facts = drawn(data, subject)
    entry = data.draw(st.sampled_from([fact.entry for fact in facts]))
    never = scratch(subject, [fact for fact in facts if fact.entry != entry])
    found = one_by_one(subject, data.draw(st.permutations(facts)))
    assert found.drop(len(facts) + 1) is None
    found.drop(entry)
    assert found.steps == never.steps
    assert found.orders == never.orders
    assert (found.now, found.conflicts, found.began) == (never.now, never.conflicts, never.began)
    # Its versions are not given out again: the facts still stand in the journal.
    assert found.version == len(facts)


@EACH_SUBJECT
@FOR_ANY_FACTS
@given(st.data())
def test_dropping_an_entry_changes_nothing_before_the_day_it_tells(
    subject: Subject[Any], data: DataObject
) -> None:
    facts = drawn(data, subject)
    entry = data.draw(st.sampled_from([fact.entry for fact in facts]))
    timeline = scratch(subject, facts)
    steps = list(timeline.steps)
    since = timeline.drop(entry)
    assert since == min(f.event.effective_on for f in facts if f.entry == entry)
    assert before(timeline.steps, since) == before(steps, since)


# --- time travel ----------------------------------------------------------------------------------


@EACH_SUBJECT
@FOR_ANY_FACTS
@given(st.data())
def test_a_day_shows_the_fold_of_the_facts_up_to_its_end(
    subject: Subject[Any], data: DataObject
) -> None:
    facts = drawn(data, subject)
    timeline = one_by_one(subject, facts)
    for day in LOOKED_AT:
        until = scratch(subject, [f for f in facts if f.event.effective_on <= day])
        step = timeline.step_at(day)
        assert timeline.at(day) == until.now
        assert (step.conflicts if step else ()) == until.conflicts
        begun = timeline.began is not None and timeline.began <= day
        assert (timeline.at(day) is not None) is begun


# --- rules and conflicts --------------------------------------------------------------------------


@EACH_SUBJECT
@FOR_ANY_FACTS
@given(st.data())
def test_every_fact_the_rules_object_to_is_listed_unless_it_says_what_it_went_against(
    subject: Subject[Any], data: DataObject
) -> None:
    timeline = one_by_one(subject, drawn(data, subject))
    state, listed = None, []
    for step in timeline.steps:
        if subject.objection(state, step.fact) and not step.fact.event.against:
            listed.append(step.fact.position)
        state = step.state
    assert list(timeline.conflicts) == listed


@EACH_SUBJECT
@FOR_ANY_FACTS
@given(st.data())
def test_asking_whether_a_fact_is_allowed_changes_nothing_and_answers_in_both_languages(
    subject: Subject[Any], data: DataObject
) -> None:
    *earlier, last = drawn(data, subject)
    timeline = scratch(subject, earlier)
    refusal = timeline.objection(last)
    assert timeline.steps == scratch(subject, earlier).steps
    assert refusal is None or (refusal.say("vi") and refusal.say("en"))
    if isinstance(refusal, NotBegun):
        assert refusal.facts["began"] == (timeline.began or "?")
        placed = last.event.place_of is not None
        assert (timeline.before(last) if placed else timeline.at(last.event.effective_on)) is None


@EACH_SUBJECT
def test_what_happens_before_a_subject_begins_waits_in_the_list_of_conflicts(
    subject: Subject[Any],
) -> None:
    later = [kind for kind in subject.events if not issubclass(kind, Opening)]
    for kind in later:
        timeline = scratch(subject, recorded(f"{subject.kind}/x", [example(kind)]))
        assert (timeline.now, timeline.began, timeline.conflicts) == (None, None, (1,))


# --- the vocabulary -------------------------------------------------------------------------------


class Unheard(Event, frozen=True, kw_only=True, omit_defaults=True):
    """An event no subject knows."""


def example(kind: type[Event]) -> Event:
    """One event of `kind`, with the shortest values its fields take."""
    short: dict[Any, Any] = {str: "x", int: 1, bool: True, date: FIRST}
    short[datetime] = datetime.combine(FIRST, time(5), UTC)

    def value(type: Any) -> Any:
        if type in short:
            return short[type]
        if get_origin(type) is tuple:
            inner = get_args(type)
            return () if inner[-1] is Ellipsis else tuple(map(value, inner))
        return filled(type)

    def filled(kind: type[Any]) -> Any:
        hints = get_type_hints(kind)
        required = [f.name for f in msgspec.structs.fields(kind) if f.required]
        return kind(**{name: value(hints[name]) for name in required})

    made: Event = filled(kind)
    return made


@EACH_SUBJECT
def test_no_subject_passes_over_an_event_it_does_not_know(subject: Subject[Any]) -> None:
    begun = next(kind for kind in subject.events if issubclass(kind, Opening))
    opening, unheard = recorded(f"{subject.kind}/x", [example(begun), event(Unheard, "30/06/2024")])
    with pytest.raises(TypeError):
        subject.evolve(None, unheard)
    with pytest.raises(TypeError):
        subject.evolve(subject.evolve(None, opening), unheard)


@EACH_SUBJECT
def test_no_subject_takes_the_events_of_another_for_its_own(subject: Subject[Any]) -> None:
    begun = next(kind for kind in subject.events if issubclass(kind, Opening))
    state = subject.evolve(None, recorded(f"{subject.kind}/x", [example(begun)])[0])
    for kind in set(EVENTS.values()) - set(subject.events):
        foreign = recorded(f"{subject.kind}/x", [example(kind)])[0]
        with pytest.raises(TypeError):
            subject.evolve(state, foreign)


@EACH_SUBJECT
def test_a_subject_begins_with_one_kind_of_event(subject: Subject[Any]) -> None:
    openings = {kind.__name__ for kind in subject.events if issubclass(kind, Opening)}
    # What is known of a clock begins with a step seen or with a word of somebody who looked.
    assert len(openings) == 1 or openings == {"ClockConfirmed", "ClockStepSeen"}


def test_every_event_belongs_to_one_subject_and_no_two_share_a_name() -> None:
    owned = [kind for subject in SUBJECTS.values() for kind in subject.events]
    assert len(owned) == len(set(owned)) == len(EVENTS)
