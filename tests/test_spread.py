"""What a pack says in short is said in full: places in a row, lists of places, the places of a level."""

from __future__ import annotations

import pytest

from ntm_workflow.plans.pack import Pack, part, read

PACK = """
id = "tinh-mau"
title = "Kế hoạch mẫu"
issuer = "UBND tỉnh Mẫu"
level = "province"
place = "mau"
period = [2024, 2024]

[[places]]
id = "mau"
name = "Mẫu"
type = "tinh"

[[places]]
names = ["Đông Mẫu", "Tây Mẫu"]
type = "huyen"
parent = "mau"

[[places]]
names = ["An", "Bình"]
type = "xa"
parent = "dong-mau"

[[places]]
name = "Cát"
type = "xa"
parent = "tay-mau"

[[units]]
id = "kiem-toan"
name = "Kiểm toán Nhà nước"
role = "kiem-toan"

[[targets]]
id = "danh-sach"
clause = "I"
what = "xa-ntm"
title = "Xã nông thôn mới"
places = ["an-dong-mau", "binh-dong-mau"]
aim = "target"

[[obligations]]
rule = "R1"
clause = "I"
title = "Việc mẫu"
strength = "must"
owed_by = "@province"
owed_to = "kiem-toan"
"""

COMMUNES = ["an-dong-mau", "binh-dong-mau", "cat-tay-mau"]


def places(said: str) -> list[str]:
    return pack(said).obligations[0].places


def pack(said: str) -> Pack:
    return read((PACK + said).encode(), "mau.toml")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ('places_of = ["danh-sach"]', COMMUNES[:2]),
        ('places_of = ["danh-sach"]\neach = "district"', ["dong-mau"]),
        ('places = ["mau"]\neach = "district"', ["dong-mau", "tay-mau"]),
        ('places = ["mau"]\neach = "commune"', COMMUNES),
        ('places = ["tay-mau"]\neach = "commune"', COMMUNES[2:]),
        ('places = ["cat-tay-mau"]\nplaces_of = ["danh-sach"]\neach = "commune"', [*COMMUNES[2:], *COMMUNES[:2]]),
        ('places = ["an-dong-mau", "mau"]\neach = "commune"', COMMUNES),
    ],
)  # fmt: skip
def test_a_duty_stands_for_the_places_of_a_level_above_and_below_each_once(
    said: str, found: list[str]
) -> None:
    assert places(said) == found


def test_an_office_of_the_whole_country_has_no_place_and_stays_in_every_part() -> None:
    whole = pack('places = ["mau"]\neach = "commune"')
    assert whole.units[0].place is None
    small = part(whole, "Cát")
    assert [unit.id for unit in small.units] == ["kiem-toan"]
    assert small.obligations[0].places == ["cat-tay-mau"]
