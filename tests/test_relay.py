"""Letters from the outbox: issued once, frozen once, never lost, whatever dies or runs beside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from offices import Desk, closing_store
from posts import Basket

from ntm_workflow.notifications.post import Folder, FolderUnusable, Outcome, Parcel
from ntm_workflow.office import adoption, contacts, letters, relay
from ntm_workflow.office.entry import Request
from ntm_workflow.plans.pack import load

DAY = "15/10/2024"
NGOC, THANH = "ubnd-tam-ngoc-tam-ky", "ubnd-tam-thanh-tam-ky"


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    """Two communes with an address, one reminder each for D118 on 15/10/2024."""
    with closing_store(Desk(store_url, "05/01/2024").init()) as desk:
        pack = load("quang-nam-2024-2025")
        pack.obligations = [duty for duty in pack.obligations if duty.rule == "D118"]
        desk.record(lambda entry: adoption.adopt(entry, pack, "Tam Kỳ"))
        for unit in (NGOC, THANH):
            desk.record(lambda e, u=unit: contacts.change(e, u, [f"{u}@example.com"]))  # type: ignore[misc]
        yield desk.go(DAY)


def issue(desk: Desk, **said: Any) -> int:
    from ntm_workflow.domain.inputs import read_date

    request = Request(by="test", **said)
    with desk.office.writing() as work:
        return len(letters.issue(work, read_date(DAY), request))


def send(desk: Desk, post: Any = None, **said: Any) -> relay.Sent:
    return relay.send(desk.office, post or Basket(), Request(by="test", **said))


def states(desk: Desk) -> dict[str, str]:
    with desk.office.reading() as reading:
        return {item["unit"]["id"]: item["state"] for item in letters.listing(reading)}


def test_a_letter_is_issued_once_and_sent_once(desk: Desk) -> None:
    basket = Basket()
    issue(desk)
    assert issue(desk) == 0
    assert len(send(desk, basket).left) == 2
    assert send(desk, basket).left == ()
    assert len(basket.letters) == 2


def test_a_key_or_a_position_of_the_command_is_not_the_relays(desk: Desk) -> None:
    position = desk.office.verify().size
    issue(desk, key="k", if_position=position)
    assert len(send(desk, key="k", if_position=position).left) == 2
    assert set(states(desk).values()) == {"sent"}
    assert send(desk, key="k").left == ()


def test_a_relay_that_died_before_recording_sends_the_same_bytes_again(desk: Desk) -> None:
    class Dying(Basket):
        def take(self, parcel: Parcel) -> Outcome:
            super().take(parcel)
            raise KeyboardInterrupt

    first, second = Dying(), Basket()
    issue(desk)
    with pytest.raises(KeyboardInterrupt):
        send(desk, first)
    desk.clock.go("16/10/2024")
    send(desk, second)
    assert first.letters[0] in second.letters
    assert set(states(desk).values()) == {"sent"}


def test_two_relays_at_once_send_the_same_bytes_and_record_one_letter(desk: Desk) -> None:
    class Meanwhile(Basket):
        """While this relay delivers its first letter, another runs from beginning to end."""

        other: Basket | None = None

        def take(self, parcel: Parcel) -> Outcome:
            if self.other is None:
                self.other = Basket()
                send(desk, self.other)
            return super().take(parcel)

    slow = Meanwhile()
    issue(desk)
    send(desk, slow)
    assert slow.other is not None
    assert sorted(slow.letters) == sorted(slow.other.letters)
    sent = [f for f in _facts(desk) if f.type == "LetterSent"]
    assert len(sent) == 2
    hashes = {hashlib.sha256(content).hexdigest() for _, content in slow.letters}
    assert {fact.event.sha256 for fact in sent} == hashes


def test_one_address_that_fails_does_not_hold_up_the_others(desk: Desk) -> None:
    issue(desk)
    done = send(desk, Basket(failing="tam-ngoc"))
    assert (len(done.left), len(done.failed)) == (1, 1)
    assert len(send(desk).left) == 1


def test_a_letter_whose_duty_was_done_meanwhile_is_dropped_and_holds_up_nothing(desk: Desk) -> None:
    issue(desk)
    desk.submit("Tam Ngọc", "14/10/2024")
    assert len(send(desk).left) == 1
    assert states(desk) == {NGOC: "dropped", THANH: "sent"}


def test_a_letter_whose_plan_was_voided_holds_up_nothing(desk: Desk) -> None:
    issue(desk)
    desk.void(1, with_dependents=True)
    assert send(desk).left == ()


def test_a_letter_waits_for_its_address(desk: Desk) -> None:
    desk.record(lambda e: contacts.change(e, NGOC, []))
    issue(desk)
    assert len(send(desk).left) == 1
    assert states(desk)[NGOC] == "no_address"
    desk.record(lambda e: contacts.change(e, NGOC, ["moi@example.com"]))
    assert len(send(desk).left) == 1


def test_a_folder_that_cannot_be_written_to_is_refused_before_anything_is_recorded(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FolderUnusable):
        Folder(tmp_path / "file").ready()


def _facts(desk: Desk) -> list[Any]:
    with desk.database.read() as conn:
        return list(desk.office.journal.facts(conn))
