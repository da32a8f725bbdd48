"""Lists as a terminal of a certain width shows them: nothing lost, nothing torn, few lines a row."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from contextlib import redirect_stdout

import pytest
from terminal import ntm, on_terminal

from ntm_workflow.cli import lists
from ntm_workflow.cli.labels import heading

TITLE = "Rà soát tiến độ, xác lập hồ sơ thôn kiểu mẫu, xã nâng cao, xã kiểu mẫu"
ID = "D010/ngoc-bich-tam-ngoc-tam-ky"
DUTIES = [
    ["Mã", "Nội dung", "Chủ trì", "Hạn chốt", "Tình trạng", "Ghi quá hạn"],
    [ID, TITLE, "UBND xã Tam Ngọc", "30/10/2024", "chưa hoàn thành, quá hạn", "31/10/2024"],
    ["D118", "Nộp hồ sơ", "UBND xã Tam Phú", "30/10/2024", "hoàn thành đúng hạn", ""],
]


@pytest.fixture(scope="module")
def demo(demo_copy: str) -> str:
    return demo_copy


def drawn(rows: Sequence[Sequence[str]], room: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(room))
    with redirect_stdout(io.StringIO()) as out:
        lists.draw(rows[0], iter(rows[1:]))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("room", [80, 120])
def test_a_duty_takes_few_lines_with_its_id_and_days_whole(demo: str, room: int, lang: str) -> None:
    line = f"obligation list --store {demo} --lang {lang}"
    seen = on_terminal(line, NO_COLOR="1", COLUMNS=str(room))
    lines = re.sub(r"\x1b\[[0-9;]*m", "", seen).splitlines()
    assert max(map(len, lines)) <= room
    duties = ntm(f"{line} --json").json["items"]
    firsts = [text.partition(" ")[0] for text in lines]
    starts = [firsts.index(duty["id"]) for duty in duties]
    assert starts == sorted(starts)
    for at, end, duty in zip(starts, [*starts[1:], len(lines)], duties, strict=True):
        # A page with a longer id begins with heads of its own, of at most three lines.
        again = any(text.startswith(heading("id")) for text in lines[at + 1 : end])
        assert end - at <= (8 if again else 5)
        if day := duty["enforce_day"]:
            assert "/".join(reversed(day.split("-"))) in lines[at]
        told = " ".join(" ".join(lines[at:end]).split())
        assert {*duty["title"].split()} <= {*told.split()}


@pytest.mark.parametrize("room", [60, 80, 100, 120, 200])
def test_no_word_of_a_row_is_lost_or_torn(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    words = " ".join(drawn(DUTIES, room, monkeypatch)).split()
    for cell in (cell for row in DUTIES[1:] for cell in row):
        assert {*cell.split()} <= {*words}


def test_what_does_not_stand_beside_is_named_below_the_longest_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = drawn(DUTIES, 80, monkeypatch)
    assert lines[-2].split() == ["D118", "UBND", "xã", "Tam", "Phú", "30/10/2024"]
    assert lines[-1] == "  Tình trạng: hoàn thành đúng hạn · Nội dung: Nộp hồ sơ"


def test_a_text_that_has_half_the_room_stays_beside_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [["Mức", "Dòng", "Nội dung"], ["lỗi", "7", f"{TITLE}. {TITLE}."]]
    lines = drawn(rows, 60, monkeypatch)
    assert lines[0].split() == ["Mức", "Dòng", "Nội", "dung"]
    assert lines[1].startswith("lỗi 7    Rà soát")
    assert all(line.startswith(" " * 9) for line in lines[2:])


def test_what_is_below_is_as_loud_as_beside(demo: str) -> None:
    line = f"obligation list --store {demo} --standing overdue"
    for room in ("80", "200"):
        assert re.search(
            r"\x1b\[1;31m[^\x1b]*quá hạn", on_terminal(line, NO_COLOR="", COLUMNS=room)
        )
