"""Bar charts: in a terminal of any width, and as pictures that are read without their colours."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ntm_workflow.cli.chart import ASCII, BLOCKS, Bar, ink, lines
from ntm_workflow.cli.chart_svg import picture
from ntm_workflow.cli.drawing import COLOURS, WIDTH, Words

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words("Tỷ lệ giải ngân theo xã", "Đã giải ngân 50%.", "xã mẫu: 50%")
HALF = Bar("xã Quế Mỹ (mẫu)", 1, 2, "50% của 1,5 tỷ đồng")
NONE = Bar("xã Ỷ Lữ (mẫu)", 0, 0, "chưa giao vốn")
OVER = Bar("xã Tam Phú (mẫu)", 13, 10, "130% của 10 triệu đồng")

LETTERS = st.text(st.sampled_from("ệỷữĐơ Wmi<>&\"'\u0301中"), min_size=1, max_size=120)
BARS = st.lists(
    st.builds(
        Bar, LETTERS, st.integers(-5, 10**13), st.integers(0, 10**13), st.just("62,5% của 1 tỷ")
    ),
    min_size=1,
    max_size=60,
)


@given(bars=BARS, width=st.integers(12, 200))
def test_no_line_is_wider_than_the_terminal(bars: list[Bar], width: int) -> None:
    for with_ink in (BLOCKS, ASCII):
        assert all(cell_len(line) <= width for line in lines(bars, width, with_ink))


@given(bars=BARS)
def test_bars_begin_and_words_end_in_one_column_whatever_the_names(bars: list[Bar]) -> None:
    drawn = list(lines(bars, 150))
    assert len(drawn) == len(bars)
    assert len({cell_len(line) for line in drawn}) == 1


def test_a_decomposed_name_takes_the_room_of_a_composed_one() -> None:
    decomposed = HALF._replace(label=unicodedata.normalize("NFD", HALF.label))
    assert list(lines([decomposed], 80)) == list(lines([HALF], 80))


def test_half_is_half_of_the_room_and_nothing_is_empty() -> None:
    half, none = lines([HALF, NONE], 80)
    assert abs(half.count("█") - half.count("░")) <= 1
    assert "█" not in none
    assert none.endswith("chưa giao vốn")


def test_the_least_payment_is_seen() -> None:
    [line] = lines([Bar("a", 1, 10**12, "0%")], 60)
    assert "▏" in line


def test_more_than_a_whole_goes_beyond_the_others_whole() -> None:
    whole, over = lines([HALF._replace(part=2), OVER], 100)
    assert Fraction(over.count("█"), whole.count("█")) > Fraction(6, 5)


def test_where_there_is_no_room_beside_the_bar_name_and_words_have_lines_of_their_own() -> None:
    assert len(list(lines([HALF], 40))) == 3
    assert len(list(lines([HALF], 80))) == 1


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", BLOCKS), ("ascii", ASCII), ("cp1258", ASCII), (None, BLOCKS), ("không có", ASCII)],
)
def test_blocks_are_drawn_only_where_they_can_be_written(encoding: str | None, expected: object) -> None:  # fmt: skip
    assert ink(encoding) == expected


# --- pictures -------------------------------------------------------------------------------------


def read(bars: list[Bar]) -> ElementTree.Element:
    return ElementTree.fromstring(picture(WORDS, bars))


@given(bars=BARS)
def test_a_picture_is_whole_xml_and_every_bar_stays_inside(bars: list[Bar]) -> None:
    root = read(bars)
    height = int(root.attrib["height"])
    assert root.attrib["viewBox"] == f"0 0 {WIDTH} {height}"
    for rect in root.iter(f"{SVG}rect"):
        at = {name: int(rect.attrib.get(name, 0)) for name in ("x", "y", "width", "height")}
        assert at["x"] + at["width"] <= WIDTH
        assert at["y"] + at["height"] <= height
    assert len(list(root.iter(f"{SVG}g"))) == len(bars)


def test_a_picture_says_what_it_shows_to_who_cannot_see_it() -> None:
    root = read([HALF, NONE])
    assert (root.find(f"{SVG}title"), root.find(f"{SVG}desc")) != (None, None)
    assert root.findtext(f"{SVG}title") == WORDS.title
    assert root.findtext(f"{SVG}desc") == WORDS.told
    assert root.attrib["role"] == "img"
    told = [group.findtext(f"{SVG}title") for group in root.iter(f"{SVG}g")]
    assert told == [f"{bar.label}: {bar.said}" for bar in (HALF, NONE)]


def test_a_name_is_text_and_never_a_mark_of_the_picture() -> None:
    bad = '</text><script>alert("x")</script>&'
    root = read([HALF._replace(label=bad)])
    assert not list(root.iter(f"{SVG}script"))
    assert bad in [text.text for text in root.iter(f"{SVG}text")]


def test_a_long_name_is_cut_before_the_words_and_whole_in_its_title() -> None:
    name = "Nâng cấp đường liên thôn mẫu " * 8
    root = read([HALF._replace(label=name)])
    shown = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert any(text.endswith("…") and len(text) < 70 for text in shown)
    assert " ".join(name.split()) in (root.findtext(f".//{SVG}g/{SVG}title") or "")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_colours_stand_out_from_what_is_behind_them() -> None:
    behind = (COLOURS["behind"], COLOURS["rest"])
    for colour in (COLOURS["text"], COLOURS["bar"], COLOURS["line"]):
        assert min(contrast(colour, each) for each in behind) >= 4.5
    assert all(a != b for a, b in combinations(COLOURS.values(), 2))
