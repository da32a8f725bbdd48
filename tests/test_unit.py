"""Units: an office begins once, is renamed and given criteria, and is written to where it said."""

from __future__ import annotations

from pathlib import Path

import pytest
from given import event, given
from terminal import ntm

from ntm_workflow.domain.base import AlreadyBegun, NotBegun
from ntm_workflow.domain.unit import (
    ROLES,
    SameContacts,
    SameNames,
    Unit,
    UnitAliasesChanged,
    UnitContactChanged,
    UnitRegistered,
    UnitRenamed,
)
from ntm_workflow.plans.pack import bundled, load

ID = "unit/ubnd-tam-ngoc"
REGISTERED = event(
    UnitRegistered,
    "01/01/2024",
    name="UBND xã Tam Ngọc",
    role="ubnd",
    place="tam-ngoc",
    aliases=("Ủy ban Tam Ngọc",),
)


def contacts(day: str, *ids: str) -> UnitContactChanged:
    return event(UnitContactChanged, day, contacts=ids)


def test_a_registered_unit_has_no_address_yet() -> None:
    assert given(ID).when(REGISTERED) == Unit(
        "UBND xã Tam Ngọc", "ubnd", "tam-ngoc", ("Ủy ban Tam Ngọc",), ()
    )


def test_a_unit_may_stand_without_place_and_aliases() -> None:
    state = given("unit/bcd").when(
        event(UnitRegistered, "01/01/2024", name="Ban Chỉ đạo tỉnh", role="bcd")
    )
    assert (state.place, state.aliases) == (None, ())


def test_changed_contacts_replace_the_ones_before_and_leave_the_rest() -> None:
    journal = given(ID, REGISTERED, contacts("05/01/2024", "c1", "c2"))
    state = journal.when(contacts("06/01/2024", "c3"))
    assert state.contacts == ("c3",)
    assert state.name == "UBND xã Tam Ngọc"
    assert journal.at("05/01/2024").contacts == ("c1", "c2")


def test_the_same_contacts_are_not_recorded_again() -> None:
    journal = given(ID, REGISTERED, contacts("05/01/2024", "c1"))
    assert journal.when(contacts("06/01/2024", "c1")) is SameContacts


def test_contacts_may_go_back_to_what_they_were() -> None:
    journal = given(ID, REGISTERED, contacts("05/01/2024", "c1"), contacts("06/01/2024", "c2"))
    assert journal.when(contacts("07/01/2024", "c1")).contacts == ("c1",)


def test_the_last_contacts_may_be_taken_away() -> None:
    assert (
        given(ID, REGISTERED, contacts("05/01/2024", "c1")).when(contacts("06/01/2024")).contacts
        == ()
    )


def test_contacts_learnt_late_for_an_earlier_day_do_not_replace_later_ones() -> None:
    journal = given(ID, REGISTERED, contacts("10/01/2024", "new"))
    assert journal.when(contacts("05/01/2024", "old")).contacts == ("new",)
    assert journal.at("09/01/2024").contacts == ("old",)


def test_a_unit_without_beginning_has_no_contacts() -> None:
    assert given(ID).when(contacts("05/01/2024", "c1")) is NotBegun


def test_contacts_before_the_unit_began_are_refused_with_the_day_it_began() -> None:
    refused = given(ID, REGISTERED).refusal(contacts("31/12/2023", "c1"))
    assert isinstance(refused, NotBegun)
    assert "01/01/2024" in refused.say("vi")


def test_a_unit_is_not_registered_twice() -> None:
    assert given(ID, REGISTERED).when(REGISTERED) is AlreadyBegun


def test_a_renamed_unit_keeps_the_rest_and_its_old_name_on_old_days() -> None:
    journal = given(ID, REGISTERED, event(UnitRenamed, "01/07/2025", name="UBND phường Hương Trà"))
    assert journal.now.name == "UBND phường Hương Trà"
    assert journal.now.aliases == ("Ủy ban Tam Ngọc",)
    assert journal.at("30/06/2025").name == "UBND xã Tam Ngọc"
    again = event(UnitRenamed, "02/07/2025", name="UBND phường Hương Trà")
    assert journal.when(again) is SameNames


def test_the_other_names_of_a_unit_are_told_all_at_once() -> None:
    journal = given(ID, REGISTERED)
    assert journal.when(event(UnitAliasesChanged, "01/07/2025", aliases=("A", "B"))).aliases == (
        "A",
        "B",
    )
    same = event(UnitAliasesChanged, "01/07/2025", aliases=("Ủy ban Tam Ngọc",))
    assert given(ID, REGISTERED).when(same) is SameNames


@pytest.mark.parametrize("plan", bundled())
def test_every_role_a_bundled_plan_gives_is_known(plan: str) -> None:
    assert {unit.role for unit in load(plan).units} <= set(ROLES)


# --- at the keyboard ------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> str:
    where = str(tmp_path / "s.db")
    assert ntm("init", where).code == 0
    assert ntm("plan adopt tam-ky-2024", where).code == 0
    return where


def test_a_unit_is_registered_renamed_and_found_by_each_name_on_its_days(store: str) -> None:
    line = "unit register 'Phòng Văn hóa' --place 'TP Tam Kỳ' --role phong --alias 'Phòng VHTT'"
    assert ntm(line, store).code == 0
    assert (
        ntm("unit rename 'phong van hoa' 'Phòng Văn hóa và Thông tin' --on 1/7/2025", store).code
        == 0
    )
    assert ntm("unit alias 'Phòng VHTT' --add 'P. VHTT' --drop 'phong vhtt'", store).code == 0
    shown = ntm("unit show 'P. Văn hóa & Thông tin' --json", store).json
    assert shown["id"] == "phong-van-hoa"
    assert shown["aliases"] == ["P. VHTT"]
    assert ntm("unit show 'Phòng Văn hóa' --as-of 30/6/2025", store).code == 0
    refused = ntm("unit show 'Phòng Văn hóa'", store)
    assert (refused.code, "đến 30/06/2025" in refused.err) == (3, True)


def test_an_unknown_role_is_refused_with_the_known_ones(store: str) -> None:
    refused = ntm("unit register 'Tổ A' --place 'Tam Kỳ' --role to-truong", store)
    assert refused.code == 2
    assert all(role in refused.err for role in ROLES)


def test_a_unit_leads_the_criteria_it_was_assigned(store: str) -> None:
    line = "unit assign 'UBND thành phố Tam Kỳ' --set xa-nang-cao"
    more = "--criterion 13 --criterion 10 --field 'du lịch' --clause III.3.3"
    assert ntm(f"{line} {more}", store).code == 0
    (item,) = [
        item for item in ntm("unit list --json", store).json["items"] if item["id"] == "ubnd-tam-ky"
    ]
    (lead,) = [lead for lead in item["leads"] if lead["clause"] == "III.3.3"]
    assert (lead["set"], lead["numbers"], lead["fields"]) == ("xa-nang-cao", [10, 13], ["du lịch"])
    assert "10, 13, du lịch" in ntm("unit show ubnd-tam-ky", store).out


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("unit assign ubnd-tam-ky --set xa-nang-cao", 2),
        ("unit assign ubnd-tam-ky --set xa-nang-cao --criterion 20", 2),
        ("unit assign ubnd-tam-ky --set khong-co --criterion 1", 3),
        ("unit assign ubnd-tam-ky --set xa-ntm --criterion 1 --plan khong-co", 3),
        ("unit contact ubnd-tam-ky", 2),
        ("unit contact ubnd-tam-ky --phone 123", 2),
        ("unit contact ubnd-tam-ky --email a@example.com --email A@example.com", 2),
        ("unit register 'ubnd thanh pho Tam Kỳ' --place 'Tam Kỳ' --role ubnd", 1),
        ("unit register '---' --place 'Tam Kỳ'", 2),
        ("unit rename ubnd-tam-ky 'UBND thành phố Tam Kỳ'", 1),
        ("unit show 'Phòng Không Có'", 3),
        ("unit alias ubnd-tam-ky --drop 'Tên không có'", 3),
    ],
)
def test_what_cannot_be_said_of_a_unit_is_refused_and_not_recorded(
    line: str, code: int, store: str
) -> None:
    before = ntm("audit verify --json", store).json
    answer = ntm(line, store)
    assert answer.code == code, answer.err
    assert ntm("audit verify --json", store).json == before


def test_an_address_that_another_unit_has_is_kept_and_said(store: str) -> None:
    line = "unit contact 'UBND xã {}' --email chung@example.com"
    assert "Lưu ý" not in ntm(line.format("Tam Phú"), store).out
    told = ntm(line.format("Tam Thanh"), store)
    assert told.code == 0
    assert "Lưu ý: chung@example.com cũng là địa chỉ của UBND xã Tam Phú." in told.out
    third = ntm(line.format("Tam Ngọc") + " --json --dry-run", store).json
    both = ["ubnd-tam-phu-tam-ky", "ubnd-tam-thanh-tam-ky"]
    assert third["shared"] == {"chung@example.com": both}
    assert ntm("unit contact 'UBND xã Tam Phú' --email rieng@example.com", store).code == 0
    later = ntm(line.format("Tam Thăng") + " --json --dry-run", store).json
    assert later["shared"] == {"chung@example.com": ["ubnd-tam-thanh-tam-ky"]}


def test_a_unit_has_several_addresses_in_the_order_given(store: str) -> None:
    line = "unit contact 'UBND xã Tam Ngọc' --email b@example.com --email a@example.com"
    assert ntm(line, store).code == 0
    assert ntm("unit show 'UBND xã Tam Ngọc' --json", store).json["emails"] == [
        "b@example.com",
        "a@example.com",
    ]
    assert ntm(line, store).code == 1
