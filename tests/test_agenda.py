"""A unit's days as a calendar file: one entry for each duty, for ever, that moves and falls away with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from letter_days import (
    D_NGOC,
    D_THANH,
    DESK,
    NGOC,
    Days,
    Mail,
    days,
    missed_and_climbed,
    october,
    on,
)
from terminal import ntm

from ntm_workflow.domain.obligation import ObligationSuspended, ObligationWaived
from ntm_workflow.office import obligation
from ntm_workflow.office.agenda import Agenda
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.style import OURS


@pytest.fixture
def store(store_url: str) -> Iterator[Days]:
    with days(store_url, october) as each:
        yield each


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Days]:
    with days(sqlite_url, october) as each:
        yield each


def read(text: str) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(text)


def entries(mail: Mail) -> dict[str, tuple[date, int, str]]:
    """By duty the day, sequence and status of what is attached to a letter."""
    assert mail.calendar is not None
    return {
        event.uid.partition(".")[0]: (event.dtstart, event.sequence or 0, event.status or "")
        for event in read(mail.calendar).events
    }


def to_ngoc(mail: list[Mail], kind: str = "digest") -> Mail:
    (found,) = [each for each in mail if (each.unit, each.kind) == (NGOC, kind)]
    return found


def extend(days: Days, until: str, day: str) -> int:
    receipt = days.desk.go("16/10/2024").record(
        lambda e: obligation.extend(e, D_NGOC, on(until), None), day, document="CV 40/UBND"
    )
    return receipt.entry


BARE = "D118/tam-ngoc-tam-ky"


def test_a_day_is_attached_whole_under_a_name_of_this_store_alone(store: Days) -> None:
    mail = to_ngoc(store.morning("15/10/2024"))
    assert mail.calendar is not None
    [event] = read(mail.calendar).events
    assert (event.dtstart, event.dtend) == (date(2024, 10, 29), date(2024, 10, 30))
    store_id = store.desk.office.info.store_id
    assert event.uid == f"{BARE}.{store_id}@ntm-workflow.invalid"
    assert "Trình hồ sơ xã NTM nâng cao" in str(event.summary)
    assert str(event.summary).startswith("[MẪU] "), "in a calendar each day stands alone"
    assert event.location == "xã Tam Ngọc"
    assert "trước ngày 30/10/2024" in str(event.description)


def test_a_day_that_moves_keeps_its_uid_and_rises_in_sequence(store: Days) -> None:
    before = entries(to_ngoc(store.morning("15/10/2024")))[BARE]
    number = extend(store, "20/12/2024", "16/10/2024")
    moved = entries(to_ngoc(store.morning("17/10/2024"), "decided"))[BARE]
    assert moved[0] == date(2024, 12, 20)
    assert moved[1] > before[1]
    store.desk.go("22/10/2024").void(number)
    back = entries(to_ngoc(store.morning("23/10/2024"), "correction"))[BARE]
    assert back[0] == before[0]
    assert back[1] > moved[1]


def test_an_extension_that_takes_effect_later_shows_the_day_that_will_count(lite: Days) -> None:
    lite.morning("15/10/2024")
    extend(lite, "20/12/2024", "1/11/2024")
    moved = entries(to_ngoc(lite.morning("17/10/2024"), "decided"))[BARE]
    assert moved[0] == date(2024, 12, 20)


def test_what_is_done_waived_or_given_to_others_is_still_told_cancelled(lite: Days) -> None:
    given = obligation.Letter(phrase="trước ngày 15/11", to=NGOC, title="Báo cáo", year=2024)
    lite.desk.record(lambda e: obligation.give(e, given), document="CV 15/UBND")
    lite.morning("15/10/2024")
    lite.desk.record(lambda e: e.record(D_NGOC, ObligationWaived), "15/10/2024", document="QĐ 30")
    lite.morning("16/10/2024")
    found = entries(to_ngoc(lite.morning("1/11/2024")))
    assert {id: status for id, (_, _, status) in found.items()} == {"cv-15-ubnd-1": "CONFIRMED"}
    lite.desk.submit("Tam Thanh", "1/11/2024")


def test_a_cancelled_day_stays_in_every_letter_until_it_has_passed(lite: Days) -> None:
    given = obligation.Letter(phrase="trước ngày 15/11", to=NGOC, title="Báo cáo", year=2024)
    lite.morning("15/10/2024")
    lite.desk.record(lambda e: obligation.give(e, given), document="CV 15/UBND")
    lite.desk.submit("Tam Ngọc", "15/10/2024", received_on="15/10/2024")
    found = entries(to_ngoc(lite.morning("16/10/2024")))
    assert found[BARE][0::2] == (date(2024, 10, 29), "CANCELLED")
    assert found["cv-15-ubnd-1"][2] == "CONFIRMED"
    later = entries(to_ngoc(lite.morning("31/10/2024")))
    assert set(later) == {"cv-15-ubnd-1"}


def test_a_duty_voided_altogether_is_cancelled_under_the_name_it_had(lite: Days) -> None:
    given = obligation.Letter(phrase="trước ngày 15/11", to=NGOC, title="Báo cáo", year=2024)
    number = lite.desk.record(lambda e: obligation.give(e, given), document="CV 15/UBND").entry
    before = entries(to_ngoc(lite.morning("15/10/2024")))["cv-15-ubnd-1"]
    lite.desk.void(number)
    mail = to_ngoc(lite.morning("22/10/2024"))
    after = entries(mail)["cv-15-ubnd-1"]
    assert after[0::2] == (before[0], "CANCELLED")
    assert after[1] > before[1]
    assert "Báo cáo" in str(mail.calendar)


def test_a_suspension_without_an_end_cancels_the_day_and_resuming_brings_it_back(
    lite: Days,
) -> None:
    lite.morning("15/10/2024")
    lite.desk.record(
        lambda e: e.record(D_NGOC, ObligationSuspended), "15/10/2024", document="CV 42"
    )
    off = entries(to_ngoc(lite.morning("16/10/2024"), "decided"))[BARE]
    assert off[2] == "CANCELLED"
    lite.desk.go("18/10/2024").record(lambda e: obligation.resume(e, D_NGOC), "18/10/2024")
    on_again = entries(to_ngoc(lite.morning("22/10/2024")))[BARE]
    assert on_again[2] == "CONFIRMED"
    assert on_again[1] > off[1]


def test_letters_that_ask_accuse_or_speak_of_others_duties_attach_no_day(
    sqlite_url: str,
) -> None:
    with days(sqlite_url, missed_and_climbed) as store:
        kinds = {(m.unit, m.kind) for m in store.mail if m.calendar}
        assert kinds == set()
        store.desk.go("13/11/2024")
        receipt = store.desk.record(
            lambda e: obligation.extend(e, D_THANH, on("20/12/2024"), None),
            "25/10/2024",
            document="CV 40",
        )
        assert receipt.facts
        found = {m.unit: m for m in store.morning("14/11/2024") if m.kind == "correction"}
    assert found[DESK].calendar is None
    assert entries(found["ubnd-tam-thanh-tam-ky"])["D118/tam-thanh-tam-ky"][0] == date(2024, 12, 20)


def test_the_whole_calendar_of_a_unit_has_its_days_ahead_and_nobody_elses(lite: Days) -> None:
    with lite.desk.office.reading() as reading:
        agenda = Agenda(reading, Lines(reading, "en"), OURS)
        content, nothing = agenda.of_unit(NGOC), agenda.of_unit(DESK)
    assert content is not None
    assert nothing is None
    assert b"New Rural Development duties" in content
    assert len(read(content.decode()).events) == 1


def test_at_the_keyboard(sqlite_url: str, tmp_path: Path) -> None:
    with days(sqlite_url, october):
        pass
    file = tmp_path / "lich.ics"
    line = f"letter calendar 'UBND xã Tam Ngọc' -o {file} --as-of 15/10/2024"
    assert ntm(line, sqlite_url).code == 0
    [event] = read(file.read_text("utf-8")).events
    assert event.dtstart == date(2024, 10, 29)
    nothing = ntm("letter calendar 'Văn phòng Điều phối Tam Kỳ' -o x.ics --as-of 15/10/2024", sqlite_url)  # fmt: skip
    assert "chưa có ngày" in nothing.out
    assert not Path("x.ics").exists()
    unknown = ntm(f"letter calendar 'UBND xã Nào' -o {file}", sqlite_url)
    assert unknown.code == 3
