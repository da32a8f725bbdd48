"""Text of the old fonts: every letter comes back, and text of today is left alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import in_tcvn3

import ntm_workflow
from ntm_workflow.domain import tcvn3

LETTERS = "".join(tcvn3.CODES)
WORDS = st.lists(st.text(f"{LETTERS}abcdeghiklmnopqrstuvxyBCDGHT", min_size=1), min_size=1)
#: Text of today holds at least a letter that only Unicode has.
OF_TODAY = WORDS.map(lambda words: " ".join([*words, "đường"]))


def test_there_is_a_code_for_each_accented_letter_and_no_two_share_one() -> None:
    assert len(tcvn3.CODES) == 74
    assert len(set(tcvn3.CODES.values())) == 74


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_comes_back(letter: str) -> None:
    assert tcvn3.decoded(in_tcvn3(letter)) == letter


@given(WORDS)
def test_every_text_comes_back_beside_one_that_is_plain(words: list[str]) -> None:
    text = " ".join(words)
    sheet = [[in_tcvn3(text)], [in_tcvn3("Đường thôn Đồng Phú")]]
    assert tcvn3.read_lines(sheet).lines == [[text], ["Đường thôn Đồng Phú"]]


@given(st.lists(OF_TODAY, min_size=1))
def test_text_of_today_stays(texts: list[str]) -> None:
    assert tcvn3.read_lines([texts]) == tcvn3.Decoded([texts])


def test_a_short_text_is_read_like_its_row_and_its_column() -> None:
    old, plain, today = in_tcvn3("có"), in_tcvn3("Xã Tam Ngọc"), "Nhà văn hóa"
    assert tcvn3.read_lines([[old]]).lines == [[old]]
    assert tcvn3.read_lines([[old, plain]]).lines == [["có", "Xã Tam Ngọc"]]
    apart = tcvn3.read_lines([[old, plain], [1, 2, today]])
    assert (apart.lines[0], apart.doubtful) == (["có", "Xã Tam Ngọc"], frozenset())
    column_only = tcvn3.read_lines([[1, old], [today], [3, plain]])
    assert (column_only.lines[0], column_only.doubtful) == ([1, old], {(0, 1)})
    beside_today = tcvn3.read_lines([[old, today], [1, 2, plain]])
    assert beside_today.lines == [[old, today], [1, 2, "Xã Tam Ngọc"]]
    both = tcvn3.read_lines([[old, plain, today]])
    assert (both.lines, both.turned) == ([[old, "Xã Tam Ngọc", today]], 1)
    assert both.doubtful == {(0, 0)}


@pytest.mark.parametrize("text", ["Đã kiểm tra thực tế", "giấy tờ cũ", "đạt", "ảnh chụp", "Đất ở"])
def test_a_text_that_no_vietnamese_of_today_can_be_is_plain_by_itself(text: str) -> None:
    assert tcvn3.plainly(in_tcvn3(text))
    assert not tcvn3.plainly(text)


@pytest.mark.parametrize(
    "text",
    [
        *("«Sân» nhà", "Nhà xã", "25 m²", "Công ty ABC®", "Xã A · Xã B", "Tam Phú"),
        *(
            "NTM¹",
            "QL1A¹",
            "300 kW·h",
            "Cty A·B",
            "A×B",
            "OK®ok",
            "§§1",
            "Müller",
            "garçon",
            "Köln",
        ),
    ],
)
def test_signs_and_letters_that_both_have_prove_nothing(text: str) -> None:
    assert not tcvn3.plainly(text)


def test_no_text_of_the_plans_is_taken_for_an_old_font() -> None:
    packs = Path(ntm_workflow.__file__).parent.glob("plans/**/*.toml")
    words = {word for pack in packs for word in _texts(tomllib.loads(pack.read_text("utf-8")))}
    assert len(words) > 1000
    assert not any(map(tcvn3.plainly, words))


def _texts(value: object) -> set[str]:
    if isinstance(value, str):
        return {value, *value.split()}
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {text for each in inside for text in _texts(each)}
