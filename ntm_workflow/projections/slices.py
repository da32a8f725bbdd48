"""Rows valid from a day to a day and known from an entry to an entry, for every noun alike.

Knows no rule: it is handed a timeline, takes the state after each day, and writes what changed.
Days are ISO text and open ends are `FOREVER` and `ALWAYS`, so that both databases hold, compare
and digest the same bytes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import Timeline

S = TypeVar("S")
FOREVER = "9999-12-31"
ALWAYS = 2**62

METADATA = sa.MetaData()
#: Byte order on both databases, whatever the locale of the server.
PlainText = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Day(sa.TypeDecorator[date]):
    """A date stored as ISO text."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(PlainText)

    def process_bind_param(self, value: date | str | None, dialect: sa.Dialect) -> str | None:
        return value.isoformat() if isinstance(value, date) else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> date | None:
        return date.fromisoformat(value) if value else None


class Json(sa.TypeDecorator[Any]):
    """A small tuple or struct stored as JSON text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        return None if value is None else msgspec.json.decode(value)


def stored(value: Any) -> Any:
    """A Python value as the tables hold it."""
    if value is None or isinstance(value, str | int):
        return value
    return value.isoformat() if isinstance(value, date) else msgspec.json.encode(value).decode()


@dataclass(frozen=True)
class View(Generic[S]):
    """A noun's table: its columns, the row of a state, and the place the state belongs to."""

    kind: str
    columns: tuple[sa.Column[Any], ...]
    row: Callable[[S], tuple[Any, ...]]
    place: Callable[[S], str | None] = lambda state: None
    indexes: tuple[tuple[str, ...], ...] = ()
    table: sa.Table = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", self._table())

    def _table(self) -> sa.Table:
        table = sa.Table(
            self.kind,
            METADATA,
            sa.Column("id", PlainText, primary_key=True),
            sa.Column("known_from", BigInt, primary_key=True, autoincrement=False),
            sa.Column("valid_from", Day, primary_key=True),
            sa.Column("valid_to", Day, nullable=False),
            sa.Column("known_to", BigInt, nullable=False),
            sa.Column("conflicts", Json, nullable=False),
            *self.columns,
        )
        for columns in (("known_to", "valid_to"), *self.indexes):
            sa.Index(f"ix_{self.kind}_{'_'.join(columns)}", *(table.c[name] for name in columns))
        return table

    def at(self, day: date, known: int) -> sa.ColumnElement[bool]:
        """True for the slices in force at the end of `day`, as known after entry or position `known`."""
        c = self.table.c
        return sa.and_(
            c.known_from <= known, c.known_to > known, c.valid_from <= day, c.valid_to > day
        )


@dataclass(slots=True)
class Slice:
    """What a subject's row says for some days, since some entry."""

    valid_from: str
    valid_to: str
    values: tuple[Any, ...]
    known_from: int = 0
    known_to: int = ALWAYS
    written: bool = False

    def says(self, other: Slice) -> bool:
        return (self.valid_from, self.valid_to, self.values) == (
            other.valid_from,
            other.valid_to,
            other.values,
        )


def tail(view: View[S], timeline: Timeline[S], since: date) -> tuple[str, list[Slice]]:
    """The slices from the last day before `since` on, and the day they begin."""
    first = bisect_left(timeline.orders, since, key=lambda order: order[0])
    start = timeline.orders[first - 1][0] if first else since
    first = bisect_left(timeline.orders, start, key=lambda order: order[0])
    slices: list[Slice] = []
    for day, steps in groupby(timeline.steps[first:], key=lambda s: s.fact.event.effective_on):
        last = list(steps)[-1]
        if slices:
            slices[-1].valid_to = day.isoformat()
        if last.state is not None:
            values = (stored(last.conflicts), *map(stored, view.row(last.state)))
            slices.append(Slice(day.isoformat(), FOREVER, values))
    return start.isoformat(), slices


class SliceWriter:
    """Brings the tables of a connection up to an entry; `fresh` when they are being built anew."""

    def __init__(self, conn: sa.Connection, views: dict[str, View[Any]], *, fresh: bool = False):
        self.conn = conn
        self.views = views
        self.fresh = fresh
        self.live: dict[str, list[Slice]] = {}
        self.opened: dict[str, list[tuple[str, Slice]]] = {}
        self.closed: dict[str, list[tuple[int, str, int, str]]] = {}

    def update(self, timeline: Timeline[Any], since: date, known: int) -> None:
        """Write what entry `known` changed in a subject from `since` on."""
        kind = timeline.id.partition("/")[0]
        view = self.views.get(kind)
        if view is None:
            return
        start, new = tail(view, timeline, since)
        old = self._live(view, timeline.id, start)
        kept = [o for o in old if o.valid_from < start or any(o.says(n) for n in new)]
        for each in old:
            if not any(each is k for k in kept):
                self._close(kind, timeline.id, each, known)
        opened = [n for n in new if not any(n.says(k) for k in kept)]
        for each in opened:
            each.known_from = known
            self.opened.setdefault(kind, []).append((timeline.id, each))
        if self.fresh:
            self.live[timeline.id] = sorted(kept + opened, key=lambda s: s.valid_from)

    def flush(self) -> None:
        for kind, rows in self.opened.items():
            insert_rows(self.conn, self.views[kind].table, list(self._rows(rows)))
        for kind, ends in self.closed.items():
            self._end(self.views[kind].table, ends)
        self.opened.clear()
        self.closed.clear()

    def _live(self, view: View[Any], id: str, start: str) -> list[Slice]:
        if self.fresh:
            return self.live.get(id, [])
        if any(id == pending for pending, _ in self.opened.get(view.kind, ())):
            self.flush()
        table = view.table
        c = table.c
        query = (
            sa.select(
                *(
                    sa.type_coerce(column, sa.String) if _texty(column) else column
                    for column in table.c
                )
            )
            .where(c.id == id, c.known_to == ALWAYS, c.valid_from >= start)
            .order_by(c.valid_from)
        )
        return [
            Slice(row[2], row[3], tuple(row[5:]), row[1], written=True)
            for row in self.conn.execute(query)
        ]

    def _close(self, kind: str, id: str, old: Slice, known: int) -> None:
        old.known_to = known
        if old.written:
            self.closed.setdefault(kind, []).append((known, id, old.known_from, old.valid_from))

    def _rows(self, opened: Iterable[tuple[str, Slice]]) -> Iterator[tuple[Any, ...]]:
        for id, each in opened:
            each.written = True
            conflicts, *values = each.values
            yield (
                id,
                each.known_from,
                each.valid_from,
                each.valid_to,
                each.known_to,
                conflicts,
                *values,
            )

    def _end(self, table: sa.Table, ends: Sequence[tuple[int, str, int, str]]) -> None:
        sql = f"UPDATE {quoted(self.conn, table.name)} SET known_to=? WHERE id=? AND known_from=? AND valid_from=?"
        self.conn.exec_driver_sql(placeholders(self.conn, sql), list(ends))


def _texty(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, Day | Json)


def insert_rows(conn: sa.Connection, table: sa.Table, rows: list[tuple[Any, ...]]) -> None:
    """executemany of plain tuples in the table's column order: the quick way in."""
    if not rows:
        return
    names = ", ".join(quoted(conn, column.name) for column in table.columns)
    marks = ", ".join("?" * len(table.columns))
    sql = f"INSERT INTO {quoted(conn, table.name)} ({names}) VALUES ({marks})"
    conn.exec_driver_sql(placeholders(conn, sql), rows)


def quoted(conn: sa.Connection, name: str) -> str:
    return conn.dialect.identifier_preparer.quote(name)


def placeholders(conn: sa.Connection, sql: str) -> str:
    return sql.replace("?", "%s") if conn.dialect.name == "postgresql" else sql
