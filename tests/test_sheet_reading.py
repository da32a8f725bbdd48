"""Files of sheets: read whichever program wrote them, and refused plainly where they are damaged.

The samples are one sheet, saved by LibreOffice 7.4 as .xls and as .ods.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sheets import workbook

from ntm_workflow.office.sheet_reading import UnreadableFile, read_page, read_pages

DATA = Path(__file__).parent / "data"
SAMPLES = ("giai-ngan-mau.xls", "giai-ngan-mau.ods")


def test_cells_are_what_they_were(tmp_path: Path) -> None:
    lines = [["=1+1", 1.5, date(2024, 5, 1), "  hai\ndòng "]]
    page = read_page(workbook(tmp_path / "a.xlsx", [*lines, [], ["", "x"]], ["A2:A3", "A4:A9"]))
    assert page.lines[0] == lines[0]
    assert (page.name, page.merged) == ("Trang 1", [((1, 0), (2, 0))])


@pytest.mark.parametrize("name", SAMPLES)
def test_a_damaged_file_is_read_or_refused_and_never_breaks_the_program(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole, refused = (DATA / name).read_bytes(), 0
    path = tmp_path / name
    for at in range(0, len(whole), 97):
        for damaged in (whole[:at], whole[:at] + bytes(40) + whole[at + 40 :]):
            path.write_bytes(damaged)
            try:
                list(read_pages(path))
            except UnreadableFile:
                refused += 1
    assert refused > 50
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_commas_in_names_and_amounts_do_not_divide_a_csv(mark: str, tmp_path: Path) -> None:
    lines = [
        ["Tên", "Số tiền", "Ngày"],
        *[["Đường A, B, C", "1.307,6", "1/4/2024"], ["Cầu", "1,5", "2/4/2024"]] * 3,
    ]
    quoted = [[f'"{cell}"' if mark in cell else cell for cell in line] for line in lines]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(map(mark.join, quoted)), "utf-8")
    assert read_page(path).lines == lines
