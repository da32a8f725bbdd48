"""The way of a fact through the office, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from offices import Desk, adopted, closing_store

from ntm_workflow.domain.closing import DayNotOver
from ntm_workflow.domain.dossier import AlreadySubmitted, DatesOutOfOrder, DeskSkipped
from ntm_workflow.domain.fund import OtherMoney, OverLeft
from ntm_workflow.domain.fund_stop import ToBeStopped
from ntm_workflow.office import Moved
from ntm_workflow.office.adoption import AlreadyAdopted
from ntm_workflow.office.entry import FutureDay, PaperMissing, Repeated
from ntm_workflow.office.fund import UnknownItem
from ntm_workflow.office.keys import KeyReused

PLANS = ("quang-nam-2024-2025", "tam-ky-2024")
OVERDUE = date(2024, 10, 31)


@pytest.fixture
def empty(store_url: str) -> Iterator[Desk]:
    """A store with no plan yet."""
    with closing_store(Desk(store_url).init()) as desk:
        yield desk


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(adopted(store_url, *PLANS)) as desk:
        yield desk


def test_adopting_a_plan_brings_its_places_units_duties_and_dossiers(desk: Desk) -> None:
    duty = desk.rows("obligation")["D118/tam-ngoc-tam-ky"]
    assert duty["owed_by"] == "ubnd-tam-ngoc-tam-ky"
    assert duty["owed_to"] == "ubnd-tam-ky"
    assert duty["strict_day"] == date(2024, 10, 29)
    assert duty["enforce_day"] == date(2024, 10, 30)
    assert "tam-ngoc-tam-ky/xa-nang-cao/2024" in desk.rows("dossier")


def test_a_plan_is_adopted_once(desk: Desk) -> None:
    with pytest.raises(AlreadyAdopted):
        desk.adopt("tam-ky-2024")


def test_a_plan_tells_what_its_text_leaves_blank(desk: Desk) -> None:
    plan = desk.rows("plan")["tam-ky-2024"]
    assert plan["effective_on"] == date(2024, 1, 1)
    assert "effective_on" in plan["assumed"]
    assert plan["settings"].get("flagged", ["boundary", "weekend", "counted"])


def test_a_criterion_on_both_sides_of_the_table_is_conflicting(desk: Desk) -> None:
    row = desk.rows("criteria")["tam-phu-tam-ky/xa-nang-cao"]
    assert row["conflicting"] == [5]
    assert (len(row["achieved"]), row["stated_total"]) == (15, 15)


def test_a_dossier_handed_in_meets_its_duty_by_a_derived_fact(desk: Desk) -> None:
    receipt = desk.submit("Tam Ngọc", "28/10/2024")
    assert [fact.type for fact in receipt.facts] == ["DossierSubmitted", "ObligationMet"]
    assert receipt.facts[1].event.because == receipt.entry
    assert desk.rows("obligation")["D118/tam-ngoc-tam-ky"]["met_on"] == date(2024, 10, 28)


def test_the_day_of_receipt_meets_the_duty_unless_the_plan_says_otherwise(desk: Desk) -> None:
    desk.submit("Tam Ngọc", "28/10/2024", sent_on="29/10/2024", received_on="31/10/2024")
    assert desk.rows("obligation")["D118/tam-ngoc-tam-ky"]["met_on"] == date(2024, 10, 31)


def test_a_duty_adopted_after_the_hand_over_is_met_by_it(empty: Desk) -> None:
    desk = empty.adopt("quang-nam-2024-2025")
    desk.submit("Tam Ngọc", "10/10/2024")
    desk.verify("Tam Ngọc", "15/10/2024")
    desk.submit("Tam Ngọc", "15/10/2024", to="province")
    desk.adopt("tam-ky-2024")
    assert desk.rows("obligation")["D016/tam-ngoc-tam-ky"]["met_on"] == date(2024, 10, 15)
    assert desk.rebuilt_equal()


def test_voiding_that_hand_over_takes_back_what_a_later_adoption_derived(empty: Desk) -> None:
    desk = empty.adopt("quang-nam-2024-2025")
    desk.submit("Tam Ngọc", "10/10/2024")
    desk.verify("Tam Ngọc", "15/10/2024")
    forwarded = desk.submit("Tam Ngọc", "15/10/2024", to="province")
    desk.adopt("tam-ky-2024")
    desk.void(forwarded.entry)
    assert desk.rows("obligation")["D016/tam-ngoc-tam-ky"]["met_on"] is None
    assert "tam-ky-2024" in desk.rows("plan")
    assert desk.rebuilt_equal()


def test_the_same_hand_over_twice_is_refused(desk: Desk) -> None:
    desk.submit("Tam Ngọc", "28/10/2024")
    with pytest.raises(AlreadySubmitted, match="already submitted"):
        desk.submit("Tam Ngọc", "29/10/2024")


def test_a_dossier_does_not_skip_a_desk(desk: Desk) -> None:
    with pytest.raises(DeskSkipped):
        desk.submit("Tam Ngọc", "28/10/2024", to="province")


def test_a_dossier_is_not_received_before_it_was_signed(desk: Desk) -> None:
    with pytest.raises(DatesOutOfOrder):
        desk.submit("Tam Ngọc", "28/10/2024", received_on="27/10/2024")


def test_a_duty_done_in_time_and_typed_late_keeps_its_miss_and_overturns_it(desk: Desk) -> None:
    desk.go("31/10/2024").close("30/10/2024")
    assert desk.rows("obligation")["D118/tam-ngoc-tam-ky"]["missed_on"] == OVERDUE
    typed = desk.go("05/11/2024").submit("Tam Ngọc", "28/10/2024")
    row = desk.rows("obligation")["D118/tam-ngoc-tam-ky"]
    assert (row["met_on"], row["missed_on"]) == (date(2024, 10, 28), OVERDUE)
    assert (row["recorded_late"], row["miss_overturned_by"]) == (1, typed.entry)


def test_a_duty_done_late_is_late_whenever_it_is_typed(desk: Desk) -> None:
    desk.go("31/10/2024").close("30/10/2024")
    desk.go("05/11/2024").submit("Tam Thanh", "04/11/2024")
    row = desk.rows("obligation")["D118/tam-thanh-tam-ky"]
    assert (row["met_on"], row["recorded_late"]) == (date(2024, 11, 4), 0)


def test_what_was_known_before_stays_readable(empty: Desk) -> None:
    desk = empty.go("05/01/2024").adopt(*PLANS)
    desk.go("31/10/2024").close("30/10/2024")
    before = desk.rows("obligation")
    desk.go("05/11/2024").submit("Tam Ngọc", "28/10/2024")
    assert desk.rows("obligation") != before
    assert desk.rows("obligation", as_of=OVERDUE, known_at=date(2024, 11, 4)) == before


def test_a_closing_finds_the_item_with_nothing_spent_and_stops_nobody(desk: Desk) -> None:
    desk.allocate("cầu", 1_500_000_000)
    desk.allocate("đường", 1_500_000_000, "Tam Thanh")
    desk.disburse("cầu", 500_000_000, "15/05/2024")
    found = desk.go("01/07/2024").close("30/06/2024")
    money = [fact for fact in found.facts if fact.subject.startswith("fund/")]
    assert [f.type for f in money] == ["ZeroDisbursementFound", "ReallocationCaseOpened"]
    rows = desk.rows("fund")
    assert rows["cầu"]["stop"] is None
    assert rows["đường"]["stop"]["state"] == "to_stop"
    assert rows["đường"]["case"]["state"] == "open"


@pytest.mark.parametrize("kind", ["project", "model"])
def test_money_of_a_project_or_model_is_considered_but_not_stopped(desk: Desk, kind: str) -> None:
    desk.allocate("mô hình", 100_000_000, type=kind)
    desk.go("01/07/2024").close("30/06/2024")
    row = desk.rows("fund")["mô hình"]
    assert (row["stop"]["state"], row["case"]["state"]) == ("found", "open")


def test_money_carried_over_from_an_earlier_year_is_outside_the_rule(desk: Desk) -> None:
    desk.allocate("chuyển nguồn", 100_000_000, carried_from=2023)
    desk.go("01/07/2024").close("30/06/2024")
    assert desk.rows("fund")["chuyển nguồn"]["stop"] is None


def test_money_of_another_year_is_outside_that_years_rule(desk: Desk) -> None:
    desk.allocate("năm sau", 100_000_000, year=2025)
    desk.go("01/07/2024").close("30/06/2024")
    assert desk.rows("fund")["năm sau"]["stop"] is None


def test_an_item_typed_after_the_day_is_judged_by_the_next_closing(desk: Desk) -> None:
    desk.go("01/07/2024").close("30/06/2024")
    desk.go("03/07/2024").allocate("ghi muộn", 100_000_000)
    found = desk.go("05/07/2024").close("04/07/2024")
    assert [f.type for f in found.facts] == ["ZeroDisbursementFound", "ReallocationCaseOpened"]
    assert desk.rows("fund")["ghi muộn"]["stop"]["found_on"] == "2024-06-30"


def test_a_payment_typed_after_the_finding_marks_it_for_review(desk: Desk) -> None:
    desk.allocate("cầu", 1_500_000_000)
    desk.go("01/07/2024").close("30/06/2024")
    desk.go("05/07/2024").disburse("cầu", 200_000_000, "20/06/2024")
    row = desk.rows("fund")["cầu"]
    assert row["disbursed"] == 200_000_000
    assert row["conflicts"], "the finding no longer fits and must be listed"
    assert desk.rebuilt_equal()


def test_paying_an_item_to_be_stopped_is_refused_but_a_payment_really_made_is_kept(
    desk: Desk,
) -> None:
    desk.allocate("cầu", 1_500_000_000)
    desk.go("01/07/2024").close("30/06/2024")
    desk.go("10/07/2024")
    with pytest.raises(ToBeStopped, match=r"IV\.7"):
        desk.disburse("cầu", 1, "05/07/2024")
    with pytest.raises(PaperMissing):
        desk.disburse("cầu", 1, "05/07/2024", already_done=True)
    kept = desk.disburse("cầu", 1, "05/07/2024", already_done=True, document="UNC 12")
    assert kept.facts[0].event.against == ("IV.7",)
    assert desk.rows("fund")["cầu"]["stop"]["state"] == "to_stop", "it gives no permission"


def test_nothing_is_paid_above_what_is_left(desk: Desk) -> None:
    desk.allocate("cầu", 100)
    desk.disburse("cầu", 60, "15/05/2024")
    with pytest.raises(OverLeft):
        desk.disburse("cầu", 41, "16/05/2024")


def test_nothing_is_paid_before_the_money_was_given(desk: Desk) -> None:
    from ntm_workflow.domain.base import NotBegun

    desk.allocate("cầu", 100)
    with pytest.raises(NotBegun, match="20/02/2024"):
        desk.disburse("cầu", 10, "19/02/2024")


def test_money_of_two_sources_does_not_mix_in_one_item(desk: Desk) -> None:
    desk.allocate("cầu", 100)
    with pytest.raises(OtherMoney):
        desk.allocate("cầu", 100, source="central")


def test_the_same_payment_told_twice_is_refused_unless_it_has_a_key(desk: Desk) -> None:
    desk.allocate("cầu", 100)
    first = desk.disburse("cầu", 10, "15/05/2024")
    with pytest.raises(Repeated, match=f"#{first.entry}"):
        desk.disburse("cầu", 10, "15/05/2024")
    desk.disburse("cầu", 10, "15/05/2024", key="khoản hai")
    assert desk.rows("fund")["cầu"]["disbursed"] == 20


def test_a_key_makes_running_again_safe(desk: Desk) -> None:
    desk.allocate("cầu", 100)
    words = ("fund disburse", "10")
    first = desk.disburse("cầu", 10, "15/05/2024", key="k", words=words)
    again = desk.disburse("cầu", 10, "15/05/2024", key="k", words=words)
    assert (again.repeated, again.entry) == (True, first.entry)
    with pytest.raises(KeyReused):
        desk.disburse("cầu", 20, "15/05/2024", key="k", words=("fund disburse", "20"))
    assert desk.rows("fund")["cầu"]["disbursed"] == 10


def test_a_dry_run_shows_the_facts_and_writes_none(desk: Desk) -> None:
    desk.allocate("cầu", 100)
    before = desk.office.verify().size
    receipt = desk.disburse("cầu", 10, "15/05/2024", dry_run=True)
    assert [fact.type for fact in receipt.facts] == ["FundDisbursed"]
    assert desk.office.verify().size == before
    assert desk.rows("fund")["cầu"]["disbursed"] == 0


def test_a_refused_command_writes_nothing(desk: Desk) -> None:
    before = desk.office.verify()
    with pytest.raises(UnknownItem):
        desk.disburse("không có", 10, "15/05/2024")
    assert desk.office.verify() == before


def test_a_command_may_insist_on_the_position_it_saw(desk: Desk) -> None:
    desk.allocate("cầu", 100)
    position = desk.office.verify().size
    with pytest.raises(Moved):
        desk.disburse("cầu", 10, "15/05/2024", if_position=position - 1)
    desk.disburse("cầu", 10, "15/05/2024", if_position=position)


def test_what_has_not_happened_is_not_recorded(desk: Desk) -> None:
    desk.allocate("cầu", 100)
    with pytest.raises(FutureDay):
        desk.disburse("cầu", 10, "06/11/2024")


def test_a_day_is_closed_once_and_in_order(desk: Desk) -> None:
    first = desk.go("31/10/2024").close("30/06/2024")
    second = desk.close("30/10/2024")
    assert (first.days[0], first.days[-1]) == (date(2024, 1, 1), date(2024, 6, 30))
    assert second.days[0] == date(2024, 7, 1)
    assert desk.close("30/10/2024").days == ()


def test_a_day_that_is_not_over_is_not_closed(desk: Desk) -> None:
    with pytest.raises(DayNotOver):
        desk.go("30/10/2024").close("30/10/2024")


def test_a_closing_after_a_month_of_silence_judges_every_day_once(desk: Desk) -> None:
    found = desk.go("15/12/2024").close("14/12/2024")
    missed = [fact.subject for fact in found.facts if fact.type == "ObligationMissed"]
    assert len(missed) == len(set(missed))
    effective = {f.subject: f.event.effective_on for f in found.facts}
    assert effective["obligation/D118/tam-ngoc-tam-ky"] == OVERDUE


def test_the_tables_built_again_from_the_journal_are_the_same(desk: Desk) -> None:
    desk.allocate("cầu", 100)
    paid = desk.disburse("cầu", 60, "15/05/2024")
    desk.go("31/10/2024").close("30/10/2024")
    desk.go("05/11/2024").submit("Tam Ngọc", "28/10/2024")
    desk.correct(paid.entry, amount="50")
    assert desk.rebuilt_equal()
    before = desk.office.rebuild(check_only=True).live_digest
    assert desk.office.rebuild(check_only=False).digest == before
    assert desk.office.verify().ok


def test_both_databases_come_to_the_same_digest(sqlite_url: str, postgres_url: str) -> None:
    def year(store: str) -> str:
        with closing_store(adopted(store, *PLANS, day="05/01/2024")) as desk:
            desk.go("01/03/2024").allocate("cầu", 1_500_000_000)
            paid = desk.go("20/05/2024").disburse("cầu", 500_000_000, "15/05/2024")
            desk.allocate("đường", 1_500_000_000, "Tam Thanh")
            desk.go("31/10/2024").close("30/10/2024")
            desk.go("05/11/2024").submit("Tam Ngọc", "28/10/2024")
            desk.correct(paid.entry, amount="450 triệu")
            return desk.office.rebuild(check_only=True).live_digest

    assert year(sqlite_url) == year(postgres_url)


def test_a_payment_of_the_very_day_typed_after_the_closing_came_in_time(desk: Desk) -> None:
    desk.allocate("cầu", 1_500_000_000)
    desk.go("01/07/2024").close("30/06/2024")
    paid = desk.go("02/07/2024").disburse("cầu", 10, "30/06/2024")
    assert paid.facts[0].event.against == ()
    assert desk.rows("fund")["cầu"]["conflicts"], "the finding is up for review"
    assert desk.rebuilt_equal()


def test_a_duty_that_began_after_its_own_deadline_does_not_stop_the_closings(desk: Desk) -> None:
    from ntm_workflow.domain.obligation import ObligationAssigned

    late = {"rule": "X", "plan": "p", "clause": "c", "title": "t", "strength": "must"}
    days = {
        "strict_day": date(2024, 3, 1),
        "act_by": date(2024, 3, 1),
        "enforce_day": date(2024, 3, 1),
    }
    said = {**late, **days, "expression": "e", "kind": "before_date", "owed_by": "ubnd-tam-ky"}
    desk.record(lambda e: e.record("obligation/X", ObligationAssigned, **said), "01/05/2024")
    desk.go("06/11/2024").close("05/11/2024")
    assert desk.rows("obligation")["X"]["missed_on"] == date(2024, 5, 1)


def test_a_waiver_after_the_deadline_does_not_undo_the_miss_whenever_one_closes(desk: Desk) -> None:
    from ntm_workflow.domain.obligation import ObligationWaived

    id = "obligation/D015/tam-ky"
    desk.record(lambda e: e.record(id, ObligationWaived), "04/11/2024", document="CV 1")
    desk.go("06/11/2024").close("05/11/2024")
    row = desk.rows("obligation")["D015/tam-ky"]
    assert (row["missed_on"], row["waived_on"]) == (date(2024, 9, 26), date(2024, 11, 4))


def test_money_given_back_dated_is_also_judged_by_what_is_known_by_now(desk: Desk) -> None:
    desk.allocate("cầu", 1_500)
    desk.disburse("cầu", 1_001, "15/05/2024")
    with pytest.raises(OverLeft):
        desk.disburse("cầu", 1_000, "01/03/2024")
    desk.disburse("cầu", 499, "01/03/2024")


def test_an_overturned_finding_stops_nothing(desk: Desk) -> None:
    desk.allocate("cầu", 1_500)
    desk.go("01/07/2024").close("30/06/2024")
    desk.go("05/07/2024").disburse("cầu", 10, "28/06/2024")
    row = desk.rows("fund")["cầu"]
    assert (row["stop"]["state"], row["stop"]["spent"]) == ("to_stop", 10)
    desk.disburse("cầu", 10, "02/07/2024")


def test_reporting_an_act_twice_is_refused_as_well(desk: Desk) -> None:
    desk.allocate("cầu", 1_500)
    desk.go("01/07/2024").close("30/06/2024")
    desk.go("10/07/2024").disburse("cầu", 1, "05/07/2024", already_done=True, document="UNC 12")
    with pytest.raises(Repeated):
        desk.disburse("cầu", 1, "05/07/2024", already_done=True, document="UNC 12")


def test_a_place_is_not_opened_twice_by_dating_the_second_earlier(desk: Desk) -> None:
    from ntm_workflow.domain.base import AlreadyBegun
    from ntm_workflow.domain.place import PlaceRegistered

    def place(type: str, on: str) -> None:
        desk.record(lambda e: e.record("place/x", PlaceRegistered, name="X", type=type), on)

    place("xa", "01/06/2024")
    with pytest.raises(AlreadyBegun):
        place("phuong", "01/05/2024")


def test_a_dry_run_of_a_closing_covers_every_day_and_writes_none(desk: Desk) -> None:
    from ntm_workflow.domain.inputs import read_date
    from ntm_workflow.office import closing
    from ntm_workflow.office.entry import Request

    before = desk.office.verify().size
    dry = Request(by="test", dry_run=True)
    tried = closing.close(desk.go("31/10/2024").office, read_date("30/10/2024"), dry)
    assert desk.office.verify().size == before
    done = desk.close("30/10/2024")
    assert tried.days == done.days
    assert [f.subject for f in tried.facts] == [f.subject for f in done.facts]
