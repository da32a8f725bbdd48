"""Plan packs: the bundled ones are sound, and a pack with a fault is refused whole."""

from __future__ import annotations

import pytest

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.dates import read_phrase
from ntm_workflow.plans.pack import bundled, load, part, read

SOUND = """
id = "ke-hoach-mau"
title = "Kế hoạch mẫu"
issuer = "UBND huyện Mẫu"
level = "district"
place = "mau"
period = [2024, 2025]

[[places]]
id = "mau"
name = "Mẫu"
type = "huyen"

[[places]]
id = "xa-mau"
name = "Xã Mẫu"
type = "xa"
parent = "mau"

[[units]]
id = "phong-mau"
name = "Phòng mẫu"
role = "phong"
place = "mau"

[[obligations]]
rule = "R1"
clause = "I.1"
title = "Việc mẫu"
expression = "trước ngày 30/10/2024"
strength = "must"
owed_by = "@commune"
owed_to = "phong-mau"
places = ["xa-mau"]
dossier = { standard = "xa-ntm", year = 2024, to = "district" }
"""

#: What is replaced by what, and a word of the message that must name it.
FAULTS = [
    ('id = "ke-hoach-mau"', 'id = "Kế hoạch/../x"', "Kế hoạch/../x"),
    ('level = "district"', 'level = "galaxy"', "galaxy"),
    ("period = [2024, 2025]", "period = [2025, 2024]", "2025, 2024"),
    ('place = "mau"\nperiod', 'place = "khong-co"\nperiod', "khong-co"),
    ('type = "xa"', 'type = "lang"', "lang"),
    ('parent = "mau"', 'parent = "xa-mau"', "xa-mau"),
    ('id = "xa-mau"', 'id = "mau"', "mau"),
    ('owed_to = "phong-mau"', 'owed_to = "nobody"', "nobody"),
    ('owed_by = "@commune"', 'owed_by = "@moon"', "@moon"),
    ('places = ["xa-mau"]', 'places = ["xa-la"]', "xa-la"),
    ('places = ["xa-mau"]', 'places = ["xa-mau", "xa-mau"]', "R1-xa-mau"),
    ('strength = "must"', 'strength = "bắt buộc"', "bắt buộc"),
    ('to = "district"', 'to = "moon"', "moon"),
    ('standard = "xa-ntm"', 'standard = "xa-sieu"', "xa-sieu"),
    ('clause = "I.1"', "clause = 1", "clause"),
    ('title = "Việc mẫu"', 'titel = "Việc mẫu"', "titel"),
    ("[[units]]", "[[units", "TOML"),
]


def test_the_sample_pack_is_sound() -> None:
    assert read(SOUND.encode(), "mau.toml").obligations[0].rule == "R1"


@pytest.mark.parametrize(("old", "new", "word"), FAULTS, ids=[new for _, new, _ in FAULTS])
def test_a_pack_with_a_fault_is_refused_with_its_place(old: str, new: str, word: str) -> None:
    assert old in SOUND
    with pytest.raises(Refused) as refused:
        read(SOUND.replace(old, new).encode(), "mau.toml")
    if word != "TOML":
        assert word in refused.value.say("vi")


@pytest.mark.parametrize("plan", bundled())
def test_every_phrase_of_a_bundled_pack_is_read(plan: str) -> None:
    pack = load(plan)
    for duty in pack.obligations:
        assert read_phrase(duty.expression, pack.period).strict_day


def test_the_lists_of_the_province_have_the_numbers_its_text_states() -> None:
    by_rule = {duty.rule: len(duty.places) for duty in load("quang-nam-2024-2025").obligations}
    # II.1: 8 and 14 communes; II.2: 17 and 44; II.3: 5 and 19; each list goes up twice.
    lists = {"D108": 8, "D110": 14, "D118": 17, "D120": 44, "D125": 5, "D127": 19}
    assert {rule: by_rule[rule] for rule in lists} == lists
    assert all(by_rule[f"D{int(rule[1:]) + 1}"] == count for rule, count in lists.items())


def test_one_areas_part_keeps_what_lies_in_it_and_the_places_above() -> None:
    pack = part(load("quang-nam-2024-2025"), "Tam Kỳ")
    assert {p.id for p in pack.places} >= {"quang-nam", "tam-ky", "tam-ngoc-tam-ky"}
    assert not [p for p in pack.places if p.parent not in (None, "quang-nam", "tam-ky")]
    assert {place for duty in pack.obligations for place in duty.places} == {
        *("tam-ngoc-tam-ky", "tam-thanh-tam-ky", "tam-phu-tam-ky", "tam-thang-tam-ky")
    }
