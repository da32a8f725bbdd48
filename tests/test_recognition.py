"""Recognitions: granted by a dossier, kept by a notice, withdrawn by a decision, and listed for review."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from given import event, given, on
from hypothesis import given as whatever
from hypothesis import strategies as st
from terminal import ntm
from test_dossier_road import RECOGNISE, ready, refused, steps_of
from test_dossier_road import store as store

from ntm_workflow.domain.recognition import (
    AlreadyKept,
    AlreadyRecognised,
    NotHeld,
    PaperNeeded,
    RecognitionGranted,
    RecognitionKept,
    RecognitionOpened,
    RecognitionWithdrawn,
)
from ntm_workflow.domain.review import communes_withdrawn, to_review
from ntm_workflow.plans.editions import Editions
from ntm_workflow.plans.roads import review_rule

ID = "recognition/tam-ngoc/xa-ntm"
OPENED = event(RecognitionOpened, "1/1/2015", place="tam-ngoc", standard="xa-ntm")


def granted(day: str, label: int) -> RecognitionGranted:
    said = {"label": label, "decision_on": day, "document": "QĐ mẫu"}
    found: RecognitionGranted = event(RecognitionGranted, day, **said)
    return found


def kept(day: str, version: str, document: str | None = "TB mẫu") -> RecognitionKept:
    found: RecognitionKept = event(RecognitionKept, day, version=version, document=document)
    return found


def withdrawn(day: str, document: str | None = "QĐ mẫu") -> RecognitionWithdrawn:
    found: RecognitionWithdrawn = event(RecognitionWithdrawn, day, ground="mẫu", document=document)
    return found


def test_the_label_is_apart_from_the_day_of_the_decision() -> None:
    state = given(ID, OPENED).when(granted("15/1/2025", 2024))
    assert (state.held, state.grants[0].label) == (True, 2024)
    assert state.grants[0].decision_on == on("15/1/2025")


def test_a_label_is_granted_once_and_another_one_besides() -> None:
    journal = given(ID, OPENED, granted("15/1/2016", 2015))
    assert journal.when(granted("20/1/2016", 2015)) is AlreadyRecognised
    assert [g.label for g in journal.when(granted("15/1/2025", 2024)).grants] == [2015, 2024]


def test_a_notice_keeps_a_standard_even_of_a_recognition_from_before_the_journal() -> None:
    journal = given(ID, OPENED)
    assert journal.now.held is False
    assert journal.when(kept("20/5/2024", "2021-2025", None)) is PaperNeeded
    assert journal.when(kept("20/5/2024", "2021-2025")).held is True
    assert journal.when(kept("21/5/2024", "2021-2025")) is AlreadyKept
    assert len(journal.when(kept("1/6/2026", "2026-2030")).notices) == 2
    assert len(journal.when(kept("21/5/2025", "2021-2025", "TB của năm sau")).notices) == 3


def test_only_what_is_held_is_withdrawn_and_by_a_decision() -> None:
    assert given(ID, OPENED).when(withdrawn("1/6/2025")) is NotHeld
    journal = given(ID, OPENED, granted("15/1/2025", 2024))
    assert journal.when(withdrawn("1/6/2025", None)) is PaperNeeded
    state = journal.when(withdrawn("1/6/2025"))
    assert (state.held, state.withdrawn_on) == (False, on("1/6/2025"))
    assert journal.when(withdrawn("2/6/2025")) is NotHeld
    again = journal.when(granted("1/2/2026", 2024))
    assert (again.held, again.withdrawn_on) == (True, None)


# --- the tests of withdrawal ----------------------------------------------------------------------

COMMUNE = review_rule("xa-ntm")
DISTRICT = review_rule("huyen-ntm")
KEYS = frozenset({10, 17, 19})


@pytest.mark.parametrize(
    ("failing", "found"),
    [
        ({1, 2, 3, 4, 5}, None),
        ({1, 2, 3, 4, 10}, None),
        ({1, 2, 3, 4, 5, 6}, None),
        ({1, 2, 3, 4, 5, 10}, "key"),
        ({1, 2, 3, 4, 5, 6, 7, 8, 9}, None),
        ({1, 2, 3, 4, 5, 6, 7, 8, 19}, "key"),
        ({1, 2, 3, 4, 5, 6, 7, 8, 9, 11}, "half"),
    ],
)
def test_six_of_nineteen_with_a_key_one_or_ten_without(
    failing: set[int], found: str | None
) -> None:
    assert COMMUNE is not None
    assert to_review(frozenset(failing), KEYS, 19, COMMUNE) == found


@pytest.mark.parametrize(
    ("failing", "found"), [({1, 6}, None), ({1, 2, 3}, None), ({1, 2, 6}, "key"), ({1, 2, 3, 4, 5}, "half")]
)  # fmt: skip
def test_three_of_nine_with_a_key_one_or_five_without(failing: set[int], found: str | None) -> None:
    assert DISTRICT is not None
    assert to_review(frozenset(failing), frozenset({6, 7, 8, 9}), 9, DISTRICT) == found


@whatever(st.sets(st.integers(1, 30)), st.sets(st.integers(1, 30)), st.integers(1, 30))
def test_shares_are_exact(failing: set[int], keys: set[int], total: int) -> None:
    assert COMMUNE is not None
    failing = {n for n in failing if n <= total}
    share = Fraction(len(failing), total)
    found = to_review(frozenset(failing), frozenset(keys), total, COMMUNE)
    wanted = share >= Fraction(1, 2), share >= Fraction(3, 10) and bool(failing & keys)
    assert found == ("half" if wanted[0] else "key" if wanted[1] else None)


def test_a_district_is_reviewed_from_three_of_ten_communes_withdrawn() -> None:
    assert DISTRICT is not None
    assert COMMUNE is not None
    assert [communes_withdrawn(n, 10, DISTRICT) for n in (2, 3)] == [False, True]
    assert communes_withdrawn(0, 0, DISTRICT) is False
    assert communes_withdrawn(9, 10, COMMUNE) is False


def test_key_criteria_are_named_by_their_names_in_each_set() -> None:
    named = {
        set: [
            Editions().of_year(set, 2024).criterion(n).name
            for n in Editions().of_year(set, 2024).keys
        ]  # type: ignore[union-attr]
        for set in ("xa-ntm", "xa-nang-cao")
    }
    assert named["xa-ntm"] == [
        "Thu nhập",
        "Môi trường và an toàn thực phẩm",
        "Quốc phòng và An ninh",
    ]
    assert named["xa-nang-cao"] == [
        "Thu nhập", "Môi trường", "Chất lượng môi trường sống", "Quốc phòng và An ninh",
    ]  # fmt: skip


# --- the command line -----------------------------------------------------------------------------


def listed(store: str, more: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ntm(f"recognition list {more} --json", store).json["items"]
    return found


def test_what_is_recognised_is_listed_and_withdrawn_by_decision(store: str) -> None:
    assert listed(store) == []
    ready(store)
    steps_of(store, f"{RECOGNISE} --decision-on 18/12/2024")
    [item] = listed(store)
    assert (item["label"], item["decision_on"], item["holds"]) == (2024, "2024-12-18", True)
    gone = "recognition withdraw --place 'Tam Ngọc' --standard xa-nang-cao --ground 'mẫu' --on 1/6/2025"
    refused(store, gone, "--document", code=2)
    steps_of(store, f"{gone} --document 'QĐ mẫu'")
    [item] = listed(store)
    assert (item["holds"], item["withdrawn_on"]) == (False, "2025-06-01")
    assert listed(store, "--as-of 31/5/2025")[0]["holds"] is True
    # The dossier itself stays what it was.
    which = "--place 'Tam Ngọc' --standard xa-nang-cao --year 2024"
    assert ntm(f"dossier show {which} --json", store).json["stage"] == "recognised"
    assert ntm("rebuild --check", store).code == 0


def test_a_notice_is_of_a_version_and_a_place_of_its_type(store: str) -> None:
    keep = "recognition keep --place 'Tam Phú' --standard xa-ntm --on 20/5/2024"
    refused(store, keep, "--document", code=2)
    refused(store, f"{keep} --document 'TB mẫu' --edition 2026-2030", "không dùng cho năm 2024")
    refused(store, f"{keep.replace('xa-ntm', 'khong-co')} --document x", "khong-co", code=3)
    refused(store, f"{keep.replace('Tam Phú', 'Tam Kỳ')} --document 'TB mẫu'", "dành cho")
    steps_of(store, f"{keep} --document 'TB mẫu'")
    assert listed(store)[0]["kept"] == ["2021-2025: TB mẫu"]
    refused(store, f"{keep} --document 'TB mẫu 2'", "duy trì")


def test_who_has_to_be_reviewed_is_listed_and_nobody_gets_a_letter(store: str) -> None:
    review = "recognition review --json"
    assert ntm(review, store).json["items"] == []
    for number in (1, 2, 3, 4, 5):
        steps_of(store, f"criteria lapse --place 'Tam Ngọc' --set xa-ntm --criterion {number} --year 2024 --on 1/6/2024")  # fmt: skip
    # With 19, which the plan's table has as not met, that is six, and 19 is a key one.
    [item] = ntm(review, store).json["items"]
    assert (item["test"], item["failing"], item["keys"]) == ("key", [1, 2, 3, 4, 5, 19], [19])
    assert item["held_by"] == "tam-ky-2024, I.1: NTM 2015"
    assert ntm("recognition review --json --as-of 31/5/2024", store).json["items"] == []
    assert ntm("recognition review --within 'Tam Phú' --json", store).json["items"] == []
    assert not [f for f in ntm("fact list --json", store).json["items"] if f["type"] == "LetterIssued"]  # fmt: skip


def test_withdrawing_what_nobody_recorded_is_refused(store: str) -> None:
    line = "recognition withdraw --place 'Tam Phú' --standard xa-kieu-mau --ground x --on 1/6/2025 --document 'QĐ mẫu'"
    assert ntm(line, store).code == 1


def test_what_only_a_plans_table_says_is_withdrawn_too_and_then_held_no_more(store: str) -> None:
    line = "recognition withdraw --place 'Tam Thăng' --standard xa-ntm --ground x --on 1/6/2025 --document 'QĐ mẫu'"
    steps_of(store, line)
    [item] = listed(store)
    assert (item["holds"], item["withdrawn_on"]) == (False, "2025-06-01")
    refused(store, line.replace("QĐ mẫu", "QĐ mẫu 2"), "không có gì để thu hồi")
    which = "--place 'Tam Thăng' --standard xa-nang-cao --year 2025"
    blocks = ntm(f"dossier show {which} --json", store).json["blocks"]
    assert "prerequisite" in [b["what"] for b in blocks]
    before = ntm(f"dossier show {which} --json --as-of 31/5/2025", store).json["blocks"]
    assert "prerequisite" not in [b["what"] for b in before]


def test_a_notice_of_what_nobody_knows_to_be_held_is_reported(store: str) -> None:
    keep = "recognition keep --place 'Tam Phú' --standard xa-nang-cao --on 20/5/2024 --document 'TB mẫu'"
    refused(store, keep, "không có gì để duy trì", "--already-done")
    steps_of(store, f"{keep} --already-done")
    assert listed(store)[0]["holds"] is True
    assert ntm("fact list --against --json", store).json["items"][0]["type"] == "RecognitionKept"
