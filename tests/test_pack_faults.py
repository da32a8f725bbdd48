"""A plan pack with faults is refused whole, with each of them and its line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offices import Desk, closing_store
from sample_pack import SOUND
from terminal import ntm

from ntm_workflow.domain.base import Refused
from ntm_workflow.plans import faults
from ntm_workflow.plans.lines import Lines
from ntm_workflow.plans.pack import bundled, faults_of, read

#: What is replaced by what, and a word of the message that must name it.
FAULTS = [
    ('id = "ke-hoach-mau"', 'id = "Kế hoạch/../x"', "Kế hoạch/../x"),
    ('level = "district"', 'level = "galaxy"', "galaxy"),
    ('level = "district"', 'level = "province"', "không phải cấp của địa bàn ban hành"),
    ('rule = "R1"', 'rule = "R1/a"', "R1/a"),
    ('expression = "trước ngày 30/10/2024"', 'expression = ""', "“expression” để trống"),
    ("period = [2024, 2025]", "period = [2025, 2024]", "2025-2024"),
    ('place = "mau"\nperiod', 'place = "khong-co"\nperiod', "khong-co"),
    ('type = "xa"', 'type = "lang"', "lang"),
    ('parent = "mau"', 'parent = "xa-mau"', "nằm trong chính nó"),
    ('type = "huyen"', 'type = "xa"', "không ở cấp cao hơn"),
    ('id = "xa-mau"', 'id = "mau"', "mau"),
    ('role = "phong"', 'role = "bộ lạc"', "bộ lạc"),
    ('owed_to = "phong-mau"', 'owed_to = "nobody"', "nobody"),
    ('owed_by = "@commune"', 'owed_by = "@moon"', "@moon"),
    ('owed_by = "@commune"', 'owed_by = "@province"', "UBND cấp tỉnh"),
    ('places = ["xa-mau"]', 'places = ["xa-la"]', "xa-la"),
    ('places = ["xa-mau"]', 'places = ["xa-mau", "xa-mau"]', "R1/xa-mau"),
    ('strength = "must"', 'strength = "bắt buộc"', "bắt buộc"),
    ('strength = "must"', 'strength = "must"\nafter = "R9"', "R9"),
    ("trước ngày 30/10/2024", "khẩn trương", "khẩn trương"),
    ("trước ngày 30/10/2024", "trước ngày 31/6/2024", "31/6/2024"),
    (
        'strength = "must"',
        'strength = "must"\ndays = { strict_day = 2024-02-02, nominal_day = 2024-01-01, reason = "x" }',
        "theo thứ tự",
    ),
    (
        'strength = "must"',
        'strength = "must"\nboundary = { value = "lax", authority = "CV" }',
        "lax",
    ),
    ('to = "district"', 'to = "moon"', "moon"),
    ('to = "district"', 'ti = "district"', "dossier.to"),
    ('standard = "xa-ntm"', 'standard = "xa-sieu"', "xa-sieu"),
    ("numbers = [1]", "numbers = [20]", "20"),
    ('unit = "phong-mau"\nset', 'unit = "phong-la"\nset', "phong-la"),
    ("achieved = [1, 2]", "achieved = [0, 2]", "số 0"),
    ('place = "xa-mau"\nset', 'place = "mau"\nset', "dành cho cấp xã"),
    ('set = "xa-ntm"\nassessment', 'set = "xa-moi"\nassessment', "xa-moi"),
    ('value = "12,19"', 'value = "12.19"', "12.19"),
    ('aim = "target"', 'aim = "dream"', "dream"),
    ("period = [2024, 2025]", "period = [0, 99999]", "99999"),
    ("assessment_year = 2023", "assessment_year = 20233", "20233"),
    ("year = 2024, to", "year = 24, to", "24"),
    ('places = ["xa-mau"]', "places = []", "“places” để trống"),
    ('title = "Cây xanh"', 'title = ""', "“title” để trống"),
    ('clause = "I.1"', "clause = 1", "“clause” phải là chữ"),
    ('title = "Việc mẫu"', 'titel = "Việc mẫu"', "titel"),
    ("[[leads]]", "[[leaders]]", "leaders"),
    ("[[units]]", "[[units", "TOML"),
    ("period = [2024", 'assumed = ["number", "x"]\nperiod = [2024', "“x”"),
    ("period = [2024", 'settings = { flagged = ["x"] }\nperiod = [2024', "“x”"),
    ("period = [2024", "settings = { x = 1 }\nperiod = [2024", "settings.x"),
    *(
        ("period = [2024", f"settings = {{ reminders = {{ {said} }} }}\nperiod = [2024", word)
        for said, word in {
            "rungs = [30, 367]": "367 không trong khoảng 0–366",
            "rungs = [30, -1]": "-1 không trong khoảng 0–366",
            "rungs = [7, 30, 7]": "7 nêu 2 lần",
            'rungs = [30, "7"]': "“settings.reminders.rungs” phải là",
            "rungs = 30": "“settings.reminders.rungs” phải là",
            "after_days = 0": "0 không trong khoảng 1–60",
            "confirm_days = 31": "31 không trong khoảng 0–30",
            "climb_days = -1": "-1 không trong khoảng 0–30",
            "snooze_days = 0": "0 không trong khoảng 1–366",
            "dispute_days = 400": "400 không trong khoảng 1–366",
            "confirm_days = 1.5": "“settings.reminders.confirm_days” phải là số",
            'climbs = "Chủ tịch"': "“settings.reminders.climbs” không có giá trị “Chủ tịch”; chọn: line, none",
            "weekly = true": "settings.reminders.weekly",
        }.items()
    ),
    ("period = [2024", "settings = { reminders = 7 }\nperiod = [2024", "settings.reminders"),
    ("period = [2024", "issued_on = 2025-02-30\nperiod = [2024", "không có ngày 30/02/2025"),
    ("period = [2024", "issued_on = 2025-13-01\nperiod = [2024", "không có ngày 01/13/2025"),
    ("period = [2024", 'issued_on = "2025-02-30"\nperiod = [2024', "phải là ngày, viết như"),
    ('unit = "m²/người"', 'unit = "m²/người"\nunit = "m²"', "khóa “unit” dùng 2 lần"),
    ("period = [2024, 2025]", "period = 2024", "năm đầu và năm cuối"),
]


#: What shows where something else stands: at the place below, at the second of two, at the rule.
ELSEWHERE = {
    'type = "xa"',
    'id = "mau"',
    'parent = "xa-mau"',
    'place = "mau"\nset',
    'places = ["xa-mau", "xa-mau"]',
    'owed_by = "@province"',
}


def test_the_sample_pack_is_sound() -> None:
    assert read(SOUND.encode(), "mau.toml").obligations[0].rule == "R1"


@pytest.mark.parametrize(("old", "new", "word"), FAULTS, ids=[new for _, new, _ in FAULTS])
def test_a_pack_with_a_fault_is_refused_with_its_line(old: str, new: str, word: str) -> None:
    assert SOUND.count(old) >= 1
    text = SOUND.replace(old, new, 1)
    with pytest.raises(Refused) as refused:
        read(text.encode(), "mau.toml")
    assert word in refused.value.say("vi")
    changed = {n for n, line in enumerate(text.splitlines(), 1) if line not in SOUND.splitlines()}
    found = {fault.line for fault in faults_of(text.encode())}
    if new not in ELSEWHERE:
        assert found & changed
    assert all(text.splitlines()[line - 1] for line in found)


def test_every_fault_of_a_pack_is_told_at_once_in_the_order_of_its_lines() -> None:
    text = SOUND.replace('clause = "I.1"', "clause = 1").replace('type = "huyen"', 'type = "x"')
    text = text.replace('value = "12,19"', 'value = "12.19"').replace('role = "phong"', "")
    found = faults_of(text.encode())
    assert [fault.code for fault in found] == [
        "not_one_of",
        "missing_key",
        "wrong_type",
        "unreadable_number",
    ]
    named = [text.splitlines()[fault.line - 1] for fault in found]
    assert [line.split(" ")[0] for line in named] == ["type", "[[units]]", "clause", "value"]


def test_a_fault_in_a_table_makes_no_second_fault_where_the_table_is_named() -> None:
    text = SOUND.replace('name = "Phòng mẫu"', "name = 5")
    assert [fault.code for fault in faults_of(text.encode())] == ["wrong_type"]


MANY = {
    'level = "district"': 'level = "galaxy"',
    "period = [2024, 2025]": "period = 2024\nissued_on = 2024-02-30",
    'parent = "mau"': "parent = 5",
    'role = "phong"': 'role = "bộ lạc"\nname = "Phòng nữa"',
    'clause = "I.1"': 'titel = "x"',
    "trước ngày 30/10/2024": "khẩn trương",
    'strength = "must"': 'strength = "bắt buộc"',
    'places = ["xa-mau"]\ndossier = { standard = "xa-ntm", year = 2024': 'places = ["xa-la"]\n'
    'dossier = { standard = "xa-sieu", year = "x"',
    'value = "12,19"': 'value = "12.19"\ntarget_year = "abc"',
}


def test_a_wrong_key_hides_no_other_fault_of_its_table_or_of_the_file() -> None:
    text = SOUND
    for old, new in MANY.items():
        assert old in text
        text = text.replace(old, new, 1)
    found = faults_of(text.encode())
    lines = text.splitlines()
    assert sorted((f.code, lines[f.line - 1].split(" ")[0]) for f in found) == [
        ("key_twice", "name"),
        ("missing_key", "[[obligations]]"),
        ("no_such_day", "issued_on"),
        ("not_one_of", "dossier"),
        ("not_one_of", "level"),
        ("not_one_of", "role"),
        ("not_one_of", "strength"),
        ("unknown_key", "titel"),
        ("unknown_place", "places"),
        ("unreadable_number", "value"),
        ("unreadable_phrase", "expression"),
        ("wrong_type", "dossier"),
        ("wrong_type", "parent"),
        ("wrong_type", "period"),
        ("wrong_type", "target_year"),
    ]


def test_an_id_used_twice_is_found_at_its_own_table_past_one_that_has_no_id() -> None:
    text = SOUND.replace('id = "mau"\n', "", 1).replace('id = "phong-mau"', 'id = "x"', 1)
    text += '\n[[places]]\nid = "xa-mau"\nname = "Y"\ntype = "xa"\n'
    [twice] = [f for f in faults_of(text.encode()) if f.code == "twice"]
    assert (twice.n, text.splitlines()[twice.line - 1]) == (2, 'id = "xa-mau"')


def test_a_parent_that_cannot_be_read_makes_no_fault_at_the_duties_of_its_place() -> None:
    text = SOUND.replace('parent = "mau"', "parent = 5").replace('"@commune"', '"@district"')
    assert [fault.code for fault in faults_of(text.encode())] == ["wrong_type"]


def test_a_day_in_a_text_is_not_taken_for_the_fault_of_its_line() -> None:
    assert [f.code for f in faults_of(b'title = "2025-02-30" x # 2025-02-30\n')] == ["syntax"]


VALUES = ("5", '"x"', "[]", "[5]", "{ x = 1 }", "2024-01-01", "true", '""', '"…: x"')


def spoilt() -> Iterator[str]:
    """The sample with each pair in turn left out or given each other value."""
    lines = SOUND.splitlines()
    for at, line in enumerate(lines):
        if " = " in line:
            key = line.partition(" = ")[0]
            for new in ("", *(f"{key} = {value}" for value in VALUES)):
                yield "\n".join([*lines[:at], new, *lines[at + 1 :]])


def test_no_value_of_any_key_ends_the_reading_or_hides_the_fault_of_the_last_line() -> None:
    for text in spoilt():
        found = faults_of(f"{text}\nextra = 1".encode())
        assert "unknown_key" in [fault.code for fault in found]
        assert all(fault.say("vi") for fault in found)


def test_a_pack_that_is_not_utf_8_or_empty_is_refused_with_its_line() -> None:
    assert [(f.code, f.line) for f in faults_of(b'id = "x"\ntitle = "\xff"')] == [("encoding", 2)]
    assert [(f.code, f.line) for f in faults_of(b"")] == [("empty_file", 1)]
    assert [(f.code, f.line) for f in faults_of(b'id = "x"\nid = = 1\n')] == [("syntax", 2)]


def test_the_vietnamese_of_every_fault_holds_no_english(tmp_path: Path) -> None:
    assert all(vi != en for vi, en in faults.FAULTS.values())
    path = tmp_path / "hỏng.toml"
    path.write_text(SOUND.replace('clause = "I.1"', "clause = 1"), encoding="utf-8")
    vi, en = ntm(f"plan check '{path}'"), ntm(f"plan check '{path}' --lang en")
    assert (vi.code, en.code) == (1, 1)
    assert "“clause” phải là chữ trong ngoặc kép" in vi.out
    assert "“clause” must be text in quotes" in en.out


def test_adopting_a_faulty_file_lists_every_error_and_writes_nothing(tmp_path: Path) -> None:
    path, store = tmp_path / "hong.toml", str(tmp_path / "s.db")
    path.write_text(SOUND.replace("must", "x").replace("xa-ntm", "xa-la"), encoding="utf-8")
    ntm("init", store)
    answer = ntm(f"plan adopt '{path}'", store)
    assert answer.code == 1
    assert answer.err.count("dòng ") == 4
    assert ntm("plan list --json", store).json["items"][0]["adopted_on"] is None


# --- where things stand in the text ---------------------------------------------------------------

ODD = '''# [[places]] in a comment
title = """
[[places]]
id = "no"
"""   # after
"quoted key" = 'one # not a comment'
list = [  # a list over lines
    "a]", 'b',
    """c
]""",
]
  [[ places ]]  # spaced
 id="x"
names = { "a b" = 1, c = [1,
  2] }
[[places]]
[places.inner]
id = 5
[[units]]
text = \'\'\'it's
id = "no"\'\'\'
esc = "a \\" [ b"
id = "u"
'''


def test_keys_and_tables_are_found_through_comments_odd_spacing_and_long_values() -> None:
    lines = Lines(ODD)
    assert lines.found == {
        ("", None, "title"): 2,
        ("", None, "quoted key"): 6,
        ("", None, "list"): 7,
        ("places", 0, None): 12,
        ("places", 0, "id"): 13,
        ("places", 0, "names"): 14,
        ("places", 1, None): 16,
        ("places", 1, "inner"): 17,
        ("units", 0, None): 19,
        ("units", 0, "text"): 20,
        ("units", 0, "esc"): 22,
        ("units", 0, "id"): 23,
    }
    assert lines.at("places", 0, "gone") == 12
    assert lines.at("nowhere", 3) == 1


@given(st.text(alphabet="[]{}=\"'#\\\n ab.", max_size=40))
def test_any_text_is_scanned_to_its_end_within_its_lines(text: str) -> None:
    assert all(1 <= line <= text.count("\n") + 1 for line in Lines(text).found.values())


@pytest.mark.parametrize("plan", bundled())
def test_every_table_and_key_of_a_bundled_pack_is_found_on_its_line(plan: str) -> None:
    from ntm_workflow.plans.pack import source

    text = source(plan).decode()
    written = text.splitlines()
    for (table, _, key), line in Lines(text).found.items():
        assert written[line - 1].startswith(key or (f"[[{table}]]", f"[{table}."))


def test_days_of_a_reader_stand_in_place_of_words_nobody_can_read(tmp_path: Path) -> None:
    days = 'days = { kind = "by_date", strict_day = 2024-02-01, nominal_day = 2024-02-29, reason = "theo công văn mẫu" }'
    text = SOUND.replace('"trước ngày 30/10/2024"', f'"khẩn trương"\n{days}')
    pack = tmp_path / "mau.toml"
    pack.write_text(text, encoding="utf-8")
    assert faults_of(text.encode()) == []
    found = ntm(f"plan check '{pack}' --json").json["items"]
    assert "days_given" in {item["code"] for item in found}
    with closing_store(Desk(str(tmp_path / "s.db"), "05/01/2025").init()) as desk:
        assert ntm(f"plan adopt '{pack}'", str(tmp_path / "s.db")).code == 0
        duty = desk.rows("obligation")["R1/xa-mau"]
    assert (duty["expression"], duty["kind"]) == ("khẩn trương", "by_date")
    assert (duty["strict_day"], duty["nominal_day"]) == (date(2024, 2, 1), date(2024, 2, 29))
    assert duty["derivation"][0]["rule"] == "words_unread"
