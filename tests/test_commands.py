"""The chief commands on each database, and what a script relies on: one document, its keys, its codes."""

from __future__ import annotations

from typing import Any

import pytest
from terminal import ntm

OBLIGATION_KEYS = {
    *("id", "rule", "plan", "clause", "title", "owed_by", "with", "advised_by", "owed_to", "place"),
    *("strength", "expression", "kind", "window_start", "strict_day", "nominal_day", "act_by"),
    *("enforce_day", "standing", "met_on", "missed_on", "recorded_late", "miss_overturned_by"),
}
FUND_KEYS = {
    *("item", "type", "place", "year", "source", "kind", "allocated", "disbursed", "rate"),
    *("stop", "case", "conflicts"),
}
FACT_KEYS = {
    *("position", "entry", "recorded_at", "effective_on", "type", "subject", "body", "by"),
    *("document", "sentence", "because", "voided_by"),
}
DOSSIER_KEYS = {"place", "standard", "year", "stage", "holder", "since", "next_due"}
ALLOCATE = (
    "fund allocate --item cầu --place 'Tam Ngọc' --year 2024 --source provincial"
    " --kind investment --amount '1,5 tỷ' --on 20/2/2024 --body 'UBND thành phố Tam Kỳ'"
)


@pytest.fixture
def store(store_url: str) -> str:
    assert ntm("init", store_url).code == 0
    answer = ntm("plan adopt quang-nam-2024-2025 tam-ky-2024 --within 'Tam Kỳ' --json", store_url)
    assert answer.code == 0, answer.err
    assert answer.json["schema"] == "ntm.plan.adopt/1"
    return store_url


def first(line: str, store: str) -> dict[str, Any]:
    answer = ntm(line, store)
    assert answer.code == 0, answer.err
    item: dict[str, Any] = answer.json["items"][0]
    return item


def test_the_keys_others_read_are_there_on_both_databases(store: str) -> None:
    assert ntm(ALLOCATE, store).code == 0
    closed = ntm("day close --until 1/7/2024 --json", store).json
    assert closed["closed"][0] == "2024-01-01"
    assert set(closed["facts"][0]) == {"position", "type", "subject"}
    assert first("obligation list --json", store).keys() >= OBLIGATION_KEYS
    fund = first("fund list --json", store)
    assert fund.keys() >= FUND_KEYS
    assert fund["allocated"] == 1_500_000_000
    assert fund["place"] == {"id": "tam-ngoc-tam-ky", "name": "xã Tam Ngọc"}
    assert first("fact list --json", store).keys() >= FACT_KEYS
    assert first("dossier list --json", store).keys() >= DOSSIER_KEYS
    rebuilt = ntm("rebuild --check --json", store).json
    assert rebuilt.keys() >= {"equal", "events", "seconds", "digest"}
    assert rebuilt["equal"] is True
    assert ntm("audit verify --json", store).json.keys() >= {"size", "root", "ok", "first_bad"}


def test_who_did_it_and_who_typed_it_are_kept_apart(store: str) -> None:
    ntm(ALLOCATE + " --by 'cán bộ A'", store)
    fact = first("fact list --type FundAllocated --json", store)
    assert (fact["by"], fact["body"]["name"]) == ("cán bộ A", "UBND thành phố Tam Kỳ")


def test_a_key_answers_the_same_again_and_refuses_another_request(store: str) -> None:
    once = ntm(ALLOCATE + " --key a --json", store).json
    again = ntm(ALLOCATE + " --key a --json", store)
    assert (again.code, again.json["repeated"], again.json["entry"]) == (0, True, once["entry"])
    other = ntm(ALLOCATE.replace("1,5", "1,6") + " --key a", store)
    assert other.code == 1


def test_a_script_may_insist_on_a_position_and_ask_for_overdue(store: str) -> None:
    size = ntm("audit verify --json", store).json["size"]
    assert ntm(ALLOCATE + f" --if-position {size - 1}", store).code == 4
    assert ntm(ALLOCATE + f" --if-position {size}", store).code == 0
    assert ntm("obligation list --exit-code", store).code == 0
    ntm("day close --until 1/4/2024", store)
    assert ntm("obligation list --exit-code", store).code == 5


def test_a_list_is_tab_separated_in_a_pipe_and_csv_when_asked(store: str) -> None:
    table = ntm("place list", store).out.splitlines()
    assert table[0].split("\t")[:2] == ["Mã", "Tên"]
    assert ntm("place list --lang en", store).out.startswith("Id\tName")
    assert ntm("place list --csv", store).out.splitlines()[0] == (
        "id,name,type,code,parent,valid_from,valid_to"
    )


def test_a_waived_duty_is_waived_by_its_paper_and_never_overdue(store: str) -> None:
    line = "obligation waive D010/tam-ngoc-tam-ky --on 1/3/2024"
    assert ntm(line, store).code == 2
    assert ntm(line + " --document 'CV 1'", store).code == 0
    ntm("day close --until 1/4/2024", store)
    items = ntm("obligation list --as-of 1/4/2024 --json", store).json["items"]
    standings = {item["id"]: item["standing"] for item in items}
    assert standings["D010/tam-ngoc-tam-ky"] == "waived"
    assert standings["D010/tam-thanh-tam-ky"] == "overdue"
    assert ntm("obligation meet D010/tam-ngoc-tam-ky --on 2/3/2024", store).code == 1


def test_an_alias_with_the_same_key_is_the_same_request(store: str) -> None:
    once = ntm(ALLOCATE + " --key a --json", store).json
    again = ntm(ALLOCATE.replace("fund", "von", 1) + " --key a --json", store).json
    assert (again["repeated"], again["entry"]) == (True, once["entry"])


def test_another_day_with_the_same_key_is_another_correction(store: str) -> None:
    entry = ntm(ALLOCATE + " --json", store).json["entry"]
    line = f"fact correct {entry} --reason thử --key k --on "
    assert ntm(line + "21/2/2024", store).code == 0
    assert ntm(line + "22/2/2024", store).code == 1
