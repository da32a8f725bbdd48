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
    sheet = [in_tcvn3(text), in_tcvn3("Đường thôn Đồng Phú")]
    assert [tcvn3.reader(sheet)(each) for each in sheet] == [text, "Đường thôn Đồng Phú"]


@given(st.lists(OF_TODAY, min_size=1))
def test_text_of_today_stays(texts: list[str]) -> None:
    read = tcvn3.reader(texts)
    assert [read(text) for text in texts] == texts


def test_a_short_text_is_read_like_the_sheet_it_stands_in() -> None:
    old, today = in_tcvn3("có"), "Nhà văn hóa"
    assert tcvn3.reader([old])(old) == old
    assert tcvn3.reader([old, in_tcvn3("Xã Tam Ngọc")])(old) == "có"
    mixed = tcvn3.reader([old, in_tcvn3("Xã Tam Ngọc"), today])
    assert [mixed(old), mixed(in_tcvn3("Xã Tam Ngọc")), mixed(today)] == [old, "Xã Tam Ngọc", today]


@pytest.mark.parametrize(
    "text", ["«Sân» nhà", "Nhà xã", "25 m²", "Công ty ABC®", "Xã A · Xã B", "Tam Phú"]
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
