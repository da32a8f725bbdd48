"""The 30/6 rule at the office: found, compared, stopped, proposed, decided, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from offices import Desk, adopted, closing_store

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.fund import FundPaperMissing, OverSettled, Settled, YearOver
from ntm_workflow.domain.fund_case import (
    CaseOpenAlready,
    NoCase,
    NotReconciled,
    OutsideTheDays,
    OverUnspent,
)
from ntm_workflow.domain.fund_stop import NothingFound, ToBeStopped
from ntm_workflow.domain.plan import MoneySettings, Settings
from ntm_workflow.office import adoption, fund, fund_carry, fund_case, fund_stop, place, voiding
from ntm_workflow.office.fund_carry import NothingLeft, YearNotOver
from ntm_workflow.office.fund_case import (
    Decision,
    Line,
    NotBalanced,
    NotTheOwner,
    SameItemTwice,
)
from ntm_workflow.office.fund_stop import NothingToReconcile
from ntm_workflow.office.unspent import would_find
from ntm_workflow.office.voiding import HasDependents, MovesTogether
from ntm_workflow.plans.pack import load

PLANS = ("quang-nam-2024-2025", "tam-ky-2024")
END = date(2024, 6, 30)
MONEY = 1_500_000_000


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(adopted(store_url, *PLANS, day="05/01/2024").go("20/02/2024")) as desk:
        yield desk


@pytest.fixture
def found(desk: Desk) -> Desk:
    """Two items with nothing spent at 30/6, and one that was paid on."""
    for item in ("cầu", "đường", "kênh"):
        desk.allocate(item, MONEY)
    desk.go("20/05/2024").disburse("kênh", 500_000_000, "15/05/2024")
    desk.go("01/07/2024").close("30/06/2024")
    return desk.go("12/07/2024")


def reconcile(desk: Desk, *items: str, **said: Any) -> Any:
    return desk.record(
        lambda entry: fund_stop.reconcile(entry, END, None, items, treasury=True),
        **{"document": "BB đối chiếu mẫu", **said},
    )


def propose(desk: Desk, item: str, amount: int | None = None, on: str | None = None) -> Any:
    return desk.record(lambda entry: fund_case.propose(entry, item, amount), on, document="TTr mẫu")


def decide(desk: Desk, out: Any, into: Any, **said: Any) -> Any:
    lines = Decision(
        out=[Line(*each) for each in out], into=[Line(*each) for each in into], decision="QĐ mẫu"
    )
    paper = {"document": "QĐ mẫu", **said}
    return desk.record(lambda entry: fund_case.reallocate(entry, lines), **paper)


def states(desk: Desk) -> dict[str, tuple[str | None, str | None]]:
    rows = desk.rows("fund")
    return {
        name: (row["stop"] and row["stop"]["state"], row["case"] and row["case"]["state"])
        for name, row in rows.items()
    }


# --- found


def test_the_finding_says_up_to_which_day_payments_were_known(desk: Desk) -> None:
    for item in ("cầu", "kênh"):
        desk.allocate(item, MONEY)
    desk.go("20/05/2024").disburse("kênh", 1, "15/05/2024")
    told = desk.go("01/07/2024").close("30/06/2024").facts
    [finding] = [fact.event for fact in told if fact.type == "ZeroDisbursementFound"]
    assert finding.figures_up_to == date(2024, 5, 15)


def test_a_finding_told_from_the_row_is_what_the_fold_says(found: Desk) -> None:
    assert found.rebuilt_equal()
    assert states(found) == {
        "cầu": ("to_stop", "open"),
        "đường": ("to_stop", "open"),
        "kênh": (None, None),
    }


def test_what_would_be_found_today_is_told_before_the_day(desk: Desk) -> None:
    desk.allocate("cầu", MONEY)
    desk.allocate("năm sau", MONEY, year=2025)
    with desk.office.reading(date(2024, 5, 31)) as reading:
        assert [(rule.id, row.item) for rule, row in would_find(reading)] == [("M-07", "cầu")]
    desk.disburse("cầu", 1, "20/02/2024")
    with desk.office.reading(date(2024, 5, 31)) as reading:
        assert list(would_find(reading)) == []


# --- compared


def test_all_that_waits_is_reconciled_at_once_and_only_once(found: Desk) -> None:
    told = reconcile(found)
    assert [fact.event.item for fact in told.facts] == ["cầu", "đường"]
    with pytest.raises(NothingToReconcile, match="30/06/2024"):
        reconcile(found)
    assert found.rebuilt_equal()


def test_one_item_is_reconciled_and_the_other_goes_on_waiting(found: Desk) -> None:
    reconcile(found, "cầu")
    propose(found, "cầu")
    with pytest.raises(NotReconciled):
        propose(found, "đường")


def test_an_item_named_that_was_not_found_is_told_why(found: Desk) -> None:
    with pytest.raises(NothingFound, match="kênh"):
        reconcile(found, "kênh", "cầu")
    assert states(found)["cầu"] == ("to_stop", "open")


@pytest.mark.parametrize("on", [None, "30/06/2024"])
def test_minutes_of_the_findings_own_day_count(found: Desk, on: str | None) -> None:
    reconcile(found, "cầu", on=on)
    stop = found.rows("fund")["cầu"]["stop"]
    assert stop["reconciled_on"] == ("2024-07-12" if on is None else "2024-06-30")
    propose(found, "cầu", 5, on=on)
    assert states(found)["cầu"] == ("to_stop", "proposed")
    assert found.rows("fund")["cầu"]["conflicts"] == []


def test_the_treasurys_figures_may_follow_where_somebody_had_gone_on_without(found: Desk) -> None:
    found.record(
        lambda entry: fund_stop.reconcile(entry, END, None, (), treasury=False),
        body="ubnd-tam-ky",
        note="Kho bạc hẹn (mẫu)",
    )
    told = reconcile(found.go("20/07/2024"))
    assert [fact.event.item for fact in told.facts] == ["cầu", "đường"]


def test_a_treasurys_stop_of_before_is_one_the_closing_finds(desk: Desk) -> None:
    desk.allocate("cầu", MONEY)
    stop = {"document": "CV Kho bạc mẫu", "already_done": True}
    desk.go("10/06/2024").record(lambda entry: fund_stop.stop(entry, "cầu"), **stop)
    desk.go("01/07/2024").close("30/06/2024")
    stop = desk.rows("fund")["cầu"]["stop"]
    assert (stop["state"], stop["found_on"], stop["clause"]) == ("stopped", "2024-06-30", "IV.7")
    reconcile(desk.go("12/07/2024"), "cầu")
    assert desk.rebuilt_equal()


def test_voiding_a_reconciliation_makes_proposals_wait_again(found: Desk) -> None:
    told = reconcile(found)
    found.void(told.entry)
    with pytest.raises(NotReconciled):
        propose(found, "cầu")


# --- decided


def test_one_decision_moves_many_lines_and_ends_their_cases(found: Desk) -> None:
    reconcile(found)
    for item in ("cầu", "đường"):
        propose(found, item)
    told = decide(found, [("cầu", 600), ("đường", 400)], [("kênh", 1000)])
    rows = found.rows("fund")
    assert [rows[name]["allocated"] - MONEY for name in ("cầu", "đường", "kênh")] == [
        -600,
        -400,
        1000,
    ]
    assert states(found)["cầu"] == ("to_stop", "moved")
    assert {fact.entry for fact in told.facts} == {told.entry}
    assert found.rebuilt_equal()
    found.void(told.entry)
    assert [row["allocated"] for row in found.rows("fund").values()] == [MONEY] * 3
    assert states(found)["cầu"] == ("to_stop", "proposed")


@pytest.mark.parametrize(
    ("out", "into", "why"),
    [
        ([("cầu", 600)], [("kênh", 599)], NotBalanced),
        ([("cầu", 600)], [("cầu", 600)], SameItemTwice),
        ([("cầu", 300), ("cầu", 300)], [("kênh", 600)], SameItemTwice),
        ([("cầu", MONEY + 1)], [("kênh", MONEY + 1)], OverUnspent),
        ([("kênh", 600)], [("cầu", 600)], NoCase),
        ([("cầu", 600)], [("không có", 600)], fund.UnknownItem),
        ([("cầu", 600)], [("trung ương", 600)], NotBalanced),
        ([("cầu", 600)], [("năm sau", 600)], NotBalanced),
        ([("cầu", 600)], [("sự nghiệp", 600)], NotBalanced),
    ],
)
def test_a_decision_that_does_not_hold_writes_nothing(
    found: Desk, out: Any, into: Any, why: type[Refused]
) -> None:
    found.allocate("trung ương", MONEY, source="central", on="20/02/2024")
    found.allocate("năm sau", MONEY, year=2025, on="20/02/2024")
    found.allocate("sự nghiệp", MONEY, kind="recurrent", on="20/02/2024")
    reconcile(found)
    propose(found, "cầu")
    before = found.all_rows()
    with pytest.raises(why):
        decide(found, out, into)
    assert found.all_rows() == before


def test_what_is_new_receives_money_as_an_item_of_its_own(found: Desk) -> None:
    reconcile(found)
    propose(found, "cầu")
    said = Decision(
        out=[Line("cầu", 600)], into=[Line("đập", 600)], place="tam-ngoc-tam-ky", decision="QĐ mẫu"
    )
    found.record(lambda entry: fund_case.reallocate(entry, said), document="QĐ mẫu")
    row = found.rows("fund")["đập"]
    assert (row["allocated"], row["source"], row["year"]) == (600, "provincial", 2024)


def test_a_decision_really_taken_without_a_case_is_kept_when_reported(found: Desk) -> None:
    told = decide(found, [("kênh", 600)], [("cầu", 600)], already_done=True)
    assert found.rows("fund")["kênh"]["allocated"] == MONEY - 600
    assert any(fact.event.against for fact in told.facts)


# --- the unit's own request


def test_a_unit_asks_after_its_assessment_and_before_the_day_of_the_clause(found: Desk) -> None:
    found.go("05/10/2024")
    with pytest.raises(OutsideTheDays, match=r"IV\.7"):
        propose(found, "kênh", on="30/09/2024")
    propose(found, "kênh", 200_000_000)
    case = found.rows("fund")["kênh"]["case"]
    assert (case["kind"], case["asked"]) == ("cannot-finish", 200_000_000)
    assert case["complete_by"] == "2024-11-15"


# --- the next year


def carry(desk: Desk, item: str, amount: int | None = None, **said: Any) -> Any:
    paper = {"document": "QĐ mẫu", **said}
    return desk.record(lambda entry: fund_carry.carry(entry, item, amount), **paper)


def test_what_is_not_spent_is_carried_into_the_next_year_with_all_that_belongs_to_it(
    desk: Desk,
) -> None:
    desk.allocate("cầu", MONEY, code="DA-1")
    desk.disburse("cầu", 500, "20/02/2024")
    desk.record(lambda entry: fund.accept(entry, "cầu", 800), "20/02/2024")
    carry(desk.go("10/01/2025"), "cầu")
    rows = desk.rows("fund")
    old, new = rows["cầu"], rows["cầu (chuyển nguồn từ 2024)"]
    assert (old["allocated"], new["allocated"]) == (500, MONEY - 500)
    assert (new["year"], new["carried_from"], new["code"]) == (2025, 2024, "DA-1")
    assert new["owner"] == old["owner"] == "ubnd-tam-ngoc-tam-ky"
    assert new["allocated_on"] == date(2024, 2, 20), "its three years run already"
    assert (old["debt"], new["debt"]) == (0, 300)
    assert len([id for id in desk.rows("obligation") if id.startswith("D170@")]) == 1
    desk.disburse("cầu (chuyển nguồn từ 2024)", 300, "10/01/2025")
    assert desk.rows("fund")["cầu (chuyển nguồn từ 2024)"]["debt"] == 0
    carry(desk.go("10/01/2026"), "cầu (chuyển nguồn từ 2024)")
    again = desk.rows("fund")["cầu (chuyển nguồn từ 2025)"]
    assert (again["carried_from"], again["allocated"]) == (2024, MONEY - 800)
    assert desk.rebuilt_equal()


def test_money_is_not_carried_away_from_a_stop_a_case_or_its_own_year(found: Desk) -> None:
    with pytest.raises(YearNotOver):
        carry(found, "kênh")
    found.go("10/01/2025")
    with pytest.raises(ToBeStopped):
        carry(found, "cầu")
    carry(found, "cầu", already_done=True)
    carry(found, "kênh")
    with pytest.raises(NothingLeft, match="kênh"):
        carry(found, "kênh")
    with pytest.raises(FundPaperMissing):
        carry(found, "đường", document=None)


def test_of_a_settled_item_only_what_is_owed_is_carried(desk: Desk) -> None:
    desk.allocate("cầu", MONEY)
    desk.disburse("cầu", 500, "20/02/2024")
    desk.record(lambda entry: fund.settle(entry, "cầu", 700), "20/02/2024")
    carry(desk.go("10/01/2025"), "cầu")
    rows = desk.rows("fund")
    old, new = rows["cầu"], rows["cầu (chuyển nguồn từ 2024)"]
    assert (old["settled"], old["debt"]) == (500, 0)
    assert (new["allocated"], new["debt"], new["settled"]) == (200, 200, 200)
    with pytest.raises(Settled):
        carry(desk, "cầu")


def test_an_advance_covers_its_part_of_what_is_owed(desk: Desk) -> None:
    desk.allocate("cầu", MONEY)
    desk.record(lambda entry: fund.advance(entry, "cầu", 800, None))
    desk.record(lambda entry: fund.accept(entry, "cầu", 1000))
    carry(desk.go("10/01/2025"), "cầu")
    desk.record(lambda entry: fund.recover(entry, "cầu", 800))
    rows = desk.rows("fund")
    assert (rows["cầu"]["debt"], rows["cầu (chuyển nguồn từ 2024)"]["debt"]) == (0, 200)


def test_debt_that_was_carried_rests_on_its_volume(desk: Desk) -> None:
    desk.allocate("cầu", MONEY)
    volume = desk.record(lambda entry: fund.accept(entry, "cầu", 1000))
    carry(desk.go("10/01/2025"), "cầu")
    with pytest.raises(HasDependents):
        desk.void(volume.entry)
    desk.record(lambda entry: fund.settle(entry, "cầu", 1000))
    rows = desk.rows("fund")
    assert (rows["cầu"]["debt"], rows["cầu (chuyển nguồn từ 2024)"]["debt"]) == (0, 1000)
    assert desk.rebuilt_equal()


def test_more_is_carried_into_an_item_that_is_there(desk: Desk) -> None:
    desk.allocate("cầu", MONEY)
    desk.go("10/01/2025")
    for amount in (100, 200):
        carry(desk, "cầu", amount)
    assert desk.rows("fund")["cầu (chuyển nguồn từ 2024)"]["allocated"] == 300


@pytest.mark.parametrize("field", [{"amount": "900 triệu"}, {"plan_year": "2026"}])
def test_lines_that_add_up_to_nothing_are_not_corrected_one_by_one(
    desk: Desk, field: dict[str, str]
) -> None:
    desk.allocate("cầu", MONEY)
    told = carry(desk.go("10/01/2025"), "cầu")
    with pytest.raises(MovesTogether):
        desk.record(
            lambda entry: voiding.correct(
                entry,
                told.entry,
                "thử",
                voiding.Change(fields=field, subject="fund/cầu (chuyển nguồn từ 2024)"),
            )
        )


def test_what_an_adjustment_takes_away_it_takes_away_when_corrected(desk: Desk) -> None:
    desk.allocate("cầu", MONEY)
    told = desk.record(lambda entry: fund.adjust(entry, "cầu", -200, None))
    desk.correct(told.entry, amount="300")
    assert desk.rows("fund")["cầu"]["allocated"] == MONEY - 300


def test_a_request_typed_wrong_is_corrected_or_voided(found: Desk) -> None:
    told = propose(found.go("05/10/2024"), "kênh", 200)
    found.correct(told.entry, amount="300")
    assert found.rows("fund")["kênh"]["case"]["asked"] == 300
    with pytest.raises(CaseOpenAlready):
        propose(found, "kênh", 400)


def test_a_request_is_that_of_the_owner(found: Desk) -> None:
    found.go("05/10/2024")
    with pytest.raises(NotTheOwner):
        found.record(
            lambda entry: fund_case.propose(entry, "kênh", 5), document="CV", body="ubnd-tam-ky"
        )
    told = propose(found, "kênh", 5)
    assert told.facts[0].event.body == "ubnd-tam-ngoc-tam-ky"


def test_nothing_more_leaves_than_was_settled_and_nothing_is_given_after_it(desk: Desk) -> None:
    desk.allocate("cầu", MONEY)
    desk.record(lambda entry: fund.advance(entry, "cầu", 500, None))
    desk.record(lambda entry: fund.settle(entry, "cầu", 600))
    with pytest.raises(OverSettled):
        desk.disburse("cầu", 101, "20/02/2024")
    desk.disburse("cầu", 100, "20/02/2024")
    desk.record(lambda entry: fund.recover(entry, "cầu", 500))
    with pytest.raises(Settled):
        desk.record(lambda entry: fund.adjust(entry, "cầu", 5, None))


def test_a_years_money_is_paid_until_the_day_that_a_plan_decides_and_else_at_any_time(
    store_url: str,
) -> None:
    decided = load("quang-nam-2024-2025")
    decided.settings = Settings(money=MoneySettings(cut_off="15/02"), flagged=("boundary",))
    with closing_store(Desk(store_url, "05/01/2024").init()) as desk:
        desk.adopt("tam-ky-2024")
        desk.go("20/02/2024").allocate("trước", MONEY)
        desk.record(lambda entry: adoption.adopt(entry, decided, "Tam Kỳ"))
        desk.allocate("sau", MONEY)
        rows = desk.go("20/02/2025").rows("fund")
        assert (rows["trước"]["pay_until"], rows["sau"]["pay_until"]) == (None, date(2025, 2, 15))
        desk.disburse("trước", 1, "16/02/2025")
        desk.disburse("sau", 1, "15/02/2025")
        with pytest.raises(YearOver):
            desk.disburse("sau", 1, "16/02/2025")
        desk.disburse("sau", 1, "16/02/2025", already_done=True, document="UNC mẫu")


def test_an_item_belongs_to_the_committee_of_its_place_or_to_who_is_named(desk: Desk) -> None:
    desk.record(lambda entry: place.register(entry, "Thôn mẫu", "thon", "Tam Ngọc", None))
    desk.record(lambda entry: place.register(entry, "Tỉnh mẫu", "tinh", None, None))
    desk.allocate("giếng", MONEY, place="Thôn mẫu")
    with pytest.raises(fund.NoOwner, match="tỉnh mẫu"):
        desk.allocate("kè", MONEY, place="Tỉnh mẫu")
    desk.allocate("kè", MONEY, place="Tỉnh mẫu", owner="ubnd-tam-ky")
    owners = {name: row["owner"] for name, row in desk.rows("fund").items()}
    assert owners == {"giếng": "ubnd-tam-ngoc-tam-ky", "kè": "ubnd-tam-ky"}
