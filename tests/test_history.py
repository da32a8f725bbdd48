"""The audit trail: which facts are found, how few are held at once, and how each is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from offices import Desk, adopted, closing_store
from terminal import ntm

from ntm_workflow.domain.inputs import BackwardsRange
from ntm_workflow.domain.subjects import EVENTS
from ntm_workflow.domain.words import WORDS, in_words
from ntm_workflow.office import history
from ntm_workflow.office.history import Filter, NoSuchSubject
from ntm_workflow.projections.phrasing import SENTENCES
from ntm_workflow.projections.sentences import in_short, matching, sentence

PLANS = ("quang-nam-2024-2025", "tam-ky-2024")
D118 = "obligation/D118/tam-ngoc-tam-ky"


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(adopted(store_url, *PLANS)) as desk:
        desk.allocate("cầu", 1_000)
        desk.allocate("đường", 1_000, "Tam Thanh")
        yield desk


def found(desk: Desk, known_at: Any = None, **wanted: Any) -> list[Any]:
    with desk.office.reading(known_at=known_at) as reading:
        return [f for f, _ in history.find(desk.office.journal, reading, Filter(**wanted))]


def types(desk: Desk, **wanted: Any) -> list[str]:
    return [fact.type for fact in found(desk, **wanted)]


# --- which facts ----------------------------------------------------------------------------------


def test_a_place_means_what_lies_in_it_too(desk: Desk) -> None:
    city = {fact.subject for fact in found(desk, place="tam-ky")}
    assert {"fund/cầu", "fund/đường", D118} <= city
    commune = {fact.subject for fact in found(desk, place="tam-ngoc-tam-ky")}
    assert "fund/cầu" in commune
    assert "fund/đường" not in commune


def test_a_place_is_what_it_was_on_the_day_and_as_known(desk: Desk) -> None:
    with desk.office.reading(as_of=date(2023, 1, 1)) as reading:
        wanted = Filter(place="tam-ky")
        assert list(history.find(desk.office.journal, reading, wanted)) != []


def test_a_void_belongs_to_what_it_voided(desk: Desk) -> None:
    paid = desk.disburse("cầu", 100, "15/05/2024")
    desk.void(paid.entry)
    assert types(desk, subject="fund/cầu")[-2:] == ["FundDisbursed", "EntryVoided"]
    assert types(desk, place="tam-ngoc-tam-ky")[-1] == "EntryVoided"
    assert "EntryVoided" not in types(desk, place="tam-thanh-tam-ky")


def test_a_void_not_yet_known_is_not_told(desk: Desk) -> None:
    paid = desk.disburse("cầu", 100, "15/05/2024")
    desk.void(paid.entry)
    with desk.office.reading(known_at=paid.entry) as reading:
        told = list(history.find(desk.office.journal, reading, Filter(subject="fund/cầu")))
    assert told[-1][0].type == "FundDisbursed"
    assert told[-1][1] is None


def test_each_axis_has_its_range(desk: Desk) -> None:
    desk.disburse("cầu", 100, "15/05/2024")
    may = {"from_": date(2024, 5, 1), "until": date(2024, 5, 31)}
    assert types(desk, subject="fund/cầu", **may) == ["FundDisbursed"]
    november = {"recorded_from": date(2024, 11, 5), "recorded_until": date(2024, 11, 5)}
    assert len(types(desk, subject="fund/cầu", **november)) == 3
    assert types(desk, recorded_from=date(2024, 11, 6)) == []


def test_who_typed_which_unit_did_and_on_which_paper(desk: Desk) -> None:
    paid = desk.disburse("cầu", 100, "15/05/2024", document="UNC 12/KB", body="ubnd-tam-ky")
    assert [f.entry for f in found(desk, document="12/KB")] == [paid.entry]
    assert found(desk, document="12/kb%") == []
    assert [f.entry for f in found(desk, body="ubnd-tam-ky")] == [paid.entry]
    assert found(desk, recorded_by="ai khác") == []


def test_a_range_of_entries_and_the_latest_few(desk: Desk) -> None:
    last = desk.disburse("cầu", 100, "15/05/2024").entry
    assert [f.entry for f in found(desk, entries=(last, last))] == [last]
    assert [f.position for f in found(desk, limit=2)] == [last - 1, last]


@pytest.mark.parametrize(
    "ends",
    [
        {"from_": date(2024, 2, 1), "until": date(2024, 1, 31)},
        {"recorded_from": date(2024, 2, 1), "recorded_until": date(2024, 1, 31)},
        {"entries": (9, 8)},
    ],
)
def test_a_range_that_ends_before_it_begins_is_refused(ends: dict[str, Any]) -> None:
    with pytest.raises(BackwardsRange) as refused:
        Filter(**ends)
    assert refused.value.exit_code == 2


def test_a_long_history_is_read_a_page_at_a_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 10)
    whole = found(desk)
    assert len(whole) > 50
    assert [fact.position for fact in whole] == list(range(1, len(whole) + 1))
    with desk.office.reading() as reading:
        first, _ = next(history.find(desk.office.journal, reading, Filter()))
    assert first.position == 1


# --- subjects by id -------------------------------------------------------------------------------


def subject(desk: Desk, typed: str) -> str:
    with desk.office.reading() as reading:
        return history.find_subject(reading, typed)


def test_a_subject_is_found_with_its_kind_and_without(desk: Desk) -> None:
    assert subject(desk, D118) == subject(desk, "D118/tam-ngoc-tam-ky") == D118


def test_an_unknown_subject_is_not_found_and_near_ids_are_told(desk: Desk) -> None:
    with pytest.raises(NoSuchSubject, match="D118/tam-ngoc-tam-ky") as refused:
        subject(desk, "obligation/D118-tam-ngoc-tam-k")
    assert refused.value.exit_code == 3


def test_a_bare_id_of_two_kinds_is_not_guessed(desk: Desk) -> None:
    desk.allocate("tam-ky", 1, "Tam Ngọc")
    with pytest.raises(NoSuchSubject, match="fund/tam-ky"):
        subject(desk, "tam-ky")


# --- types in words -------------------------------------------------------------------------------


def test_a_type_is_found_by_the_words_of_its_sentence() -> None:
    assert matching("giải ngân") == ["FundDisbursed"]
    assert matching("huy lan ghi") == ["EntryVoided"]
    assert matching("chưa giải ngân") == ["ZeroDisbursementFound"]


@pytest.mark.parametrize("type", EVENTS)
def test_every_type_has_a_short_name_that_finds_it(type: str) -> None:
    short = in_short(type, "vi")
    assert type not in short
    assert re.search(r"\w", short)


# --- sentences ------------------------------------------------------------------------------------

CODES = {code for code in WORDS if in_words(code).vi != code} | set(EVENTS)
#: Codes that are also plain English or Vietnamese words without accents, and so may stand in names.
PLAIN = {"xa", "quan", "thon", "tinh", "huyen", "state", "other", "work"}
IDS = re.compile(r"\b(place|unit|plan|obligation|dossier|fund|criteria|letter|entry|approval)/")


@pytest.mark.parametrize("type", EVENTS)
def test_every_sentence_says_of_what_it_tells(type: str) -> None:
    assert all("{" in text for text in SENTENCES[type])


def test_no_code_and_no_id_is_left_in_a_vietnamese_sentence(desk: Desk) -> None:
    desk.disburse("cầu", 100, "15/05/2024", document="UNC 1")
    desk.submit("Tam Ngọc", "28/10/2024")
    desk.close("04/11/2024")
    with desk.office.reading() as reading:
        told = [
            sentence(fact, "vi", reading.names)
            for fact, _ in history.find(desk.office.journal, reading, Filter())
        ]
    assert len(told) > 300
    for text in told:
        assert not set(re.findall(r"[\w-]+", text)) & (CODES - PLAIN), text
        assert not IDS.search(text), text
        assert not re.search(r"None|[\[\]{}<>⟨⟩]|chưa rõ", text), text


def test_what_a_fact_does_not_say_is_left_out_of_its_sentence(desk: Desk) -> None:
    with desk.office.reading() as reading:
        [opened, given] = [
            sentence(fact, "vi", reading.names)
            for fact, _ in history.find(desk.office.journal, reading, Filter(subject="fund/cầu"))
        ]
    assert opened.startswith("mở mục vốn “cầu” (công trình) tại xã Tam Ngọc · xảy ra 20/02/2024")
    assert "theo" not in given


# --- at the keyboard ------------------------------------------------------------------------------


def test_the_filters_at_the_keyboard(sqlite_url: str) -> None:
    with closing_store(adopted(sqlite_url, *PLANS)) as desk:
        desk.allocate("cầu", 1_000)
        desk.disburse("cầu", 100, "15/05/2024", document="UNC 7", body="ubnd-tam-ky")

    def listed(line: str) -> list[str]:
        answer = ntm(f"fact list {line} --json", sqlite_url)
        assert answer.code == 0, answer.err
        return [item["type"] for item in answer.json["items"]]

    assert listed("--type 'giải ngân' --place 'Tam Ngọc'") == ["FundDisbursed"]
    assert listed("--body 'UBND thành phố Tam Kỳ'") == ["FundDisbursed"]
    assert listed("--document 'UNC 7' --subject fund/cầu --limit 5") == ["FundDisbursed"]
    assert listed("--entry 1..1 --type PlanAdopted") == ["PlanAdopted"]
    for line, code in (
        ("--from 2/1/2024 --until 1/1/2024", 2),
        ("--entry 9..8", 2),
        ("--entry A..B", 2),
        ("--type 'giao'", 2),
        ("--subject fund/cau", 3),
        ("--place 'Nơi khác'", 3),
        ("--body 'Phòng khác'", 3),
    ):
        assert ntm(f"fact list {line}", sqlite_url).code == code, line
