"""Dossiers: one desk after the other, each once, with three dates in order."""

from __future__ import annotations

from typing import Any

import pytest
from given import event, given, on

from ntm_workflow.domain.base import AlreadyBegun, NotBegun
from ntm_workflow.domain.dossier import AlreadySubmitted, DatesOutOfOrder, DeskSkipped, OutOfStep
from ntm_workflow.domain.dossier_events import (
    DossierRegistered,
    DossierSubmitted,
    DossierVerified,
)
from ntm_workflow.domain.dossier_state import HandOver
from ntm_workflow.domain.road import ROAD

ID = "dossier/tam-ngoc/xa-nang-cao/2024"
REGISTERED = event(
    DossierRegistered, "01/01/2024", place="tam-ngoc", standard="xa-nang-cao", year=2024
)


def submitted(day: str, to_level: str = "district", **said: Any) -> DossierSubmitted:
    """Signed, sent and received on `day`, unless said otherwise."""
    return event(
        DossierSubmitted,
        day,
        **{
            "from_": "ubnd-tam-ngoc",
            "to": "ubnd-tam-ky" if to_level == "district" else "ubnd-quang-nam",
            "to_level": to_level,
            **dict.fromkeys(("document_on", "sent_on", "received_on"), day),
            **said,
        },
    )


VERIFIED = event(DossierVerified, "10/11/2024", body="ubnd-tam-ky")


def test_a_dossier_is_not_handed_on_before_it_is_verified() -> None:
    journal = given(ID, REGISTERED, submitted("28/10/2024"))
    assert journal.when(submitted("15/11/2024", "province")) is OutOfStep


def test_a_registered_dossier_lies_with_the_commune_and_nobody_holds_it() -> None:
    state = given(ID).when(REGISTERED)
    told = (state.place, state.standard, state.year, state.stage, state.holder, state.since)
    assert told == ("tam-ngoc", "xa-nang-cao", 2024, "registered", None, on("01/01/2024"))
    assert state.desk == "commune"


def test_a_districts_dossier_begins_at_the_district_and_goes_straight_to_the_province() -> None:
    registered = event(
        DossierRegistered,
        "01/01/2024",
        place="tien-phuoc",
        standard="huyen-ntm",
        year=2024,
        desk="district",
    )
    state = given(ID, registered).when(submitted("12/9/2024", "province"))
    assert state.desk == "province"
    assert given(ID, REGISTERED).when(submitted("12/9/2024", "province")) is DeskSkipped


def test_a_dossier_is_registered_once() -> None:
    assert given(ID, REGISTERED).when(REGISTERED) is AlreadyBegun


def test_a_dossier_that_is_not_registered_cannot_be_submitted() -> None:
    assert given(ID).when(submitted("28/10/2024")) is NotBegun


def test_a_dossier_is_not_submitted_before_it_was_registered() -> None:
    assert given(ID, REGISTERED).when(submitted("31/12/2023")) is NotBegun


def test_a_submitted_dossier_is_held_by_its_receiver_since_that_day() -> None:
    state = given(ID, REGISTERED).when(submitted("28/10/2024"))
    assert (state.stage, state.holder, state.since) == (
        "submitted",
        "ubnd-tam-ky",
        on("28/10/2024"),
    )
    assert state.desk == "district"
    assert state.handed == (
        HandOver("district", 2, *[on("28/10/2024")] * 3, "ubnd-tam-ngoc", "ubnd-tam-ky"),
    )


def test_a_dossier_goes_from_desk_to_desk() -> None:
    state = given(ID, REGISTERED, submitted("28/10/2024"), VERIFIED).when(
        submitted("15/11/2024", "province")
    )
    assert state.desk == "province"
    assert [handed.to_level for handed in state.handed] == list(ROAD[1:])


def test_a_dossier_is_not_submitted_twice_to_the_same_level_and_the_entry_is_named() -> None:
    refused = given(ID, REGISTERED, submitted("28/10/2024")).refusal(submitted("29/10/2024"))
    assert isinstance(refused, AlreadySubmitted)
    assert "#2" in refused.say("vi")


def test_a_level_passed_already_is_refused_from_further_up_too() -> None:
    journal = given(
        ID, REGISTERED, submitted("28/10/2024"), VERIFIED, submitted("15/11/2024", "province")
    )
    assert journal.when(submitted("20/11/2024", "district")) is AlreadySubmitted


def test_a_desk_is_not_skipped() -> None:
    assert given(ID, REGISTERED).when(submitted("28/10/2024", "province")) is DeskSkipped


def test_a_dossier_is_not_submitted_down_to_its_own_commune() -> None:
    assert given(ID, REGISTERED).when(submitted("28/10/2024", "commune")) is DeskSkipped


@pytest.mark.parametrize("level", ["", "tỉnh", "central"])
def test_a_desk_nobody_has_heard_of_is_refused(level: str) -> None:
    assert given(ID, REGISTERED).when(submitted("28/10/2024", level)) is DeskSkipped


def test_a_dossier_recorded_at_an_unheard_of_desk_can_still_be_read_and_is_listed() -> None:
    journal = given(
        ID, REGISTERED, submitted("28/10/2024", "central"), submitted("29/10/2024", "district")
    )
    assert journal.conflicts == [2, 3]


@pytest.mark.parametrize(
    ("paper", "sent", "received"),
    [
        ("28/10/2024", "27/10/2024", "29/10/2024"),
        ("28/10/2024", "29/10/2024", "28/10/2024"),
        ("30/10/2024", "29/10/2024", "28/10/2024"),
    ],
)
def test_paper_sending_and_receipt_must_follow_one_another(
    paper: str, sent: str, received: str
) -> None:
    said = {"document_on": paper, "sent_on": sent, "received_on": received}
    assert given(ID, REGISTERED).when(submitted("30/10/2024", **said)) is DatesOutOfOrder


def test_paper_sending_and_receipt_may_be_three_days_or_one() -> None:
    said = {"document_on": "26/10/2024", "sent_on": "27/10/2024", "received_on": "28/10/2024"}
    assert given(ID, REGISTERED).when(submitted("26/10/2024", **said)).desk == "district"
    assert given(ID, REGISTERED).when(submitted("26/10/2024")).desk == "district"


def test_a_submission_learnt_late_turns_the_later_one_into_a_conflict_that_is_kept() -> None:
    journal = given(ID, REGISTERED, submitted("30/10/2024"))
    state = journal.when(submitted("15/10/2024"))
    assert journal.conflicts == [2]
    assert [handed.entry for handed in state.handed] == [3, 2]


def test_voiding_the_only_submission_brings_the_dossier_back_to_the_commune() -> None:
    journal = given(ID, REGISTERED, submitted("28/10/2024")).voided(2)
    assert journal.now.desk == "commune"
    assert journal.when(submitted("29/10/2024")).desk == "district"
