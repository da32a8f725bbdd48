"""Looking after a store: what is due is done once and at its time, whoever asks and however often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offices import Desk, closing_store
from services import Kept, looked_after
from terminal import ntm

from ntm_workflow.domain.schedule import (
    GRACE,
    ONE_DAY,
    REST,
    Beat,
    closing_missed,
    following,
    latest,
)
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office import Office, contacts, jobs
from ntm_workflow.office.finding import Grade
from ntm_workflow.store.schema import CLOCKS, HEARTBEATS, META

NGOC = "ubnd-tam-ngoc-tam-ky"


@pytest.fixture
def kept(store_url: str) -> Iterator[Kept]:
    """A plan whose first days are closed; it is 09:00 on 05/01/2024."""
    with closing_store(looked_after(store_url)) as desk:
        yield Kept(desk)


# --- when


MOMENTS = st.integers(0, 1096 * 86400).map(
    lambda n: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=n)
)
HOURS = st.times().map(lambda t: time(t.hour, t.minute))


@given(at=HOURS, now=MOMENTS)
def test_the_last_and_the_next_time_stand_a_day_apart_on_both_sides_of_now(
    at: time, now: datetime
) -> None:
    assert latest(at, now) <= now < following(at, now)
    assert following(at, now) - latest(at, now) == ONE_DAY
    assert latest(at, now).timetz().replace(tzinfo=None) == at


@given(day=st.dates(date(2024, 1, 1), date(2026, 1, 1)), at=HOURS, seconds=st.integers(-9999, 9999))
def test_a_closing_is_missed_an_hour_after_its_time_on_the_day_after(
    day: date, at: time, seconds: int
) -> None:
    late = datetime.combine(day + ONE_DAY, at, VIETNAM) + GRACE
    assert closing_missed(day, at, late + timedelta(seconds=seconds)) == (seconds > 0)


@given(now=MOMENTS, ahead=st.timedeltas(timedelta(minutes=2), timedelta(days=400)))
def test_what_a_wrong_clock_said_was_done_in_the_future_counts_for_nothing(
    now: datetime, ahead: timedelta
) -> None:
    assert Beat(ok=now).done(now, now)
    assert not Beat(ok=now + ahead).done(now, now)
    assert not Beat(started=now + ahead, trouble="?").resting(now)


# --- closing


def test_a_day_is_closed_at_its_time_and_not_a_minute_before(kept: Kept) -> None:
    kept.at("06/01/2024 00:04")
    assert "closing" not in kept.due()
    assert kept.run("closing") is None
    kept.at("06/01/2024 00:05").look_after()
    assert kept.closed()[-1] == "2024-01-05"


def test_an_office_that_types_in_the_morning_closes_after_that(kept: Kept) -> None:
    kept.given(close_at=time(8, 0)).at("06/01/2024 07:59").look_after()
    assert kept.closed()[-1] == "2024-01-04"
    kept.at("06/01/2024 08:00").look_after()
    assert kept.closed()[-1] == "2024-01-05"


def test_however_often_it_is_asked_each_day_is_closed_once(kept: Kept) -> None:
    for moment in ("06/01/2024 00:05", "06/01/2024 00:05", "06/01/2024 09:00", "09/01/2024 12:00"):
        kept.at(moment).look_after()
        kept.run("closing")
    assert kept.closed() == [f"2024-01-0{day}" for day in range(1, 9)]


def test_forty_days_of_outage_close_by_themselves_and_sixty_three_ask_about_the_clock(
    kept: Kept,
) -> None:
    kept.at("14/02/2024 09:00").look_after()
    assert kept.closed()[-1] == "2024-02-13"
    kept.at("18/04/2024 09:00").tick()
    found = kept.run("closing")
    assert found
    assert "ntm clock confirm" in found.say("vi")
    assert kept.closed()[-1] == "2024-02-13"
    kept.confirm()
    kept.after(REST + timedelta(seconds=1)).look_after()
    assert kept.closed()[-1] == "2024-04-17"


def test_days_that_wait_because_a_plan_came_later_are_closed_at_the_next_tick(
    store_url: str,
) -> None:
    with closing_store(Desk(store_url, "05/01/2024")) as desk:
        Office.create(desk.database)
        kept = Kept(desk).look_after()
        assert kept.closed() == []
        desk.adopt("quang-nam-2024-2025")
        kept.after(timedelta(seconds=30)).look_after()
        assert kept.closed()[-1] == "2024-01-04"


def test_who_is_told_to_stop_ends_after_some_days_and_the_next_goes_on(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ntm_workflow.office.jobs.STRIDE", 10)
    asked = iter((True, False))
    kept.given(going_on=lambda: next(asked)).at("14/02/2024 09:00").run("closing")
    assert kept.closed()[-1] == "2024-01-14"
    kept.given(going_on=lambda: True).look_after()
    assert kept.closed()[-1] == "2024-02-13"


# --- trouble


def test_a_job_that_fails_is_told_rests_and_is_tried_again(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("thử")

    with monkeypatch.context() as patch:
        patch.setattr("ntm_workflow.office.closing.close", broken)
        found = kept.at("06/01/2024 00:05").run("closing")
    assert found
    assert (found.grade, "ZeroDivisionError" in found.say("vi")) == (Grade.FAIL, True)
    assert "ZeroDivisionError" in (kept.beat("closing").trouble or "")
    assert "closing" not in kept.after(timedelta(minutes=9)).due()
    kept.after(timedelta(minutes=2)).look_after()
    assert kept.closed()[-1] == "2024-01-05"
    assert kept.beat("closing").trouble is None


def test_what_another_is_at_is_left_alone_unless_it_was_killed(kept: Kept) -> None:
    from ntm_workflow.office import heartbeat

    kept.at("06/01/2024 00:05")
    assert heartbeat.begin(kept.office, "closing", kept.times.wall, lambda beat: True)
    assert kept.after(timedelta(minutes=1)).run("closing") is None
    assert kept.run("closing", at_start=True)
    assert kept.closed()[-1] == "2024-01-05"


def test_what_was_begun_and_never_ended_is_taken_up_again(kept: Kept) -> None:
    from ntm_workflow.office import heartbeat

    kept.at("06/01/2024 01:15")
    assert heartbeat.begin(kept.office, "integrity", kept.times.wall, lambda beat: True)
    assert "integrity" not in kept.due()
    assert "integrity" in kept.after(REST + timedelta(seconds=1)).due()


# --- letters, copies, checks


def test_letters_leave_in_the_morning_once_and_never_a_day_late(kept: Kept, tmp_path: Path) -> None:
    kept.desk.record(lambda e: contacts.change(e, NGOC, [f"{NGOC}@example.com"]))
    kept.given(outbox=tmp_path / "thư", most_silence=timedelta(days=999))
    kept.at("15/10/2024 07:29").look_after()
    assert kept.mail(tmp_path / "thư") == []
    kept.at("15/10/2024 07:30").look_after()
    sent = kept.mail(tmp_path / "thư")
    assert {name.partition("--")[0] for name in sent} == {NGOC}
    kept.at("15/10/2024 18:00").look_after()
    kept.at("16/10/2024 03:00").look_after()
    assert kept.mail(tmp_path / "thư") == sent


def test_without_a_folder_letters_and_copies_are_told_and_left_out(kept: Kept) -> None:
    letters, copy = kept.run("letters"), kept.run("backup")
    assert letters
    assert copy
    assert "serve.outbox" in letters.say("vi")
    assert "backup.folder" in copy.say("en")
    assert {letters.grade, copy.grade} == {Grade.INFO}
    assert kept.run("letters") is None


def test_a_copy_is_made_once_a_day(kept: Kept, tmp_path: Path) -> None:
    kept.given(backups=tmp_path / "sao").look_after().look_after()
    assert len(list((tmp_path / "sao").glob("*.db"))) == 1
    kept.at("06/01/2024 01:15").look_after()
    assert len(list((tmp_path / "sao").glob("*.db"))) == 2


def test_of_its_own_copies_the_last_are_kept_and_nobody_elses_is_touched(
    kept: Kept, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ntm_workflow.cli.session.SystemClock.now", lambda self: kept.times.wall)
    folder = tmp_path / "sao"
    assert ntm(f"backup {folder}", store_url).code == 0
    (byhand,) = folder.glob("*.db")
    kept.given(backups=folder, keep=2)
    for day in range(6, 11):
        kept.at(f"{day:02}/01/2024 03:00").run("backup")
    left = sorted(folder.glob("*.db"), key=lambda path: path.stat().st_mtime_ns)
    assert (len(left), byhand in left) == (3, True)
    assert "20240108T" in left[1].name
    assert "20240109T" in left[2].name
    assert len(list(folder.glob("*.manifest.json"))) == 3
    kept.tick()
    items = ntm("doctor --json", store_url).json["items"]
    assert [i["message"].split()[3] for i in items if i["check"] == "copies"] == ["2"]


def test_the_check_finds_a_fact_that_was_changed(kept: Kept) -> None:
    good = kept.run("integrity")
    assert good
    assert good.grade is Grade.OK
    with kept.office.database.write() as conn:
        conn.exec_driver_sql("UPDATE events SET entry = entry + 1 WHERE position = 3")
    bad = kept.at("06/01/2024 02:30").run("integrity")
    assert bad
    assert (bad.grade, bad.fix) == (Grade.FAIL, "ntm audit verify")


def test_a_damaged_page_is_told_although_every_hash_is_right(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs.quick, "bad_page", lambda conn: "row 3 missing from index")
    bad = kept.run("integrity")
    assert bad
    assert (bad.grade, "row 3 missing" in bad.say("vi")) == (Grade.FAIL, True)


# --- what is seen of it


def test_the_day_status_tells_who_looks_after_the_store(
    kept: Kept, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ntm_workflow.cli.session.SystemClock.now", lambda self: kept.times.wall)
    never = ntm("day status --json", store_url).json
    assert (never["heartbeat_age"], never["clock_held"]) == (None, None)
    kept.tick()
    kept.after(timedelta(seconds=42))
    assert ntm("day status --json", store_url).json["heartbeat_age"] == 42


def test_the_doctor_fails_a_store_nobody_looks_after_any_more(
    kept: Kept, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ntm_workflow.cli.session.SystemClock.now", lambda self: kept.times.wall)

    def doctor() -> tuple[int, str]:
        answer = ntm("doctor --json", store_url)
        (said,) = [item["state"] for item in answer.json["items"] if item["check"] == "serve"]
        return answer.code, said

    assert doctor() == (0, "info")
    kept.tick()
    assert doctor() == (0, "ok")
    kept.after(timedelta(minutes=5, seconds=1))
    assert doctor() == (1, "fail")


def test_the_doctor_fails_when_a_day_should_have_been_closed_by_now(
    kept: Kept, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ntm_workflow.cli.session.SystemClock.now", lambda self: kept.times.wall)
    kept.at("06/01/2024 01:05")
    assert ntm("doctor", store_url).code == 0
    kept.after(timedelta(seconds=1))
    answer = ntm("doctor", store_url)
    assert (answer.code, "ntm day close --until 05/01/2024" in answer.out) == (1, True)


def test_migrating_adds_what_a_store_of_the_old_shape_lacks(kept: Kept, store_url: str) -> None:
    with kept.office.database.write() as conn:
        for table in (HEARTBEATS, CLOCKS):
            table.drop(conn)
        conn.execute(META.update().where(META.c.key == "format").values(value="2"))
    kept.desk.close_store()
    refused = ntm("serve --once", store_url)
    assert (refused.code, "ntm migrate" in refused.err) == (1, True), refused.err
    assert ntm("migrate", store_url).code == 0
    assert ntm("serve --dry-run --json", store_url).json["items"][0]["job"] == "closing"
