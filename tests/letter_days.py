"""Mornings for the tests: a store of two communes, a city and its coordination office, day after day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from typing import Any

from begun import begin
from offices import Desk, closing_store
from posts import Basket

from ntm_workflow.domain.inputs import read_date
from ntm_workflow.office import adoption, answering, closing, contacts, letters, relay, unit
from ntm_workflow.office.bag import ALL, Bag
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.plans.pack import load

NGOC, THANH, CITY = "ubnd-tam-ngoc-tam-ky", "ubnd-tam-thanh-tam-ky", "ubnd-tam-ky"
DESK = "van-phong-dieu-phoi-tam-ky"
D_NGOC, D_THANH = "obligation/D118/tam-ngoc-tam-ky", "obligation/D118/tam-thanh-tam-ky"
#: D118 is to be done before 30/10/2024, a Wednesday.
ASKED, MISSED, CLIMBED, AFTER = "31/10/2024", "4/11/2024", "6/11/2024", "12/11/2024"


@dataclass(frozen=True)
class Mail:
    """A letter as it left: to which unit, of which kind, and its message."""

    letter: str
    message: EmailMessage

    @property
    def unit(self) -> str:
        return self.letter.split("/")[1]

    @property
    def kind(self) -> str:
        return self.letter.split("/")[2]

    @property
    def id(self) -> str:
        return str(self.message["message-id"])

    @property
    def text(self) -> str:
        """The plain words, on one line."""
        part = self.message.get_body(("plain",))
        assert part is not None
        return " ".join(part.get_content().split())

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        assert part is not None
        return str(part.get_content())

    @property
    def calendar(self) -> str | None:
        files = (each for each in self.message.iter_attachments())
        found = (each for each in files if each.get_content_type() == "text/calendar")
        return next((each.get_content() for each in found), None)


#: What has happened in a store before a test begins.
Scene = Callable[["Days"], object]


class Days:
    """An office whose letters are read as they leave."""

    def __init__(self, desk: Desk, bag: Bag = ALL) -> None:
        self.desk = desk
        self.bag = bag
        self.mail: list[Mail] = []

    def morning(self, day: str) -> list[Mail]:
        """The days before are closed, the letters of the day issued, and what waits is sent."""
        self.close(day)
        self.issue()
        return self.send()

    def close(self, day: str) -> None:
        """Close the days before, where that finds anything: closing a year takes its time."""
        self.desk.go(day)
        with self.desk.office.reading() as reading:
            waiting = closing.waiting(reading, read_date(day))
            money = any(not fund.found for fund in reading.rows("fund"))
        if waiting.due or money:
            until = read_date(day) - timedelta(days=1)
            closing.close(self.desk.office, until, Request(by="test"))

    def issue(self) -> list[str]:
        office = self.desk.office
        with office.writing() as work:
            return [each.id for each in letters.issue(work, office.today, Request(by="test"))]

    def send(self, basket: Any = None) -> list[Mail]:
        taken = basket or Basket()
        relay.send(self.desk.office, taken, Request(by="test"), self.bag)
        new = [Mail(id.removesuffix("/2"), _read(content)) for id, content in taken.letters]
        self.mail += new
        return new

    def release(self) -> None:
        """Let go whatever is held."""
        for id, state in self.states().items():
            if state == "held":
                self.desk.record(lambda e, id=id: answering.release(e, id, "Người Duyệt"))  # type: ignore[misc]

    def states(self) -> dict[str, str]:
        with self.desk.office.reading() as reading:
            return {item["id"]: item["state"] for item in letters.listing(reading)}

    def planned(self, day: str) -> list[Any]:
        with self.desk.office.reading(read_date(day)) as reading:
            return letters.planned(reading)


def _read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def address(desk: Desk, id: str, *emails: str) -> None:
    wanted = list(emails or (f"{id}@example.com",))
    desk.record(lambda e: contacts.change(e, id, wanted))


@contextmanager
def days(store: str, scene: Scene | None = None, *, since: str = "05/01/2024") -> Iterator[Days]:
    """A store in which D118 binds two communes and everybody has an address; a `scene` is played in it."""
    mail, at = begin(store, partial(_played, scene=scene, since=since), "days", scene, since)
    with closing_store(Desk(store)) as desk:
        desk.clock.at = at
        found = Days(desk)
        found.mail += mail
        yield found


def _played(store: str, scene: Scene | None, since: str) -> tuple[list[Mail], datetime]:
    """Make the store and play the scene in it; what left there, and when it ended."""
    with closing_store(Desk(store, since).init()) as desk:
        made = Days(_peopled(desk))
        if scene:
            scene(made)
    return made.mail, made.desk.clock.at


def _peopled(desk: Desk) -> Desk:
    pack = load("quang-nam-2024-2025")
    pack.obligations = [duty for duty in pack.obligations if duty.rule == "D118"]
    desk.record(lambda entry: adoption.adopt(entry, pack, "Tam Kỳ"))
    desk.record(_coordination)
    for id in (NGOC, THANH, CITY, DESK):
        address(desk, id)
    return desk


def october(days: Days) -> None:
    """Fourteen days before D118 is to be done; no letter issued yet."""
    days.desk.go("15/10/2024")


def missed_and_climbed(days: Days) -> None:
    """Both communes are found missed, asked about, told so, and it climbs and is told again."""
    days.morning(ASKED)
    days.morning(MISSED)
    days.morning(CLIMBED)
    days.release()
    days.send()
    days.morning(AFTER)


def _coordination(entry: Entry) -> None:
    unit.register(entry, "Văn phòng Điều phối Tam Kỳ", "tam-ky", "vpdp", ())


def on(day: str) -> date:
    return read_date(day)
