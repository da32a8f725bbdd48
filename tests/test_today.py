"""This morning's list: what is past, what comes this week, what waits for whom; on a screen, a page and a sheet."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from demo_store import Demo
from python_calamine import load_workbook
from terminal import Answer, ntm

CITY, NGOC = "UBND thành phố Tam Kỳ", "UBND xã Tam Ngọc"


@pytest.fixture
def store(told_demo: Demo) -> str:
    return told_demo.store


def today(store: str, line: str, **times: str) -> Any:
    asked = " ".join(f"--{name} {value}" for name, value in times.items())
    return ntm(f"today {line} {asked} --json", store).json


def ids(items: list[dict[str, Any]]) -> set[str]:
    return {each["id"] for each in items}


def test_a_commune_sees_what_is_past_and_what_comes_within_seven_days(store: str) -> None:
    found = today(store, f"--unit '{NGOC}'", **{"as-of": "14/11/2024"})
    assert {each["who"]["name"] for each in found["overdue"]} == {NGOC}
    assert all(each["days"] < 0 for each in found["overdue"])
    [week] = found["this_week"]
    assert (week["id"][:4], week["day"], week["days"]) == ("BS1-", "2024-11-19", 5)
    # On the eighth day it is none of this week's.
    before = today(store, f"--unit '{NGOC}'", **{"as-of": "12/11/2024"})
    assert week["id"] not in ids(before["this_week"])


def test_what_is_done_is_on_nobodys_list(store: str) -> None:
    open_ = today(store, f"--unit '{NGOC}'", **{"as-of": "30/10/2024", "known-at": "4/11/2024"})
    told = today(store, f"--unit '{NGOC}'", **{"as-of": "30/10/2024"})
    assert "D118/tam-ngoc-tam-ky" in ids(open_["overdue"] + open_["this_week"])
    assert "D118/tam-ngoc-tam-ky" not in ids(told["overdue"] + told["this_week"])


def test_a_desk_sees_what_it_has_not_received_and_what_lies_on_it(store: str) -> None:
    late = today(store, f"--unit '{CITY}'", **{"as-of": "1/11/2024", "known-at": "4/11/2024"})
    assert {"D118/tam-ngoc-tam-ky", "D118/tam-thanh-tam-ky"} <= ids(late["not_received"])
    assert {each["owed_to"]["name"] for each in late["not_received"]} == {CITY}
    here = today(store, f"--unit '{CITY}'", **{"as-of": "6/11/2024"})
    desk = {(each["place"]["name"], each["days"]) for each in here["dossiers"]}
    assert desk == {("xã Tam Ngọc", 9), ("xã Tam Thanh", 2)}


def test_an_area_sees_its_money_with_the_day_a_plan_looks_at_it(store: str) -> None:
    found = today(store, "--within 'Tam Kỳ'", **{"as-of": "20/6/2024", "known-at": "20/6/2024"})
    zero = {each["what"]: (each["day"], each["days"]) for each in found["zero"]}
    assert zero["Hỗ trợ NTM nâng cao Tam Thanh (mẫu)"] == ("2024-06-30", 10)
    assert not any("Tam Ngọc" in each for each in zero)
    one = today(store, "--within 'Tam Thăng'", **{"as-of": "20/6/2024"})
    assert {each["place"]["name"] for each in one["zero"]} == {"xã Tam Thăng"}


def test_whoever_leads_a_criterion_sees_what_it_has_to_confirm(store: str) -> None:
    office = "Phòng Kinh tế thành phố Tam Kỳ"
    found = today(store, f"--unit '{office}'", **{"as-of": "1/9/2024"})
    assert found["to_confirm"]
    assert {each["who"]["name"] for each in found["to_confirm"]} == {office}
    assert found["overdue"] == []


def test_a_letter_without_an_address_is_on_the_list(store: str) -> None:
    found = today(store, "--within 'Tam Kỳ'", **{"as-of": "5/11/2024"})
    states = {(each["who"]["name"], each["state"]) for each in found["letters"]}
    assert ("UBND xã Tam Thanh", "no_address") in states


# --- as people look at it -------------------------------------------------------------------------------


def test_a_person_sees_one_screen_with_what_comes_back_on_one_line(store: str) -> None:
    said = ntm(f"today --unit '{NGOC}' --as-of 14/11/2024", store).out
    assert said.startswith("Việc của ngày 14/11/2024: UBND xã Tam Ngọc")
    assert len(said.splitlines()) < 30
    assert "20 lần" in said
    assert "bị trả lại, 2 ngày ở UBND xã Tam Ngọc" in said


def test_a_quiet_morning_says_so(store: str) -> None:
    said = ntm("today --unit 'Kho bạc Nhà nước tỉnh Quảng Nam' --as-of 2/1/2024", store)
    assert said.code == 3 or "Không có việc gì." in said.out


class Page(HTMLParser):
    """The heads and lines of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: dict[str, list[str]] = {}
        self.at = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        assert tag not in ("script", "img", "link"), "a page loads nothing from elsewhere"
        self.at = tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.said.setdefault(self.at, []).append(data.strip())


def test_the_page_has_every_section_and_every_line(store: str, tmp_path: Path) -> None:
    file = tmp_path / "sáng nay.html"
    assert ntm(f"today --within 'Tam Kỳ' --as-of 6/11/2024 --page '{file}'", store).code == 0
    page = Page(file.read_text("utf-8"))
    assert len(page.said["h2"]) == 7
    screen = ntm("today --within 'Tam Kỳ' --as-of 6/11/2024", store).out
    assert all(line.strip() in page.said["li"] for line in screen.splitlines() if line.startswith("  xã"))  # fmt: skip
    refused = ntm(f"today --page '{tmp_path}/không có/a.html'", store)
    assert (refused.code, refused.err.startswith("Lỗi: Không ghi được tệp")) == (1, True)


def test_the_sheet_has_a_row_for_each(store: str, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    line = f"today --unit '{NGOC}' --as-of 14/11/2024"
    assert ntm(f"{line} --xlsx {file}", store).code == 0
    found = today(store, f"--unit '{NGOC}'", **{"as-of": "14/11/2024"})
    count = sum(len(items) for name, items in found.items() if isinstance(items, list))
    rows = load_workbook(str(file)).get_sheet_by_index(0).to_python()
    heads = ("Đã quá ngày", "Phải làm trong 7 ngày tới", "Hồ sơ trên bàn")
    assert sum(row[0] in heads for row in rows) == count


@pytest.mark.parametrize("line", ["--unit 'khong co'", "--within 'khong co'"])
def test_a_name_nobody_has_is_told(store: str, line: str) -> None:
    answer: Answer = ntm(f"today {line}", store)
    assert (answer.code, len(answer.err.splitlines()) <= 3) == (3, True)
