"""Pictures of every kind: whole XML, inside their frame, told apart without colours, and the same as PNG."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictured import (
    SVG,
    TINY,
    greys,
    groups,
    number,
    outside,
    read,
    shown,
    size,
    told,
    with_letters,
    without_words,
    words,
)
from resvg_py import svg_to_bytes

from ntm_workflow.cli import chart_counts, chart_curve, chart_matrix, chart_months
from ntm_workflow.cli.chart_curve import Lines, Point
from ntm_workflow.cli.chart_matrix import AGAIN, MARKS, Column, Row
from ntm_workflow.cli.chart_months import Part
from ntm_workflow.cli.drawing import (
    BOLD,
    COLOURS,
    FILLS,
    FONTS,
    WIDTH,
    Words,
    plain,
    step_of,
    tiles,
    width_of,
    wrapped,
)
from ntm_workflow.cli.png import NoLetters, PictureTooLong, png

LINE = '<svg xmlns="http://www.w3.org/2000/svg" width="220" height="20">{}</svg>'
WORDS = Words("Xã nông thôn mới nâng cao 2021-2025", "Tình trạng cuối ngày 30/06/2024.")
STATES = dict(zip(MARKS, ("đạt", "chưa đạt", "chưa rõ", "mâu thuẫn"), strict=True))
SAID = chart_matrix.Said(STATES, "Đạt", "Số nơi đạt", "Tiêu chí", "Chưa có kết quả nào.")
LINES = Lines("một nửa số vốn giao (50%)", "toàn bộ số vốn giao (100%)", "chưa giao vốn")
YEAR = (date(2023, 12, 31), date(2025, 1, 31))
MONTHS = chart_months.Said("Tháng", "Đến hạn", "Cộng", "Không có việc nào đến hạn.")
PARTS = ("Đúng hạn", "Muộn", "Quá hạn", "Chưa đạt", "Chưa chốt", "Không tính")
BAD = '<script>&"'

NAMES = st.text(st.sampled_from("ệỷữĐơ Wmi<>&\"'\u0301中"), min_size=1, max_size=60)


def matrix(rows: Sequence[Row], columns: int = 19) -> str:
    heads = [Column(n, f"tiêu chí mẫu {n}") for n in range(1, columns + 1)]
    return chart_matrix.picture(WORDS, SAID, heads, rows)


def row(name: str, states: Sequence[str]) -> Row:
    held = {state: [n for n, each in enumerate(states, 1) if each == state] for state in MARKS}
    return Row(name, held, len(held["achieved"]))


def curve(*points: tuple[date, float | None]) -> str:
    drawn = [
        Point(day, share, "" if share is None else f"{share:.1%}", f"{day}: {share}")
        for day, share in points
    ]
    return chart_curve.picture(WORDS, LINES, drawn, *YEAR)


def months(counts: Sequence[Sequence[int]]) -> str:
    parts = [Part(n, f, c) for n, f, c in zip(PARTS, FILLS, counts, strict=False)]
    return chart_months.picture(WORDS, MONTHS, parts)


def counts(names: Sequence[str], rows: Sequence[Sequence[int]]) -> str:
    drawn = [
        chart_counts.Counted(f"bước {n}", f"{sum(r)} hồ sơ", dict(zip(names, r, strict=True)))
        for n, r in enumerate(rows)
    ]
    return chart_counts.picture(WORDS, names, drawn, "Chưa có hồ sơ nào.")


STATE = st.sampled_from(list(MARKS))
MATRICES = st.integers(1, 30).flatmap(
    lambda n: st.builds(
        matrix,
        st.lists(st.builds(row, NAMES, st.lists(STATE, min_size=n, max_size=n)), max_size=60),
        st.just(n),
    )
)
DAYS = st.integers(0, (YEAR[1] - YEAR[0]).days).map(lambda n: YEAR[0] + timedelta(n))
CURVES = st.dictionaries(DAYS, st.none() | st.floats(-0.1, 20), max_size=14).map(
    lambda points: curve(*sorted(points.items()))
)
COUNTS = st.lists(st.integers(0, 9_999), min_size=12, max_size=12)
TWELVES = st.lists(COUNTS, min_size=6, max_size=6).map(months)
STAGES = st.lists(st.lists(st.integers(0, 3000), min_size=4, max_size=4), max_size=12).map(
    lambda rows: counts(("a", "b", "c", "d"), rows)
)
ONE_OF_EACH = {
    "matrix": matrix([row("xã Quế Mỹ", ("achieved", "not_achieved", "unknown", "conflicting"))]),
    "curve": curve((date(2024, 6, 30), 0.46875)),
    "months": months([[1] * 12] * 6),
    "counts": counts(("xã NTM",), [[3], [1]]),
}
EMPTY = {"matrix": matrix([]), "curve": curve(), "months": months([[0] * 12] * 6), "counts": counts((), [])}  # fmt: skip
EACH = pytest.mark.parametrize("picture", ONE_OF_EACH.values(), ids=ONE_OF_EACH)


# --- every kind -----------------------------------------------------------------------------------


@settings(max_examples=60)
@given(picture=st.one_of(MATRICES, CURVES, TWELVES, STAGES))
def test_a_picture_is_whole_xml_and_no_word_runs_out_of_it(picture: str) -> None:
    root = read(picture)
    assert outside(root) == []
    for rect in root.iter(f"{SVG}rect"):
        at = {name: float(rect.attrib.get(name, 0)) for name in ("x", "y", "width", "height")}
        assert at["x"] + at["width"] <= number(root, "width") + 1
        assert at["y"] + at["height"] <= number(root, "height")


@EACH
def test_who_cannot_see_it_is_told_the_same(picture: str) -> None:
    root = read(picture)
    assert (root.attrib["role"], root.attrib["aria-labelledby"]) == ("img", "title desc")
    assert root.findtext(f"{SVG}title") == WORDS.title
    assert root.findtext(f"{SVG}desc")
    assert all(told(group) for group in groups(root))


@pytest.mark.parametrize("picture", EMPTY.values(), ids=EMPTY)
def test_where_there_is_nothing_the_picture_says_so(picture: str) -> None:
    root = read(picture)
    none = root.findtext(f"{SVG}desc")
    assert none in (SAID.empty, LINES.empty, MONTHS.empty, "Chưa có hồ sơ nào.")
    assert none in words(root)


def test_a_title_and_the_lines_under_it_are_whole_however_long() -> None:
    long = Words("Tỷ lệ giải ngân theo nguồn, phân loại – thành phố " * 4, "Đã giải ngân " * 30)
    picture = chart_curve.picture(long, LINES, [], *YEAR)
    drawn = " ".join(words(read(picture)))
    assert " ".join(long.title.split()) in drawn
    assert " ".join(long.below.split()) in drawn
    assert outside(read(picture)) == []


@given(text=NAMES, room=st.integers(40, 400))
def test_lines_hold_the_words_in_their_order(text: str, room: int) -> None:
    said = unicodedata.normalize("NFC", text).split()
    lines = list(wrapped(text, room))
    for line, after in zip(" ".join(lines).split(), said, strict=True):
        assert line == after or (line.endswith("…") and after.startswith(line[:-1]))


@given(most=st.integers(0, 10**9), levels=st.integers(1, 12))
def test_levels_reach_the_most_and_not_far_beyond(most: int, levels: int) -> None:
    step = step_of(most, levels)
    assert step * levels >= most
    assert step == 1 or step * levels <= 2.5 * most


def test_a_name_is_text_and_never_a_mark_and_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "xã Quế Mỹ")
    drawn = [matrix([row(f"{BAD}{decomposed}", ["achieved"] * 4)], 4)]
    drawn.append(counts((BAD,), [[2]]))
    drawn.append(chart_months.picture(WORDS, MONTHS, [Part(BAD, "solid", [1] * 12)]))
    drawn.append(chart_curve.picture(WORDS._replace(title=BAD), LINES, [], *YEAR))
    for picture in drawn:
        root = read(picture)
        assert not list(root.iter(f"{SVG}script"))
        assert unicodedata.is_normalized("NFC", picture)
        assert any("script" in text for text in words(root))


# --- the matrix -----------------------------------------------------------------------------------


@settings(max_examples=30)
@given(states=st.lists(st.lists(STATE, min_size=10, max_size=10), min_size=1, max_size=40))
def test_every_cell_is_the_mark_of_its_state_in_the_column_of_its_number(
    states: list[list[str]],
) -> None:
    root = read(matrix([row(f"xã mẫu {n}", each) for n, each in enumerate(states)], 10))
    heads = {
        number(text, "x"): int(text.text or "")
        for group in groups(root)
        for text in shown(group)
        if not list(group.iter(f"{SVG}use")) and (text.text or "").isdigit()
    }
    rows = [group for group in groups(root) if list(group.iter(f"{SVG}use"))]
    for group, held in zip(rows, states, strict=True):
        marks = {heads[number(use, "x") + 9]: use.attrib["href"][1:] for use in group.iter(f"{SVG}use")}  # fmt: skip
        assert [marks[n] for n in range(1, 11)] == held
        assert words(group)[-1] == str(held.count("achieved"))


def test_two_hundred_communes_keep_the_numbers_of_the_criteria_in_sight() -> None:
    rows = [row(f"xã mẫu {n}", ["achieved", "unknown"] * 9 + ["conflicting"]) for n in range(200)]
    root = read(matrix(rows))
    assert number(root, "width") == WIDTH
    assert len([each for each in groups(root) if list(each.iter(f"{SVG}use"))]) == 200
    heads = [text for text in shown(root) if text.text == "19" and "middle bold" in text.attrib.get("class", "")]  # fmt: skip
    assert len(heads) == 200 // AGAIN
    below = [number(text, "y") for text in heads]
    assert max(b - a for a, b in pairwise(below)) < WIDTH * 1.414


def test_a_long_name_is_cut_and_whole_in_what_is_told_of_its_row() -> None:
    name = "xã Nguyễn Hữu Cảnh Thượng Trung Hạ " * 3
    root = read(matrix([row(name, ["achieved"] * 19)]))
    [group] = [each for each in groups(root) if list(each.iter(f"{SVG}use"))]
    assert words(group)[0].endswith("…")
    assert told(group).startswith(" ".join(name.split()) + " – Đạt 19 – đạt: 1, 2, 3")


# --- the curve ------------------------------------------------------------------------------------


def test_a_point_stands_at_its_day_and_its_share() -> None:
    days = [(date(2024, 1, 31), 0.0), (date(2024, 2, 29), 0.25), (date(2024, 12, 31), 0.9375)]
    root = read(curve(*days))
    dots = list(root.iter(f"{SVG}circle"))
    half, whole = (float(path.attrib["d"].split()[1].partition("H")[0]) for path in root.iter(f"{SVG}path") if "stroke-dasharray" in path.attrib and "H" in path.attrib["d"])  # fmt: skip
    bottom = whole + 2 * (half - whole)
    for dot, (_, share) in zip(dots, days, strict=True):
        assert number(dot, "cy") == pytest.approx(bottom + share * (whole - bottom), abs=0.2)
    x = [number(dot, "cx") for dot in dots]
    assert (x[1] - x[0]) / (x[2] - x[0]) == pytest.approx(29 / 335, abs=0.001)


def test_lines_to_read_against_differ_by_their_dashes_and_are_named() -> None:
    root = read(curve((date(2024, 6, 30), 1.3)))
    dashes = [each.attrib["stroke-dasharray"] for each in root.iter(f"{SVG}path") if "stroke-dasharray" in each.attrib]  # fmt: skip
    assert len(set(dashes)) == 2
    assert {LINES.half, LINES.whole, "50%", "100%", "150%", "130.0%"} <= set(words(root))


def test_one_point_is_a_dot_and_no_line() -> None:
    root = read(curve((date(2024, 6, 30), 0.5)))
    assert len(list(root.iter(f"{SVG}circle"))) == 1
    assert not [path for path in root.iter(f"{SVG}path") if path.attrib.get("class") == "curve"]


@given(shares=st.lists(st.floats(0, 1.2), min_size=2, max_size=2), gap=st.integers(1, 30))
def test_the_labels_of_two_near_days_stand_on_no_other(shares: list[float], gap: int) -> None:
    day = date(2024, 5, 31)
    root = read(curve((day, shares[0]), (day + timedelta(gap), shares[1])))
    one, other = (next(iter(shown(group))) for group in groups(root))
    apart = abs(number(one, "y") - number(other, "y")) >= 12
    assert apart or abs(number(one, "x") - number(other, "x")) > 20


# --- months and stages ----------------------------------------------------------------------------


def test_a_bar_is_as_high_as_its_counts_and_the_table_has_them_all() -> None:
    held = [[n + 1] * 12 for n in range(6)]
    root = read(months(held))
    bar, *_ = groups(root)
    rects = list(bar.iter(f"{SVG}rect"))
    heights = [number(rect, "height") for rect in rects]
    assert [each / heights[0] for each in heights] == pytest.approx([1, 2, 3, 4, 5, 6], abs=0.05)
    fills = [rect.attrib["fill"] for rect in rects]
    assert fills == [f"url(#{name})" for name in list(FILLS)[:6]]
    drawn = words(root)
    for name, each in zip(PARTS, held, strict=True):
        at = drawn.index(name)
        assert drawn[at + 1 : at + 14] == [*map(str, each), str(sum(each))]
    assert drawn[-14:] == ["Đến hạn", *["21"] * 12, "252"]


def test_the_parts_of_a_bar_are_as_long_as_their_counts() -> None:
    root = read(counts(("xã NTM", "xã NTM nâng cao"), [[2, 4], [1, 0]]))
    first, second = groups(root)
    parts = [rect for rect in first.iter(f"{SVG}rect") if rect.attrib.get("class") == "box"]
    assert number(parts[1], "width") == pytest.approx(2 * number(parts[0], "width"), abs=0.2)
    assert len([r for r in second.iter(f"{SVG}rect") if r.attrib.get("class") == "box"]) == 1
    assert {"xã NTM: 3", "xã NTM nâng cao: 4"} <= set(words(root))
    assert told(first) == "bước 0: 6 hồ sơ (xã NTM 2, xã NTM nâng cao 4)"


# --- without colours ------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("fill", FILLS.values(), ids=FILLS)
def test_the_stroke_of_a_fill_stands_out_from_its_paper(fill: tuple[str, float, str]) -> None:
    assert 1.05 / (luminance(COLOURS[fill[0]]) + 0.05) >= 4.5


def difference(one: list[int], other: list[int]) -> float:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


@with_letters
def test_no_two_fills_look_alike_in_grey() -> None:
    defined = "".join(tiles(FILLS))
    drawn = {
        name: greys(png(TINY.format(f'<defs>{defined}</defs><rect width="60" height="60" fill="url(#{name})"/>')))
        for name in FILLS
    }  # fmt: skip
    for one, other in combinations(FILLS, 2):
        assert difference(drawn[one], drawn[other]) > 20, (one, other)


@with_letters
def test_no_two_marks_look_alike_in_grey() -> None:
    style = (
        f".bar{{fill:{COLOURS['bar']}}}.box{{stroke:{COLOURS['text']}}}text{{font:14px sans-serif}}"
    )
    defined = f"<style>{style}</style><defs>{''.join(tiles(['slanted']))}</defs>"
    drawn = {
        name: greys(png(TINY.format(f'{defined}<g transform="translate(6 6) scale(2.6)">{mark}</g>')))
        for name, mark in MARKS.items()
    }  # fmt: skip
    for one, other in combinations(MARKS, 2):
        assert difference(drawn[one], drawn[other]) > 15, (one, other)


LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwzAĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYFJWZ0123456789.,:;%…–-·&<>()/!?'+#=@“”"


@with_letters
@pytest.mark.parametrize(("style", "wider"), [("", 1), ("bold ", BOLD)])
def test_no_letter_is_wider_than_the_room_it_is_given(style: str, wider: float) -> None:
    for letter in LETTERS:
        said = f"|{letter * 12}|"
        shown = f'<text y="15" style="font:{style}14px {FONTS}">{plain(said)}</text>'
        drawn = greys(svg_to_bytes(svg_string=LINE.format(shown)))
        end = max(at % 220 for at, grey in enumerate(drawn) if grey < 200)
        assert end < width_of(said) * wider, letter


# --- PNG ------------------------------------------------------------------------------------------


@with_letters
@EACH
def test_a_png_is_the_picture_three_times_as_large_with_its_words(picture: str) -> None:
    root, content = read(picture), png(picture)
    assert size(content) == (3 * number(root, "width"), 3 * number(root, "height"))
    assert content != png(without_words(picture))
    assert content == png(picture)


@with_letters
@EACH
def test_styles_and_fills_reach_the_png(picture: str) -> None:
    """Without the style sheet, or with other tiles, it would come out otherwise."""
    assert png(picture) != png(picture.replace("<style>", "<style>/*").replace("</style>", "*/</style>"))  # fmt: skip
    if "<pattern" in picture:
        assert png(picture) != png(picture.replace("stroke-width", "stroke-with"))


@with_letters
def test_a_long_picture_is_drawn_smaller_and_one_beyond_all_bounds_refused() -> None:
    rows = [row(f"xã mẫu {n}", ["achieved"] * 19) for n in range(200)]
    picture = matrix(rows)
    assert size(png(picture)) == (2 * WIDTH, 2 * number(read(picture), "height"))
    with pytest.raises(PictureTooLong):
        png(TINY.replace('height="60"', 'height="900000"').format(""))


@EACH
def test_without_fonts_there_is_no_png_at_all(picture: str) -> None:
    with pytest.raises(NoLetters) as refused:
        png(picture, skip_system_fonts=True)
    for lang in ("vi", "en"):
        assert "--svg" in refused.value.say(lang)
        assert "DejaVu Sans" in refused.value.say(lang)
