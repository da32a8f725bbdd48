"""What is still in a place that ends is listed: open on its last day, or told of a later one already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from offices import adopted, closing_store
from sample_pack import SOUND
from terminal import ntm

ID = "tam-ngoc-tam-ky"
DOSSIER = f"dossier register --place {ID} --standard xa-kieu-mau --year 2026"
FUND = f"fund allocate --item đường --place {ID} --year 2025 --source provincial --kind investment --amount 5"


@pytest.fixture
def store(sqlite_url: str) -> str:
    with closing_store(adopted(sqlite_url, "quang-nam-2024-2025")):
        return sqlite_url


def recorded(store: str, line: str) -> int:
    answer = ntm(f"{line} --json", store)
    assert answer.code == 0, answer.err
    return int(answer.json["entry"])


def end(how: str = f"abolish {ID}", on: str = "1/7/2024") -> str:
    return f"place {how} --on {on} --document 'Nghị quyết mẫu'"


def left(store: str, line: str) -> dict[str, Any]:
    """What the line leaves in the commune, which a dry run tells as well."""
    told = [ntm(f"{line} --json{dry}", store) for dry in (" --dry-run", "")]
    assert [each.code for each in told] == [0, 0], told
    before, after = (each.json["left_behind"] for each in told)
    assert before == after
    (found,) = [each for each in after if each["place"]["id"] == ID]
    return found  # type: ignore[no-any-return]


WAYS = [
    f"merge {ID} --into tam-phu-tam-ky",
    f"split {ID} --into 'Ngọc Đông' --into 'Ngọc Tây' --type xa",
    f"abolish {ID}",
]


@pytest.mark.parametrize("how", WAYS)
def test_what_is_told_of_a_later_day_already_is_listed(store: str, how: str) -> None:
    entries = [
        recorded(store, f"{DOSSIER} --on 5/8/2024"),
        recorded(store, f"{FUND} --on 6/8/2024"),
    ]
    gone = recorded(store, f"{DOSSIER.replace('2026', '2027')} --on 7/8/2024")
    recorded(store, f"fact void {gone} --reason nhầm --document 'BB 1'")
    village = recorded(store, f"place register 'Đồng Mới' --type thon --parent {ID} --on 1/9/2024")
    found = left(store, end(how))
    assert f"{ID}/xa-kieu-mau/2026" in found["dossiers"]
    assert f"{ID}/xa-kieu-mau/2027" not in found["dossiers"]
    assert found["funds"] == ["đường"]
    assert village
    assert [id for id in found["places"] if id.startswith("dong-moi")]
    assert found["entries"] == entries
    assert len(found["obligations"]) == len(set(found["obligations"]))


def test_a_duty_adopted_from_a_later_day_is_open_in_it(store: str, tmp_path: Path) -> None:
    pack = tmp_path / "mau.toml"
    text = SOUND.replace("period", "issued_on = 2024-08-01\nperiod", 1)
    pack.write_text(text.replace("xa-mau", ID), encoding="utf-8")
    recorded(store, f"plan adopt '{pack}'")
    assert f"R1/{ID}" in left(store, end())["obligations"]


def test_what_was_open_on_the_day_is_listed_though_it_was_done_later(store: str) -> None:
    recorded(store, f"obligation meet D118/{ID} --on 5/8/2024")
    assert f"D118/{ID}" in left(store, end())["obligations"]


def test_what_was_done_before_the_day_is_not(store: str) -> None:
    recorded(store, f"obligation meet D118/{ID} --on 5/6/2024")
    assert f"D118/{ID}" not in left(store, end())["obligations"]


def test_a_place_of_which_only_a_part_goes_keeps_what_is_told_of_it(store: str) -> None:
    recorded(store, f"{DOSSIER} --on 5/8/2024")
    assert left(store, end(f"merge --part {ID} --into tam-phu-tam-ky"))["entries"] == []


def test_a_person_is_told_the_numbers_the_entries_and_the_next_commands(store: str) -> None:
    entry = recorded(store, f"{DOSSIER} --on 5/8/2024")
    for line in (end(f"merge {ID} --into tam-phu-tam-ky --key k"),) * 2:
        said = ntm(line, store)
        assert said.code == 0, said.err
        assert said.out.count("nhiệm vụ đang mở") == 1
        assert f"Xem đề nghị chuyển: ntm place work {ID}" in said.out
        assert f"từ ngày 01/07/2024 trở đi: #{entry}." in said.out


def test_nothing_moves_along(store: str) -> None:
    found = left(store, end(f"merge {ID} --into tam-phu-tam-ky"))
    assert f"D118/{ID}" in found["obligations"]
    assert f"{ID}/xa-nang-cao/2024" in found["dossiers"]
    duty = ntm(f"obligation show D118/{ID} --json", store).json
    assert duty["place"]["id"] == ID
