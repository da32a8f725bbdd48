"""Who hears what on which day: windows, not equalities, and one question after a miss."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ntm_workflow.notifications.ladder import Due, Intent, Ladder, Sent, climb

ACT_BY = date(2024, 10, 29)
LADDER = Ladder()
DUE = Due(
    id="D010/tam-thanh",
    plan="quang-nam-2024-2025",
    clause="II.1",
    title="Trình hồ sơ",
    owed_by="ubnd-xa-tam-thanh",
    owed_to="ubnd-tp-tam-ky",
    place="tam-thanh",
    strength="must",
    expression="trước ngày 30/10/2024",
    strict_day=ACT_BY,
    nominal_day=date(2024, 10, 30),
    act_by=ACT_BY,
    enforce_day=date(2024, 10, 30),
    last_day=date(2024, 10, 30),
)
MISSED = replace(DUE, missed_on=date(2024, 10, 31))


def ahead(days: int) -> date:
    return ACT_BY - timedelta(days=days)


def rungs(due: Due, day: date, sent: set[Sent] | None = None) -> list[tuple[str, int]]:
    return [pair for intent in climb([due], day, sent or set(), LADDER) for pair in intent.rungs]


def record(sent: set[Sent], intents: list[Intent]) -> None:
    for letter in intents:
        sent.update((id, letter.kind, rung, letter.day) for id, rung in letter.rungs)


def nights(
    dues: list[Due], first: date, last: date, skipped: frozenset[date] = frozenset()
) -> list[Intent]:
    """What goes out from `first` to `last` when the nights of `skipped` never ran."""
    sent: set[Sent] = set()
    letters: list[Intent] = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day not in skipped:
            intents = climb(dues, day, sent, LADDER)
            record(sent, intents)
            letters += intents
    return letters


def test_every_rung_is_sent_on_its_day_when_every_night_runs() -> None:
    letters = nights([DUE], ahead(60), ahead(-60))
    assert [(letter.day, letter.rungs[0][1]) for letter in letters] == [
        (ahead(rung), rung) for rung in LADDER.rungs
    ]


def test_a_skipped_night_sends_its_rung_the_next_night_and_only_once() -> None:
    letters = nights([DUE], ahead(40), ACT_BY, frozenset({ahead(7)}))
    assert [letter.day for letter in letters if letter.rungs[0][1] == 7] == [ahead(6)]


def test_a_long_outage_sends_the_lowest_rung_only() -> None:
    assert rungs(DUE, ahead(2)) == [(DUE.id, 3)]
    assert rungs(DUE, ahead(2), {(DUE.id, "reminder", 3, ahead(3))}) == []


def test_a_question_sent_after_a_miss_is_not_taken_for_the_reminder_of_the_last_day() -> None:
    assert rungs(DUE, ACT_BY, {(DUE.id, "confirm", 0, ACT_BY)}) == [(DUE.id, 0)]


@pytest.mark.parametrize("days", [31, 400, -1, -400])
def test_nothing_goes_out_before_the_first_rung_or_after_the_last_working_day(days: int) -> None:
    assert rungs(DUE, ahead(days)) == []


@pytest.mark.parametrize("days", [30, 14, 7, 3, 1, 0])
def test_nothing_goes_to_a_met_obligation(days: int) -> None:
    assert rungs(replace(DUE, met_on=date(2024, 9, 1)), ahead(days)) == []


def test_an_obligation_without_a_day_or_without_an_office_is_silent() -> None:
    assert rungs(replace(DUE, act_by=None), ACT_BY) == []
    assert rungs(replace(DUE, owed_by=None), ACT_BY) == []
    assert climb([replace(MISSED, owed_to=None)], date(2024, 10, 31), (), LADDER) == []


def test_an_old_plan_adopted_late_is_silent() -> None:
    assert climb([DUE, replace(MISSED, id="old")], date(2026, 11, 21), (), LADDER) == []


@pytest.mark.parametrize("strength", ["must", "strive", "requested"])
def test_binding_striving_and_requested_duties_climb_every_rung(strength: str) -> None:
    letters = nights([replace(DUE, strength=strength)], ahead(40), ACT_BY)
    assert [letter.rungs[0][1] for letter in letters] == list(LADDER.rungs)


def test_encouragement_is_said_once_at_the_first_rung() -> None:
    letters = nights([replace(DUE, strength="encouraged")], ahead(40), ACT_BY)
    assert [letter.day for letter in letters] == [ahead(30)]


@pytest.mark.parametrize("strength", ["permitted", "considered", "expected"])
def test_permission_and_expectation_remind_nobody(strength: str) -> None:
    assert nights([replace(DUE, strength=strength)], ahead(40), ACT_BY) == []


def test_after_a_miss_the_receiving_desk_is_asked_once() -> None:
    letters = nights([MISSED], date(2024, 10, 31), date(2024, 12, 31))
    assert letters == [
        Intent("ubnd-tp-tam-ky", "confirm", date(2024, 10, 31), ((DUE.id, 0),)),
    ]


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        (date(2024, 10, 30), False),
        (date(2024, 10, 31), True),
        (date(2024, 11, 14), True),
        (date(2024, 11, 15), False),
    ],
)
def test_the_question_has_a_window_of_fourteen_days(day: date, asked: bool) -> None:
    assert bool(climb([MISSED], day, (), LADDER)) is asked


@pytest.mark.parametrize("strength", ["strive", "requested", "encouraged", "expected"])
def test_only_a_binding_duty_is_asked_about(strength: str) -> None:
    assert climb([replace(MISSED, strength=strength)], date(2024, 10, 31), (), LADDER) == []


def test_nobody_is_asked_about_what_was_met_after_the_miss() -> None:
    late = replace(MISSED, met_on=date(2024, 10, 29))
    assert climb([late], date(2024, 11, 1), (), LADDER) == []


def test_one_letter_lists_a_units_obligations_by_day_then_id() -> None:
    dues = [
        replace(DUE, id="c"),
        replace(DUE, id="b", act_by=ahead(-5)),
        replace(DUE, id="a"),
    ]
    assert climb(dues, ahead(2), (), LADDER) == [
        Intent("ubnd-xa-tam-thanh", "reminder", ahead(2), (("a", 3), ("c", 3), ("b", 7))),
    ]


def test_the_id_of_a_letter_is_its_unit_kind_and_day() -> None:
    assert climb([DUE], ACT_BY, (), LADDER)[0].id == "letter/ubnd-xa-tam-thanh/reminder/2024-10-29"


def test_the_order_in_which_rows_come_does_not_matter() -> None:
    dues = [replace(DUE, id=f"{n}", owed_by=f"unit-{n % 3}", act_by=ahead(-n)) for n in range(20)]
    assert climb(dues, ahead(3), (), LADDER) == climb(dues[::-1], ahead(3), (), LADDER)


def test_rungs_may_be_set_in_any_order() -> None:
    assert climb([DUE], ahead(6), (), Ladder(rungs=(0, 30, 7)))[0].rungs == ((DUE.id, 7),)
    encouraged = replace(DUE, strength="encouraged")
    assert climb([encouraged], ahead(10), (), Ladder(rungs=(0, 10, 7)))[0].rungs[0][1] == 10


STRENGTHS = ("must", "strive", "requested", "encouraged", "permitted", "considered", "expected")
START = date(2024, 9, 1)
DAYS = st.integers(0, 90).map(lambda offset: START + timedelta(days=offset))


@st.composite
def some_dues(draw: st.DrawFn) -> list[Due]:
    def one(number: int) -> Due:
        act_by = draw(st.none() | DAYS)
        missed = act_by + timedelta(days=draw(st.integers(1, 4))) if act_by else None
        return replace(
            DUE,
            id=f"D{number}",
            owed_by=draw(st.sampled_from(["unit-a", "unit-b", None])),
            owed_to=draw(st.sampled_from(["unit-a", "unit-c", None])),
            strength=draw(st.sampled_from(STRENGTHS)),
            act_by=act_by,
            strict_day=act_by,
            enforce_day=act_by,
            last_day=act_by,
            missed_on=draw(st.sampled_from([None, missed])),
            met_on=draw(st.none() | DAYS),
        )

    return [one(number) for number in range(draw(st.integers(1, 8)))]


@settings(max_examples=400, deadline=None)
@given(some_dues(), st.frozensets(DAYS, max_size=60))
def test_whatever_nights_are_skipped_nothing_is_said_twice_or_to_whom_it_does_not_concern(
    dues: list[Due], skipped: frozenset[date]
) -> None:
    letters = nights(dues, START, START + timedelta(days=110), skipped)
    by_id = {due.id: due for due in dues}
    said = [(id, letter.kind, rung) for letter in letters for id, rung in letter.rungs]
    assert len(said) == len(set(said))
    assert len({(letter.unit, letter.kind, letter.day) for letter in letters}) == len(letters)
    for letter in letters:
        for id, rung in letter.rungs:
            due = by_id[id]
            assert due.met_on is None
            assert due.act_by is not None
            if letter.kind == "reminder":
                assert letter.unit == due.owed_by
                assert due.missed_on is None or letter.day < due.missed_on
                assert 0 <= (due.act_by - letter.day).days <= rung
            else:
                assert (letter.unit, due.strength, rung) == (due.owed_to, "must", 0)


@settings(max_examples=400, deadline=None)
@given(some_dues(), st.integers(0, 110))
def test_duties_and_letters_beyond_reach_change_nothing(dues: list[Due], offset: int) -> None:
    day = START + timedelta(days=offset)
    sent: set[Sent] = set()
    record(sent, nights(dues, START, day - timedelta(days=1)))
    near = [
        due
        for due in dues
        if (due.act_by and day <= due.act_by <= LADDER.ahead(day))
        or (due.missed_on and LADDER.missed_since(day) <= due.missed_on <= day)
    ]
    counting = {each for each in sent if each[3] >= LADDER.sent_since(day)}
    assert climb(near, day, counting, LADDER) == climb(dues, day, sent, LADDER)


@settings(max_examples=400, deadline=None)
@given(st.frozensets(st.integers(0, 40)), st.sampled_from(["must", "strive", "requested"]))
def test_each_rung_goes_out_on_the_first_night_of_its_window_that_ran(
    skipped: frozenset[int], strength: str
) -> None:
    letters = nights(
        [replace(DUE, strength=strength)], ahead(40), ACT_BY, frozenset(map(ahead, skipped))
    )
    # A rung's window reaches down to the rung below it.
    windows = zip(LADDER.rungs, (*LADDER.rungs[1:], -1), strict=True)
    ran = [
        (rung, next((n for n in range(rung, below, -1) if n not in skipped), None))
        for rung, below in windows
    ]
    assert [(letter.rungs[0][1], letter.day) for letter in letters] == [
        (rung, ahead(night)) for rung, night in ran if night is not None
    ]


# --- a deadline that moved, a duty that rests -----------------------------------------------------

LATER = date(2024, 11, 15)
MOVED = replace(
    DUE, strict_day=LATER, nominal_day=LATER, act_by=LATER, enforce_day=LATER, last_day=LATER
)


def test_the_rungs_of_a_moved_deadline_are_said_though_the_old_ones_were() -> None:
    sent: set[Sent] = set()
    for rung in (30, 14, 7):
        record(sent, climb([DUE], ahead(rung), sent, LADDER))
    moved = {n: rungs(MOVED, LATER - timedelta(days=n), sent) for n in (14, 7, 3)}
    assert moved == {14: [(DUE.id, 14)], 7: [(DUE.id, 7)], 3: [(DUE.id, 3)]}


def test_a_rung_said_shortly_before_a_small_move_is_not_said_again() -> None:
    moved = replace(MOVED, act_by=ACT_BY + timedelta(days=1))
    assert rungs(moved, ahead(5), {(DUE.id, "reminder", 7, ahead(6))}) == []


def test_after_a_miss_a_moved_deadline_is_counted_down_to_and_nobody_is_asked() -> None:
    moved = replace(MOVED, missed_on=date(2024, 10, 31))
    assert [letter.kind for letter in climb([moved], date(2024, 11, 12), (), LADDER)] == [
        "reminder"
    ]


def test_a_second_miss_is_asked_about_like_the_first() -> None:
    again = replace(MOVED, missed_on=date(2024, 11, 16))
    first = {(DUE.id, "confirm", 0, date(2024, 10, 31))}
    assert rungs(again, date(2024, 11, 16), first) == [(DUE.id, 0)]
    assert (
        rungs(again, date(2024, 11, 17), {*first, (DUE.id, "confirm", 0, date(2024, 11, 16))}) == []
    )


@pytest.mark.parametrize("due", [DUE, MISSED])
def test_nobody_hears_of_a_suspended_duty(due: Due) -> None:
    day = ahead(3) if due is DUE else date(2024, 11, 2)
    assert rungs(due, day) != []
    paused = replace(due, suspended_on=day, suspended_until=day)
    assert rungs(paused, day) == []
    assert rungs(paused, day + timedelta(days=1)) != []
