"""A new pack: a frame says what belongs at each blank, and filled in it is sound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from terminal import ntm

from ntm_workflow.domain.place import TYPES
from ntm_workflow.plans.pack import Pack, blanks, faults_of, load, read
from ntm_workflow.plans.shapes import TABLES
from ntm_workflow.plans.skeleton import skeleton

LIKE = [None, "tam-ky-2024", "quang-nam-2024-2025"]


def frame(like: str | None, period: tuple[int, int] = (2026, 2030)) -> str:
    return skeleton(load(like) if like else None, period)


def filled(text: str) -> str:
    """The frame as somebody would fill it in, blank by blank; every duty is a rule of its own."""
    ids = re.findall(r'^id = "([a-z0-9-]+)"', text, re.MULTILINE)
    place = ids[0] if ids else "mau"
    commune = next((id for id in ids if f'id = "{id}"' in text and is_commune(text, id)), place)
    said = {"level": '"province"', "type": '"tinh"', "issued_on": "2026-01-31", "number": '"1/KH"'}
    said |= {"place": f'"{place}"', "expression": '"năm 2026"', "strength": '"must"'}
    said |= {"owed_by": '"@province"', "owed_to": '"@province"', "places": f'["{commune}"]'}
    said["dossier"] = '{ standard = "xa-ntm", year = 2026, to = "province" }'
    lines = []
    for n, line in enumerate(text.splitlines()):
        key, _, value = line.partition(" = ")
        if key == "rule":
            line = f'rule = "R{n}"'
        elif value.startswith('"…'):
            line = f"{key} = {said.get(key, place and repr(place).replace(chr(39), chr(34)))}"
        lines.append(line)
    return "\n".join(lines)


def is_commune(text: str, id: str) -> bool:
    block = text.partition(f'id = "{id}"\n')[2].partition("\n\n")[0]
    return 'type = "xa"' in block


def examples(text: str) -> str:
    """The frame with its examples made part of it, as the first lines say."""
    return re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE)


def levels(pack: Pack) -> set[str]:
    return {TYPES[place.type][0] for place in pack.places}


@pytest.mark.parametrize("like", LIKE)
@pytest.mark.parametrize("period", [(2025, 2026), (2026, 2030)])
def test_a_frame_filled_in_is_sound(like: str | None, period: tuple[int, int]) -> None:
    pack = read(filled(frame(like, period)).encode(), "-")
    assert pack.period == period
    assert len(pack.obligations) == (len(load(like).obligations) if like else 0)


@pytest.mark.parametrize("like", LIKE)
def test_every_table_has_an_example_that_is_sound_once_it_is_no_remark(like: str | None) -> None:
    text = frame(like)
    pack = read(examples(filled(text)).replace('"dia-ban"', '"mau"').encode(), "-")
    assert [name for name in TABLES if not getattr(pack, name)] == []
    assert not re.findall(r"\$\w", text)


@pytest.mark.parametrize("like", LIKE)
def test_every_blank_is_an_error_with_its_line_and_a_frame_has_no_other(like: str | None) -> None:
    text = frame(like)
    lines = [n for n, line in enumerate(text.splitlines(), 1) if ' = "…' in line]
    assert [fault.line for fault in blanks(text.encode(), "-")] == lines
    assert lines


def test_a_plan_of_today_has_no_districts_and_says_what_must_be_decided() -> None:
    text = frame("tam-ky-2024")
    pack = read(filled(text).encode(), "-")
    assert levels(pack) == {"province", "commune"}
    assert {p.parent for p in pack.places if p.type == "xa"} == {"quang-nam"}
    assert {p.parent_source for p in pack.places if p.type == "xa"} == {"unverified"}
    assert "Từ 01/07/2025 không còn UBND cấp huyện" in text
    assert "Ai ban hành kế hoạch mới" in text
    assert 'level = "…: cấp ban hành: province (tỉnh, thành phố), commune (xã, phường)' in text
    assert '"@district"' not in text
    assert "nay ai giữ việc của UBND cấp huyện" in text
    assert "# Đơn vị của cấp nay không còn" in text


def test_a_plan_from_before_the_end_of_districts_keeps_them_and_asks_who_comes_after() -> None:
    text = frame("tam-ky-2024", (2025, 2026))
    pack, old = read(filled(text).encode(), "-"), load("tam-ky-2024")
    assert [place.id for place in pack.places] == [place.id for place in old.places]
    assert [unit.id for unit in pack.units] == [unit.id for unit in old.units]
    assert (pack.id, pack.level) == ("tam-ky-2025-2026", "district")
    assert "việc có hạn sau ngày ấy ai làm" in text
    assert "không còn UBND cấp huyện" not in frame("tam-ky-2024", (2024, 2024))


@pytest.mark.parametrize("like", ["tam-ky-2024", "quang-nam-2024-2025"])
def test_what_the_old_plan_said_is_a_hint_and_never_a_value(like: str) -> None:
    text, old = frame(like), load(like)
    phrases = {duty.expression for duty in old.obligations if duty.expression}
    values = [line.partition(" = ")[2] for line in text.splitlines() if not line.startswith("#")]
    assert not [v for v in values if v.strip('"') in phrases]
    assert all(f"trước: “{phrase}”" in text for phrase in phrases)
    # A year in the id or the name of a place or an office is part of what it is called.
    called = {name for each in (*old.places, *old.units) for name in (each.id, each.name)}
    new = [v for v in values if not v.startswith('"…') and v.strip('"') not in called]
    assert not [v for v in new if re.search(r"\b202[0-5]\b", v)]
    assert f"“{old.title}”" not in text


def test_years_move_in_hints_only() -> None:
    assert "(trước: “trước ngày 30/10/2024”; dời năm: “trước ngày 30/10/2026”)" in frame(
        "quang-nam-2024-2025"
    )


def test_criteria_sets_of_an_earlier_period_are_flagged_as_ended() -> None:
    ended = "ĐÃ HẾT GIAI ĐOẠN: xa-ntm 2021-2025"
    assert frame(None).count(ended) == 3
    assert ended not in frame(None, (2025, 2025))


# --- on the command line --------------------------------------------------------------------------


def test_a_frame_is_written_checked_filled_in_and_adopted(tmp_path: Path) -> None:
    file, store = tmp_path / "mới.toml", str(tmp_path / "s.db")
    assert ntm("init", store).code == 0
    told = ntm(f"plan new --like tam-ky-2024 --period 2026-2030 -o '{file}'")
    left = len(blanks(file.read_bytes(), "-"))
    assert (told.code, f"còn {left} chỗ" in told.out) == (0, True)
    checked = ntm(f"plan check '{file}' --json")
    assert (checked.code, len(checked.json["items"])) == (1, left)
    assert {item["code"] for item in checked.json["items"]} == {"blank"}
    refused = ntm(f"plan adopt '{file}'", store)
    assert (refused.code, "“title” chưa điền: tên kế hoạch" in refused.err) == (1, True)
    file.write_text(filled(file.read_text("utf-8")), encoding="utf-8")
    assert faults_of(file.read_bytes()) == []
    assert ntm(f"plan check '{file}'").code == 0
    assert ntm(f"plan adopt '{file}'", store).code == 0


def test_a_frame_is_never_written_over_another_file(tmp_path: Path) -> None:
    file = tmp_path / "mới.toml"
    assert ntm(f"plan new --like tam-ky-2024 --period 2025-2025 -o '{file}'").code == 0
    before = file.read_bytes()
    again = ntm(f"plan new --period 2025 -o '{file}'")
    assert (again.code, file.read_bytes()) == (1, before)
    assert ntm("plan new --period 2025 -o /khong/co/moi.toml").code == 1
    assert ntm("plan new --period 2026-2025").code == 2
    assert ntm("plan new --period abc").code == 2
    assert ntm("plan new --period 2025 --id 'Kế hoạch'").code == 1


def test_a_frame_goes_to_the_screen_when_no_file_is_named() -> None:
    out = ntm("plan new --period 2026-2030").out
    assert read(filled(out).encode(), "-").period == (2026, 2030)
