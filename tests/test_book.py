"""The money book as accounting programs read it: their balances are those of the tables."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import Desk, adopted, closing_store
from terminal import ntm

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.postings import Account
from ntm_workflow.office import book, fund, fund_carry, fund_case
from ntm_workflow.office.entry import Entry, Request

ITEMS = ("Đường “ĐH 12”; đoạn 1: Tam Ngọc", "Mô hình \\ nấm  (mẫu)")
PAPER = "BB mẫu"

VERBS = st.sampled_from(
    (
        *("adjust", "contract", "advance", "disburse", "recover", "give_back", "accept", "settle"),
        *("reallocate", "carry"),
    )
)
MOVES = st.lists(
    st.tuples(VERBS, st.integers(0, 1), st.integers(1, 600), st.integers(0, 90), st.booleans()),
    min_size=1,
    max_size=20,
)


def move(entry: Entry, verb: str, item: str, amount: int, flag: bool) -> None:
    more: tuple[Any, ...] = (None,) if verb in ("adjust", "contract", "advance", "disburse") else ()
    if verb == "give_back":
        fund.give_back(entry, item, amount, of_advance=flag)
        return
    if verb == "reallocate":
        [other] = {*ITEMS} - {item}
        lines = {"out": [fund_case.Line(item, amount)], "into": [fund_case.Line(other, amount)]}
        fund_case.reallocate(entry, fund_case.Decision(**lines))
        return
    if verb == "carry":
        fund_carry.carry(entry, item, amount)
        return
    signed = -amount if verb == "adjust" and flag else amount
    getattr(fund, verb)(entry, item, signed, *more)


def told(desk: Desk, moves: list[tuple[str, int, int, int, bool]]) -> None:
    """The moves, legal or not: what breaks a rule is reported as done where that may be."""
    for item in ITEMS:
        desk.allocate(item, 1_000)
    for verb, which, amount, day, flag in moves:
        on = date(2024, 3, 1) + timedelta(days=day)
        for already_done in (False, True):
            said = Request(by="t", on=on, document=PAPER, already_done=already_done, key=None)
            try:
                desk.office.record(said, lambda e: move(e, verb, ITEMS[which], amount, flag))  # noqa: B023
            except Refused:
                continue
            break


def exported(desk: Desk, form: str, to: Path) -> Path:
    desk.close_store()
    assert ntm(f"fund export --format {form} -o '{to}' --as-of 5/11/2024", str(desk.database.where)).code == 0  # fmt: skip
    return to


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES)
def test_rows_postings_and_the_books_of_others_agree(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, int, int, int, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("sổ")
    with closing_store(adopted(str(folder / "s.db"), "tam-ky-2024")) as desk:
        told(desk, moves)
        with desk.office.reading() as reading:
            rows = book.numbers(reading.rows("fund"))
            found: dict[str, dict[Account, int]] = {item: {} for item in rows}
            for each in book.booked(desk.office.journal, reading, None):
                assert sum(posting.amount for posting in each.postings) == 0
                for item, account, amount in each.postings:
                    found[item][account] = found[item].get(account, 0) + amount
        for item, numbers in rows.items():
            assert {of: found[item].get(of, 0) for of in numbers} == numbers
        file = exported(desk, "beancount", folder / "von.beancount")
        _, errors, _ = loader.load_file(str(file))
        assert errors == []
        if shutil.which("hledger"):
            file = exported(desk, "hledger", folder / "von.journal")
            checked = subprocess.run(
                ["hledger", "-f", str(file), "check"], capture_output=True, encoding="utf-8"
            )
            assert (checked.returncode, checked.stderr) == (0, "")


def test_a_book_in_which_a_posting_is_changed_is_found_wrong(tmp_path: Path) -> None:
    with closing_store(adopted(str(tmp_path / "s.db"), "tam-ky-2024")) as desk:
        told(desk, [("disburse", 0, 400, 1, False)])
        file = exported(desk, "beancount", tmp_path / "von.beancount")
    text = file.read_text("utf-8").replace("  -400 VND", "  -300 VND").replace("  400 VND\n\n", "  300 VND\n\n")  # fmt: skip
    file.write_text(text, "utf-8")
    _, errors, _ = loader.load_file(str(file))
    assert errors


@pytest.mark.parametrize("line", ["--format hledger --json", "-o von.csv", "--format ledger"])
def test_one_form_at_a_time(tmp_path: Path, line: str) -> None:
    with closing_store(adopted(str(tmp_path / "s.db"), "tam-ky-2024")):
        pass
    assert ntm(f"fund export {line}", str(tmp_path / "s.db")).code == 2


def test_rows_are_written_as_csv_or_as_a_workbook(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    with closing_store(adopted(store, "tam-ky-2024")) as desk:
        told(desk, [("disburse", 0, 400, 1, False)])
    shown = ntm("fund export --format csv --as-of 5/11/2024", store).out
    assert shown.startswith("day,entry,item,account,amount,document\n")
    written = ntm(f"fund export --format csv -o '{tmp_path / 'v.csv'}' --as-of 5/11/2024", store)
    assert (written.code, (tmp_path / "v.csv").read_text("utf-8")) == (0, shown)
    assert ntm(f"fund export --format xlsx -o '{tmp_path / 'v.xlsx'}'", store).code == 0
    assert (tmp_path / "v.xlsx").stat().st_size > 0
    for line in ("--format xlsx", f"--format xlsx -o '{tmp_path / 'v.csv'}'"):
        assert ntm(f"fund export {line}", store).code == 2


def test_rows_for_a_sheet_hold_both_sides(tmp_path: Path) -> None:
    with closing_store(adopted(str(tmp_path / "s.db"), "tam-ky-2024")) as desk:
        told(desk, [("disburse", 0, 400, 1, False)])
    items = ntm("fund export --json --as-of 5/11/2024", str(tmp_path / "s.db")).json["items"]
    assert sum(item["amount"] for item in items) == 0
    assert {item["account"] for item in items} == {"plan", "available", "paid"}
    only = ntm("fund export --json --within 'Tam Thanh'", str(tmp_path / "s.db")).json["items"]
    assert only == []
