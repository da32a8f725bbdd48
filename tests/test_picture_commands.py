"""`--svg` and `--png`: every chart has the numbers of its command's own rows, whatever the store holds."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest
from demo_store import Demo
from offices import adopted, closing_store
from pictured import SVG, groups, number, outside, read, shown, size, told, with_letters, words
from terminal import ntm

from ntm_workflow.cli.chart_matrix import MARKS
from ntm_workflow.cli.dossier_list import stage_word
from ntm_workflow.cli.labels import word
from ntm_workflow.cli.pictures import MOST
from ntm_workflow.cli.year import HEADS, PARTS

MATRIX = "criteria matrix --set xa-nang-cao --as-of 31/12/2024"
SERIES = "fund series --year 2024 --as-of 15/11/2024"
YEAR = "day year 2024 --as-of 30/6/2024"
STAGES = "dossier stages --as-of 2/1/2025"
TOTAL = "fund total --per commune --as-of 31/12/2024"
CHARTS = (MATRIX, SERIES, YEAR, STAGES, TOTAL)
EACH = pytest.mark.parametrize("line", CHARTS)


def drawn(line: str, store: str, folder: Path) -> ElementTree.Element:
    file = folder / "hình.svg"
    answer = ntm(f"{line} --svg '{file}'", store)
    assert (answer.code, answer.out) == (0, f"Đã ghi: {file}\n"), answer.err
    root = read(file)
    assert outside(root) == []
    return root


# --- the numbers ----------------------------------------------------------------------------------


def test_the_matrix_has_every_result_of_every_commune(told_demo: Demo, tmp_path: Path) -> None:
    held = ntm(f"{MATRIX} --json", told_demo.store).json
    root = drawn(MATRIX, told_demo.store, tmp_path)
    rows = [group for group in groups(root) if list(group.iter(f"{SVG}use"))]
    assert [words(group)[0] for group in rows] == [row["place"]["name"] for row in held["rows"]]
    columns = [each["number"] for each in held["columns"]]
    for group, row in zip(rows, held["rows"], strict=True):
        marks = [use.attrib["href"][1:] for use in group.iter(f"{SVG}use")]
        found = {state: [n for n, mark in zip(columns, marks, strict=True) if mark == state] for state in MARKS}  # fmt: skip
        assert found == {state: row[state] for state in MARKS}
        assert words(group)[1:] == [str(row["total"])]
    texts = words(root)
    sums = {state: sum(len(row[state]) for row in held["rows"]) for state in MARKS}
    assert f"đạt: {sums['achieved']}" in texts
    assert f"mâu thuẫn: {sums['conflicting']}" in texts
    at = texts.index("Số nơi đạt")
    each = [sum(n in row["achieved"] for row in held["rows"]) for n in columns]
    assert texts[at + 1 : at + 21] == [*map(str, each), str(sums["achieved"])]
    assert {each["name"] for each in held["columns"] if len(each["name"]) < 40} <= set(texts)


def test_a_set_of_another_number_of_criteria_is_drawn_too(told_demo: Demo, tmp_path: Path) -> None:
    root = drawn("criteria matrix --set xa-kieu-mau", told_demo.store, tmp_path)
    held = ntm("criteria matrix --set xa-kieu-mau --json", told_demo.store).json
    heads = [group for group in groups(root) if not list(group.iter(f"{SVG}use"))]
    assert [words(each) for each in heads] == [[str(each["number"])] for each in held["columns"]]


def test_the_curve_has_the_share_of_every_period(told_demo: Demo, tmp_path: Path) -> None:
    items = ntm(f"{SERIES} --json", told_demo.store).json["items"]
    root = drawn(SERIES, told_demo.store, tmp_path)
    rates = [each["rate"] for each in items if each["rate"] is not None]
    assert len(rates) > 5
    assert rates[-1] > 0
    labels = [words(group)[0] for group in groups(root)]
    assert labels == [f"{rate:.1%}".replace(".0%", "%").replace(".", ",") for rate in rates]
    assert told(groups(root)[-1]).startswith("15/11/2024: 15,4% của 3,7 tỷ đồng")
    y = [number(dot, "cy") for dot in root.iter(f"{SVG}circle")]
    ends = {text.text: number(text, "y") - 4 for text in shown(root) if text.attrib.get("class") == "small bold"}  # fmt: skip
    scale = 2 * (ends["50%"] - ends["100%"])
    bottom = ends["100%"] + scale
    assert [(bottom - each) / scale for each in y] == pytest.approx(rates, abs=0.002)


def test_the_months_have_every_count_of_the_year(told_demo: Demo, tmp_path: Path) -> None:
    held = ntm(f"{YEAR} --json", told_demo.store).json
    root = drawn(YEAR, told_demo.store, tmp_path)
    texts = words(root)
    for name in PARTS:
        label = HEADS[name].partition("\x1f")[0]
        shown = [str(month[name]) for month in held["months"] if month[name]]
        at = texts.index(label)
        assert texts[at + 1 : at + 2 + len(shown)] == [*shown, str(held["total"][name])]
    due = [str(month["due"]) for month in held["months"]]
    assert texts[-14:] == ["Đến hạn", *due, str(held["total"]["due"])]
    assert held["total"]["pending"] > 0
    for bar, month in zip(groups(root), held["months"], strict=True):
        fills = [rect.attrib["fill"] for rect in bar.iter(f"{SVG}rect")]
        assert fills == [f"url(#{fill})" for name, fill in PARTS.items() if month[name]]


def test_the_stages_have_every_dossier_by_its_standard(told_demo: Demo, tmp_path: Path) -> None:
    items = ntm(f"{STAGES} --json", told_demo.store).json["items"]
    root = drawn(STAGES, told_demo.store, tmp_path)
    for group, item in zip(groups(root), items, strict=True):
        label, said, *_ = words(group)
        assert label.startswith(stage_word(item["stage"]))
        assert said.startswith(f"{item['dossiers']} hồ sơ")
        assert (str(item["longest"]) in said) == (item["longest"] is not None)
        assert sum(item["standards"].values()) == item["dossiers"]
        for standard, count in item["standards"].items():
            assert f"{word(standard)} {count}" in told(group)
    everywhere = ntm("dossier list --as-of 2/1/2025 --json", told_demo.store).json["items"]
    assert sum(item["dossiers"] for item in items) == len(everywhere)


def test_the_bars_have_the_rate_of_every_group(told_demo: Demo, tmp_path: Path) -> None:
    *items, _ = ntm(f"{TOTAL} --json", told_demo.store).json["items"]
    root = drawn(TOTAL, told_demo.store, tmp_path)
    for group, item in zip(groups(root), items, strict=True):
        assert words(group)[0] == item["commune"]["name"]
        assert words(group)[1].startswith(f"{item['rate']:.1%}".replace(".0%", "%").replace(".", ","))  # fmt: skip


# --- what every picture says ----------------------------------------------------------------------


@EACH
def test_a_picture_says_which_look_at_the_journal_it_is(line: str, told_demo: Demo, tmp_path: Path) -> None:  # fmt: skip
    day = "/".join(part.zfill(2) for part in line.rpartition(" ")[2].split("/"))
    for asked in (line, f"{line} --known-at '#20'"):
        known = ntm(f"{asked} --json", told_demo.store).json["known_at"]["position"]
        said = f"Tình trạng cuối ngày {day}, theo sổ đến vị trí {known}. TỔNG DƯỢT, ngày giả lập."
        assert said in words(drawn(asked, told_demo.store, tmp_path))


@EACH
def test_a_picture_is_in_the_language_of_its_reader(line: str, told_demo: Demo, tmp_path: Path) -> None:  # fmt: skip
    file = tmp_path / "a.svg"
    assert ntm(f"{line} --svg {file} --lang en", told_demo.store).out == f"Written: {file}\n"
    root = read(file)
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "en"
    assert any(text.startswith("As of the end of ") for text in words(root))
    assert not {"Đạt", "Cộng", "Tháng", "Tiêu chí", "Số nơi đạt"} & set(words(root))


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (f"{MATRIX} --within 'Tam Ngọc'", "Xã nông thôn mới nâng cao 2021-2025 – xã Tam Ngọc"),
        (f"{SERIES} --within 'Tam Ngọc' --kind investment", "Giải ngân lũy kế vốn năm 2024 – xã Tam Ngọc, đầu tư"),
        (f"{YEAR} --within 'Tam Ngọc'", "Việc đến hạn năm 2024: xã Tam Ngọc"),
        (f"{STAGES} --standard xa-nang-cao --year 2024", "Hồ sơ theo bước và cấp đang giữ – xã NTM nâng cao, 2024"),
        (f"{TOTAL} --year 2024 --source provincial", "Tỷ lệ giải ngân theo xã – 2024, tỉnh"),
    ],
)  # fmt: skip
def test_a_title_says_what_the_rows_were_narrowed_to(
    line: str, title: str, told_demo: Demo, tmp_path: Path
) -> None:
    assert drawn(line, told_demo.store, tmp_path).findtext(f"{SVG}title") == title


def test_only_a_rehearsal_is_called_one(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    assert ntm("init", store).code == 0
    assert ntm("plan adopt tam-ky-2024", store).code == 0
    for line in ("criteria matrix --set xa-nang-cao", "day year 2024", "dossier stages"):
        assert "TỔNG DƯỢT" not in " ".join(words(drawn(line, store, tmp_path)))


def test_a_store_with_nothing_in_it_is_drawn_as_empty(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    assert ntm("init", store).code == 0
    for line, none in (
        ("criteria matrix --set xa-nang-cao", "Chưa có kết quả nào."),
        ("fund series --year 2024", "chưa giao vốn"),
        ("day year 2024", "Không có việc nào đến hạn."),
        ("dossier stages", "Chưa có hồ sơ nào."),
    ):
        assert none in words(drawn(line, store, tmp_path))
    root = drawn("fund total", store, tmp_path)
    assert any(text.startswith("Chưa giao vốn đến") for text in words(root))
    assert "100%" not in words(root)


def test_names_with_signs_of_xml_and_loose_accents_come_out_as_they_are_read(
    tmp_path: Path,
) -> None:
    name = unicodedata.normalize("NFD", "Đường <Quế Mỹ> & cầu “mẫu”")
    with closing_store(adopted(str(tmp_path / "s.db"), "tam-ky-2024")) as desk:
        desk.allocate(name, 1_500_000_000)
        desk.disburse(name, 700_000_000, "15/5/2024")
        root = drawn("fund total --per item", str(desk.database.path), tmp_path)
    assert unicodedata.normalize("NFC", name) in words(root)


# --- files ----------------------------------------------------------------------------------------


@with_letters
@EACH
def test_both_files_are_written_and_the_same_facts_give_the_same_bytes(
    line: str, told_demo: Demo, tmp_path: Path
) -> None:
    written = []
    for name in ("a", "b"):
        svg, picture = tmp_path / f"{name}.svg", tmp_path / f"{name}.png"
        answer = ntm(f"{line} --svg {svg} --png {picture}", told_demo.store)
        assert answer.out == f"Đã ghi: {svg}\nĐã ghi: {picture}\n"
        written.append((svg.read_bytes(), picture.read_bytes()))
    assert written[0] == written[1]
    root = read(written[0][0].decode())
    assert size(written[0][1]) == (3 * number(root, "width"), 3 * number(root, "height"))


def on_a_machine_without_fonts(
    line: str, store: str, folder: Path
) -> subprocess.CompletedProcess[str]:
    """The line in a process of its own: fonts are read once in each."""
    (folder / "fonts").mkdir()
    settings = folder / "fonts.conf"
    settings.write_text(f"<?xml version='1.0'?><fontconfig><dir>{folder}/fonts</dir></fontconfig>")
    command = [sys.executable, "-m", "ntm_workflow", *line.split(), "--store", store]
    there = {**os.environ, "FONTCONFIG_FILE": str(settings)}
    return subprocess.run(command, env=there, capture_output=True, encoding="utf-8", check=False)


def test_without_fonts_nothing_is_written_and_the_way_out_is_named(
    told_demo: Demo, tmp_path: Path
) -> None:
    svg, picture = tmp_path / "a.svg", tmp_path / "a.png"
    line = f"dossier stages --png {picture} --svg {svg}"
    answer = on_a_machine_without_fonts(line, told_demo.store, tmp_path)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "Dùng --svg, hoặc cài phông chữ DejaVu Sans" in answer.stderr
    assert not picture.exists()
    assert not svg.exists()


def test_without_fonts_an_svg_is_written_all_the_same(told_demo: Demo, tmp_path: Path) -> None:
    svg = tmp_path / "a.svg"
    answer = on_a_machine_without_fonts(f"{SERIES} --svg {svg}", told_demo.store, tmp_path)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "Giải ngân lũy kế" in svg.read_text("utf-8")


@EACH
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--svg a.svg --json", "--svg, --png không đi với --json"),
        ("--png a.png --csv", "--svg, --png không đi với --json"),
        ("--png a.png --xlsx a.xlsx", "--svg, --png không đi với --json"),
        ("--png a.svg", "phải kết thúc bằng .png"),
        ("--svg a.png", "phải kết thúc bằng .svg"),
    ],
)
def test_what_cannot_be_meant_is_refused(line: str, options: str, words: str, told_demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    answer = ntm(f"{line} {options}", told_demo.store)
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_picture_of_too_many_rows_says_how_to_have_fewer(tmp_path: Path) -> None:
    with closing_store(adopted(str(tmp_path / "s.db"), "tam-ky-2024")) as desk:
        for number in range(MOST + 1):
            desk.allocate(f"Mục mẫu {number}", 1_000_000)
        answer = ntm(f"fund total --per item --svg {tmp_path}/a.svg", str(desk.database.path))
    assert (answer.code, f"{MOST + 1} dòng" in answer.err, "--within" in answer.err) == (
        2,
        True,
        True,
    )
    assert not (tmp_path / "a.svg").exists()
