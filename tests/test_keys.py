"""A key holds for what was asked, however it is spelled, and for nothing else."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest
from offices import adopted, closing_store
from sample_pack import SOUND
from terminal import Answer, ntm

PAPER = "--document 'CV mẫu'"
DUTY = "D118/tam-ngoc-tam-ky"
TO_GIVE = f"obligation give {PAPER} --phrase 'trước ngày 15/12/2024' --on 20/11/2024"
ALLOCATE = (
    "fund allocate --item cầu --year 2024 --source provincial --kind investment --on 20/2/2024"
)
#: A line, the same line otherwise spelled, and one that asks for something else.
LINES = [
    (
        f"obligation extend {DUTY} --until 15/11/2024 --on 1/10/2024 {PAPER} --body 'UBND thành phố Tam Kỳ'",
        f"nhiem-vu gia-han obligation/{DUTY} --until 2024-11-15 --on 2024-10-01 {PAPER} --body 'ubnd tp tam ky'",
        f"obligation extend {DUTY} --until 16/11/2024 --on 1/10/2024 {PAPER} --body 'UBND thành phố Tam Kỳ'",
    ),
    (
        f"obligation meet {DUTY} --on 28/10/2024 --body 'UBND xã Tam Ngọc'",
        f"obligation meet {DUTY} --on 28.10.2024 --body ubnd-tam-ngoc-tam-ky",
        f"obligation meet {DUTY} --on 28/10/2024",
    ),
    (
        f"{TO_GIVE} --to 'UBND xã Tam Ngọc' --with 'UBND xã Tam Phú' --place 'Tam Ngọc'",
        f"{TO_GIVE} --to ubnd-tam-ngoc-tam-ky --with ubnd-tam-phu-tam-ky --place tam-ngoc-tam-ky",
        f"{TO_GIVE} --to 'UBND xã Tam Ngọc' --with 'UBND xã Tam Thanh' --place 'Tam Ngọc'",
    ),
    (
        "dossier submit --place 'Tam Ngọc' --standard xa-nang-cao --year 2024 --to 'UBND thành phố Tam Kỳ' --on 28/10/2024",
        "dossier submit --place 'tam ngoc' --standard xa-nang-cao --year 2024 --to ubnd-tam-ky --on 28/10/2024",
        "dossier submit --place 'Tam Ngọc' --standard xa-nang-cao --year 2024 --to district --on 28/10/2024",
    ),
    (
        f"{ALLOCATE} --place 'Tam Ngọc' --amount '1,5 tỷ'",
        f"{normalize('NFD', ALLOCATE)} --place 'xã  Tam Ngọc' --amount 1500000000",
        f"{ALLOCATE} --place 'Tam Phú' --amount '1,5 tỷ'",
    ),
    (
        "fund disburse --item 'đường thôn' --amount 5 --on 15/5/2024",
        "fund disburse --item 'DUONG THON' --amount 5 --on 15-5-2024",
        "fund disburse --item 'đường thôn' --amount 6 --on 15/5/2024",
    ),
    (
        "criteria achieve --place 'Tam Thăng' --set xa-nang-cao --criterion 13 --on 20/8/2024",
        "criteria achieve --place tam-thang-tam-ky --set xa-nang-cao --criterion 13 --on 20/8/2024",
        "criteria achieve --place 'Tam Thăng' --set xa-nang-cao --criterion 14 --on 20/8/2024",
    ),
    (
        "place rename 'Tam Phú' 'Phú Mới' --on 1/10/2024",
        "place rename tam-phu-tam-ky 'Phú Mới' --on 1/10/2024",
        "place rename 'Tam Phú' 'Phu Moi' --on 1/10/2024",
    ),
    (
        f"place merge 'Tam Thanh' --part 'Tam Ngọc' --into 'Tam Phú' --on 1/10/2024 {PAPER}",
        f"place merge tam-thanh-tam-ky --part 'tam ngoc' --into tam-phu-tam-ky --on 1/10/2024 {PAPER}",
        f"place merge 'Tam Thanh' 'Tam Ngọc' --into 'Tam Phú' --on 1/10/2024 {PAPER}",
    ),
    (
        "place move 'Đồng Phú' --to 'Tam Phú' --on 1/10/2024",
        "place move 'Đồng Phú' --to tam-phu-tam-ky --on 1/10/2024",
        "place move 'Đồng Phú' --to 'Tam Thanh' --on 1/10/2024",
    ),
    (
        "unit alias 'UBND xã Tam Ngọc' --add 'Ủy ban Ngọc'",
        "unit alias ubnd-tam-ngoc-tam-ky --add 'Ủy ban Ngọc'",
        "unit alias 'UBND xã Tam Ngọc' --add 'Uy ban Ngoc'",
    ),
    (
        "fact correct {paid} --reason thử --set amount='150 triệu' --on 16/5/2024",
        "fact correct '#{paid}' --reason thử --set amount=150.000.000 --on 2024-05-16",
        "fact correct {paid} --reason thử --set amount='151 triệu' --on 16/5/2024",
    ),
    (
        "fact correct {handed} --reason thử --set received_on=30/10/2024",
        "fact correct {handed} --reason thử --set received_on=2024-10-30",
        "fact correct {handed} --reason thử --set received_on=31/10/2024",
    ),
    (
        "fact correct {handed} --reason thử --set to='UBND xã Tam Phú'",
        "fact correct {handed} --reason thử --set to=ubnd-tam-phu-tam-ky",
        "fact correct {handed} --reason thử --set to='UBND xã Tam Thanh'",
    ),
]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    store = tmp_path_factory.mktemp("sổ") / "s.db"
    with closing_store(adopted(str(store), "tam-ky-2024", "quang-nam-2024-2025")) as desk:
        desk.allocate("đường thôn", 10**9)
        paid = desk.disburse("đường thôn", 10**6, "15/05/2024").entry
        handed = desk.submit("Tam Thanh", "28/10/2024").entry
    return store, {"paid": paid, "handed": handed}


def run(begun: tuple[Path, dict[str, int]], store: str, line: str) -> Answer:
    return ntm(f"{line.format(**begun[1])} --key k --json", store)


@pytest.mark.parametrize(("first", "same", "other"), LINES, ids=[line[0] for line in LINES])
def test_the_same_request_in_another_spelling_is_recorded_already(
    begun: tuple[Path, dict[str, int]], tmp_path: Path, first: str, same: str, other: str
) -> None:
    store = str(tmp_path / "s.db")
    Path(store).write_bytes(begun[0].read_bytes())
    once = run(begun, store, first)
    assert once.code == 0, once.err
    for line in (first, same):
        again = run(begun, store, line)
        assert again.code == 0, again.err
        assert (again.json["repeated"], again.json["entry"]) == (True, once.json["entry"])
    refused = run(begun, store, other)
    assert (refused.code, "đã dùng cho một việc khác" in refused.err) == (1, True), refused


@pytest.mark.parametrize("proposed", [False, True])
def test_a_line_of_two_entries_is_the_same_in_another_spelling(
    sqlite_url: str, tmp_path: Path, proposed: bool
) -> None:
    assert ntm("init", sqlite_url).code == 0
    files = []
    for n in (1, 2):
        text = SOUND.replace("ke-hoach-mau", f"mau-{n}").replace('rule = "R1"', f'rule = "R{n}"')
        (tmp_path / f"{n}.toml").write_text(text, encoding="utf-8")
        files.append(f"'{tmp_path}/{n}.toml'")
    if proposed:
        ntm("approval rule --type PlanAdopted --document 'Quy chế mẫu'", sqlite_url)
    first = f"plan adopt {' '.join(files)} --within 'Xã Mẫu' --key k --json"
    lines = [first, first.replace("'Xã Mẫu'", "xa-mau").replace(f"{tmp_path}/", f"{tmp_path}/./")]
    told = [ntm(line, sqlite_url) for line in lines]
    assert [each.code for each in told] == [0, 0], told
    assert [each.json["repeated"] for each in told] == [False, True]
    assert told[0].json["entries"] == told[1].json["entries"]
    assert len(told[0].json["entries"]) == (1 if proposed else 2)
    other = ntm(f"plan adopt {' '.join(files)} --key k", sqlite_url)
    assert (other.code, "đã dùng cho một việc khác" in other.err) == (1, True)
