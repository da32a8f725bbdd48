"""After a restore: nothing that may have left already leaves again, until somebody lets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from backups import back_up, fill, restored
from mails import facts, issue, send, states
from offices import Desk, closing_store
from posts import Basket
from services import Kept
from terminal import ntm

from ntm_workflow.notifications.post import Outcome, Parcel
from ntm_workflow.office import Office, backup, contacts, hold, relay, retrying
from ntm_workflow.office.entry import Request
from ntm_workflow.office.finding import Grade
from ntm_workflow.office.hold import OutboxHeld, RestoredMeanwhile


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    """The morning's letters are issued; one unit has an address."""
    with closing_store(fill(Desk(store_url, "05/03/2024").init())) as desk:
        yield desk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sao lưu"


def test_the_drill_what_left_after_the_backup_is_not_sent_again_by_itself(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    path = back_up(desk, folder)
    assert len(send(desk).left) == 1
    basket = Basket()
    with closing_store(restored(path, tmp_path / "new.db")) as again:
        for _ in range(3):
            with pytest.raises(OutboxHeld):
                send(again, basket)
            again.clock.at += timedelta(days=1)
        assert basket.offered == []
        assert facts(again, "LetterSent") == []


def test_letters_that_waited_wait_again_and_leave_when_released_under_the_same_message_id(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    path = back_up(desk, folder)
    first, second = Basket(), Basket()
    left = send(desk, first).left
    with closing_store(restored(path, tmp_path / "new.db")) as again:
        assert backup.waiting(again.database) == backup.waiting(desk.database) + len(left)
        assert hold.release(again.office, drop=False) == backup.waiting(again.database)
        assert send(again, second).left == left
        assert hold.release(again.office, drop=False) is None
    ids = [
        next(line for line in content.splitlines() if line.startswith(b"Message-ID"))
        for content in (*first.contents, *second.contents)
    ]
    assert ids[0] == ids[1]


def test_what_may_have_left_is_given_up_when_told_so_and_the_next_day_begins_anew(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    path = back_up(desk, folder)
    send(desk)
    basket = Basket()
    with closing_store(restored(path, tmp_path / "new.db")) as again:
        given_up = hold.release(again.office, drop=True)
        assert given_up == list(states(again).values()).count("given_up") > 0
        assert send(again, basket).left == ()
        again.go("16/10/2024")
        assert issue(again, "16/10/2024") == 0, "their units have heard: it left before the restore"
        _, sent = relay.send_day(
            again.go("21/10/2024").office,
            basket,
            again.office.today,
            Request(by="test"),
            relay.ALL,
        )
        assert len(sent.left) == 1


def test_a_letter_that_left_before_the_backup_does_not_leave_again(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    assert send(desk).left
    path = back_up(desk, folder)
    with closing_store(restored(path, tmp_path / "new.db")) as again:
        hold.release(again.office, drop=False)
        assert send(again).left == ()


def test_what_a_relay_had_claimed_when_the_backup_was_made_is_nobodys_after_it(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    class Backing(Basket):
        def take(self, parcel: Parcel) -> Outcome:
            back_up(desk, folder)
            return super().take(parcel)

    send(desk, Backing())
    (path,) = folder.glob("*.db")
    with closing_store(restored(path, tmp_path / "new.db")) as again:
        hold.release(again.office, drop=False)
        assert len(send(again).left) == 1


def test_a_run_does_not_go_on_in_a_store_that_was_restored_under_it(desk: Desk) -> None:
    class Meanwhile(Basket):
        def take(self, parcel: Parcel) -> Outcome:
            with desk.database.write() as conn:
                hold.lay(conn, desk.clock.now())
            return super().take(parcel)

    with pytest.raises(RestoredMeanwhile):
        send(desk, Meanwhile())
    assert facts(desk, "LetterSent") == []


def test_nothing_is_tried_again_either_while_it_is_held(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    path = back_up(desk, folder)
    with (
        closing_store(restored(path, tmp_path / "new.db")) as again,
        pytest.raises(OutboxHeld),
    ):
        retrying.retry(again.office, None)


def test_whoever_looks_after_a_restored_store_is_told_and_nothing_leaves(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = "ubnd-tam-ngoc-tam-ky"
    with closing_store(Desk(store_url, "05/01/2024")) as desk:
        Office.create(desk.database)
        desk.adopt("quang-nam-2024-2025")
        desk.record(lambda e: contacts.change(e, unit, [f"{unit}@example.com"]))
        kept = Kept(desk).given(outbox=tmp_path, most_silence=timedelta(days=999))
        with desk.database.write() as conn:
            hold.lay(conn, desk.clock.now())
        kept.at("15/10/2024 07:30").look_after()
        assert kept.mail(tmp_path) == []
        found = kept.run("relay")
        assert found
        assert (found.grade, "ntm letter release" in found.say("vi")) == (Grade.WARN, True)
        monkeypatch.setattr(
            "ntm_workflow.cli.session.SystemClock.now", lambda self: kept.times.wall
        )
        items = ntm("doctor --json", store_url).json["items"]
        (said,) = [item for item in items if item["check"] == "outbox"]
        assert (said["state"], said["fix"]) == ("warn", "ntm letter release --restored")
        assert ntm("letter release --restored", store_url).code == 0
        kept.after(timedelta(minutes=1)).run("relay")
        assert {name.partition("--")[0] for name in kept.mail(tmp_path)} == {unit}
