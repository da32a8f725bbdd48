"""The letter that payments are to stop waits for the treasury's figures, or for somebody who answers for it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from letter_days import Days, days
from posts import Basket

from ntm_workflow.notifications.post import Outcome
from ntm_workflow.office import fund, fund_stop

END = date(2024, 6, 30)


def found(store: Days, *items: str) -> None:
    desk = store.desk.go("20/2/2024")
    for item in items:
        desk.allocate(item, 1_000_000)
    store.morning("1/7/2024")


def reconciled(store: Days, *items: str, day: str = "3/7/2024") -> Any:
    return store.desk.go(day).record(
        lambda entry: fund_stop.reconcile(entry, END, None, items, treasury=True),
        document="BB đối chiếu mẫu",
    )


def to_stop(store: Days) -> list[str]:
    return [mail.text for mail in store.send() if mail.kind == "to_stop"]


def states(store: Days) -> list[str]:
    rows = store.desk.rows("letter").values()
    return [row["state"] for row in rows if row["kind"] == "to_stop"]


def test_the_letter_is_held_until_the_figures_are_compared(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        found(store, "Đường A")
        assert (states(store), to_stop(store)) == (["held"], [])
        reconciled(store)
        assert states(store) == ["queued"]
        [text] = to_stop(store)
        assert "Đường A" in text
        assert store.desk.rebuilt_equal()


def test_a_letter_of_two_items_waits_for_both(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        found(store, "Đường A", "Đường B")
        reconciled(store, "Đường A")
        assert states(store) == ["held"]
        reconciled(store, "Đường B")
        assert states(store) == ["queued"]


@pytest.mark.parametrize("anew", ["voided", "corrected"])
def test_a_letter_that_was_let_go_leaves_whatever_becomes_of_the_reconciliation(
    sqlite_url: str, anew: str
) -> None:
    with days(sqlite_url) as store:
        found(store, "Đường A")
        told = reconciled(store)
        later = Basket(failing="@", outcome=Outcome.UNTRIED)
        store.send(later)
        if anew == "voided":
            store.desk.void(told.entry)
        else:
            store.desk.correct(told.entry, document="BB 02")
        assert (store.desk.rows("fund")["Đường A"]["stop"]["reconciled_on"] is None) is (
            anew == "voided"
        )
        assert len(to_stop(store)) == 1
        assert to_stop(store) == []
        assert store.desk.rebuilt_equal()


def test_the_last_item_in_doubt_lets_the_letter_go_when_it_is_withdrawn(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        found(store, "Đường A", "Đường B")
        reconciled(store, "Đường A")
        desk = store.desk
        desk.disburse("Đường B", 5, "28/6/2024")
        desk.record(lambda e: fund_stop.review(e, "Đường B", stands=False), note="UNC 28/6")
        assert states(store) == ["queued"]


def test_many_items_of_one_unit_are_one_letter(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        found(store, *(f"Đường {n}" for n in range(600)))
        assert states(store) == ["held"]


def test_an_advance_in_time_told_later_takes_the_letter_back(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        found(store, "Đường A")
        reconciled(store)
        assert len(to_stop(store)) == 1
        desk = store.desk.go("4/7/2024")
        desk.record(lambda e: fund.advance(e, "Đường A", 5, None), "28/6/2024")
        assert "correction" in {mail.kind for mail in store.morning("5/7/2024")}


def test_a_letter_written_after_the_figures_were_compared_is_not_held(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        desk = store.desk.go("20/2/2024")
        desk.allocate("Đường A", 1_000_000)
        desk.go("1/7/2024").close("30/6/2024")
        reconciled(store, day="1/7/2024")
        store.issue()
        assert states(store) == ["queued"]


def test_what_is_found_later_on_the_same_day_is_told_too(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        desk = store.desk.go("20/2/2024")
        desk.allocate("Đường A", 1_000_000)
        desk.go("12/7/2024").close("30/6/2024")
        store.issue()
        desk.allocate("Đường B", 1_000_000)
        desk.close("11/7/2024")
        store.issue()
        store.issue()
        store.release()
        [first, second] = sorted(to_stop(store))
        assert ("Đường A" in first, "Đường B" in first) == (True, False)
        assert "Đường B" in second


def test_a_finding_that_is_kept_after_it_was_taken_back_is_told_again(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        found(store, "Đường A")
        reconciled(store)
        assert len(to_stop(store)) == 1
        desk = store.desk.go("4/7/2024")
        desk.disburse("Đường A", 5, "28/6/2024")
        assert "correction" in {mail.kind for mail in store.morning("5/7/2024")}
        desk.record(lambda e: fund_stop.review(e, "Đường A", stands=True), note="UNC nhầm (mẫu)")
        assert [mail.kind for mail in store.morning("8/7/2024")].count("to_stop") == 1
        assert "to_stop" not in {mail.kind for mail in store.morning("9/7/2024")}


def test_a_letter_goes_when_what_it_waited_for_is_voided_away(sqlite_url: str) -> None:
    with days(sqlite_url) as store:
        desk = store.desk.go("20/2/2024")
        given = desk.allocate("Đường A", 1_000_000)
        desk.allocate("Đường B", 1_000_000)
        store.morning("1/7/2024")
        reconciled(store, "Đường B")
        assert states(store) == ["held"]
        desk.void(given.entry, with_dependents=True)
        assert states(store) == ["queued"]
