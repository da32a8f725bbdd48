"""`ntm date explain`: the words of a deadline as days, in two languages, without a store."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from terminal import Answer, ntm

KEYS = {
    *("expression", "kind", "window_start", "strict_day", "nominal_day", "time"),
    *("recurrence", "relative", "derivation"),
}


@pytest.fixture(autouse=True)
def _no_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NTM_STORE", str(tmp_path / "none.db"))


def explain(phrase: str, more: str = "") -> Answer:
    return ntm(f'date explain "{phrase}" {more}')


def test_it_gives_one_document_with_the_keys_others_read() -> None:
    said = explain("trước ngày 30/10/2024", "--json").json
    assert said["schema"] == "ntm.date.explain/1"
    assert said.keys() >= KEYS
    assert (said["kind"], said["window_start"], said["time"]) == ("before_date", None, None)
    assert (said["strict_day"], said["nominal_day"]) == ("2024-10-29", "2024-10-30")
    assert (said["recurrence"], said["relative"]) == (None, None)
    assert [step["rule"] for step in said["derivation"]] == ["day_named", "before_day", "nominal_day"]  # fmt: skip


def test_people_are_told_both_verdicts_and_each_step_with_its_authority() -> None:
    vi, en = explain("đến cuối năm 2025").out, explain("đến cuối năm 2025", "--lang en").out
    assert "Ngày theo nghĩa chặt: 31/12/2025" in vi
    assert "Ngày ghi lịch: 31/12/2025" in vi
    assert "(khoản 3 Điều 146 Bộ luật Dân sự 2015)" in vi
    assert "Strict day: 31/12/2025" in en
    assert "The end of a year is the last day of December" in en


def test_the_years_of_a_plan_give_each_time_a_phrase_comes_back() -> None:
    said = explain("trước ngày 15/11 hằng năm", "--years 2024-2025 --json").json
    assert said["recurrence"]["freq"] == "yearly"
    assert (said["recurrence"]["month"], said["recurrence"]["day"]) == (11, 15)
    assert [each["strict_day"] for each in said["occurrences"]] == ["2024-11-14", "2025-11-14"]
    assert (
        "14/11/2025 – 15/11/2025" in explain("trước ngày 15/11 hằng năm", "--years 2024-2025").out
    )


def test_without_years_it_still_says_how_a_phrase_comes_back() -> None:
    said = explain("đến ngày 30/6 hằng năm", "--json").json
    assert (said["kind"], said["strict_day"], said["occurrences"]) == ("by_date", None, [])
    assert said["recurrence"]["day"] == 30
    assert "Lặp lại: hằng năm, ngày 30 tháng 6" in explain("đến ngày 30/6 hằng năm").out
    assert "every quarter, day 15 month 3 of the quarter" in (
        explain("ngày 15 của tháng cuối quý", "--lang en").out
    )
    assert "2 tuần một lần" in explain("02 tuần một lần").out
    assert "thứ hai" in explain("thứ 2 hằng tuần").out.splitlines()[-3]
    assert "ngày cuối" in explain("ngày cuối tháng").out


def test_the_document_and_the_event_give_the_days_that_count_from_them() -> None:
    later = explain("trước ngày 15 tháng sau", "--document-date 24/5/2024 --json").json
    assert later["nominal_day"] == "2024-06-15"
    phrase = "không quá 05 ngày làm việc kể từ ngày nhận đủ hồ sơ"
    said = explain(phrase, "--event-date 26/4/2024 --json").json
    assert said["strict_day"] == said["nominal_day"] == "2024-05-07"
    assert said["relative"] == {"n": 5, "unit": "working_day", "from": "ngày nhận đủ hồ sơ"}
    waiting = explain(phrase)
    assert "5 ngày làm việc kể từ: ngày nhận đủ hồ sơ" in waiting.out
    assert "chưa nêu ngày xảy ra" in waiting.out
    assert "5 days before: ngày họp" in explain("05 ngày trước ngày họp", "--lang en").out
    assert "sau khi: có hướng dẫn" in explain("sau khi có hướng dẫn").out


def test_a_clock_time_is_told() -> None:
    assert explain("trước 17h00 ngày 30/10/2024", "--json").json["time"] == "17:00"
    assert "Giờ: 17:00" in explain("trước 17h00 ngày 30/10/2024").out


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("đến tháng 6/2024", "đến"),
        ("10/30/2024", "10/30/2024"),
        ("trước ngày 30/2/2024", "ngày 30/2/2024"),
        ("trước ngày 30/10/2024 nếu đủ điều kiện", "nếu đủ điều kiện"),
        ("trước ngày 30/10", "trước ngày 30/10"),
        ("trong năm nay", "năm nay"),
        ("khẩn trương", "khẩn trương"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_words(phrase: str, words: str) -> None:
    for lang in ("vi", "en"):
        answer = explain(phrase, f"--lang {lang}")
        assert (answer.code, answer.out) == (1, "")
        assert f"“{words}" in answer.err
        assert len(answer.err.splitlines()) <= 3


@pytest.mark.parametrize(
    "more", ["--years 2025-2024", "--document-date 30/2/2024", "--event-date x"]
)
def test_an_option_that_cannot_be_read_is_a_usage_error(more: str) -> None:
    assert explain("trong năm 2024", more).code == 2


def test_letters_put_together_otherwise_read_the_same() -> None:
    phrase = "TRƯỚC NGÀY 30/10/2024"
    decomposed = unicodedata.normalize("NFD", phrase)
    assert explain(decomposed, "--json").json == explain(phrase, "--json").json


def test_its_vietnamese_words_do_the_same() -> None:
    assert ntm("thoi-han giai-thich 'cuối năm 2025'").out == ntm("date explain 'cuối năm 2025'").out
