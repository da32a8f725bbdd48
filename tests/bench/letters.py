"""Measures the letters: a morning planned, written into their final bytes, and sent."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from measure import Budget, Result, Turns, compare, exhaust, seconds, timed
from msgspec.structs import replace
from stores import ONE_DAY, START, Filled, Run, filled, request

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.unit import UnitRegistered
from ntm_workflow.notifications import mime
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.notifications.post import Folder
from ntm_workflow.office import contacts, relay
from ntm_workflow.office import letters as office
from ntm_workflow.office.bag import NOBODY
from ntm_workflow.office.reading import bare
from ntm_workflow.office.writing import Desk, Written

#: As many units and open duties as the whole country's programme may have.
UNITS, DUTIES = 11_000, 500_000


def morning_planned(run: Run) -> Result:
    """Who must hear what on a morning; the limit reads the rows of the duties that are near."""
    store = filled(run.home)
    units, duties = (300, 10_000) if run.quick else (UNITS, DUTIES)
    store.append(_units(store, units))
    store.append(_owed(store, n, units) for n in range(duties))
    store.office.rebuild(check_only=False)
    run.home.settle(store.url)
    store.clock.day = date(2024, 6, 3)
    near = "SELECT * FROM obligation WHERE act_by BETWEEN '2024-06-03' AND '2024-07-19'"

    def ours() -> list[Intent]:
        with store.office.reading() as reading:
            return office.planned(reading)

    found = ours()
    turns = Turns(timed(ours), timed(lambda: exhaust(store.raw.read(near))))
    note = f"{units:,} units, {duties:,} duties: {len(found):,} letters"
    result = compare("a morning planned", 1, turns, run.rounds, Budget(ms=30_000), note=note)
    store.close()
    return result


def _units(store: Filled, count: int) -> Iterator[Fact]:
    place = store.patterns[0].place
    for n in range(count):
        said = {"name": f"Đơn vị mẫu {n}", "role": "ubnd", "place": place}
        yield Fact(f"unit/u{n}", 1, UnitRegistered(effective_on=START, by="bench", **said))


def _owed(store: Filled, number: int, units: int) -> Fact:
    """Duties of all the units, due all over two years."""
    fact = store.duty(number, START + (number % 700) * ONE_DAY)
    return Fact(fact.subject, 1, replace(fact.event, owed_by=f"u{number % units}"))


def letters_written(run: Run) -> Result:
    """Text, HTML and calendar written and composed into final bytes; the limit only composes."""
    with _with_letters(run) as (store, intents), store.office.reading() as reading:

        def written() -> list[Written]:
            desk = Desk(reading, sample=True)
            desk.learn(intents)
            return [each for intent in intents if (each := desk.write(intent))]

        texts = written()
        assert len(texts) == len(intents), "every duty of this data is still owed"
        ours = timed(lambda: exhaust(_bytes(each, store) for each in written()))
        turns = Turns(ours, timed(lambda: exhaust(_bytes(each, store) for each in texts)))
        lines = sum(len(intent.lines) for intent in intents) / len(intents)
        note, budget = f"{lines:.1f} duties a letter", Budget(rate=200)
        return compare("letters composed", len(intents), turns, run.rounds, budget, note=note)


def _bytes(written: Written, store: Filled) -> bytes:
    to = (written.intent.unit, "unit@example.com")
    id = mime.message_id("store", written.intent.id, to[1], NOBODY.domain)
    return mime.compose(
        mime.Message(
            subject=written.subject,
            text=written.body,
            sender=(NOBODY.name, NOBODY.address),
            recipient=to,
            message_id=id,
            sent_at=store.clock.now(),
            html=written.html,
            calendar=written.calendar,
        )
    )


def letters_sent(run: Run) -> Result:
    """Rendered, frozen, handed to a folder and recorded; every round has a day of its own."""
    with _with_letters(run) as (store, _), tempfile.TemporaryDirectory() as folder:
        post = Folder(Path(folder))
        post.ready()

        def each() -> float:
            issued: list[Intent] = []
            while not issued:
                store.clock.day += ONE_DAY
                with store.office.writing() as work:
                    issued = office.issue(work, store.clock.day, request())
            sent: list[str] = []
            taken = seconds(lambda: sent.extend(relay.send(store.office, post, request()).left))
            return taken / len(sent)

        note, budget = f"{store.known:,} duties", Budget(rate=200)
        return compare("letters sent", 1, Turns(each), run.rounds, budget, note=note)


@contextmanager
def _with_letters(run: Run) -> Iterator[tuple[Filled, list[Intent]]]:
    """Duties due within the month, and the letters their units are owed."""
    store = filled(run.home)
    store.known = 200 if run.quick else 650
    store.append(store.duty(n, START + (n % 30) * ONE_DAY) for n in range(store.known))
    store.office.rebuild(check_only=False)
    with store.office.reading() as reading:
        intents = office.planned(reading)
        units = {bare(row.id) for row in reading.rows("unit")}
    with store.office.writing() as work:
        for unit in sorted(units):
            change = partial(contacts.change, unit=unit, emails=[f"{unit}@example.com"])
            work.entry(request(), change)
    yield store, intents
    store.close()
