"""Clauses: how they are numbered and ordered, and what a pack holds of each."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from terminal import ntm
from test_findings import CALM, LED, duty, goal, money, row, spent, table, target

from ntm_workflow.plans.clauses import jumps, order, repeats
from ntm_workflow.plans.coverage import STATES, coverage
from ntm_workflow.plans.pack import read

ORDER = [
    *("I", "I.1", "I.2", "I.10", "II", "II.1.a", "II.1.b", "II.1.d", "II.1.đ", "II.1.e", "II.2"),
    *("IV.7", "IV.7.1", "IV.7.a", "IV.7.b)", "IV.7 (*)", "IV.7 (***)", "IV.7a", "IV.8", "IX.1"),
    *("XIV.2", "XL.1", "Phụ lục 1", "Phụ lục 1.2", "Phụ lục 2", "Phụ lục 10", "Phụ lục XI"),
]


def test_clauses_stand_as_papers_number_them() -> None:
    mixed = ORDER.copy()
    Random(1).shuffle(mixed)
    assert sorted(mixed, key=order) == ORDER


@pytest.mark.parametrize("clause", ["", ".", "(*)", "Nơi nhận", "12", "1.2.3.", "ĐIỀU 4", "IIII.x"])
def test_any_clause_has_its_place(clause: str) -> None:
    assert sorted([clause, "I.1"], key=order)


JUMPS = [
    (["I", "III"], [("I", "III")]),
    (["I.1", "I.2", "II.1", "IV.1"], [("II", "IV")]),
    (["II.1", "II.3"], [("II.1", "II.3")]),
    (["II.1", "I.1"], [("II", "I")]),
    (["I.1.a", "I.1.c"], [("I.1.a", "I.1.c")]),
    (["Phụ lục 1", "Phụ lục 3"], [("Phụ lục 1", "Phụ lục 3")]),
    (["I.1.d", "I.1.e", "I.1.g", "I.2", "I.2a", "I.3", "II", "II.1", "Phụ lục 1"], []),
    (["I.1.d", "I.1.đ", "I.1.e", "I.1 (*)", "I.2.1", "I.2.a"], []),
]


@pytest.mark.parametrize(("clauses", "found"), JUMPS)
def test_a_number_that_is_missing_is_found_and_letters_papers_leave_out_are_not(
    clauses: list[str], found: list[tuple[str, str]]
) -> None:
    assert list(jumps(clauses)) == found


def test_a_number_used_twice_is_found_however_the_second_is_told_apart() -> None:
    twice = ["I.1", "III.7", "III.7", "IV.2", "IV.2 (2)", "IV.2.1", "V.1", "V.1 (*)"]
    assert list(repeats(twice)) == [("III.7", "III.7"), ("IV.2", "IV.2 (2)")]


# --- what a pack holds ----------------------------------------------------------------------------

#: A clause of each kind, and what is tracked of it.
TABLES = {
    "duties": duty("R1", "I.1", places='["an-mau-mau", "binh-mau-mau"]'),
    "targets": target("I.2", places='["an-mau-mau", "binh-mau-mau"]'),
    "goals": goal("g", "I.3", "2"),
    "leads": LED.replace("III", "I.4"),
    "tables": table("I.5", "[1]", "[2]"),
    "money": money("m", "I.6", "3"),
    "money_rules": spent("30/6").replace("IV.7", "I.7"),
    "references": row("references", "II.1", document='"QĐ 1"', about='"x"'),
    "remarks": row("remarks", "II.2", about='"x"'),
}
LISTED = [f"I.{n}" for n in range(1, 8)] + ["II.1", "II.2", "II.3", "II.4"]
FULL = (
    CALM.replace("period", f"clauses = {LISTED}\nperiod".replace("'", '"'), 1)
    + "".join(TABLES.values())
    + row("unbinding", "II.3", why='"principle"')
)


def test_each_kind_of_table_counts_for_its_clause() -> None:
    rows = coverage(read(FULL.encode(), "-"))
    found = {row.clause: {k: n for k in TABLES if (n := getattr(row, k))} for row in rows}
    ones = dict(zip(TABLES, LISTED, strict=False))
    expected = {clause: {kind: 2 if kind in ("duties", "targets") else 1} for kind, clause in ones.items()}  # fmt: skip
    assert found == expected | {"II.3": {}, "II.4": {}}


def test_a_clause_is_tracked_only_quoted_binds_nobody_or_is_silent() -> None:
    state = {row.clause: (row.state, row.unbinding) for row in coverage(read(FULL.encode(), "-"))}
    assert {state[f"I.{n}"] for n in range(1, 8)} == {("tracked", None)}
    assert state["II.1"] == state["II.2"] == ("quoted", None)
    assert state["II.3"] == ("unbinding", "principle")
    assert state["II.4"] == ("silent", None)


def test_what_is_known_to_bind_nobody_stays_so_beside_a_quotation_and_not_beside_a_duty() -> None:
    both = row("unbinding", "I.1", why='"advice"') + row("unbinding", "II.1", why='"advice"')
    state = {row.clause: row.state for row in coverage(read((FULL + both).encode(), "-"))}
    assert (state["I.1"], state["II.1"]) == ("tracked", "unbinding")


def test_clauses_come_as_the_document_lists_them_and_others_where_their_number_puts_them() -> None:
    listed = CALM.replace("period", 'clauses = ["Mở đầu", "I.1", "I.3", "Phụ lục 1"]\nperiod', 1)
    rows = coverage(read((listed + duty("R1", "I.2") + duty("R2", "Phụ lục 2")).encode(), "-"))
    assert [row.clause for row in rows] == ["Mở đầu", "I.1", "I.2", "I.3", "Phụ lục 1", "Phụ lục 2"]


def test_coverage_is_told_in_words_with_its_sum_and_to_programs_in_codes(tmp_path: Path) -> None:
    file = tmp_path / "mau.toml"
    file.write_text(FULL, encoding="utf-8")
    told = ntm(f"plan coverage '{file}'").out.splitlines()
    assert told[-2:] == [
        "\t".join(["II.4", "chưa có gì", *[""] * 11]),
        "Cộng 11 điều khoản: theo dõi 7, chỉ dẫn lại 2, không ràng buộc ai 1, chưa có gì 1.",
    ]
    assert told[-3].split("\t")[:3] == ["II.3", "không ràng buộc ai", "quan điểm, nguyên tắc"]
    assert "binds nobody" in ntm(f"plan coverage '{file}' --lang en").out
    answer = ntm(f"plan coverage '{file}' --json").json
    assert answer["total"] == {
        "clauses": 11,
        "tracked": 7,
        "quoted": 2,
        "unbinding": 1,
        "silent": 1,
    }
    assert {item["state"] for item in answer["items"]} == {*STATES}
    assert {"clause", *TABLES, "empty"} <= answer["items"][0].keys()
    bare = ntm(f"plan coverage '{file}' --csv").out.splitlines()
    assert len(bare) == 12
    assert bare[0].startswith("clause,duties,targets,")
