"""Nothing is told of a place on a day from which it had ended, by its id as little as by its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from offices import Desk, adopted, closing_store
from sample_pack import SOUND
from terminal import ntm

PAPER = "--document 'Nghị quyết mẫu'"
ID, NAME = "tam-ngoc-tam-ky", "Tam Ngọc"
#: The commune ends on 1/7/2025, by each way there is, and what is then said of it.
ENDS = {
    f"place abolish {ID}": ("giải thể", "không có"),
    f"place merge {ID} --into tam-phu-tam-ky": ("nhập vào nơi khác", "xã Tam Phú"),
    f"place split {ID} --into 'Ngọc Tây' --into 'Ngọc Đông' --type xa": ("chia ra", "xã Ngọc Tây, xã Ngọc Đông"),
}  # fmt: skip
ACTS = [
    "dossier register --place {} --standard xa-kieu-mau --year 2026 --on {}",
    "dossier submit --place {} --standard xa-nang-cao --year 2024 --on {}",
    "fund allocate --item cầu --place {} --year 2025 --source provincial --kind investment --amount 5 --on {}",
    "fund allocate --item đường --place {} --year 2024 --source provincial --kind investment --amount 5 --on {}",
    "criteria achieve --place {} --set xa-nang-cao --criterion 13 --on {}",
    "criteria lapse --place {} --set xa-ntm --criterion 13 --on {}",
    "obligation give --place {} --to ubnd-tam-ky --phrase 'trước ngày 30/12/2026' --document CV --on {}",
    "target record --place {} --what xa-ntm --verdict achieved --on {}",
    "unit register 'Phòng Mẫu' --place {} --on {}",
]


@pytest.fixture
def store(tmp_path: Path) -> str:
    where = str(tmp_path / "s.db")
    with closing_store(adopted(where, "tam-ky-2024", "quang-nam-2024-2025")) as desk:
        desk.allocate("đường", 1_000)
    return where


def ended(store: str, how: str = f"place abolish {ID}") -> str:
    answer = ntm(f"{how} --on 1/7/2025 {PAPER} --json", store)
    assert answer.code == 0, answer.err
    return f"#{answer.json['entry']}"


@pytest.mark.parametrize("how", ENDS)
def test_the_refusal_says_when_and_by_what_it_ended_and_what_came_after(
    store: str, how: str
) -> None:
    by, after = ENDS[how]
    entry = ended(store, how)
    refused = ntm(ACTS[0].format(ID, "1/7/2025"), store)
    assert (refused.code, refused.out) == (3, "")
    for said in ("xã Tam Ngọc", "01/07/2025", by, "Nghị quyết mẫu", entry, after):
        assert said in refused.err
    assert "any more" in ntm(ACTS[0].format(ID, "1/7/2025") + " --lang en", store).err


@pytest.mark.parametrize("act", ACTS)
def test_by_its_id_as_by_its_name_and_before_the_end_by_both(store: str, act: str) -> None:
    ended(store)
    size = ntm("audit verify --json", store).json["size"]
    for place in (ID, f"'{NAME}'"):
        for day in ("1/7/2025", "20/11/2026"):
            answer = ntm(act.format(place, day), store)
            assert answer.code == 3, answer.out
            assert "Tam Ngọc" in answer.err
    assert ntm("audit verify --json", store).json["size"] == size
    for place in (f"'{NAME}'", ID):
        answer = ntm(act.format(place, "30/6/2025") + " --dry-run", store)
        assert answer.code == 0, answer.err


def test_what_is_left_behind_may_still_be_settled(store: str) -> None:
    ended(store)
    for line in (
        "fund disburse --item đường --amount 5 --on 2/7/2025",
        f"obligation waive D118/{ID} --on 2/7/2025 --document 'CV mẫu'",
        f"obligation meet D016/{ID} --on 2/7/2025",
    ):
        answer = ntm(line, store)
        assert answer.code == 0, answer.err


def test_a_correction_keeps_its_day_or_moves_it_to_one_on_which_the_place_is_there(
    store: str,
) -> None:
    line = ACTS[0].format(ID, "1/6/2025")
    entry = ntm(f"{line} --json", store).json["entry"]
    ended(store)
    correct = f"fact correct {entry} --reason thử"
    refused = ntm(f"{correct} --on 2/7/2025", store)
    assert (refused.code, "01/07/2025" in refused.err) == (3, True)
    assert ntm(f"{correct} --on 2/6/2025", store).code == 0


def test_a_mistake_in_what_was_told_before_the_end_was_known_may_be_corrected(store: str) -> None:
    entry = ntm(ACTS[2].format(ID, "2/7/2025") + " --json", store).json["entry"]
    ended(store)
    assert ntm(f"fact correct {entry} --reason thử --set amount=6", store).code == 0


def test_a_plan_is_judged_by_its_own_day(tmp_path: Path) -> None:
    pack, store = tmp_path / "mau.toml", str(tmp_path / "s.db")
    pack.write_text(SOUND.replace("period", "issued_on = 2024-03-01\nperiod", 1), encoding="utf-8")
    with closing_store(Desk(store).init().adopt(str(pack), within=None)):
        pass
    for day, code in (("1/3/2024", 3), ("2/3/2024", 0)):
        later = tmp_path / f"{code}.toml"
        text = pack.read_text(encoding="utf-8").replace("ke-hoach-mau", f"khac-{code}")
        later.write_text(text.replace('rule = "R1"', f'rule = "R{code}"'), encoding="utf-8")
        end = ntm(f"place abolish xa-mau --on {day} {PAPER} --json", store).json["entry"]
        answer = ntm(f"plan adopt '{later}'", store)
        assert answer.code == code, answer.err
        ntm(f"fact void {end} --reason thử {PAPER}", store)
