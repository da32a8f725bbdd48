"""Who hears what ahead of a duty's day: windows, not equalities, and only whom it concerns."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from given import on
from mornings import (
    ACT_BY,
    CALENDAR,
    DUE,
    MISSED,
    MISSED_ON,
    Heard,
    Office,
    ahead,
    days,
    due_on,
    heard,
    rungs,
    then,
    told,
)
from msgspec.structs import replace

from ntm_workflow.domain.letter import Line
from ntm_workflow.notifications.ladder import ONE_DAY, Intent, Morning, Told, climb

# --- before the day -------------------------------------------------------------------------------


def test_every_rung_is_told_on_its_day_and_over_a_day_off_on_the_working_day_before() -> None:
    assert rungs(DUE, ahead(60), ahead(-60)) == [
        (date(2024, 9, 27), 30),  # Sunday the 29th
        (date(2024, 10, 15), 14),
        (date(2024, 10, 22), 7),
        (date(2024, 10, 25), 3),  # Saturday the 26th
        (date(2024, 10, 28), 1),
        (date(2024, 10, 29), 0),
    ]


def test_fourteen_days_before_28_february_2024_is_tet_so_it_is_told_before_tet() -> None:
    due = replace(DUE, **due_on("28/02/2024"))
    assert (on("07/02/2024"), 14) in rungs(due, "1/1/2024", "28/02/2024")


def test_a_skipped_morning_tells_its_rung_the_next_morning_and_once() -> None:
    found = rungs(DUE, ahead(40), ACT_BY, skipped={on("22/10/2024")})
    assert [day for day, rung in found if rung == 7] == [on("23/10/2024")]


def test_after_a_long_outage_one_letter_tells_the_lowest_rung() -> None:
    outage = set(days(ahead(40), ahead(5)))
    assert rungs(DUE, ahead(40), ACT_BY, skipped=outage)[:2] == [
        (on("25/10/2024"), 3),
        (on("28/10/2024"), 1),
    ]


@pytest.mark.parametrize("day", [ahead(33), ahead(400), ahead(-1), ahead(-400)])
def test_nothing_is_told_before_the_first_rung_or_after_the_last_day_to_act(day: date) -> None:
    assert heard(DUE, day, day) == []


def test_only_the_owing_unit_hears_before_the_day_and_joint_units_get_a_copy_marked_so() -> None:
    due = replace(MISSED, missed_on=None, joint=("phong-kinh-te", "hoi-nong-dan", "phong-kinh-te"))
    assert heard(due, ahead(14), ahead(14)) == [
        Heard(ahead(14), "hoi-nong-dan", "copy", 14),
        Heard(ahead(14), "phong-kinh-te", "copy", 14),
        Heard(ahead(14), "ubnd-tam-thanh", "ahead", 14),
    ]
    assert {each.unit for each in heard(due, ahead(60), ACT_BY)} == {
        *("ubnd-tam-thanh", "phong-kinh-te", "hoi-nong-dan"),
    }


def test_whoever_leads_and_is_named_among_those_who_join_hears_once() -> None:
    due = replace(DUE, joint=("ubnd-tam-thanh",))
    assert heard(due, ACT_BY, ACT_BY) == [Heard(ACT_BY, "ubnd-tam-thanh", "ahead", 0)]


def test_a_joint_unit_hears_nothing_after_the_day() -> None:
    due = replace(MISSED, joint=("phong-kinh-te",))
    assert "phong-kinh-te" not in {each.unit for each in heard(due, MISSED_ON, "30/11/2024")}


@pytest.mark.parametrize("strength", ["must", "strive", "requested"])
def test_what_binds_or_is_striven_for_or_requested_is_told_on_every_rung(strength: str) -> None:
    found = rungs(replace(DUE, strength=strength), ahead(40), ACT_BY)
    assert [rung for _, rung in found] == [30, 14, 7, 3, 1, 0]


def test_encouragement_is_one_notice() -> None:
    due = replace(DUE, strength="encouraged", joint=("phong-kinh-te",))
    assert [each.day for each in heard(due, ahead(40), "31/12/2024")] == [on("27/9/2024")] * 2


def test_encouragement_whose_first_morning_was_skipped_is_still_one_notice() -> None:
    due, outage = replace(DUE, strength="encouraged"), set(days(ahead(40), ahead(12)))
    assert rungs(due, ahead(40), ACT_BY, skipped=outage) == [(on("18/10/2024"), 14)]


@pytest.mark.parametrize("strength", ["permitted", "considered", "expected"])
def test_permission_and_expectation_remind_nobody_of_anything(strength: str) -> None:
    due = replace(MISSED, strength=strength, joint=("phong-kinh-te",))
    assert heard(due, ahead(60), "31/12/2024") == []


def test_what_is_requested_is_followed_by_nothing() -> None:
    assert heard(replace(MISSED, strength="requested"), "30/10/2024", "31/12/2024") == []


def test_a_duty_without_a_day_is_silent_and_one_without_an_office_is_known_to_its_joint_units() -> (
    None
):
    assert heard(replace(DUE, act_by=None), ahead(60), "31/12/2024") == []
    assert heard(replace(DUE, owed_by=None), ahead(60), "31/12/2024") == []
    nobodys = replace(DUE, owed_by=None, joint=("phong-kinh-te",))
    assert [each.part for each in heard(nobodys, ACT_BY, ACT_BY)] == ["copy"]


def test_what_comes_back_is_not_told_before_its_period() -> None:
    monthly = replace(DUE, occurrence="2024-10", window_start=on("1/10/2024"))
    assert rungs(monthly, ahead(60), ACT_BY)[0] == (on("1/10/2024"), 30)
    once = replace(DUE, window_start=on("1/10/2024"))
    assert rungs(once, ahead(60), ACT_BY)[0] == (on("27/9/2024"), 30)


def test_rungs_are_those_of_each_plan_in_any_order() -> None:
    mine = {"rungs": (0, 10, 5)}
    assert [rung for _, rung in rungs(DUE, ahead(60), ACT_BY, by=mine)] == [10, 5, 0]
    other = replace(DUE, plan="tam-ky-2024")
    assert [rung for _, rung in rungs(other, ahead(60), ACT_BY, by=mine)] == [30, 14, 7, 3, 1, 0]
    encouraged = replace(DUE, strength="encouraged")
    assert rungs(encouraged, ahead(60), ACT_BY, by=mine) == [(on("18/10/2024"), 10)]


def test_a_plan_without_rungs_tells_nothing_ahead() -> None:
    assert rungs(DUE, ahead(60), ACT_BY, by={"rungs": ()}) == []


@pytest.mark.parametrize(
    "over",
    [
        {"met_on": on("1/10/2024")},
        {"waived_on": on("1/10/2024")},
        {"ended_on": on("1/10/2024")},
        {"applies": "no"},
        {"suspended_on": on("1/10/2024")},
    ],
)
def test_nobody_hears_of_what_is_met_waived_ended_suspended_or_not_owed(
    over: dict[str, Any],
) -> None:
    joint = ("phong-kinh-te",)
    assert heard(replace(DUE, joint=joint, **over), "1/10/2024", ACT_BY) == []
    assert heard(replace(MISSED, joint=joint, **over), "31/10/2024", "30/11/2024") == []


def test_a_duty_is_told_again_when_its_pause_is_over() -> None:
    paused = replace(DUE, suspended_on=on("1/10/2024"), suspended_until=on("23/10/2024"))
    assert rungs(paused, "1/10/2024", ACT_BY)[0] == (on("24/10/2024"), 7)


def test_what_nobody_knows_to_be_owed_is_told_ahead_and_held_against_nobody() -> None:
    due = replace(MISSED, missed_on=None, applies="unknown")
    assert [rung for _, rung in rungs(due, ahead(40), "31/12/2024")] == [30, 14, 7, 3, 1, 0]
    assert heard(replace(MISSED, applies="unknown"), "31/10/2024", "31/12/2024") == []


def test_a_snoozed_duty_is_told_neither_ahead_nor_followed_up_until_the_day_is_over() -> None:
    snoozed = replace(DUE, joint=("phong-kinh-te",), snoozed_until=on("24/10/2024"))
    assert [each.day for each in heard(snoozed, ahead(40), ACT_BY)][:2] == [on("25/10/2024")] * 2
    late = then(MISSED, ("5/11/2024", {"snoozed_until": on("12/11/2024")}))
    assert told(late, "missed") == ["04/11"]
    assert told(late, "after")[:2] == ["13/11", "18/11"]


# --- a deadline that moved ------------------------------------------------------------------------

LATER = date(2024, 11, 15)
_LATER = due_on(LATER)


def test_an_extended_duty_starts_the_rungs_of_its_new_day() -> None:
    found = rungs(then(DUE, ("23/10/2024", _LATER)), ahead(40), LATER)
    assert found == [
        *[(on("27/9/2024"), 30), (on("15/10/2024"), 14), (on("22/10/2024"), 7)],
        *[(on("1/11/2024"), 14), (on("8/11/2024"), 7), (on("12/11/2024"), 3)],
        *[(on("14/11/2024"), 1), (LATER, 0)],
    ]


def test_a_rung_told_shortly_before_a_small_move_is_not_told_again() -> None:
    moved = replace(DUE, act_by=ACT_BY + ONE_DAY)
    before = [Told(DUE.id, "ubnd-tam-thanh", "ahead", on("23/10/2024"), ACT_BY)]
    assert climb([moved], before, Morning(on("24/10/2024"), CALENDAR)) == []


def test_a_day_that_came_nearer_is_told_anew_though_its_rung_was_told_with_the_later_day() -> None:
    sooner = on("18/10/2024")
    moved = then(replace(DUE, joint=("phong-kinh-te",)), ("1/10/2024", due_on(sooner)))
    found = heard(moved, ahead(40), sooner, by={"rungs": (30,)})
    assert [(each.day, each.part) for each in found] == [
        *[(on("27/9/2024"), "copy"), (on("27/9/2024"), "ahead")],
        *[(on("1/10/2024"), "copy"), (on("1/10/2024"), "ahead")],
    ]


def test_after_a_miss_a_moved_deadline_is_counted_down_to_and_nobody_is_asked() -> None:
    found = heard(replace(MISSED, **_LATER), on("4/11/2024"), LATER)
    assert [(each.part, each.rung) for each in found] == [
        *[("ahead", 14), ("ahead", 7), ("ahead", 3), ("ahead", 1), ("ahead", 0)],
    ]


def test_a_second_miss_is_asked_about_and_told_like_the_first() -> None:
    again = then(
        MISSED,
        ("5/11/2024", _LATER),
        ("18/11/2024", {"missed_on": on("18/11/2024"), "denied_on": None}),
    )
    found = [(f"{e.day:%d/%m}", e.part) for e in heard(again, MISSED_ON, "22/11/2024")]
    assert [each for each in found if each[1] != "ahead"] == [
        *[("31/10", "asked"), ("04/11", "missed")],
        *[("18/11", "asked"), ("20/11", "missed"), ("22/11", "climbed")],
    ]


# --- letters --------------------------------------------------------------------------------------


def test_one_letter_names_a_units_duties_by_part_then_day_then_id() -> None:
    asked = replace(MISSED, owed_by="phong-kinh-te", owed_to="ubnd-tam-thanh", missed_on=ahead(8))
    dues = [
        *(replace(DUE, id="c"), replace(DUE, id="b", act_by=ahead(-5)), replace(DUE, id="a")),
        replace(asked, id="d", **due_on(ahead(9))),
    ]
    [letter] = climb(dues, (), Morning(on("25/10/2024"), CALENDAR))
    assert (letter.unit, letter.kind) == ("ubnd-tam-thanh", "digest")
    assert [(line.part, line.subject) for line in letter.lines] == [
        *[("asked", "d"), ("ahead", "a"), ("ahead", "c"), ("ahead", "b")],
    ]


def test_a_confirmed_miss_does_not_wait_among_other_reminders() -> None:
    other = replace(DUE, id="b", **due_on("11/11/2024"))
    letters = Office(MISSED, other).letters(MISSED_ON, "4/11/2024")
    of_monday = [letter for letter in letters if letter.day == on("4/11/2024")]
    assert [(e.unit, e.kind, len(e.lines)) for e in of_monday] == [
        *[("ubnd-tam-thanh", "digest", 1), ("ubnd-tam-thanh", "missed", 1)],
    ]


def test_the_id_of_a_letter_is_its_unit_kind_and_day_or_what_set_it_off() -> None:
    [letter] = climb([DUE], (), Morning(ACT_BY, CALENDAR))
    assert letter.id == "letter/ubnd-tam-thanh/digest/2024-10-29"
    assert letter.lines == (Line(DUE.id, "ahead", 0, ACT_BY),)
    assert Intent("u", "decided", ACT_BY, about="17").id == "letter/u/decided/17"


def test_nothing_is_told_on_a_day_off() -> None:
    assert climb([DUE, MISSED], (), Morning(on("26/10/2024"), CALENDAR)) == []
    assert climb([MISSED], (), Morning(on("1/1/2025"), CALENDAR)) == []


def test_saying_it_again_the_same_morning_says_nothing() -> None:
    late = then(replace(DUE, id="b"), ("31/10/2024", {"missed_on": MISSED_ON}))
    office = Office(DUE, late)
    for day in days(ahead(30), on("20/11/2024")):
        office.morning(day)
        assert office.morning(day) == []
