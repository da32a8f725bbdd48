"""What ails the outbox: letters left behind, refused, returned or not to be written, and the hold on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.office import Office, alarm, hold, outbox
from ntm_workflow.office.finding import Finding, Grade, ok, refused, warn
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections import VIEWS
from ntm_workflow.store.schema import OUTBOX

#: Units named; the rest are counted.
MOST: Final = 5


def examine(office: Office, reading: Reading) -> Iterator[Finding]:
    """Whether letters leave, and what became of those that did not arrive."""
    yield _left_behind(office, reading)
    if held := hold.held(reading.conn):
        refusal = hold.OutboxHeld(at=held.at, n=hold.waiting(reading.conn))
        yield refused("outbox", refusal, Grade.WARN, "ntm letter release --restored")
    if unwritten := outbox.letters(reading.conn, [outbox.UNWRITTEN]):
        yield warn(
            "unwritten",
            "ntm letter retry --all",
            "{n} thư không lập được nội dung ({trouble}).",
            "{n} letters cannot be written ({trouble}).",
            n=len(unwritten),
            trouble=unwritten[0].trouble,
        )
    if dead := alarm.dead(reading):
        yield warn(
            "dead_letters",
            "ntm letter retry --all",
            "{n} thư không địa chỉ nào nhận: {names}. Sửa địa chỉ (ntm unit contact) rồi gửi lại.",
            "{n} letters were refused at every address: {names}. Mend it (ntm unit contact), then retry.",
            n=len(dead),
            names=_units(reading, dead),
        )
    if bounced := _bounced(reading):
        yield warn(
            "bounced",
            "ntm unit contact … --email …",
            "Thư gần nhất của {n} đơn vị bị trả lại: {names}.",
            "The latest letters of {n} units came back: {names}.",
            n=len(bounced),
            names=_units(reading, bounced),
        )


def _left_behind(office: Office, reading: Reading) -> Finding:
    waits = OUTBOX.c.state.in_(outbox.WAITING)
    count = outbox.count(reading.conn, waits, OUTBOX.c.day < office.today.isoformat())
    if not count:
        return ok("letters", "Không có thư nào nằm lại.", "No letter was left behind.")
    return warn(
        "letters",
        "ntm letter list",
        "{n} thư của những ngày trước chưa đi.",
        "{n} letters of earlier days have not left.",
        n=count,
    )


def _bounced(reading: Reading) -> list[Any]:
    """The letters that came back and after which none has arrived at their units."""
    view, c = VIEWS["letter"], VIEWS["letter"].table.c
    query = sa.select(c.id, c.unit, c.day, c.state).where(view.now)
    ended = query.where(c.state.in_(("sent", "bounced"))).order_by(c.day, c.id)
    last = {row.unit: row for row in reading.conn.execute(ended)}
    return [row for row in last.values() if row.state == "bounced"]


def _units(reading: Reading, rows: Iterable[Any]) -> list[str]:
    names = sorted({reading.names.get(row.unit, row.unit) for row in rows})
    return [*names[:MOST], *(["…"] if len(names) > MOST else [])]
