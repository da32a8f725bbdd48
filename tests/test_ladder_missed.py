"""Who hears what after a miss: a question before a reproach, week by week, then step by step up."""

from __future__ import annotations

from datetime import timedelta

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
    days,
    due_on,
    heard,
    then,
    told,
    working_between,
)
from msgspec.structs import replace

from ntm_workflow.notifications.ladder import ONE_DAY, Morning, Told, climb

# --- after it: the question -----------------------------------------------------------------------


def test_after_a_miss_the_desk_is_asked_first_and_has_two_whole_working_days() -> None:
    assert heard(MISSED, MISSED_ON, "5/11/2024") == [
        Heard(on("31/10/2024"), "ubnd-tam-ky", "asked", 0),
        Heard(on("4/11/2024"), "ubnd-tam-thanh", "missed", -6),
    ]


def test_between_the_wording_and_the_miss_nobody_hears_anything() -> None:
    assert (
        heard(then(DUE, ("31/10/2024", {"missed_on": MISSED_ON})), "30/10/2024", "30/10/2024") == []
    )


@pytest.mark.parametrize("length", [1, 4, 14, 90, 400])
def test_an_outage_of_any_length_never_skips_the_question(length: int) -> None:
    back = MISSED_ON + timedelta(days=length)
    found = heard(MISSED, back, back + timedelta(days=30))
    asked, missed = (next(e.day for e in found if e.part == part) for part in ("asked", "missed"))
    assert found[0].part == "asked"
    assert working_between(asked, missed) >= 2
    assert [e.day for e in found if e.part == "asked"] == [asked]


def test_a_desk_that_denies_is_believed_at_once_and_not_asked() -> None:
    denied = {"denied_on": on("1/11/2024")}
    after = then(MISSED, ("1/11/2024", denied))
    assert told(after, "missed") == ["01/11"]
    before = then(MISSED, ("31/10/2024", {"denied_on": MISSED_ON}))
    assert told(before, "asked") == []
    assert told(before, "missed") == ["31/10"]


def test_an_answer_to_an_earlier_miss_does_not_count() -> None:
    earlier = replace(MISSED, denied_on=on("2/9/2024"), acknowledged_on=on("2/9/2024"))
    assert told(earlier, "asked") == ["31/10"]
    assert told(earlier, "missed") == ["04/11"]
    assert told(earlier, "climbed") == ["06/11", "08/11"]


def test_a_question_that_waits_holds_nothing_against_anybody_until_it_has_left() -> None:
    assert told(MISSED, "asked", leave=None) == ["31/10"]
    assert told(MISSED, "missed", leave=None) == []
    # It leaves on Thursday the 7th: that day and Friday are the desk's.
    assert told(MISSED, "missed", leave=7) == ["11/11"]
    denied = then(MISSED, ("4/11/2024", {"denied_on": on("4/11/2024")}))
    assert told(denied, "missed", leave=None) == ["04/11"]


@pytest.mark.parametrize("desk", [None, "ubnd-tam-thanh"])
def test_without_another_desk_nobody_is_asked_and_the_days_run_from_the_miss(
    desk: str | None,
) -> None:
    found = heard(replace(MISSED, owed_to=desk), MISSED_ON, "5/11/2024")
    assert found == [Heard(on("4/11/2024"), "ubnd-tam-thanh", "missed", -6)]


def test_the_desk_has_as_many_days_as_the_plan_says() -> None:
    slow = {"confirm_days": 5}
    assert told(MISSED, "missed", by=slow) == ["07/11"]
    quick = {"confirm_days": 0}
    assert told(MISSED, "missed", by=quick) == ["01/11"]


def test_days_off_do_not_count_among_the_days_to_answer() -> None:
    row = replace(MISSED, missed_on=on("29/4/2025"), **due_on("28/4/2025"))
    # From Wednesday to Sunday nobody works.
    assert told(row, "asked", "29/4/2025", "30/5/2025") == ["29/04"]
    assert told(row, "missed", "29/4/2025", "30/5/2025") == ["06/05"]


def test_an_old_plan_adopted_late_is_silent() -> None:
    assert heard(replace(MISSED, missed_in_history=1), MISSED_ON, "31/12/2024") == []
    assert heard(DUE, "21/11/2026", "21/12/2026") == []


# --- after it: week by week -----------------------------------------------------------------------


def test_a_miss_is_followed_up_on_the_first_working_day_of_each_week_after_the_one_it_was_told_in() -> (
    None
):
    assert told(MISSED, "after", last="1/12/2024") == ["11/11", "18/11", "25/11"]
    skipped = {on("11/11/2024"), on("12/11/2024")}
    assert told(MISSED, "after", last="1/12/2024", skipped=skipped) == ["13/11", "18/11", "25/11"]


def test_a_monday_off_moves_the_follow_up_to_the_next_working_day_of_its_week() -> None:
    row = replace(MISSED, missed_on=on("16/8/2024"), owed_to=None, **due_on("15/8/2024"))
    # From Saturday 31/08 to Tuesday 03/09 nobody works.
    assert told(row, "after", "16/8/2024", "10/9/2024") == ["26/08", "04/09", "09/09"]


def test_the_weeks_are_as_long_as_the_plan_says_and_counted_from_a_monday() -> None:
    found = told(MISSED, "after", last="31/12/2024", by={"after_days": 14})
    assert found == ["18/11", "02/12", "16/12", "30/12"]


def test_what_comes_back_is_followed_up_as_long_as_its_period_was() -> None:
    row = replace(MISSED, missed_on=on("1/11/2024"), **due_on("31/10/2024"))
    monthly = replace(row, window_start=on("1/10/2024"), occurrence="2024-10")
    assert told(monthly, "after", last="31/12/2024") == ["11/11", "18/11", "25/11"]
    assert told(monthly, "climbed", last="31/12/2024", release=45) == ["07/11", "25/12"]
    once = replace(monthly, occurrence=None)
    assert told(once, "after", last="9/12/2024") == ["11/11", "18/11", "25/11", "02/12", "09/12"]


def test_a_mark_to_strive_for_is_followed_up_where_it_had_been_announced() -> None:
    mark = replace(DUE, strength="strive")
    assert told(mark, "after", "1/10/2024", "16/11/2024") == ["04/11", "11/11"]
    assert heard(mark, "30/10/2024", "30/11/2024") == []


def test_a_mark_that_only_joint_units_had_heard_of_is_not_followed_up() -> None:
    mark = replace(DUE, strength="strive", joint=("phong-kinh-te",))
    copy = [Told(DUE.id, "phong-kinh-te", "copy", on("22/10/2024"))]
    assert climb([mark], copy, Morning(on("4/11/2024"), CALENDAR)) == []


def test_a_mark_to_strive_for_asks_no_desk_and_climbs_nowhere() -> None:
    mark = replace(MISSED, missed_on=None, strength="strive")
    found = heard(mark, "1/10/2024", "31/12/2024")
    assert {(each.unit, each.part) for each in found} == {
        *(("ubnd-tam-thanh", "ahead"), ("ubnd-tam-thanh", "after")),
    }


# --- further up -----------------------------------------------------------------------------------


def test_a_miss_climbs_level_by_level_each_two_working_days_after_the_one_below_was_let_hear() -> (
    None
):
    found = [e for e in heard(MISSED, MISSED_ON, "30/11/2024") if e.part == "climbed"]
    assert found == [
        Heard(on("6/11/2024"), "vpntm-tam-ky", "climbed", 1),
        Heard(on("8/11/2024"), "vpdp-quang-nam", "climbed", 2),
    ]


def test_what_climbs_is_a_letter_of_its_own_and_waits_for_its_release() -> None:
    letters = Office(MISSED, release=None).letters(MISSED_ON, "31/12/2024")
    held = [letter for letter in letters if letter.held]
    assert [(letter.unit, letter.kind) for letter in held] == [("vpntm-tam-ky", "climb")]
    assert [line.part for letter in held for line in letter.lines] == ["climbed"]
    assert told(MISSED, "climbed", release=6) == ["06/11", "14/11"]


def test_a_level_let_go_on_a_saturday_has_the_working_days_that_follow() -> None:
    assert told(MISSED, "climbed", release=3) == ["06/11", "13/11"]


def test_a_level_told_in_two_letters_has_its_days_from_the_later_release_in_any_order() -> None:
    denied, office = replace(MISSED, denied_on=MISSED_ON), MISSED.above[0]
    own = Told(DUE.id, "ubnd-tam-thanh", "missed", MISSED_ON, left_on=MISSED_ON)
    first = Told(DUE.id, office, "climbed", on("6/11/2024"), ACT_BY, on("8/11/2024"))
    second = Told(DUE.id, office, "climbed", on("7/11/2024"), None, on("7/11/2024"))
    for said in ([own, first, second], [own, second, first]):
        for day, climbs in (("11/11/2024", False), ("12/11/2024", True)):
            letters = climb([denied], said, Morning(on(day), CALENDAR))
            assert ("climb" in {letter.kind for letter in letters}) is climbs


def test_a_second_miss_climbs_anew_from_the_first_level() -> None:
    day = on("29/11/2024")
    again = {"missed_on": day + ONE_DAY, **due_on(day)}
    found = heard(then(MISSED, ("30/11/2024", again)), MISSED_ON, "31/12/2024")
    assert [f"{e.day:%d/%m} {e.rung}" for e in found if e.part == "climbed"] == [
        *("06/11 1", "08/11 2", "06/12 1", "10/12 2"),
    ]


def test_the_unit_hears_itself_days_before_anybody_above_it() -> None:
    for skipped in (set(), set(days(on("5/11/2024"), on("7/11/2024")))):
        found = heard(MISSED, MISSED_ON, "30/11/2024", skipped)
        own = next(e.day for e in found if e.part == "missed")
        first = next(e.day for e in found if e.part == "climbed")
        assert working_between(own, first) >= 2


def test_a_unit_whose_letter_waits_is_neither_followed_up_nor_reported() -> None:
    denied = replace(MISSED, denied_on=MISSED_ON)
    assert {e.part for e in heard(denied, MISSED_ON, "30/11/2024", leave=None)} == {"missed"}
    late = heard(denied, MISSED_ON, "30/11/2024", leave=7)
    assert [f"{e.day:%d/%m} {e.part}" for e in late][:3] == [
        *("31/10 missed", "11/11 after", "11/11 climbed"),
    ]


def test_each_level_has_as_many_days_as_the_plan_says() -> None:
    slow = {"climb_days": 5}
    assert told(MISSED, "climbed", by=slow) == ["11/11", "18/11"]


def test_a_plan_may_say_that_nothing_climbs() -> None:
    assert told(MISSED, "climbed", by={"climbs": "none"}) == []


def test_where_nobody_stands_above_nothing_climbs() -> None:
    assert told(replace(MISSED, above=()), "climbed") == []


def test_a_miss_that_somebody_takes_on_climbs_no_further_and_is_still_followed_up() -> None:
    taken = then(MISSED, ("7/11/2024", {"acknowledged_on": on("7/11/2024")}))
    assert told(taken, "climbed") == ["06/11"]
    assert told(taken, "after") == ["11/11", "18/11", "25/11"]


def test_an_acknowledgement_before_the_miss_takes_on_no_miss() -> None:
    assert told(replace(MISSED, acknowledged_on=ACT_BY), "climbed") == ["06/11", "08/11"]


def test_a_dispute_holds_the_climb_until_its_day_is_over() -> None:
    disputed = then(MISSED, ("5/11/2024", {"disputed_until": on("12/11/2024")}))
    assert told(disputed, "climbed") == ["13/11", "15/11"]
    assert told(disputed, "after")[0] == "11/11"


def test_what_is_done_waived_extended_or_suspended_climbs_no_further() -> None:
    for stop in (
        {"met_on": on("7/11/2024")},
        {"waived_on": on("7/11/2024")},
        {"ended_on": on("7/11/2024")},
        {"suspended_on": on("7/11/2024")},
        due_on("15/11/2024"),
    ):
        due = then(MISSED, ("7/11/2024", stop))
        found = heard(due, MISSED_ON, "14/11/2024")
        assert [e.part for e in found if e.day >= on("7/11/2024") and e.part != "ahead"] == []


def test_an_office_that_has_heard_of_the_miss_is_not_told_again_when_another_comes_in_below() -> (
    None
):
    between = {"above": ("ban-moi", "vpntm-tam-ky")}
    due = then(replace(MISSED, above=("vpntm-tam-ky",)), ("11/11/2024", between))
    found = [e.unit for e in heard(due, MISSED_ON, "30/11/2024") if e.part == "climbed"]
    assert found == ["vpntm-tam-ky", "ban-moi"]
