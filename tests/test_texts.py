"""Texts people type hold only what their reader sees, at every border: the line, a list, a plan pack."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_pack import SOUND
from terminal import ntm

from ntm_workflow.domain.inputs import readable, tidy, unreadable
from ntm_workflow.plans.pack import faults_of

TURNS = [chr(c) for c in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]
UNSEEN = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\ufe0f", "\U000e0041"]
NOTE = "approval rule --type EntryVoided --document 'Quy chế' --note"


def point(char: str) -> str:
    return f"U+{ord(char):04X}"


@pytest.mark.parametrize("char", [*TURNS, *UNSEEN, "\x07", "\udc80"])
def test_what_nobody_sees_is_refused_by_its_code_point_and_field(char: str) -> None:
    refusal = unreadable(f"1{char}2", "--note")
    assert refusal is not None
    for lang in ("vi", "en"):
        said = refusal.say(lang)
        assert point(char) in said
        assert said.startswith("--note: “1�2”")
        assert char not in said


@pytest.mark.parametrize(
    "text", ["Tam Ngọc", "dòng 1\n\tdòng 2", "xã\u00a0Tam Ngọc", "“1,5 tỷ” – 5 %"]
)
def test_what_is_seen_is_left_as_it_is(text: str) -> None:
    assert readable(text) == text


def test_spaces_become_one_and_nothing_unseen_becomes_a_space() -> None:
    assert tidy(" xã\u00a0 Tam\nNgọc ") == "xã Tam Ngọc"
    assert tidy("Tam\u200bNgọc") == "Tam\u200bNgọc"


@pytest.mark.parametrize("char", ["\u202e", "\u2069", "\u200b", "\ufeff"])
@pytest.mark.parametrize(
    ("line", "field"),
    [
        (f"{NOTE} '1{{}}2'", "--note"),
        ("place register 'Tam {}Ngọc' --type xa", "NAME"),
        ("unit register 'Phòng Mẫu' --place x --alias 'P. {}Mẫu'", "--alias"),
        ("fact correct 1 --reason thử --set 'note=1{}2'", "--set"),
        (f"{NOTE} thử --by 'An{{}}'", "--by"),
    ],
)
def test_a_line_names_the_option_and_records_nothing(
    sqlite_url: str, line: str, field: str, char: str
) -> None:
    assert ntm("init", sqlite_url).code == 0
    answer = ntm(line.format(char), sqlite_url)
    assert (answer.code, answer.out) == (2, "")
    assert f"{field}: " in answer.err
    assert point(char) in answer.err
    assert ntm("fact list --json", sqlite_url).json["items"] == []


def test_a_list_of_places_gives_the_cell_back(sqlite_url: str, tmp_path: Path) -> None:
    assert ntm("init", sqlite_url).code == 0
    rows = [
        "Quảng\u202e Nam,tinh,,",
        "Tam Kỳ,tinh,5\u200b1,",
        "Tam Ngọc,xa,,Tam\u2066Kỳ",
        "Huế,tinh\ufeff,,",
    ]
    file = tmp_path / "dia-ban.csv"
    file.write_text("\n".join(["Tên,Loại,Mã,Thuộc", *rows]), encoding="utf-8-sig")
    answer = ntm(f"place import {file}", sqlite_url)
    assert answer.code == 1
    for number, column, seen in ((2, "tên", "U+202E"), (3, "mã", "U+200B"), (4, "thuộc", "U+2066"), (5, "loại", "U+FEFF")):  # fmt: skip
        (line,) = [line for line in answer.err.splitlines() if f"dòng {number}, " in line]
        assert f"cột {column}: " in line
        assert seen in line


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('title = "Kế hoạch', 'title = "Kế\u202e hoạch', "title"),
        ('name = "Mẫu"', 'name = "M\\u200Bẫu"', "name"),
        ('name = "Mẫu"', 'name = "M\\u0007ẫu"', "name"),
    ],
)
def test_a_pack_names_the_key_and_the_line(old: str, new: str, key: str) -> None:
    assert old in SOUND
    text = SOUND.replace(old, new, 1)
    (fault,) = faults_of(text.encode())
    assert (fault.code, fault.key) == ("unreadable_text", key)
    assert fault.line == SOUND[: SOUND.index(old)].count("\n") + 1
    assert "U+" in fault.say("vi")
