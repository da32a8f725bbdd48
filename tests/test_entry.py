"""Entries as subjects: an entry is voided once, with its reason."""

from __future__ import annotations

from given import event, given

from ntm_workflow.domain.base import AlreadyBegun
from ntm_workflow.domain.entry import EntryVoided, VoidedEntry

ID = "entry/12"
VOIDED = event(EntryVoided, "01/07/2024", entry=12, reason="ghi nhầm xã")


def test_a_voided_entry_keeps_its_reason() -> None:
    assert given(ID).when(VOIDED) == VoidedEntry(12, "ghi nhầm xã")


def test_an_entry_is_voided_once() -> None:
    again = event(EntryVoided, "02/07/2024", entry=12, reason="lý do khác")
    journal = given(ID, VOIDED)
    assert journal.when(again) is AlreadyBegun
    assert journal.kept(again).now.reason == "ghi nhầm xã"
