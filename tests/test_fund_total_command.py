"""Totals and series at the keyboard: rows for people and programs, charts, and what is refused."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from offices import adopted, closing_store
from terminal import ntm, on_terminal

GIVEN = (
    ("Đường thôn mẫu", "Tam Ngọc", "provincial", 1_500_000_000, 937_500_000),
    ("Mô hình nấm mẫu", "Tam Thanh", "central", 500_000_000, 0),
)


@pytest.fixture
def store(store_url: str) -> str:
    with closing_store(adopted(store_url, "tam-ky-2024")) as desk:
        for item, place, source, given, paid in GIVEN:
            desk.allocate(item, given, place, source=source)
            if paid:
                desk.disburse(item, paid, "15/5/2024")
    return store_url


def test_the_last_row_is_the_total_in_every_form(store: str) -> None:
    line = "fund total --per source --as-of 30/6/2024"
    items = ntm(f"{line} --json", store).json["items"]
    assert [each["row"] for each in items] == ["group", "group", "total"]
    assert [each["source"] for each in items] == ["central", "provincial", None]
    total = items.pop()
    for name in ("items", "allocated", "disbursed", "left", "debt"):
        assert total[name] == sum(each[name] for each in items)
    assert [each["rate"] for each in (*items, total)] == [0.0, 0.625, 0.4688]
    last = list(csv.DictReader(io.StringIO(ntm(f"{line} --csv", store).out)))[-1]
    assert (last["row"], last["allocated"]) == ("total", "2000000000")
    assert "Cộng\t2\t2 tỷ\t" in ntm(line, store).out


def test_a_place_is_told_by_its_name_and_a_rate_with_what_it_is_of(store: str) -> None:
    found = ntm("fund total --per commune --as-of 30/6/2024 --within 'Tam Ngọc'", store).out
    assert "xã Tam Ngọc\t1\t1,5 tỷ" in found
    assert "62,5% của 1,5 tỷ đồng giao đến 30/06/2024" in found
    english = ntm("fund total --per commune --as-of 30/6/2024 --within 'Tam Ngọc' --lang en", store)
    assert "62.5% of 1.5 billion đồng allocated until 30/06/2024" in english.out


def test_a_total_is_that_of_what_was_known(store: str) -> None:
    before = ntm("fund total --json", store).json
    with_more = "fund disburse --item 'Mô hình nấm mẫu' --amount 1 --on 1/6/2024"
    assert ntm(with_more, store).code == 0
    known = before["known_at"]["position"]
    assert ntm(f"fund total --json --known-at '#{known}'", store).json["items"] == before["items"]
    assert ntm("fund total --json", store).json["items"] != before["items"]


def test_a_series_goes_from_month_to_month(store: str) -> None:
    found = ntm("fund series --year 2024 --as-of 15/6/2024 --json", store).json["items"]
    assert [each["month"] for each in found] == [f"2024-{month:02}" for month in range(1, 7)]
    assert found[-1]["until"] == "2024-06-15"
    assert [each["disbursed_in_period"] for each in found] == [0, 0, 0, 0, 937_500_000, 0]
    assert ntm("fund series --year 2024 --per quarter", store).out.splitlines()[2].startswith("Q2/2024\t")  # fmt: skip


def test_a_chart_has_a_bar_for_each_group_and_the_rate_in_words(store: str) -> None:
    title, *bars, below = ntm("fund total --per item --chart", store).out.splitlines()
    assert title == "Tỷ lệ giải ngân theo mục vốn"
    assert [bar.split("  ")[0].split(" █")[0].split(" ░")[0] for bar in bars] == [GIVEN[0][0], GIVEN[1][0]]  # fmt: skip
    assert bars[0].endswith("62,5% của 1,5 tỷ đồng")
    assert below.startswith("Đã giải ngân 46,9% của 2 tỷ đồng giao đến ")


def test_a_chart_has_no_colour_and_fits_a_narrow_terminal(store_url: str, store: str) -> None:
    seen = on_terminal(f"fund total --per item --chart --store {store}", COLUMNS="50", NO_COLOR="1")
    assert "\x1b" not in seen
    assert "█" in seen
    assert all(len(line) <= 50 for line in seen.splitlines()[1:-1])


@pytest.mark.parametrize("room", ["50", "80", "120"])
def test_no_amount_is_broken_over_two_lines(store: str, room: str) -> None:
    for line in (
        "fund accept --item 'Đường thôn mẫu' --amount 1.234.567.891 --on 1/6/2024",
        "fund advance --item 'Mô hình nấm mẫu' --amount 123.456.789 --on 1/6/2024",
    ):
        assert ntm(line, store).code == 0
    seen = on_terminal(f"fund total --per item --store {store}", COLUMNS=room, NO_COLOR="1")
    for amount in ("1.234.567.891", "123.456.789", "297.067.891", "1,5 tỷ"):
        assert amount in seen
    assert all(len(text) <= int(room) for text in re.sub(r"\x1b\[\d*m", "", seen).splitlines()[:-1])


def test_a_picture_is_written_whole(store: str, tmp_path: Path) -> None:
    file = tmp_path / "giải ngân.svg"
    answer = ntm(f"fund series --year 2024 --svg '{file}'", store)
    assert (answer.code, file.name in answer.out) == (0, True)
    assert "Giải ngân lũy kế vốn năm 2024" in (ElementTree.parse(file).getroot()[0].text or "")
    assert ntm(f"fund total --svg '{tmp_path}/không có/a.svg'", store).code == 1


def test_a_list_takes_the_same_filters(store: str) -> None:
    def listed(options: str) -> list[str]:
        return [each["item"] for each in ntm(f"fund list --json {options}", store).json["items"]]

    assert listed("--source central") == [GIVEN[1][0]]
    assert listed("--unpaid") == [GIVEN[1][0]]
    assert listed("--within 'Tam Ngọc'") == [GIVEN[0][0]]
    assert listed("--year 2023") == []
    assert listed("--kind investment --type work") == [GIVEN[0][0], GIVEN[1][0]]


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("total --per xã", 2, "“xã” không nằm trong: place, commune"),
        ("total --per place,,item", 2, "“” không nằm trong"),
        ("total --source tỉnh", 2, "central (trung ương)"),
        ("total --year 24", 2, "24"),
        ("total --within 'Không Có'", 3, "Không Có"),
        ("total --chart --json", 2, "--chart"),
        ("total --svg a.svg --csv", 2, "--svg"),
        ("total --svg a.svg --chart", 2, "Chỉ chọn một"),
        ("total --as-of 31/6/2024", 2, "31/6/2024"),
        ("total --known-at '#999999'", 3, "999999"),
        ("series", 2, "--year"),
        ("series --year 2024 --per week", 2, "week"),
    ],
)
def test_what_cannot_be_read_is_refused(store: str, line: str, code: int, words: str) -> None:
    answer = ntm(f"fund {line}", store)
    assert (answer.code, words in answer.err) == (code, True), answer.err
    assert answer.out == ""


def test_a_year_without_money_says_so(store: str) -> None:
    assert "Chưa giao vốn đến" in ntm("fund total --year 2020", store).out
    assert "Chưa giao vốn đến" in ntm("fund total --year 2020 --chart", store).out
    assert "Chưa giao vốn đến" in ntm("fund series --year 2020", store).out
    assert ntm("fund series --year 2098", store).code == 0
