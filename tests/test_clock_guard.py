"""The clock as it is watched: a step judges nothing until somebody vouches for the clock, and who must know is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offices import Desk, closing_store
from services import Kept, looked_after
from terminal import ntm

from ntm_workflow.domain.clock import Seen, Times, believed, stepped
from ntm_workflow.notifications.post import Outcome, Parcel, Result
from ntm_workflow.office import contacts, letters
from ntm_workflow.office.entry import Request
from ntm_workflow.office.names import find_unit
from ntm_workflow.store.schema import ENVELOPES

HOUR = 3600

CITY = "UBND thành phố Tam Kỳ"


@pytest.fixture
def kept(store_url: str) -> Iterator[Kept]:
    """A store whose days are closed and whose clock was looked at, on a Friday."""
    with closing_store(looked_after(store_url)) as desk:
        kept = Kept(desk)
        kept.tick()
        yield kept


# --- what a step is

SECONDS = st.integers(-400 * 86400, 400 * 86400)


@given(seconds=SECONDS, passed=st.integers(0, 10**7))
def test_a_step_is_told_exactly_when_it_is_over_a_minute_however_long_the_machine_ran(
    seconds: int, passed: int
) -> None:
    from offices import NOW

    seen = Seen(NOW, 5.0)
    wall = NOW + timedelta(seconds=passed + seconds)
    found = stepped(seen, Times(wall, 5.0 + passed, "a"))
    assert (found.seconds if found else None) == (seconds if abs(seconds) > 60 else None)


@given(usual=st.integers(-HOUR, HOUR), seconds=SECONDS)
def test_a_server_that_always_differs_is_believed_and_one_that_moves_is_not(
    usual: int, seconds: int
) -> None:
    from offices import NOW

    first = Times(NOW, 5.0, "a", NOW - timedelta(seconds=usual))
    assert (stepped(None, first) is not None) == (abs(usual) > 60)
    seen = believed(first)
    assert stepped(seen, first) is None
    moved = Times(NOW, 5.0, "a", NOW - timedelta(seconds=usual + seconds))
    assert (stepped(seen, moved) is not None) == (abs(seconds) > 60)


# --- what it does


@pytest.mark.parametrize("seconds", [61, -61, HOUR, -HOUR, 86400, 365 * 86400, -365 * 86400])
def test_a_step_is_recorded_once_and_nothing_is_closed_until_it_is_vouched_for(
    kept: Kept, seconds: int
) -> None:
    kept.at("06/01/2024 00:04").step(seconds)
    assert kept.tick() == ["clock"]
    assert kept.tick() == []
    (step,) = kept.facts("ClockStepSeen")
    assert (step.event.seconds, step.event.witness) == (seconds, "uptime")
    kept.after(timedelta(minutes=5)).look_after()
    assert kept.closed()[-1] == "2024-01-04"
    if seconds > 0:
        kept.confirm()
        kept.look_after()
        assert kept.closed()[-1] >= "2024-01-05"


def test_a_step_seen_by_the_closing_itself_comes_before_what_it_would_close(kept: Kept) -> None:
    kept.step(365 * 86400)
    found = kept.run("closing")
    assert found
    assert "ntm clock confirm" in found.say("vi")
    assert len(kept.facts("ClockStepSeen")) == 1
    assert kept.closed()[-1] == "2024-01-04"


def test_small_steps_add_up(kept: Kept) -> None:
    for _ in range(3):
        kept.step(25).after(timedelta(minutes=5)).tick()
    (step,) = kept.facts("ClockStepSeen")
    assert step.event.seconds == 75


def test_a_clock_that_goes_as_time_does_is_never_in_doubt(kept: Kept) -> None:
    for days in (1, 3, 10, 40):
        kept.after(timedelta(days=days)).step(10).look_after()
    assert kept.facts("ClockStepSeen") == []


def test_a_step_between_two_runs_on_a_machine_that_stayed_on_is_seen(kept: Kept) -> None:
    later = Kept(kept.desk, uptime=kept.uptime)
    assert later.after(timedelta(hours=1)).step(7200).tick() == ["clock"]


def test_after_the_machine_was_started_anew_its_uptime_is_compared_with_nothing(kept: Kept) -> None:
    later = Kept(kept.desk, uptime=20.0, boot_id="máy-1 lần sau")
    assert later.after(timedelta(hours=1)).step(7200).tick() == []
    unnamed = Kept(kept.desk, uptime=20.0, boot_id=kept.boot_id)
    assert unnamed.step(7200).tick() == []


def test_a_clock_set_back_while_the_machine_was_off_is_known_by_the_last_record(kept: Kept) -> None:
    later = Kept(kept.desk, uptime=20.0, boot_id="lần sau")
    assert later.step(-7200).tick() == ["clock"]
    assert later.tick() == []
    (step,) = kept.facts("ClockStepSeen")
    assert step.event.witness == "last-record"
    later.confirm()
    assert later.tick() == []


def test_a_machine_that_differs_from_its_database_is_in_doubt_once(kept: Kept) -> None:
    kept.server = kept.times.wall - timedelta(hours=1)
    assert kept.tick() == ["clock"]
    (step,) = kept.facts("ClockStepSeen")
    assert (step.event.witness, step.event.seconds) == ("server-clock", HOUR)
    kept.confirm()
    assert kept.tick() == []


def test_two_that_look_at_the_same_step_record_it_once(kept: Kept) -> None:
    kept.step(7200)
    other = Kept(kept.desk, uptime=kept.uptime - 1)
    assert kept.tick() == ["clock"]
    assert other.tick() == []
    assert len(kept.facts("ClockStepSeen")) == 1


def test_a_clock_in_doubt_does_not_lead_the_journal_into_the_future(
    kept: Kept, tmp_path: Path
) -> None:
    truly = kept.times.wall
    kept.given(operator="truc-may@example.com", outbox=tmp_path)
    kept.step(365 * 86400).after(timedelta(minutes=1)).tick()
    assert kept.facts("LetterSent")
    with kept.office.database.read() as conn:
        last = kept.office.journal.head(conn).recorded_at
    assert last
    assert last <= truly + timedelta(minutes=1)
    kept.step(-365 * 86400).tick()
    kept.confirm()
    assert kept.desk.allocate("cầu", 1_000, on="3/1/2024").facts[0].recorded_at == kept.times.wall


def test_a_rehearsal_is_told_its_time_and_never_in_doubt(store_url: str) -> None:
    with closing_store(Desk(store_url, "05/01/2024").init()) as desk:
        kept = Kept(desk.adopt("quang-nam-2024-2025"))
        kept.tick()
        assert kept.step(86400).tick() == []
        kept.look_after()
        assert kept.closed()[-1] == "2024-01-05"


def test_closing_and_sending_by_hand_wait_too_and_reading_goes_on(
    kept: Kept, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ntm_workflow.cli.session.SystemClock.now", lambda self: kept.times.wall)
    monkeypatch.setattr("ntm_workflow.clocks.Clocks.read", lambda self, database: kept.times)
    kept.step(86400).tick()
    for line in ("day close --until 5/1/2024", f"letter send --outbox {tmp_path}/thư"):
        refused = ntm(line, store_url)
        assert refused.code == 1
        assert "86400" in refused.err
        assert "ntm clock confirm" in refused.err
    status = ntm("day status --json", store_url).json
    assert status["clock_held"]["seconds"] == 86400
    doctor = ntm("doctor --json", store_url)
    (fix,) = [
        i["fix"] for i in doctor.json["items"] if (i["check"], i["state"]) == ("clock", "fail")
    ]
    assert (doctor.code, fix) == (1, "ntm clock confirm")
    assert ntm("unit list", store_url).code == 0
    assert ntm("clock confirm", store_url).code == 0
    assert ntm("day close --until 5/1/2024", store_url).code == 0
    assert ntm("day status --json", store_url).json["clock_held"] is None


def test_a_seen_step_is_not_voided_away(kept: Kept) -> None:
    from ntm_workflow.office.voiding import CannotVoid

    kept.step(7200).tick()
    kept.confirm()
    with pytest.raises(CannotVoid):
        kept.desk.void(kept.facts("ClockStepSeen")[0].entry)


def test_the_tables_with_steps_in_them_are_rebuilt_the_same(kept: Kept) -> None:
    kept.given(operator="truc-may@example.com").step(7200).tick()
    kept.confirm()
    kept.step(-7200).tick()
    assert kept.desk.rebuilt_equal()


# --- who hears


def test_whoever_looks_after_the_machine_hears_at_once_and_once(kept: Kept, tmp_path: Path) -> None:
    kept.given(operator="truc-may@example.com", escalate_to="vpdp@example.com", outbox=tmp_path)
    kept.step(7200)
    for _ in range(3):
        kept.after(timedelta(minutes=1)).tick()
    (name,) = kept.mail(tmp_path)
    mail = message_from_bytes((tmp_path / name).read_bytes())
    assert mail["To"] == "truc-may@example.com"
    text = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert text.count("ntm clock confirm") == 2
    assert "05/01/2024 11:01" in text
    assert "should have said 05/01/2024 09:01" in text
    step = kept.facts("ClockStepSeen")[0].entry
    assert list(kept.letters()) == [f"letter/operator/alert/clock/{step}"]


def test_whoever_coordinates_hears_when_a_working_day_has_passed(
    kept: Kept, tmp_path: Path
) -> None:
    kept.given(operator="truc-may@example.com", escalate_to="vpdp@example.com", outbox=tmp_path)
    kept.step(7200)
    for moment in ("06/01/2024 09:00", "07/01/2024 09:00", "08/01/2024 23:59"):
        kept.at(moment).tick()
    assert len(kept.mail(tmp_path)) == 1
    kept.at("09/01/2024 00:01").tick()
    kept.tick()
    assert [name.split("--")[0] for name in kept.mail(tmp_path)] == ["coordination", "operator"]


def test_a_step_of_a_year_does_not_count_as_a_working_day(kept: Kept) -> None:
    kept.given(operator="truc-may@example.com", escalate_to="vpdp@example.com")
    kept.step(365 * 86400).tick()
    kept.tick()
    assert [id.split("/")[1] for id in kept.letters()] == ["operator"]


def test_a_unit_of_the_store_hears_at_its_own_address(kept: Kept, tmp_path: Path) -> None:
    with kept.office.reading() as reading:
        unit = find_unit(reading, CITY)
    kept.desk.record(lambda e: contacts.change(e, unit, ["ubnd@example.com"]))
    kept.given(escalate_to=CITY, outbox=tmp_path).step(7200).tick()
    kept.at("09/01/2024 09:00").tick()
    (name,) = kept.mail(tmp_path)
    assert b"ubnd@example.com" in (tmp_path / name).read_bytes()
    assert name.startswith(unit)


def test_a_unit_nobody_knows_keeps_nobody_else_from_hearing(kept: Kept, tmp_path: Path) -> None:
    kept.given(operator="truc-may@example.com", escalate_to="không có", outbox=tmp_path)
    kept.step(7200).tick()
    kept.at("09/01/2024 09:00")
    assert "alert" in kept.tick()
    assert len(kept.mail(tmp_path)) == 1


def test_while_the_clock_is_in_doubt_only_alerts_leave(kept: Kept, tmp_path: Path) -> None:
    for unit in ("ubnd-tam-ngoc-tam-ky", "ubnd-tam-thanh-tam-ky"):
        kept.desk.record(lambda e, u=unit: contacts.change(e, u, [f"{u}@example.com"]))  # type: ignore[misc]
    kept.at("15/10/2024 06:00")
    with kept.office.writing() as work:
        assert letters.issue(work, kept.office.today, Request(by="test"))
    kept.given(operator="truc-may@example.com", outbox=tmp_path).step(7200)
    kept.look_after()
    assert [name.split("--")[0] for name in kept.mail(tmp_path)] == ["operator"]


def test_an_alert_that_has_not_left_is_dropped_when_it_is_over(kept: Kept, tmp_path: Path) -> None:
    kept.given(operator="truc-may@example.com").step(7200).tick()
    assert len(kept.letters()) == 1
    kept.confirm()
    kept.given(outbox=tmp_path).at("06/01/2024 08:00").look_after()
    assert kept.mail(tmp_path) == []
    assert {s for id, s in kept.letters().items() if "/alert/" in id} == {"dropped"}


def test_a_closing_that_fails_for_an_hour_is_told_with_its_reason(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("thử")

    kept.given(operator="truc-may@example.com", outbox=tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("ntm_workflow.office.closing.close", broken)
        for moment in ("06/01/2024 00:05", "06/01/2024 00:50", "06/01/2024 01:04"):
            kept.at(moment).look_after()
        assert kept.mail(tmp_path) == []
        for moment in ("06/01/2024 01:06", "06/01/2024 01:20"):
            kept.at(moment).look_after()
    (name,) = kept.mail(tmp_path)
    text = message_from_bytes((tmp_path / name).read_bytes()).get_payload(decode=True)
    assert b"ZeroDivisionError" in text  # type: ignore[operator]
    assert list(kept.letters()) == ["letter/operator/alert/closing/2024-01-05"]


def test_without_an_address_nobody_is_written_to_and_the_doctor_says_so(
    kept: Kept, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ntm_workflow.cli.session.SystemClock.now", lambda self: kept.times.wall)
    kept.step(7200).tick()
    assert kept.letters() == {}
    items = ntm("doctor --json", store_url).json["items"]
    (said,) = [item for item in items if item["check"] == "alarms"]
    assert said["state"] == "warn"
    assert "operator.email" in said["message"]
    assert "serve.escalate_to" in said["message"]


def test_the_address_of_the_settings_leaves_the_store_with_the_alert(
    kept: Kept, tmp_path: Path
) -> None:
    kept.given(operator="truc-may@example.com", outbox=tmp_path).step(7200).tick()
    with kept.office.database.read() as conn:
        (row,) = conn.execute(ENVELOPES.select()).all()
    assert (row.state, row.recipient, row.bytes) == ("sent", None, None)
    assert row.message_id
    assert kept.facts("LetterSent")[0].event.sha256


def test_an_alert_that_cannot_leave_waits_and_is_told(kept: Kept, tmp_path: Path) -> None:
    def refuse(_: object, parcels: Iterable[Parcel]) -> Iterator[Result]:
        return (Result(parcel.id, Outcome.DEFERRED, "") for parcel in parcels)

    kept.given(operator="truc-may@example.com", outbox=tmp_path).step(7200)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ntm_workflow.notifications.post.Folder.deliver", refuse)
        kept.tick()
    assert [f.say("en") for f in kept.told if f.check == "alerts"] == [
        "Sent 0 letters. 1 are tried again later."
    ]
    assert set(kept.letters().values()) == {"frozen"}
    kept.after(timedelta(minutes=1)).tick()
    assert len(kept.mail(tmp_path)) == 1
