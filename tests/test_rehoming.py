"""What was open in places that end goes where a decision takes it: duties, dossiers, money, and what lies below."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from offices import Desk, adopted

from ntm_workflow.domain.dossier_events import DossierOpened, DossierVerified
from ntm_workflow.domain.obligation import ObligationMet
from ntm_workflow.domain.obligation_refusals import AlreadyJoined
from ntm_workflow.domain.place import (
    PlaceAbolished,
    PlaceIntoItself,
    PlacePaperMissing,
    StillThere,
)
from ntm_workflow.domain.subjects import subject_of
from ntm_workflow.office import (
    dossier,
    fund,
    letters,
    obligation,
    place,
    rehoming,
    unit,
    voiding,
    work_list,
)
from ntm_workflow.office.corrections import DaysTogether, NotTyped
from ntm_workflow.office.names import OtherDay, find_once, find_place
from ntm_workflow.office.open_work import NoCounterpart, NotItsUnit
from ntm_workflow.office.place import EndsLater
from ntm_workflow.office.presence import PlaceGone, PlaceOutside
from ntm_workflow.office.rehoming import (
    Decision,
    LevelBelow,
    MovedSince,
    NoSuccessor,
    NothingOpen,
    NotItsSuccessor,
    NotOpenThere,
    PartOnly,
    StaysOpen,
    WhichSuccessor,
)
from ntm_workflow.office.transfer import DossierOver
from ntm_workflow.office.voiding import HasDependents, OthersRestOnIt

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
    paper = {"document": said.pop("document", PAPER), "already_done": said.pop("already_done", False)}  # fmt: skip
    decision = Decision(**said)
    return desk.record(lambda e: rehoming.rehome(e, found, decision), on, **paper)


def proposed(desk: Desk, name: str = "Sơn Viên", **said: Any) -> dict[str, str]:
    with desk.office.reading() as reading:
        found = work_list.proposed(reading, find_once(reading, name), Decision(**said))
    return {each["id"]: each["move"] for each in found}


# --- a merger -----------------------------------------------------------------------------------------


def test_a_duty_joins_its_like_of_the_successor_and_the_other_one_stays(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    rehome(desk)
    rows = desk.rows("obligation")
    assert (rows[DUTY]["joined_to"], rows[DUTY]["ended_on"]) == (
        f"D120/{QUE_LOC}",
        date(2025, 1, 2),
    )
    there = rows[f"D120/{QUE_LOC}"]
    assert (there["place"], there["owed_by"], there["ended_on"]) == (QUE_LOC, f"ubnd-{QUE_LOC}", None)  # fmt: skip
    with pytest.raises(AlreadyJoined):
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
    with pytest.raises(PlaceGone):
        desk.record(lambda entry: dossier.step(entry, which, DossierOpened))


def returned(desk: Desk) -> str:
    """The duty to supply what a dossier of 2025 is returned for."""
    which = dossier.Which(SON_VIEN, "xa-nang-cao", 2025)
    desk.record(lambda e: dossier.submit(e, which, dossier.HandUp()), "20/12/2024")
    desk.record(
        lambda e: dossier.give_back(e, which, ("biên bản",), "trước ngày 20/1/2025", None),
        "27/12/2024",
        document="CV mẫu",
    )
    [supply] = [id for id in desk.rows("obligation") if id.startswith("BS")]
    return supply


def test_what_was_to_be_supplied_to_a_closed_dossier_falls_with_it(desk: Desk) -> None:
    supply = returned(desk)
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
    assert rows[f"D120/{QUE_LOC}"]["joined_to"] == DUTY
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
    assert rows[DUTY]["joined_to"] == f"D120/{QUE_LOC}"
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
    with pytest.raises(NoSuccessor):
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
    with pytest.raises(StaysOpen):
        rehome(desk, end=True)
    with desk.database.read() as conn:
        assert desk.office.journal.head(conn) == before
    rehome(desk)
    with pytest.raises(NothingOpen):
        rehome(desk)


def test_in_a_ward_no_dossier_is_made_anew_and_nobody_has_to_hand_one_in(desk: Desk) -> None:
    merge(desk, "Sơn Viên", into="Phường Mới", type="phuong")
    desk.record(lambda e: unit.register(e, "UBND phường Mới", "Phường Mới", "ubnd", ()), "1/1/2025")
    rehome(desk)
    rows = desk.rows("obligation")
    assert rows[DUTY]["waived_on"] == date(2025, 1, 2)
    assert rows[f"D170@duong-son-vien-mau/{SON_VIEN}"]["owed_by"] == "ubnd-moi-nong-son"
    closed = desk.rows("dossier")[f"{SON_VIEN}/xa-nang-cao/2025"]
    assert (closed["stage"], closed["into"]) == ("closed", None)
    assert desk.rebuilt_equal()


# --- what a part, a role, a day and a name decide ---------------------------------------------------------


def test_a_place_that_only_ceded_a_part_goes_on_with_its_work(desk: Desk) -> None:
    desk.record(
        lambda e: place.merge(e, [], ["Sơn Viên"], "Quế Lộc", place.Successor()),
        "1/1/2025",
        document="NQ mẫu",
    )
    wrong: tuple[dict[str, Any], ...] = ({}, {"end": True}, {"to": QUE_LOC}, {"only": (ITEM,)})
    for said in wrong:
        with pytest.raises(PartOnly):
            rehome(desk, **said)
    rehome(desk, to=QUE_LOC, only=(ITEM,))
    assert desk.rows("fund")[ITEM]["place"] == QUE_LOC
    assert desk.rows("obligation")[DUTY]["ended_on"] is None


def test_parts_are_decided_on_one_after_another_by_the_same_paper(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    ids = (DUTY, f"D102/{SON_VIEN}", f"D121/{SON_VIEN}")
    for id in ids:
        rehome(desk, only=(id,))
    assert all(desk.rows("obligation")[id]["joined_to"] for id in ids)
    assert desk.rebuilt_equal()


def test_an_office_of_a_role_of_which_there_are_several_is_named(desk: Desk) -> None:
    for name, at in (("Hội A", "Sơn Viên"), ("Hội B", "Sơn Viên"), ("Hội C", "Quế Lộc")):
        desk.record(lambda e, n=name, at=at: unit.register(e, n, at, "hoi", ()))  # type: ignore[misc]
    desk.record(lambda e: fund.describe(e, ITEM, "Hội A", None, None), "3/3/2024")
    merge(desk, "Sơn Viên")
    with pytest.raises(NoCounterpart) as refused:
        rehome(desk)
    assert "Hội A" in refused.value.say("vi")
    with pytest.raises(NotItsUnit):
        rehome(desk, units={f"ubnd-{QUE_LOC}": "hoi-c"})
    rehome(desk, units={"hoi-a": "hoi-c"})
    assert desk.rows("fund")[ITEM]["owner"] == "hoi-c"


def test_a_duty_with_other_days_does_not_join_but_goes_along(desk: Desk) -> None:
    until = date(2025, 7, 30)
    desk.record(
        lambda e: obligation.extend(e, f"obligation/{DUTY}", until, None), document="CV gia hạn mẫu"
    )
    merge(desk, "Sơn Viên")
    rehome(desk)
    row = desk.rows("obligation")[DUTY]
    assert (row["joined_to"], row["owed_by"], row["enforce_day"]) == (
        None,
        f"ubnd-{QUE_LOC}",
        until,
    )


def test_what_was_done_since_the_day_of_a_decision_typed_late_stays_done(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    desk.go("20/02/2025")
    desk.record(lambda e: e.record(f"obligation/{DUTY}", ObligationMet), "10/2/2025")
    rehome(desk)
    row = desk.rows("obligation")[DUTY]
    assert (row["met_on"], row["joined_to"]) == (date(2025, 2, 10), None)
    assert proposed(desk) == {}


def test_a_dossier_joins_none_that_came_to_its_end(desk: Desk) -> None:
    which = dossier.Which(QUE_LOC, "xa-nang-cao", 2025)
    desk.record(lambda e: dossier.withdraw(e, which, "mẫu"), "20/12/2024")
    merge(desk, "Sơn Viên")
    with pytest.raises(DossierOver) as refused:
        rehome(desk)
    assert f"ntm dossier open --place {QUE_LOC}" in refused.value.say("vi")
    desk.record(lambda e: dossier.step(e, which, DossierOpened), "1/1/2025")
    rehome(desk)
    row = desk.rows("dossier")[f"{SON_VIEN}/xa-nang-cao/2025"]
    assert row["into"] == f"{QUE_LOC}/xa-nang-cao/2025"


def test_a_dossier_on_the_desk_of_a_district_that_ends_goes_to_the_desk_there_is(
    desk: Desk,
) -> None:
    which = dossier.Which(QUE_LOC, "xa-nang-cao", 2025)
    desk.record(lambda e: dossier.submit(e, which, dossier.HandUp()), "20/12/2024")
    desk.adopt("quang-nam-2024-2025", within="Quảng Nam")
    merge(desk, "huyện Nông Sơn", into="huyện Quế Sơn")
    rehome(desk, "huyện Nông Sơn")
    row = desk.rows("dossier")[f"{QUE_LOC}/xa-nang-cao/2025"]
    assert (row["holder"], row["desk"], row["stage"]) == ("ubnd-que-son", "district", "submitted")
    desk.record(lambda e: dossier.step(e, which, DossierVerified), "2/1/2025")
    assert desk.rows("dossier")[f"{QUE_LOC}/xa-nang-cao/2025"]["stage"] == "verified"


def test_work_goes_to_a_successor_of_its_level_or_by_a_decision_that_is_reported(
    desk: Desk,
) -> None:
    merge(desk, "Sơn Viên")
    with pytest.raises(NotItsSuccessor):
        rehome(desk, to="que-lam-nong-son")
    village = place.NewPlace(name="Một", type="thon", parent=QUE_LOC)
    desk.record(lambda e: place.Atlas(e).add(village))
    with pytest.raises(LevelBelow):
        rehome(desk, to="mot-que-loc")
    rehome(desk, to="que-lam-nong-son", only=(ITEM,), already_done=True)
    assert desk.rows("fund")[ITEM]["place"] == "que-lam-nong-son"


# --- what rests on it -----------------------------------------------------------------------------------


def test_a_merger_is_not_voided_under_the_decision_that_rests_on_it(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    receipt = rehome(desk)
    told = facts_of(desk, f"place/{SON_VIEN}")
    merger = next(fact.entry for fact in told if fact.type == "PlaceMergedInto")
    with pytest.raises(HasDependents) as refused:
        desk.void(merger)
    assert f"#{receipt.entry}" in refused.value.facts["dependents"]
    desk.void(merger, with_dependents=True)
    assert desk.rows("fund")[ITEM]["place"] == SON_VIEN
    assert desk.rebuilt_equal()


def test_a_place_does_not_leave_after_what_was_decided_of_its_leaving(desk: Desk) -> None:
    left = desk.record(lambda entry: place.leave(entry, "Sơn Viên"), "1/1/2025")
    rehome(desk, end=True)
    desk.go("20/02/2025")
    with pytest.raises(OthersRestOnIt):
        desk.correct(left.entry, on="10/2/2025")


def test_what_others_became_part_of_is_not_voided_alone(desk: Desk) -> None:
    merge(desk, "Sơn Viên", "Quế Lộc", into="Nơi Mới", type="xa")
    desk.record(lambda e: unit.register(e, "UBND xã Nơi Mới", "Nơi Mới", "ubnd", ()), "1/1/2025")
    first, second = rehome(desk), rehome(desk, "Quế Lộc")
    with pytest.raises(HasDependents) as refused:
        desk.void(first.entry)
    assert f"#{second.entry}" in refused.value.facts["dependents"]


def facts_of(desk: Desk, id: str) -> list[Any]:
    with desk.database.read() as conn:
        timeline = desk.office.journal.timeline(conn, id, subject_of(id))
    return [step.fact for step in timeline.steps]


DECIDED_BY = {"WorkRehomed": "to", "ObligationJoined": "into", "DossierClosed": "into", "FundRehomed": "place"}  # fmt: skip


@pytest.mark.parametrize("type", DECIDED_BY)
def test_what_the_program_worked_out_is_not_corrected_by_itself(desk: Desk, type: str) -> None:
    merge(desk, "Sơn Viên")
    receipt = rehome(desk)
    subject = next(fact.subject for fact in receipt.facts if fact.type == type)
    change = voiding.Change(fields={DECIDED_BY[type]: "Quế Lâm"}, subject=subject)
    with pytest.raises(NotTyped):
        desk.record(lambda e: voiding.correct(e, receipt.entry, "thử", change))


# --- what is told after it of days before it ------------------------------------------------------------


def test_a_hand_over_told_late_meets_the_duty_that_went_along_since(desk: Desk) -> None:
    until = date(2025, 7, 30)
    desk.record(
        lambda e: obligation.extend(e, f"obligation/{DUTY}", until, None), document="CV gia hạn mẫu"
    )
    merge(desk, "Sơn Viên")
    rehome(desk)
    assert desk.rows("obligation")[DUTY]["trigger"] == f"dossier/{QUE_LOC}/xa-nang-cao/2025/district"  # fmt: skip
    which = dossier.Which(SON_VIEN, "xa-nang-cao", 2025)
    desk.record(
        lambda e: dossier.submit(e, which, dossier.HandUp()),
        "28/12/2024",
        document="BC mẫu",
        already_done=True,
    )
    assert desk.rows("obligation")[DUTY]["met_on"] == date(2024, 12, 28)
    assert desk.rebuilt_equal()


def test_more_money_for_an_item_that_went_along_makes_no_second_duty(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    rehome(desk)
    desk.go("10/01/2025").allocate(ITEM, 10**8, "Quế Lộc", on="10/1/2025")
    duties = [id for id in desk.rows("obligation") if id.startswith("D170@duong-son-vien")]
    assert duties == [f"D170@duong-son-vien-mau/{SON_VIEN}"]


def test_the_amount_first_given_is_corrected_though_the_item_went_along(desk: Desk) -> None:
    first = facts_of(desk, f"fund/{ITEM}")[0].entry
    merge(desk, "Sơn Viên")
    rehome(desk)
    desk.correct(first, amount="900000000")
    row = desk.rows("fund")[ITEM]
    assert (row["allocated"], row["place"]) == (9 * 10**8, QUE_LOC)
    assert desk.rows("obligation")[f"D170@duong-son-vien-mau/{SON_VIEN}"]["place"] == QUE_LOC
    assert desk.rebuilt_equal()


def test_a_name_that_is_gone_is_not_taken_for_one_that_is_nearly_the_same(store_url: str) -> None:
    desk = adopted(store_url, "quang-nam-2024-2025", day="02/01/2024", within="Quảng Nam")
    new = place.Successor(type="phuong")
    desk.go("02/07/2025").record(
        lambda e: place.merge(e, ["Tam Thanh", "Tam Phú"], [], "Quảng Phú", new),
        "1/7/2025",
        document="NQ mẫu",
    )
    with desk.office.reading() as reading:
        with pytest.raises(OtherDay) as refused:
            find_place(reading, "Tam Thanh")
        assert "phường Quảng Phú" in refused.value.say("vi")
        assert find_place(reading, "Tam Thành") == "tam-thanh-phu-ninh"
        assert find_once(reading, "Tam Thanh") == "tam-thanh-tam-ky"
    desk.close_store()


def test_places_end_once(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    for act in (
        lambda e: place.merge(e, ["Quế Lộc"], [], "Quế Lâm", place.Successor()),
        lambda e: place.merge(e, ["Sơn Viên"], [], "Quế Lâm", place.Successor()),
        lambda e: place.abolish(e, "Quế Lộc"),
    ):
        with pytest.raises(EndsLater):
            desk.record(act, "30/12/2024", document="NQ mẫu")


def test_letters_go_to_nobody_of_a_place_that_is_gone_and_the_office_is_told(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    with desk.office.reading() as reading:
        told = {intent.unit for intent in letters.planned(reading)}
        assert f"ubnd-{QUE_LOC}" in told
        assert f"ubnd-{SON_VIEN}" not in told
        [gone] = work_list.left(reading)
    assert (gone["place"]["id"], gone["dossiers"], gone["funds"]) == (SON_VIEN, 1, 1)
    rehome(desk)
    with desk.office.reading() as reading:
        assert work_list.left(reading) == []


def test_the_day_of_a_merger_is_not_corrected_of_one_place(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    told = facts_of(desk, f"place/{SON_VIEN}")
    merger = next(fact.entry for fact in told if fact.type == "PlaceMergedInto")
    change = voiding.Change(on=date(2025, 1, 2), subject=f"place/{SON_VIEN}")
    with pytest.raises(DaysTogether) as refused:
        desk.record(lambda e: voiding.correct(e, merger, "thử", change))
    assert f"ntm fact void {merger}" in refused.value.say("vi")


# --- what a decision meets that was told late, or elsewhere ------------------------------------------------


def test_a_duty_does_not_join_one_that_was_extended_since(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    desk.record(
        lambda e: obligation.extend(e, f"obligation/D120/{QUE_LOC}", date(2025, 8, 1), None),
        "5/2/2025",
        document="CV gia hạn mẫu",
    )
    desk.go("10/02/2025")
    rehome(desk, on="2/1/2025")
    row = desk.rows("obligation")[DUTY]
    assert (row["joined_to"], row["place"]) == (None, QUE_LOC)


def test_what_was_handed_over_on_a_later_day_is_not_handed_over_before_it(desk: Desk) -> None:
    desk.adopt("quang-nam-2024-2025", within="Quảng Nam")
    merge(desk, "Quế Lâm")
    merge(desk, "huyện Nông Sơn", into="huyện Quế Sơn")
    desk.go("12/01/2025")
    later = rehome(desk, "Quế Lâm", on="10/1/2025")
    with pytest.raises(MovedSince) as refused:
        rehome(desk, "huyện Nông Sơn", on="5/1/2025")
    assert f"ntm fact show {later.entry}" in refused.value.say("vi")
    rehome(desk, "huyện Nông Sơn", on="11/1/2025")


def test_a_decision_is_not_voided_under_one_that_took_its_duties_on(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    first = rehome(desk)
    desk.go("10/02/2025")
    desk.record(
        lambda e: place.merge(e, ["Quế Lộc"], [], "Ninh Phước", place.Successor()),
        "1/2/2025",
        document="NQ mẫu",
    )
    rehome(desk, "Quế Lộc", on="2/2/2025")
    with pytest.raises(HasDependents):
        desk.void(first.entry)
    before = desk.all_rows()["fund"]
    change = voiding.Change(fields={"document": "QĐ mẫu số 2"}, subject=f"place/{SON_VIEN}")
    desk.record(lambda e: voiding.correct(e, first.entry, "thử", change))
    assert desk.all_rows()["fund"] == before


def test_a_duty_to_the_unit_that_takes_it_over_falls_away(desk: Desk) -> None:
    desk.adopt("quang-nam-2024-2025", within="Quảng Nam")
    end(desk, "huyện Nông Sơn")
    owed = {
        id
        for id, row in desk.rows("obligation").items()
        if (row["owed_by"], row["owed_to"]) == ("ubnd-nong-son", "ubnd-quang-nam")
        and row["met_on"] is None
    }
    assert owed
    rehome(desk, "huyện Nông Sơn", to="quang-nam")
    rows = desk.rows("obligation")
    assert {rows[id]["waived_on"] for id in owed} == {date(2025, 1, 2)}
    assert not any(row["owed_by"] == row["owed_to"] for row in rows.values() if row["owed_by"])


def test_nothing_of_a_district_joins_what_the_province_owes(desk: Desk) -> None:
    desk.adopt("quang-nam-2024-2025", within="Quảng Nam")
    end(desk, "huyện Nông Sơn")
    rehome(desk, "huyện Nông Sơn", to="quang-nam")
    assert not any(row["joined_to"] for row in desk.rows("obligation").values())


def end(desk: Desk, name: str) -> None:
    """As the districts ended: what lies below it lies in the province."""
    with desk.office.reading() as reading:
        found = find_once(reading, name)
    desk.record(lambda e: e.record(f"place/{found}", PlaceAbolished), "1/1/2025", document="NQ mẫu")


def test_what_is_owed_elsewhere_does_not_end_with_a_district(desk: Desk) -> None:
    desk.adopt("quang-nam-2024-2025", within="Quảng Nam")
    end(desk, "huyện Nông Sơn")
    with pytest.raises(StaysOpen) as refused:
        rehome(desk, "huyện Nông Sơn", end=True)
    assert "/que-lam-nong-son" in refused.value.say("vi")


def test_no_unit_of_a_place_that_is_gone_takes_over(desk: Desk) -> None:
    desk.adopt("quang-nam-2024-2025", within="Quảng Nam")
    merge(desk, "Sơn Viên", "Quế Lâm")
    with pytest.raises(NotItsUnit):
        rehome(desk, units={f"ubnd-{SON_VIEN}": "ubnd-que-lam-nong-son"})


def test_a_place_that_left_takes_over_only_as_was_decided_already(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    desk.record(lambda entry: place.leave(entry, "Quế Lộc"), "1/1/2025")
    with pytest.raises(PlaceOutside):
        rehome(desk)
    receipt = rehome(desk, already_done=True)
    assert receipt.facts[0].event.against


def test_a_duty_to_hand_in_falls_in_a_ward_whatever_was_picked(desk: Desk) -> None:
    merge(desk, "Sơn Viên", into="Phường Mới", type="phuong")
    desk.record(lambda e: unit.register(e, "UBND phường Mới", "Phường Mới", "ubnd", ()), "1/1/2025")
    rehome(desk, only=(DUTY,))
    assert desk.rows("obligation")[DUTY]["waived_on"] == date(2025, 1, 2)


def test_what_falls_with_a_dossier_is_not_picked_without_it(desk: Desk) -> None:
    supply = returned(desk)
    merge(desk, "Sơn Viên")
    with pytest.raises(NotOpenThere):
        rehome(desk, only=(supply,))


def test_the_day_of_a_hand_over_is_not_corrected_of_one_part(desk: Desk) -> None:
    merge(desk, "Sơn Viên")
    receipt = rehome(desk)
    change = voiding.Change(on=date(2025, 1, 1), subject=f"fund/{ITEM}")
    with pytest.raises(DaysTogether):
        desk.record(lambda e: voiding.correct(e, receipt.entry, "thử", change))
