"""Measures the letters: written into their final bytes, and sent into a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from measure import Budget, Result, Turns, compare, exhaust, seconds, timed
from stores import ONE_DAY, START, Filled, Run, filled, request

from ntm_workflow.notifications import mime
from ntm_workflow.notifications.ladder import Intent, Ladder
from ntm_workflow.notifications.post import Folder
from ntm_workflow.office import contacts, relay
from ntm_workflow.office import letters as office
from ntm_workflow.office.reading import bare


def letters_written(run: Run) -> Result:
    """Rendered and composed into final bytes; the limit only composes."""
    with _with_letters(run) as (store, intents), store.office.reading() as reading:

        def composed(written: office.Written | None) -> bytes:
            assert written is not None, "every duty of this data is still owed"
            return _bytes(written, store)

        def ours() -> None:
            for intent in intents:
                composed(office.write(reading, intent, sample=True))

        texts = [office.write(reading, intent, sample=True) for intent in intents]
        turns = Turns(timed(ours), timed(lambda: exhaust(map(composed, texts))))
        note, budget = f"{store.known:,} duties", Budget(rate=200)
        return compare("letters composed", len(intents), turns, run.rounds, budget, note=note)


def _bytes(written: office.Written, store: Filled) -> bytes:
    to = (written.intent.unit, "unit@example.com")
    id = mime.message_id("store", written.intent.id, to[1], relay.DOMAIN)
    now = store.clock.now()
    return mime.compose(
        mime.Message(
            subject=written.subject,
            text=written.body,
            sender=relay.SENDER,
            recipient=to,
            message_id=id,
            sent_at=now,
        )
    )


def letters_sent(run: Run) -> Result:
    """Rendered, frozen, handed to a folder and recorded; every round has a day of its own."""
    with _with_letters(run) as (store, _), tempfile.TemporaryDirectory() as folder:
        post, every_day = Folder(Path(folder)), Ladder(rungs=tuple(range(40)))
        post.ready()

        def each() -> float:
            store.clock.day += ONE_DAY
            with store.office.writing() as work:
                office.issue(work, store.clock.day, request(), every_day)
            sent: list[str] = []
            taken = seconds(lambda: sent.extend(relay.send(store.office, post, request()).left))
            return taken / len(sent)

        note, budget = f"{store.known:,} duties", Budget(rate=200)
        return compare("letters sent", 1, Turns(each), run.rounds, budget, note=note)


@contextmanager
def _with_letters(run: Run) -> Iterator[tuple[Filled, list[Intent]]]:
    """Duties due within the month, and the letters their units are owed."""
    store = filled(run.home)
    store.known = 400 if run.quick else 2000
    store.append(store.duty(n, START + (n % 30) * ONE_DAY) for n in range(store.known))
    store.office.rebuild(check_only=False)
    with store.office.reading() as reading:
        intents = office.planned(reading, Ladder())
        units = {bare(row.id) for row in reading.rows("unit")}
    with store.office.writing() as work:
        for unit in sorted(units):
            change = partial(contacts.change, unit=unit, emails=[f"{unit}@example.com"])
            work.entry(request(), change)
    yield store, intents
    store.close()
