"""What was open in places that end goes where a decision takes it: duties, dossiers, money, and what lies below."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from offices import Desk, adopted

from ntm_workflow.domain.dossier import OutOfStep
from ntm_workflow.domain.dossier_events import DossierOpened
from ntm_workflow.domain.obligation import ObligationMet
from ntm_workflow.domain.obligation_refusals import AlreadyEnded
from ntm_workflow.domain.place import PlaceIntoItself, PlacePaperMissing
from ntm_workflow.office import dossier, place, rehoming, unit
from ntm_workflow.office.dossier import StandardOfOthers
from ntm_workflow.office.names import find_once
from ntm_workflow.office.presence import PlaceGone
from ntm_workflow.office.rehoming import (
    Decision,
    MoneyStays,
    NoCounterpart,
    NothingOpen,
    NotOpenThere,
    StillThere,
    WhichSuccessor,
)

QUE_LOC, SON_VIEN = "que-loc-nong-son", "son-vien-nong-son"
PAPER = "QĐ bàn giao mẫu"
DUTY, ITEM = "D120/son-vien-nong-son", "Đường Sơn Viên (mẫu)"


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    """Two communes that strive for nâng cao in 2025, on the day after they became one."""
    desk = adopted(store_url, "quang-nam-2024-2025", day="02/01/2024", within="Nông Sơn")
    desk.go("01/03/2024").allocate(ITEM, 10**9, "Sơn Viên", on="1/3/2024")
    desk.go("02/01/2025")
    yield desk
    desk.close_store()


def merge(desk: Desk, *names: str, into: str = "Quế Lộc", type: str | None = None) -> None:
    new = place.Successor(type=type)
    desk.record(lambda e: place.merge(e, [*names], [], into, new), "1/1/2025", document="NQ mẫu")


def rehome(desk: Desk, name: str = "Sơn Viên", on: str = "2/1/2025", **said: Any) -> Any:
    with desk.office.reading() as reading:
        found = find_once(reading, name)
    document = said.pop("document", PAPER)
    decision = Decision(**said)
    return desk.record(lambda e: rehoming.rehome(e, found, decision), on, document=document)


def proposed(desk: Desk, name: str = "Sơn Viên", **said: Any) -> dict[str, str]:
    with desk.office.reading() as reading:
        found = rehoming.proposed(reading, find_once(reading, name), Decision(**said))
    return {each["id"]: each["move"] for each in found}


# --- a merger -----------------------------------------------------------------------------------------


def test_a_duty_joins_its_like_of_the_successor_and_the_other_one_stays(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    rehome(desk)
    rows = desk.rows("obligation")
    assert (rows[DUTY]["joined_to"], rows[DUTY]["ended_on"]) == (
        f"obligation/D120/{QUE_LOC}",
        date(2025, 1, 2),
    )
    there = rows[f"D120/{QUE_LOC}"]
    assert (there["place"], there["owed_by"], there["ended_on"]) == (QUE_LOC, f"ubnd-{QUE_LOC}", None)  # fmt: skip
    with pytest.raises(AlreadyEnded):
        desk.record(lambda entry: entry.record(f"obligation/{DUTY}", ObligationMet))


def test_a_duty_without_its_like_goes_along_with_its_days(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    only = f"D170@duong-son-vien-mau/{SON_VIEN}"
    before = desk.rows("obligation")[only]
    rehome(desk)
    after = desk.rows("obligation")[only]
    assert (after["place"], after["owed_by"]) == (QUE_LOC, f"ubnd-{QUE_LOC}")
    moved = {"place", "owed_by"}
    assert {k: v for k, v in after.items() if k not in moved} == {
        k: v for k, v in before.items() if k not in moved
    }
    # The past keeps its places.
    assert desk.rows("obligation", as_of=date(2024, 12, 31))[only]["place"] == SON_VIEN


def test_a_dossier_is_closed_and_made_anew_for_the_place_there_is_now(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    rehome(desk)
    rows = desk.rows("dossier")
    assert rows[f"{SON_VIEN}/xa-nang-cao/2025"]["stage"] == "closed"
    assert rows[f"{QUE_LOC}/xa-nang-cao/2025"]["stage"] == "registered"
    which = dossier.Which(SON_VIEN, "xa-nang-cao", 2025)
    with pytest.raises((PlaceGone, OutOfStep)):
        desk.record(lambda entry: dossier.step(entry, which, DossierOpened))


def test_what_was_to_be_supplied_to_a_closed_dossier_falls_with_it(desk: Desk) -> None:
    which = dossier.Which(SON_VIEN, "xa-nang-cao", 2025)
    desk.record(lambda e: dossier.submit(e, which, dossier.HandUp()), "20/12/2024")
    desk.record(
        lambda e: dossier.give_back(e, which, ("biên bản",), "trước ngày 20/1/2025", None),
        "27/12/2024",
        document="CV mẫu",
    )
    [supply] = [id for id in desk.rows("obligation") if id.startswith("BS")]
    merge(desk, "Sơn Viên")
    rehome(desk)
    assert desk.rows("obligation")[supply]["waived_on"] == date(2025, 1, 2)
    assert desk.rebuilt_equal()


def test_money_goes_to_the_successor_and_its_committee_and_stays_as_it_is(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    rehome(desk)
    row = desk.rows("fund")[ITEM]
    assert (row["place"], row["owner"], row["allocated"]) == (QUE_LOC, f"ubnd-{QUE_LOC}", 10**9)
    assert desk.rows("fund", as_of=date(2025, 1, 1))[ITEM]["place"] == SON_VIEN


def test_two_that_become_a_new_place_leave_it_one_duty_and_one_dossier(desk: Desk) -> None:
    merge(desk, "Sơn Viên", "Quế Lộc", into="Nơi Mới", type="xa")
    with pytest.raises(NoCounterpart):
        rehome(desk)
    desk.record(lambda e: unit.register(e, "UBND xã Nơi Mới", "Nơi Mới", "ubnd", ()), "1/1/2025")
    rehome(desk)
    rehome(desk, "Quế Lộc")
    new = "noi-moi-nong-son"
    rows = desk.rows("obligation")
    assert (rows[DUTY]["place"], rows[DUTY]["owed_by"]) == (new, f"ubnd-{new}")
    assert rows[DUTY]["trigger"] == f"dossier/{new}/xa-nang-cao/2025/district"
    assert rows[f"D120/{QUE_LOC}"]["joined_to"] == f"obligation/{DUTY}"
    stages = {id: row["stage"] for id, row in desk.rows("dossier").items() if "/2025" in id}
    assert stages == {
        f"{SON_VIEN}/xa-nang-cao/2025": "closed",
        f"{QUE_LOC}/xa-nang-cao/2025": "closed",
        f"{new}/xa-nang-cao/2025": "registered",
    }


def test_handing_up_the_dossier_made_anew_meets_the_duty_that_came_along(desk: Desk) -> None:
    merge(desk, "Sơn Viên", "Quế Lộc", into="Nơi Mới", type="xa")
    desk.record(lambda e: unit.register(e, "UBND xã Nơi Mới", "Nơi Mới", "ubnd", ()), "1/1/2025")
    rehome(desk)
    which = dossier.Which("noi-moi-nong-son", "xa-nang-cao", 2025)
    desk.go("20/05/2025")
    desk.record(lambda e: dossier.submit(e, which, dossier.HandUp()), "20/5/2025")
    assert desk.rows("obligation")[DUTY]["met_on"] == date(2025, 5, 20)


def test_a_district_that_ends_leaves_what_its_communes_owe_to_the_other_one(desk: Desk) -> None:
    desk.adopt("quang-nam-2024-2025", within="Quảng Nam")
    merge(desk, "huyện Nông Sơn", into="huyện Quế Sơn")
    rehome(desk, "huyện Nông Sơn")
    rows = desk.rows("obligation")
    lâm = rows["D108/que-lam-nong-son"]
    assert (lâm["owed_by"], lâm["owed_to"]) == ("ubnd-que-lam-nong-son", "ubnd-que-son")
    assert rows["D109/que-lam-nong-son"]["owed_by"] == "ubnd-que-son"
    assert {row["parent"] for id, row in desk.rows("place").items() if id == QUE_LOC} == {"que-son"}


def test_a_wider_adoption_leaves_what_was_decided_where_it_is(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    rehome(desk)
    only = f"D170@duong-son-vien-mau/{SON_VIEN}"
    desk.adopt("quang-nam-2024-2025", within="Quảng Nam")
    rows = desk.rows("obligation")
    assert rows[DUTY]["joined_to"] == f"obligation/D120/{QUE_LOC}"
    assert (rows[only]["place"], rows[only]["owed_by"]) == (QUE_LOC, f"ubnd-{QUE_LOC}")
    assert desk.rebuilt_equal()


def test_an_amended_clause_is_owed_by_whom_the_decision_said(desk: Desk) -> None:
    from msgspec.structs import replace

    from ntm_workflow.domain.obligation import ObligationAmended
    from ntm_workflow.office.amendment import fields

    merge(desk, "huyện Nông Sơn", into="huyện Quế Sơn", type="huyen")
    desk.record(lambda e: unit.register(e, "UBND huyện Quế Sơn", "Quế Sơn", "ubnd", ()), "1/1/2025")
    rehome(desk, "huyện Nông Sơn")
    id = "obligation/D108/que-lam-nong-son"

    def amended(entry: Any) -> None:
        state = entry.timeline(id).now
        said = fields(replace(state.stated, title="Tiêu đề mới"))
        entry.record(id, ObligationAmended, **said)

    desk.go("03/01/2025").record(amended, document="KH sửa đổi mẫu")
    row = desk.rows("obligation")["D108/que-lam-nong-son"]
    assert (row["title"], row["owed_to"]) == ("Tiêu đề mới", "ubnd-que-son-quang-nam")


def test_voiding_the_decision_puts_everything_back(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    before = desk.all_rows()
    receipt = rehome(desk)
    assert desk.rebuilt_equal()
    desk.void(receipt.entry)
    assert desk.all_rows() == before
    assert desk.rebuilt_equal()


def test_what_is_proposed_is_what_is_done_and_writes_nothing(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    with desk.database.read() as conn:
        before = desk.office.journal.head(conn)
    told = proposed(desk)
    with desk.database.read() as conn:
        assert desk.office.journal.head(conn) == before
    receipt = rehome(desk)
    subjects = {fact.subject for fact in receipt.facts if fact.type != "WorkRehomed"}
    assert subjects == {
        id if id.partition("/")[0] in ("dossier", "place") else f"{_kind(id)}/{id}" for id in told
    }
    assert proposed(desk) == {}


def _kind(id: str) -> str:
    return "fund" if id == ITEM else "obligation"


# --- places that leave ----------------------------------------------------------------------------------


def test_a_ward_that_left_is_freed_by_a_paper_and_keeps_its_money(desk: Desk) -> None:
    desk.record(lambda entry: place.leave(entry, "Sơn Viên"), "1/1/2025")
    with pytest.raises(WhichSuccessor):
        rehome(desk)
    rehome(desk, end=True)
    assert desk.rows("obligation")[DUTY]["waived_on"] == date(2025, 1, 2)
    assert desk.rows("dossier")[f"{SON_VIEN}/xa-nang-cao/2025"]["stage"] == "closed"
    assert desk.rows("fund")[ITEM]["place"] == SON_VIEN


def test_a_part_is_decided_on_by_its_id(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    rehome(desk, only=(DUTY,))
    assert proposed(desk)[ITEM] == "move"
    assert DUTY not in proposed(desk)
    rehome(desk, only=(f"dossier/{SON_VIEN}/xa-nang-cao/2025",))
    assert f"dossier/{SON_VIEN}/xa-nang-cao/2025" not in proposed(desk)
    with pytest.raises(NotOpenThere):
        rehome(desk, only=("D999/khong-co",))


def test_a_place_that_is_divided_waits_for_a_person(desk: Desk) -> None:
    new = place.Successor(type="xa")
    desk.record(
        lambda e: place.split(e, "Sơn Viên", ["Phía Đông", "Phía Tây"], new, remains=False),
        "1/1/2025",
        document="NQ mẫu",
    )
    with pytest.raises(WhichSuccessor) as refused:
        rehome(desk)
    assert "xã Phía Đông, xã Phía Tây" in refused.value.say("vi")


# --- refused ----------------------------------------------------------------------------------------------


def test_what_is_refused_writes_nothing(desk: Desk) -> None:
    with pytest.raises(StillThere):
        rehome(desk)
    # What would become of it can be looked at before.
    assert proposed(desk, to=QUE_LOC)[DUTY] == "join"
    merge(desk, "Sơn Viên")
    with desk.database.read() as conn:
        before = desk.office.journal.head(conn)
    with pytest.raises(PlacePaperMissing):
        rehome(desk, document=None)
    with pytest.raises(PlaceIntoItself):
        rehome(desk, to=SON_VIEN)
    with pytest.raises(MoneyStays):
        rehome(desk, end=True)
    with desk.database.read() as conn:
        assert desk.office.journal.head(conn) == before
    rehome(desk)
    with pytest.raises(NothingOpen):
        rehome(desk)


def test_a_dossier_goes_only_where_its_standard_is_for(desk: Desk) -> None:
    merge(desk, "Sơn Viên", into="Phường Mới", type="phuong")
    desk.record(lambda e: unit.register(e, "UBND phường Mới", "Phường Mới", "ubnd", ()), "1/1/2025")
    with pytest.raises(StandardOfOthers):
        rehome(desk)
