"""Letters of two communes, for the tests: issued, sent, and what the store then says of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from begun import begin
from offices import Desk, closing_store
from posts import Basket

from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.office import adoption, contacts, letters, relay
from ntm_workflow.office.bag import ALL, Bag
from ntm_workflow.office.entry import Request
from ntm_workflow.plans.pack import load
from ntm_workflow.store.schema import ATTEMPTS, ENVELOPES

DAY = "15/10/2024"
NGOC, THANH = "ubnd-tam-ngoc-tam-ky", "ubnd-tam-thanh-tam-ky"


def outbox_desk(url: str) -> Desk:
    """Two communes with an address, one reminder each for D118 on 15/10/2024, a Tuesday."""
    begin(url, _of_two_communes, "outbox_desk")
    return Desk(url, DAY)


def _of_two_communes(url: str) -> None:
    pack = load("quang-nam-2024-2025")
    pack.obligations = [duty for duty in pack.obligations if duty.rule == "D118"]
    with closing_store(Desk(url, "05/01/2024").init()) as desk:
        desk.record(lambda entry: adoption.adopt(entry, pack, "Tam Kỳ"))
        for unit in (NGOC, THANH):
            desk.record(lambda e, u=unit: contacts.change(e, u, [f"{u}@example.com"]))  # type: ignore[misc]


def at(desk: Desk, moment: str) -> Desk:
    """It is `moment`, dd/mm/yyyy hh:mm in Vietnam."""
    desk.clock.at = datetime.strptime(moment, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM)
    return desk


def issue(desk: Desk, day: str = DAY, **said: Any) -> int:
    with desk.office.writing() as work:
        return len(letters.issue(work, read_date(day), Request(by="test", **said)))


def send(desk: Desk, post: Any = None, bag: Bag = ALL, **said: Any) -> relay.Sent:
    return relay.send(desk.office, post or Basket(), Request(by="test", **said), bag)


def states(desk: Desk) -> dict[str, str]:
    """Every letter's state, by unit."""
    with desk.office.reading() as reading:
        return {item["unit"]["id"]: item["state"] for item in letters.listing(reading)}


def facts(desk: Desk, type: str) -> list[Any]:
    """The journal's facts of a type, in the order of their subjects."""
    with desk.database.read() as conn:
        found = [fact for fact in desk.office.journal.facts(conn) if fact.type == type]
    return sorted(found, key=lambda fact: fact.subject)


def envelopes(desk: Desk) -> Sequence[Any]:
    with desk.database.read() as conn:
        ordered = sa.select(ENVELOPES).order_by(ENVELOPES.c.letter, ENVELOPES.c.n)
        return conn.execute(ordered).all()


def attempts(desk: Desk, unit: str) -> Sequence[Any]:
    with desk.database.read() as conn:
        theirs = sa.select(ATTEMPTS).where(ATTEMPTS.c.letter.like(f"letter/{unit}/%"))
        return conn.execute(theirs.order_by(ATTEMPTS.c.contact, ATTEMPTS.c.n)).all()
