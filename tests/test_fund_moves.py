"""The money of an item at the keyboard, from its plan to its settlement."""

from __future__ import annotations

from typing import Any

import pytest
from offices import adopted, closing_store
from terminal import Answer, ntm

ITEM = "--item 'Đường thôn mẫu'"
GIVE = f"fund allocate {ITEM} --place 'Tam Ngọc' --year 2024 --source provincial --kind investment --amount '1,5 tỷ' --on 20/2/2024"


@pytest.fixture
def store(store_url: str) -> str:
    with closing_store(adopted(store_url, "tam-ky-2024")):
        pass
    assert ntm(GIVE, store_url).code == 0
    return store_url


def typed(store: str, line: str) -> Answer:
    return ntm(f"fund {line}", store)


def shown(store: str, **wanted: int | None) -> dict[str, Any]:
    said = ntm("fund show 'Đường thôn mẫu' --json", store).json
    return {name: said[name] for name in wanted}


def test_from_the_plan_to_the_settlement(store: str) -> None:
    for line in (
        f"describe {ITEM} --owner 'UBND xã Tam Ngọc' --code DA-MẪU-01 --investment '2 tỷ'",
        f"contract {ITEM} --amount '1,2 tỷ' --contractor 'Công ty mẫu' --on 15/3/2024",
        f"advance {ITEM} --amount '300 triệu' --on 1/4/2024",
        f"accept {ITEM} --amount '900 triệu' --on 20/5/2024",
        f"recover {ITEM} --amount '300 triệu' --on 25/5/2024",
        f"disburse {ITEM} --amount '500 triệu' --on 25/5/2024",
        f"contribute {ITEM} --amount '50 triệu' --what 'hiến đất (mẫu)' --on 1/6/2024",
        f"adjust {ITEM} --less '200 triệu' --on 20/9/2024 --decision 'QĐ mẫu'",
        f"hand-over {ITEM} --on 1/10/2024",
        f"settle {ITEM} --amount 850.000.000 --on 20/10/2024 --document 'QĐ mẫu'",
    ):
        answer = typed(store, line)
        assert answer.code == 0, (line, answer.err)
    numbers = {
        "allocated": 1_300_000_000,
        "advanced": 0,
        "paid": 800_000_000,
        "disbursed": 800_000_000,
        "accepted": 900_000_000,
        "settled": 850_000_000,
        "debt": 50_000_000,
        "contracted": 1_200_000_000,
        "contributed": 50_000_000,
        "investment": 2_000_000_000,
    }
    assert shown(store, **numbers) == numbers
    [owes] = ntm("fund debt --json", store).json["items"]
    assert (owes["debt"], owes["owner"]["name"]) == (50_000_000, "UBND xã Tam Ngọc")
    assert "50.000.000" in ntm("fund debt", store).out
    assert typed(store, f"disburse {ITEM} --amount '50 triệu' --on 1/11/2024").code == 0
    assert ntm("fund debt --json", store).json["items"] == []
    assert ntm("rebuild --check --json", store).json["equal"] is True


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (f"adjust {ITEM}", 2, "--more"),
        (f"adjust {ITEM} --more 1 --less 1", 2, "--more"),
        (f"adjust {ITEM} --less '1,6 tỷ'", 1, "thấp hơn"),
        (f"advance {ITEM} --amount '1,6 tỷ'", 1, "vượt số còn lại"),
        (f"recover {ITEM} --amount 1", 2, "tạm ứng"),
        (f"return {ITEM} --amount 1", 2, "đã thanh toán"),
        (f"settle {ITEM} --amount 1.5", 2, "1.5"),
        (f"settle {ITEM} --amount -5", 2, "-5"),
        (f"describe {ITEM}", 2, "--owner"),
        (f"contribute {ITEM} --amount 1 --what '  '", 2, "để trống"),
        ("accept --item 'Không có' --amount 1", 3, "Không có"),
    ],
)
def test_what_cannot_be_is_refused_and_writes_nothing(
    store: str, line: str, code: int, words: str
) -> None:
    before = ntm("audit verify --json", store).json
    answer = typed(store, line)
    assert (answer.code, words in answer.err) == (code, True), answer.err
    assert ntm("audit verify --json", store).json == before


def test_an_advance_really_paid_beyond_the_plan_is_kept_with_its_paper(store: str) -> None:
    line = f"advance {ITEM} --amount '1,6 tỷ' --already-done"
    assert typed(store, line).code == 2
    assert typed(store, f"{line} --document 'UNC mẫu'").code == 0
    assert shown(store, advanced=0) == {"advanced": 1_600_000_000}


def test_a_settlement_typed_wrong_is_corrected(store: str) -> None:
    told = typed(store, f"settle {ITEM} --amount '1 tỷ' --on 20/10/2024 --json").json
    line = f"fact correct {told['facts'][0]['entry']} --reason 'gõ nhầm' --set amount='900 triệu'"
    assert ntm(line, store).code == 0
    assert shown(store, settled=0) == {"settled": 900_000_000}
