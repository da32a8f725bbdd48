"""What people and the treasury say of money found unspent: compared, looked at again, stopped, released."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import END_OF_DAY, Fact, Refused
from ntm_workflow.domain.fund_stop import (
    FiguresReconciled,
    FindingReviewed,
    PaymentStopped,
    Stop,
    StopReleased,
)
from ntm_workflow.domain.letter import LetterReleased
from ntm_workflow.office.entry import Entry, Reaction
from ntm_workflow.office.fund import find_item, fund_of
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS, telling
from ntm_workflow.store.schema import OUTBOX

#: The letter that says that payments are to stop.
LETTER = "to_stop"


class NothingToReconcile(Refused):
    exit_code = 3
    vi = "Không có mục nào đang chờ đối chiếu số liệu đến ngày {day}.\nXem: ntm fund list; chốt ngày đó trước: ntm day close --until {day}"
    en = "No item waits for its figures up to {day} to be reconciled.\nSee: ntm fund list; close that day first: ntm day close --until {day}"


def reconcile(
    entry: Entry, as_of: date, within: str | None, items: Sequence[str], *, treasury: bool
) -> None:
    """The figures of what was found on a day are the treasury's too; letters about it may leave."""
    named = {find_item(entry.reading, item) for item in items}
    scope = entry.reading.within(within) if within else None
    ids = [
        row.id
        for row in waiting(entry.reading, as_of, treasury=treasury)
        if (not named or row.id in named) and (scope is None or row.place in scope)
    ]
    # What was named is told why it cannot be, one by one.
    ids = sorted({*ids, *named})
    if not ids:
        raise NothingToReconcile(day=as_of)
    entry.load(ids)
    for id in ids:
        said = {"item": bare(id), "found_on": as_of, "treasury": treasury}
        entry.record(id, FiguresReconciled, **said, **after_the_finding(entry, id))


def waiting(reading: Reading, as_of: date | None = None, *, treasury: bool = False) -> list[Any]:
    """The items found that nobody has compared, of one day or of any; or not with the `treasury`'s figures."""
    rows = reading.rows("fund", VIEWS["fund"].table.c.stop.is_not(None))
    found = ((row, msgspec.convert(row.stop, Stop)) for row in rows)
    return [
        row
        for row, stop in found
        if stop.stands
        and not (stop.by_treasury if treasury else stop.reconciled_on)
        and as_of in (None, stop.found_on)
    ]


def on_said(entry: Entry, fact: Fact) -> None:
    """Whatever was said of a finding, letters may wait for nothing any more."""
    look_again(entry)


def look_again(entry: Entry) -> None:
    """Look once, afterwards, which letters wait for nothing any more."""
    if _let_go not in entry.later:
        entry.later.append(_let_go)


#: What may let held letters go.
REACTIONS: dict[str, Reaction] = {
    event.__name__: on_said for event in (FiguresReconciled, FindingReviewed, StopReleased)
}


def _let_go(entry: Entry) -> None:
    """Held letters of which no item waits any more need nobody's release. What was let go stays so."""
    held = OUTBOX.c.state == "held"
    ids = list(entry.conn.scalars(sa.select(OUTBOX.c.id).where(OUTBOX.c.kind == LETTER, held)))
    unsure = {row.id for row in waiting(entry.reading)}
    lines = telling.of_letters(entry.conn, ids)
    for id in sorted(set(ids) - {line.id for line in lines if line.subject in unsure}):
        entry.record(id, LetterReleased)
        entry.conn.execute(sa.update(OUTBOX).where(OUTBOX.c.id == id, held).values(state="queued"))


def review(entry: Entry, item: str, *, stands: bool) -> None:
    """What became of a finding that a payment told later speaks against, as it is known now."""
    id = find_item(entry.reading, item)
    found = fund_of(entry, id).stop
    spent = found.spent if found else 0
    said = {"item": bare(id), "stands": stands, "spent": spent}
    entry.record(id, FindingReviewed, **said, **after_the_finding(entry, id))


def stop(entry: Entry, item: str) -> None:
    _record(entry, item, PaymentStopped)


def release(entry: Entry, item: str) -> None:
    _record(entry, item, StopReleased)


def _record(entry: Entry, item: str, event: type[Any], **said: Any) -> None:
    id = find_item(entry.reading, item)
    entry.record(id, event, item=bare(id), **said, **after_the_finding(entry, id))


def after_the_finding(entry: Entry, id: str) -> dict[str, int]:
    """Where what is told of the finding's own day stands: after it, which closes that day."""
    found, day = fund_of(entry, id).stop, entry.request.on or entry.today
    return {"place_of": END_OF_DAY} if found and found.found_on == day else {}
