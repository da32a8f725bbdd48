"""Mornings of a real store: what is read, what is written once, and what people's answers change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from given import on
from offices import Desk, closing_store
from posts import Basket

from ntm_workflow.domain.letter import Line
from ntm_workflow.domain.obligation import ObligationMet
from ntm_workflow.notifications.ladder import Intent, climb
from ntm_workflow.office import (
    announcement,
    answering,
    contacts,
    letters,
    obligation,
    relay,
    reminding,
)
from ntm_workflow.office.adoption import adopt
from ntm_workflow.office.announcement import Outcome
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.reminding import Above, morning_of, reminders
from ntm_workflow.plans.pack import read
from ntm_workflow.projections import telling
from ntm_workflow.store.schema import OUTBOX

PACK = """
id = "ke-hoach-mau"
title = "Kế hoạch mẫu"
issuer = "UBND huyện Mẫu"
level = "district"
place = "mau"
period = [2024, 2025]

[[places]]
id = "mau"
name = "Mẫu"
type = "huyen"

[[places]]
id = "xa-mau"
name = "Xã Mẫu"
type = "xa"
parent = "mau"

[[units]]
id = "phong-mau"
name = "Phòng mẫu"
role = "phong"
place = "mau"

[[units]]
id = "vpdp-mau"
name = "Văn phòng Điều phối mẫu"
role = "vpdp"
place = "mau"

[defaults.obligations]
clause = "I"
expression = "trước ngày 30/10/2024"
strength = "must"
owed_by = "@commune"
owed_to = "phong-mau"
places = ["xa-mau"]

[[obligations]]
rule = "M1"
title = "Việc thứ nhất"
with = ["vpdp-mau"]

[[obligations]]
rule = "M2"
title = "Việc thứ hai"

[[obligations]]
rule = "M3"
title = "Việc thứ ba"

[[obligations]]
rule = "M4"
title = "Việc thứ tư"

[[obligations]]
rule = "M5"
title = "Việc thứ năm"

[[obligations]]
rule = "S1"
title = "Mốc phấn đấu"
strength = "strive"

[[obligations]]
rule = "P1"
title = "Việc được phép"
strength = "permitted"

[[obligations]]
rule = "F1"
title = "Việc còn xa"
expression = "trước ngày 30/6/2025"
"""
COMMUNE, DESK, OFFICE = "ubnd-xa-mau", "phong-mau", "vpdp-mau"

#: Day, reader, part, rung.
Said = tuple[str, str, str, int]


def duty(rule: str) -> str:
    return f"obligation/{rule}/xa-mau"


def lines(intents: Iterable[Intent], subject: str) -> list[Said]:
    """What letters say of a duty, the monthly ones apart."""
    return [
        (f"{letter.day:%d/%m}", letter.unit, line.part, line.rung)
        for letter in intents
        for line in letter.lines
        if line.subject == subject and line.part != "summary"
    ]


class Mornings:
    """A store, and all that was written there in the mornings it was looked after."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.written: list[Intent] = []

    def on(self, *days: str | date) -> list[Intent]:
        """What the mornings of these days write."""
        found = [letter for day in days for letter in self._morning(on(day))]
        self.written += found
        return found

    def from_to(self, first: str, last: str, skipped: Collection[str] = ()) -> list[Intent]:
        """The same of every day from the first to the last but those of weekends and these."""
        days = (on(first) + timedelta(days=n) for n in range((on(last) - on(first)).days + 1))
        off = {on(day) for day in skipped}
        return self.on(*(day for day in days if day.weekday() < 5 and day not in off))

    def _morning(self, day: date) -> list[Intent]:
        """Yesterday is closed, today's letters are written and leave; what is read is enough for them."""
        self.desk.go(f"{day:%d/%m/%Y}").close(f"{day - timedelta(days=1):%d/%m/%Y}")
        office = self.desk.office
        with office.reading() as reading:
            assert reminders(reading, morning_of(reading)) == _of_all(reading)
        written = relay.plan(office, day, Request(by="test"))
        relay.send(office, Basket(), Request(by="test"))
        return written


def _of_all(reading: Reading) -> list[Intent]:
    """What the ladder says, handed every duty and every letter there is."""
    above, wanted = Above(reading), reminding._NEEDED
    dues = [reminding._due(row, above) for row in reading.rows("obligation", only=wanted)]
    found = climb(dues, reminding._told(reading, dues), morning_of(reading))
    return reminding._on_paper(reading, found)


@contextmanager
def adopted(store: str, day: str, pack: str = PACK) -> Iterator[Mornings]:
    with closing_store(Desk(store, day).init()) as desk:
        desk.record(lambda entry: adopt(entry, read(pack.encode(), "mau.toml")))
        yield Mornings(addressed(desk))


def addressed(desk: Desk) -> Desk:
    """Every unit there is can be written to."""
    with desk.office.reading() as reading:
        units = [*reading.units]

    def addresses(entry: Entry) -> None:
        for unit in units:
            contacts.change(entry, unit, [f"{unit}@example.com"])

    desk.record(addresses)
    return desk


def announce_off(desk: Desk, *off: str) -> None:
    days, said = [on(day) for day in off], Outcome()
    desk.record(lambda e: announcement.announce(e, days, [], said), document="TB 1/TB-VP")


def test_the_weeks_around_a_day_with_a_closure_an_outage_and_everybodys_answers(
    store_url: str,
) -> None:
    """Of one day, five duties: denied and extended, answered by nobody, taken on, disputed, done."""
    with adopted(store_url, "14/10/2024") as mornings:
        desk = mornings.desk
        announce_off(desk, "24/10/2024", "25/10/2024", "28/10/2024")
        desk.record(lambda e: answering.snooze(e, duty("M5"), on("18/10/2024"), "chờ hướng dẫn"))
        mornings.from_to("14/10/2024", "29/10/2024", skipped=("22/10/2024",))
        desk.go("30/10/2024").record(lambda e: e.record(duty("M5"), ObligationMet), "29/10/2024")
        mornings.on("31/10/2024")
        desk.record(lambda entry: answering.deny(entry, duty("M1")))
        letters_of_monday = mornings.from_to("1/11/2024", "4/11/2024")
        [missed] = [e.id for e in letters_of_monday if e.kind == "missed" and len(e.lines) == 3]
        taken = [duty("M3")]
        desk.record(lambda entry: answering.acknowledge(entry, missed, "Nguyễn Văn Mẫu", taken))
        until = on("12/11/2024")
        desk.record(lambda entry: answering.dispute(entry, duty("M4"), until, "của đơn vị khác"))
        [climbed] = [letter for letter in mornings.on("5/11/2024") if letter.held]
        assert state_of(desk, climbed.id) == "held"
        desk.record(lambda e: answering.release(e, climbed.id, "Lê Thị Mẫu"), body="ubnd-mau")
        assert state_of(desk, climbed.id) == "queued"
        later = on("29/11/2024")
        desk.record(lambda e: obligation.extend(e, duty("M1"), later, None), document="CV 1")
        mornings.from_to("6/11/2024", "15/11/2024")
        _nothing_twice(mornings, "15/11/2024")
        for rule, said in STORY.items():
            assert lines(mornings.written, duty(rule)) == said, rule
        assert desk.rebuilt_equal()
        assert _kept(mornings) == {
            (letter.id, line) for letter in mornings.written for line in letter.lines
        }


#: From the 24th to the 28th nobody works: what falls on those days is told before them.
_AHEAD = [
    *[("14/10", COMMUNE, "ahead", 30), ("15/10", COMMUNE, "ahead", 14)],
    *[("23/10", COMMUNE, "ahead", 1), ("29/10", COMMUNE, "ahead", 0)],
]
_ASKED = [("31/10", DESK, "asked", 0), ("04/11", COMMUNE, "missed", -6)]
_AFTER = ("11/11", COMMUNE, "after", -13)
STORY: dict[str, list[Said]] = {
    "M1": [
        *(line for day, _, _, rung in _AHEAD for line in ((day, COMMUNE, "ahead", rung), (day, OFFICE, "copy", rung))),
        *[("31/10", DESK, "asked", 0), ("01/11", COMMUNE, "missed", -3)],
        *[("04/11", COMMUNE, "after", -6), ("05/11", OFFICE, "climbed", 1)],
        *[("06/11", COMMUNE, "ahead", 30), ("06/11", OFFICE, "copy", 30), ("06/11", COMMUNE, "decided", 0)],
        *[("15/11", COMMUNE, "ahead", 14), ("15/11", OFFICE, "copy", 14)],
    ],
    "M2": [*_AHEAD, *_ASKED, ("06/11", OFFICE, "climbed", 1), _AFTER],
    "M3": [*_AHEAD, *_ASKED, _AFTER],
    "M4": [*_AHEAD, *_ASKED, _AFTER, ("13/11", OFFICE, "climbed", 1)],
    "M5": [("21/10", COMMUNE, "ahead", 14), *_AHEAD[2:]],
    "S1": [*_AHEAD, ("04/11", COMMUNE, "after", -6), _AFTER],
    "P1": [],
    "F1": [],
}  # fmt: skip


def _nothing_twice(mornings: Mornings, day: str) -> None:
    """Asking again on the same day writes nothing."""
    desk = mornings.desk
    with desk.office.reading() as reading:
        before = reading.known, reading.rows("letter")
        assert letters.planned(reading) == []
    assert mornings.on(day) == []
    with desk.office.reading() as reading:
        assert (reading.known, len(reading.rows("letter"))) == (before[0], len(before[1]))


def state_of(desk: Desk, letter: str) -> str:
    with desk.database.read() as conn:
        return str(conn.scalar(sa.select(OUTBOX.c.state).where(OUTBOX.c.id == letter)))


def _kept(mornings: Mornings) -> set[tuple[str, Line]]:
    with mornings.desk.database.read() as conn:
        rows = telling.of_letters(conn, [letter.id for letter in mornings.written])
    return {(e.id, Line(e.subject, e.part, e.rung, e.act_by, e.letter)) for e in rows}


def test_two_weeks_of_standing_still_skip_no_question_and_no_day_to_answer_it(
    sqlite_url: str,
) -> None:
    with adopted(sqlite_url, "29/10/2024") as mornings:
        mornings.on("29/10/2024", "13/11/2024", "14/11/2024", "15/11/2024", "18/11/2024", "19/11/2024")  # fmt: skip
        assert lines(mornings.written, duty("M2")) == [
            *[("29/10", COMMUNE, "ahead", 0)],
            *[("13/11", DESK, "asked", 0), ("15/11", COMMUNE, "missed", -17)],
            *[("18/11", COMMUNE, "after", -20), ("19/11", OFFICE, "climbed", 1)],
        ]


MONTHLY = """
[[obligations]]
rule = "B1"
title = "Báo cáo tháng"
expression = "hằng tháng"
"""


@pytest.mark.parametrize("authority", [None, "CV 12/UBND"])
def test_a_day_that_no_paper_has_set_climbs_nowhere(sqlite_url: str, authority: str | None) -> None:
    """Its unit is told of it all the same, and by which setting it came about."""
    set_by = f'report_day = {{ value = 31, authority = "{authority}" }}' if authority else ""
    with adopted(sqlite_url, "29/10/2024", PACK + MONTHLY + set_by) as mornings:
        said = mornings.from_to("30/10/2024", "8/11/2024")
        told = lines(said, "obligation/B1@2024-10/xa-mau")
        assert [(unit, part) for _, unit, part, _ in told if part not in ("ahead", "copy")] == [
            *[(DESK, "asked"), (COMMUNE, "missed")],
            *([(OFFICE, "climbed")] if authority else []),
        ]
        others = lines(said, duty("M2"))
        assert (OFFICE, "climbed") in {(unit, part) for _, unit, part, _ in others}


def test_an_extension_by_a_paper_sets_a_day_that_climbs(sqlite_url: str) -> None:
    with adopted(sqlite_url, "29/10/2024", PACK + MONTHLY) as mornings:
        mornings.on("30/10/2024")
        id, day = "obligation/B1@2024-10/xa-mau", on("5/11/2024")
        mornings.desk.record(lambda e: obligation.extend(e, id, day, None), document="CV 7/UBND")
        told = lines(mornings.from_to("31/10/2024", "20/11/2024"), id)
        assert (OFFICE, "climbed") in {(unit, part) for _, unit, part, _ in told}


def test_a_morning_reads_only_what_is_near_or_missed_and_unsaid_this_week(
    sqlite_url: str,
) -> None:
    with adopted(sqlite_url, "20/09/2024") as mornings:

        def read_on(*days: str) -> str:
            mornings.on(*days)
            with mornings.desk.office.reading() as reading:
                dues = reminding._dues(reading, morning_of(reading))
            return " ".join(due.id.split("/")[1] for due in dues)

        assert read_on("20/09/2024") == "M1 M2 M3 M4 M5 P1 S1"
        assert read_on("29/10/2024", "31/10/2024") == "M1 M2 M3 M4 M5 S1"
        mornings.desk.record(lambda entry: answering.deny(entry, duty("M1")))
        assert read_on("1/11/2024") == "M1 M2 M3 M4 M5 S1"
        assert read_on("4/11/2024", "6/11/2024", "9/12/2024") == ""
        assert read_on("13/5/2025") == "F1"


def test_nothing_is_written_on_a_day_off_and_nothing_is_owed_to_a_letter_of_that_day(
    sqlite_url: str,
) -> None:
    with adopted(sqlite_url, "26/10/2024") as mornings:
        assert mornings.on("26/10/2024", "27/10/2024") == []
        assert lines(mornings.on("28/10/2024"), duty("M2")) == [("28/10", COMMUNE, "ahead", 1)]


# --- each plan in its own way ---------------------------------------------------------------------


def test_the_citys_own_day_is_told_in_the_city_and_to_nobody_of_the_province(
    sqlite_url: str,
) -> None:
    with closing_store(Desk(sqlite_url, "16/10/2024").init()) as desk:
        desk.adopt("quang-nam-2024-2025", "tam-ky-2024")
        mornings = Mornings(addressed(desk))
        found = mornings.from_to("16/10/2024", "28/10/2024")
        with desk.office.reading() as reading:
            own = {row.id for row in reading.rows("obligation") if row.plan == "tam-ky-2024"}
            told = {(e.unit, line.part) for e in found for line in e.lines if line.subject in own}
            assert {part for _, part in told} >= {"ahead", "missed", "climbed"}
            assert {reading.units[unit].place for unit, _ in told} <= reading.within("tam-ky")
    assert [
        line for line in lines(found, "obligation/D016/tam-thanh-tam-ky") if line[2] != "copy"
    ] == [
        *[("16/10", "ubnd-tam-ky", "ahead", 3), ("17/10", "ubnd-tam-ky", "ahead", 1)],
        *[("18/10", "ubnd-tam-ky", "ahead", 0), ("23/10", "ubnd-tam-ky", "missed", -5)],
        *[("25/10", "vpntm-tam-ky", "climbed", 1), ("28/10", "ubnd-tam-ky", "after", -10)],
    ]


def test_an_old_plan_adopted_late_says_nothing_of_what_was_over_by_then(sqlite_url: str) -> None:
    with adopted(sqlite_url, "2/12/2024") as mornings:
        assert mornings.on("2/12/2024", "3/12/2024", "9/12/2024") == []


def test_each_plan_reminds_as_its_own_settings_say(sqlite_url: str) -> None:
    said = 'settings = { reminders = { rungs = [5], climbs = "none" } }\n\n[[places]]'
    with adopted(sqlite_url, "23/10/2024", PACK.replace("[[places]]", said, 1)) as mornings:
        mornings.on("23/10/2024", "24/10/2024", "29/10/2024", "31/10/2024", "4/11/2024", "11/11/2024")  # fmt: skip
    assert lines(mornings.written, duty("M2")) == [
        *[("24/10", COMMUNE, "ahead", 5), ("31/10", DESK, "asked", 0)],
        *[("04/11", COMMUNE, "missed", -6), ("11/11", COMMUNE, "after", -13)],
    ]
    assert not any(letter.held for letter in mornings.written)
