"""Units: an office begins once, and its addresses change only when they are other addresses."""

from __future__ import annotations

from given import event, given

from ntm_workflow.domain.base import AlreadyBegun, NotBegun
from ntm_workflow.domain.unit import SameContacts, Unit, UnitContactChanged, UnitRegistered

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
