"""Days announced off or worked: what may be announced, and which duties a changed calendar moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from given import event, given
from offices import Desk, closing_store
from sample_pack import SOUND

from ntm_workflow.domain.base import AlreadyBegun
from ntm_workflow.domain.calendar import (
    BothOffAndWorked,
    CalendarAnnounced,
    CalendarPaperMissing,
    NoDays,
)
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.obligation import (
    ObligationMet,
    ObligationNoted,
    ObligationWaived,
)
from ntm_workflow.office import Receipt, announcement, obligation, rescheduling
from ntm_workflow.office.adoption import adopt
from ntm_workflow.office.announcement import ClosedDay, NothingChanges, Outcome
from ntm_workflow.office.calendar import calendar_at, calendar_of
from ntm_workflow.office.rescheduling import Move, Moves
from ntm_workflow.plans.pack import read

ID = "calendar/tb-1"
DUTY = "R1/xa-mau"
#: A Friday, the day of the sample duty's clause, and the Saturday after it.
FRIDAY, SATURDAY, MONDAY = "15/11/2024", "16/11/2024", "18/11/2024"
PACK = SOUND.replace("30/10/2024", FRIDAY)


def pack(weekend: str = "forward", **extra: str) -> str:
    text = PACK.replace("[[places]]", f'settings = {{ weekend = "{weekend}" }}\n\n[[places]]', 1)
    for old, new in extra.items():
        text = text.replace(old, new)
    return text


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(Desk(store_url, "01/10/2024").init()) as desk:
        yield desk


def adopted(desk: Desk, text: str | None = None) -> Desk:
    desk.record(lambda entry: adopt(entry, read((text or pack()).encode(), "mau.toml")))
    return desk


def announce(
    desk: Desk, on: str | None = None, paper: str = "TB 1", **said: str
) -> tuple[Receipt, Outcome]:
    """Announce days given as `off="…"` and `worked="…"`."""
    days = {name: [read_date(said[name])] if name in said else [] for name in ("off", "worked")}
    told = Outcome()
    receipt = desk.record(
        lambda entry: announcement.announce(entry, days["off"], days["worked"], told),
        on,
        document=paper,
    )
    return receipt, told


def days(desk: Desk) -> tuple[str, str]:
    """The last working day to act, and the day enforced."""
    row = desk.rows("obligation")[DUTY]
    return tuple(f"{row[name]:%d/%m/%Y}" for name in ("act_by", "enforce_day"))  # type: ignore[return-value]


def rules(desk: Desk) -> list[str]:
    return [step["rule"] for step in desk.rows("obligation")[DUTY]["derivation"]]


# --- what may be announced --------------------------------------------------------------------------


def test_an_announcement_keeps_its_days_and_names_its_paper() -> None:
    said = event(CalendarAnnounced, "01/10/2024", document="TB 1", off=(date(2024, 11, 15),))
    [rule] = given(ID).when(said).rules
    assert (rule.day, rule.works, rule.document) == (date(2024, 11, 15), False, "TB 1")
    assert (rule.announced_on, rule.entry) == (date(2024, 10, 1), 1)


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"off": (date(2024, 11, 15),)}, CalendarPaperMissing),
        ({"document": "TB 1"}, NoDays),
        (
            {"document": "TB 1", "off": (date(2024, 11, 15),), "worked": (date(2024, 11, 15),)},
            BothOffAndWorked,
        ),
    ],
)
def test_an_announcement_without_paper_or_sense_is_refused(
    said: dict[str, Any], refused: type[Exception]
) -> None:
    assert given(ID).when(event(CalendarAnnounced, "01/10/2024", **said)) is refused


def test_the_same_paper_twice_is_refused_and_another_of_its_days_is_not(desk: Desk) -> None:
    announce(desk, off=FRIDAY)
    with pytest.raises(AlreadyBegun):
        announce(desk, off=FRIDAY)
    announce(desk, off="14/11/2024")
    assert set(desk.rows("calendar")) == {"tb-1", "tb-1-2"}


def test_a_day_that_is_closed_is_not_announced_any_more(desk: Desk) -> None:
    adopted(desk).go("20/11/2024").close("15/11/2024")
    with pytest.raises(ClosedDay) as refused:
        announce(desk, off=FRIDAY, worked="23/11/2024")
    assert refused.value.facts["closed"] == date(2024, 11, 15)
    announce(desk, off=MONDAY)


def test_what_is_so_already_is_refused_alone_and_told_beside_other_days(desk: Desk) -> None:
    with pytest.raises(NothingChanges):
        announce(desk, off=SATURDAY)
    with pytest.raises(NothingChanges):
        announce(desk, worked=FRIDAY)
    _, told = announce(desk, off=FRIDAY, worked=MONDAY)
    assert [(r.day, r.kind) for r in told.remarks] == [(date(2024, 11, 18), "already")]


def test_of_two_papers_about_one_day_the_later_counts_and_that_is_told(desk: Desk) -> None:
    announce(desk, "02/9/2024", "TB 1", off=FRIDAY)
    _, told = announce(desk, "05/9/2024", "TB 2", worked=FRIDAY)
    [remark] = told.remarks
    assert (remark.kind, remark.other and remark.other.document) == ("overrules", "TB 1")
    with desk.office.reading() as reading:
        assert calendar_of(reading.conn).decided_by(date(2024, 11, 15)) == "TB 2"


def test_a_paper_announced_before_the_one_in_force_changes_nothing(desk: Desk) -> None:
    announce(desk, "05/9/2024", "TB 2", off=FRIDAY)
    with pytest.raises(NothingChanges):
        announce(desk, "02/9/2024", "TB 1", worked=FRIDAY)
    _, told = announce(desk, "02/9/2024", "TB 1", worked=FRIDAY, off="14/11/2024")
    assert [(r.day.day, r.kind) for r in told.remarks] == [(15, "overruled")]


def test_an_announcement_wins_over_a_row_the_program_brings_when_it_is_later(desk: Desk) -> None:
    announce(desk.go("02/01/2026"), "28/12/2025", worked="02/01/2026")
    with desk.office.reading() as reading:
        assert calendar_at(reading).is_working(date(2026, 1, 2))
    with desk.office.reading(as_of=date(2025, 12, 27)) as reading:
        assert not calendar_at(reading).is_working(date(2026, 1, 2))
    with desk.office.reading(as_of=date(2025, 12, 24)) as reading:
        assert calendar_at(reading).is_working(date(2026, 1, 2))


# --- what moves -------------------------------------------------------------------------------------


def test_a_day_taken_off_moves_an_open_duty_and_says_why(desk: Desk) -> None:
    adopted(desk)
    assert days(desk) == ("14/11/2024", FRIDAY)
    receipt, told = announce(desk, off=FRIDAY)
    assert days(desk) == ("14/11/2024", MONDAY)
    [move] = told.moved
    assert (move.id, move.stays) == (DUTY, False)
    assert (move.old_enforce_day, move.new_enforce_day) == (date(2024, 11, 15), date(2024, 11, 18))
    assert [why.name for why in move.why] == ["TB 1", None, None]
    fact = receipt.facts[-1]
    assert (fact.type, fact.event.because) == ("ObligationRescheduled", receipt.entry)
    assert fact.entry != receipt.entry
    assert rules(desk)[-1] == "roll_forward"
    assert desk.rebuilt_equal()


def test_a_saturday_put_in_moves_a_deadline_forward_to_it_only(desk: Desk) -> None:
    adopted(desk)
    announce(desk, off=FRIDAY, worked=SATURDAY)
    assert days(desk) == ("14/11/2024", SATURDAY)


def test_the_last_day_to_act_moves_too_and_the_deadline_stays(desk: Desk) -> None:
    adopted(desk)
    announce(desk, off="14/11/2024")
    assert days(desk) == ("13/11/2024", FRIDAY)


def test_a_dry_run_lists_the_moves_and_writes_none(desk: Desk) -> None:
    adopted(desk)
    told = Outcome()
    receipt = desk.record(
        lambda entry: announcement.announce(entry, [read_date(FRIDAY)], [], told),
        document="TB 1",
        dry_run=True,
    )
    assert [fact.type for fact in receipt.facts] == ["CalendarAnnounced", "ObligationRescheduled"]
    assert len(told.moved) == 1
    assert days(desk) == ("14/11/2024", FRIDAY)
    assert desk.rows("calendar") == {}


ACTED_ON = {
    "met": lambda entry: entry.record(f"obligation/{DUTY}", ObligationMet),
    "waived": lambda entry: entry.record(f"obligation/{DUTY}", ObligationWaived),
}


@pytest.mark.parametrize("verb", ACTED_ON)
def test_what_was_acted_on_stays_as_it_was_told(desk: Desk, verb: str) -> None:
    adopted(desk).record(ACTED_ON[verb], document="CV 1")
    _, told = announce(desk, off=FRIDAY)
    assert (days(desk), told.moved) == (("14/11/2024", FRIDAY), [])


def test_a_note_is_no_act_and_a_duty_whose_day_is_closed_or_missed_stays(desk: Desk) -> None:
    adopted(desk).record(
        lambda entry: entry.record(f"obligation/{DUTY}", ObligationNoted, cause="x")
    )
    desk.go("18/11/2024").close("15/11/2024")
    assert desk.rows("obligation")[DUTY]["missed_on"] == date(2024, 11, 16)
    _, told = announce(desk, off=MONDAY)
    assert (days(desk), told.moved) == (("14/11/2024", FRIDAY), [])


def test_a_deadline_is_not_moved_back_to_a_day_that_is_over(desk: Desk) -> None:
    adopted(desk, pack("backward")).go("15/11/2024").close("13/11/2024")
    _, told = announce(desk, off=FRIDAY)
    assert [move.stays for move in told.moved] == [True]
    assert days(desk) == ("14/11/2024", FRIDAY)


@pytest.mark.parametrize("weekend", ["none", "backward"])
def test_the_plans_own_setting_says_where_a_day_moves(desk: Desk, weekend: str) -> None:
    adopted(desk, pack(weekend))
    announce(desk, off=FRIDAY)
    assert days(desk) == ("14/11/2024", {"none": FRIDAY, "backward": "14/11/2024"}[weekend])


def test_a_setting_of_the_duty_keeps_its_paper(desk: Desk) -> None:
    own = 'strength = "must"\nweekend = { value = "forward", authority = "CV 12" }'
    adopted(desk, pack("none").replace('strength = "must"', own, 1))
    announce(desk, off=FRIDAY)
    last = desk.rows("obligation")[DUTY]["derivation"][-1]
    assert (last["rule"], last["authority"]) == ("roll_forward", "CV 12")


def test_days_for_typing_are_counted_again(desk: Desk) -> None:
    adopted(desk, pack().replace('weekend = "forward"', 'weekend = "forward", entry_days = 2'))
    judged = "judge_on"
    assert desk.rows("obligation")[DUTY][judged] == date(2024, 11, 19)
    announce(desk, off=MONDAY)
    assert desk.rows("obligation")[DUTY][judged] == date(2024, 11, 20)


def test_a_period_in_working_days_is_counted_again_with_all_its_steps(desk: Desk) -> None:
    letter = obligation.Letter(
        phrase="trong 05 ngày làm việc kể từ ngày 11/11/2024", to="ubnd-xa-mau"
    )
    adopted(desk).record(lambda entry: obligation.give(entry, letter), document="CV 5")
    before = desk.rows("obligation")["cv-5-1"]
    assert before["strict_day"] == date(2024, 11, 18)
    announce(desk, off="13/11/2024", worked=SATURDAY, paper="TB 1")
    announce(desk, off="14/11/2024", paper="TB 2")
    after = desk.rows("obligation")["cv-5-1"]
    assert (after["strict_day"], after["enforce_day"]) == (date(2024, 11, 19), date(2024, 11, 19))
    assert [s["rule"] for s in after["derivation"]] == [s["rule"] for s in before["derivation"]]
    [counted] = [s for s in after["derivation"] if s["rule"] == "period_counted"]
    assert {why["name"] for why in counted["grounds"]} == {"TB 1", "TB 2", None}


def test_an_extension_in_force_is_derived_again_from_its_own_day(desk: Desk) -> None:
    adopted(desk).record(
        lambda entry: obligation.extend(entry, f"obligation/{DUTY}", date(2024, 11, 29), None),
        document="CV 2",
    )
    announce(desk, off="29/11/2024")
    assert days(desk) == ("28/11/2024", "02/12/2024")
    assert rules(desk).count("extended") == 1
    assert "boundary_nominal" not in rules(desk)[rules(desk).index("extended") :]
    assert desk.rebuilt_equal()


def test_voiding_an_extension_that_was_moved_brings_the_clauses_day_back(desk: Desk) -> None:
    extended = adopted(desk).record(
        lambda entry: obligation.extend(entry, f"obligation/{DUTY}", date(2024, 11, 29), None),
        document="CV 2",
    )
    announce(desk, off="29/11/2024")
    desk.void(extended.entry)
    assert days(desk) == ("14/11/2024", FRIDAY)


def test_voiding_an_extension_finds_the_clauses_day_by_the_calendar_as_it_is(desk: Desk) -> None:
    extended = adopted(desk).record(
        lambda entry: obligation.extend(entry, f"obligation/{DUTY}", date(2024, 11, 29), None),
        document="CV 2",
    )
    announce(desk, off=FRIDAY)
    assert days(desk) == ("29/11/2024", "29/11/2024")
    desk.void(extended.entry)
    assert days(desk) == ("14/11/2024", MONDAY)
    assert desk.rebuilt_equal()


def test_a_duty_that_is_open_again_has_the_day_of_the_calendar_as_it_is(desk: Desk) -> None:
    met = adopted(desk).record(ACTED_ON["met"])
    announce(desk, off=FRIDAY)
    desk.void(met.entry)
    assert days(desk) == ("14/11/2024", MONDAY)


def test_an_extension_told_later_of_an_earlier_day_still_holds(desk: Desk) -> None:
    adopted(desk)
    announce(desk, off=FRIDAY)
    desk.record(
        lambda entry: obligation.extend(entry, f"obligation/{DUTY}", date(2024, 11, 29), None),
        "20/9/2024",
        document="CV 2",
    )
    assert days(desk) == ("29/11/2024", "29/11/2024")
    assert desk.rebuilt_equal()


def test_a_pause_goes_on_over_a_duty_that_moved(desk: Desk) -> None:
    adopted(desk)
    announce(desk, off=FRIDAY)
    desk.record(
        lambda entry: obligation.suspend(entry, f"obligation/{DUTY}", date(2024, 11, 24)),
        document="CV 3",
    )
    assert desk.rows("obligation")[DUTY]["last_day"] == date(2024, 11, 25)


# --- and back ---------------------------------------------------------------------------------------


def test_voiding_an_announcement_takes_back_what_it_moved(desk: Desk) -> None:
    adopted(desk)
    receipt, _ = announce(desk, off=FRIDAY)
    desk.void(receipt.entry)
    assert days(desk) == ("14/11/2024", FRIDAY)
    assert desk.rows("calendar") == {}
    assert desk.rebuilt_equal()


def test_voiding_derives_again_what_was_given_by_the_voided_calendar(desk: Desk) -> None:
    receipt, _ = announce(desk, off=FRIDAY)
    adopted(desk)
    assert days(desk) == ("14/11/2024", MONDAY)
    desk.void(receipt.entry)
    assert days(desk) == ("14/11/2024", FRIDAY)


def test_correcting_the_paper_leaves_the_moves_as_they_are(desk: Desk) -> None:
    adopted(desk)
    receipt, _ = announce(desk, off=FRIDAY)
    desk.correct(receipt.entry, document="TB 1 (bản đúng)")
    assert days(desk) == ("14/11/2024", MONDAY)
    with desk.office.reading() as reading:
        assert calendar_of(reading.conn).decided_by(date(2024, 11, 15)) == "TB 1 (bản đúng)"
    assert desk.rebuilt_equal()


# --- applying the calendar as it is ------------------------------------------------------------------


def applied(desk: Desk, **said: Any) -> list[Move]:
    told = Moves()
    desk.record(lambda entry: rescheduling.reschedule(entry, told), **said)
    return told.moved


def test_applying_moves_what_a_new_version_of_the_program_knows_and_nothing_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ntm_workflow.domain.calendar import DayRule
    from ntm_workflow.office import calendar

    adopted(desk)
    assert applied(desk) == []
    row = DayRule(date(2024, 11, 15), False, "QĐ mới", date(2024, 9, 1))
    monkeypatch.setattr(calendar, "bundled_rules", lambda: (row,))
    assert len(applied(desk, dry_run=True)) == 1
    assert len(applied(desk)) == 1
    assert days(desk) == ("14/11/2024", MONDAY)
    assert applied(desk) == []


def test_more_duties_than_fit_in_an_entry_move_in_several_of_one_cause(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescheduling, "BATCH", 2)
    communes = "".join(
        f'[[places]]\nid = "x{n}"\nname = "X{n}"\ntype = "xa"\nparent = "mau"\n\n' for n in range(4)
    )
    names = ", ".join(f'"x{n}"' for n in range(4))
    text = pack().replace("[[units]]", communes + "[[units]]", 1)
    adopted(desk, text.replace('places = ["xa-mau"]', f'places = ["xa-mau", {names}]', 1))
    receipt, told = announce(desk, off=FRIDAY)
    moved = [fact for fact in receipt.facts if fact.type == "ObligationRescheduled"]
    assert len(moved) == len(told.moved) == 5
    assert {fact.event.because for fact in moved} == {receipt.entry}
    assert len({fact.entry for fact in moved}) == 3
    desk.void(receipt.entry)
    assert {row["enforce_day"] for row in desk.rows("obligation").values()} == {date(2024, 11, 15)}


def test_what_is_derived_after_an_announcement_uses_it(desk: Desk) -> None:
    announce(desk, off=FRIDAY)
    adopted(desk)
    assert days(desk) == ("14/11/2024", MONDAY)
    desk.record(
        lambda entry: obligation.extend(entry, f"obligation/{DUTY}", date(2024, 12, 6), None),
        document="CV 2",
    )
    announce(desk, paper="TB 2", off="09/12/2024", worked="07/12/2024")
    desk.record(
        lambda entry: obligation.suspend(entry, f"obligation/{DUTY}", date(2024, 12, 8)),
        document="CV 3",
    )
    assert desk.rows("obligation")[DUTY]["last_day"] == date(2024, 12, 10)
