"""Rows valid from a day to a day and known from an entry to an entry, for every noun alike.

Knows no rule: it is handed a timeline, takes the state after each day, and writes what changed.
Days are ISO text and open ends are `FOREVER` and `ALWAYS`, so that both databases hold, compare
and digest the same bytes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import Timeline
from ntm_workflow.driver import execute, fetch, insert, inserting

S = TypeVar("S")
FOREVER = "9999-12-31"
ALWAYS = 2**62

#: Ids in one query: well below what either database takes.
IDS = 500

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


#: The two times of a reading, for questions that are built once and asked at many.
AS_OF = sa.bindparam("as_of", type_=Day)
KNOWN = sa.bindparam("known", type_=BigInt)

#: Types of which the tables hold the value itself.
_PLAIN = frozenset({type(None), str, int})


def stored(values: Iterable[Any]) -> tuple[Any, ...]:
    """Python values as the tables hold them."""
    return tuple([value if type(value) in _PLAIN else _text(value) for value in values])


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else msgspec.json.encode(value).decode()


@dataclass(frozen=True)
class Index:
    """An index of a view; `now` ones hold only what is known and valid from now on, and not empty."""

    columns: tuple[str, ...]
    now: bool = False


@dataclass(frozen=True)
class View(Generic[S]):
    """A noun's table: its columns, the row of a state, and the place the state belongs to."""

    kind: str
    columns: tuple[sa.Column[Any], ...]
    row: Callable[[S], tuple[Any, ...]]
    place: Callable[[S], str | None] = lambda state: None
    indexes: tuple[Index, ...] = ()
    table: sa.Table = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", self._table())

    def _table(self) -> sa.Table:
        table = sa.Table(
            self.kind,
            METADATA,
            sa.Column("id", PlainText, primary_key=True),
            sa.Column("valid_from", Day, primary_key=True),
            sa.Column("known_from", BigInt, primary_key=True, autoincrement=False),
            sa.Column("valid_to", Day, nullable=False),
            sa.Column("known_to", BigInt, nullable=False),
            sa.Column("conflicts", Json, nullable=False),
            *self.columns,
        )
        for index in self.indexes:
            sa.event.listen(table, "after_create", self._index(index))
        return table

    def _index(self, index: Index) -> sa.DDL:
        # Not sa.Index: a condition makes it load the dialects of both databases with every command.
        name, columns = "_".join(index.columns), ", ".join(f'"{each}"' for each in index.columns)
        where = f' WHERE {self.is_now} AND "{index.columns[0]}" IS NOT NULL' if index.now else ""
        made = f"CREATE INDEX ix_{self.kind}_{name} ON {self.kind} ({columns}){where}"
        return sa.DDL(made)  # type: ignore[no-untyped-call]

    @property
    def now(self) -> sa.ColumnElement[bool]:
        """True for the slices known and valid from now on. Literals, so that a `now` index serves."""
        # In two parts: of one boolean text SQLAlchemy makes `(…) = 1` for SQLite, which no index serves.
        always = self.table.c.known_to == sa.literal_column(f"{ALWAYS}", BigInt)
        return sa.and_(
            always, self.table.c.valid_to == sa.literal_column(f"'{FOREVER}'", PlainText)
        )

    @property
    def is_now(self) -> str:
        """The same as SQL."""
        return f"({self.kind}.known_to = {ALWAYS} AND {self.kind}.valid_to = '{FOREVER}')"

    def at(
        self, day: date | sa.BindParameter[date], known: int | sa.BindParameter[int]
    ) -> sa.ColumnElement[bool]:
        """True for the slices in force at the end of `day`, as known after entry or position `known`."""
        c = self.table.c
        return sa.and_(
            c.known_from <= known, c.known_to > known, c.valid_from <= day, c.valid_to > day
        )


@dataclass(slots=True)
class Slice:
    """What a subject's row says for some days, since some entry. `values` are as stored."""

    valid_from: str
    valid_to: str
    values: tuple[Any, ...]
    known_from: int = 0
    known_to: int = ALWAYS
    written: bool = False

    def says(self, other: Slice) -> bool:
        return self.valid_to == other.valid_to and self.values == other.values


def beginning(timeline: Timeline[Any], since: date) -> date:
    """The day of the slice in force just before `since`: from there on slices may change."""
    before = bisect_left(timeline.orders, since, key=lambda order: order[0])
    return timeline.orders[before - 1][0] if before else since


def tail(view: View[S], timeline: Timeline[S], since: date) -> list[Slice]:
    """The slices from `since` on, one for each day on which something happened."""
    first = bisect_left(timeline.orders, since, key=lambda order: order[0])
    slices: list[Slice] = []
    for day, steps in groupby(timeline.steps[first:], key=lambda s: s.fact.event.effective_on):
        *_, last = steps
        if slices:
            slices[-1].valid_to = day.isoformat()
        if last.state is not None:
            values = stored((last.conflicts, *view.row(last.state)))
            slices.append(Slice(day.isoformat(), FOREVER, values))
    return slices


class Slices:
    """The slices of subjects, brought from entry to entry; knows no connection."""

    def __init__(self, views: Mapping[str, View[Any]]) -> None:
        self.views = views
        self.live: dict[str, list[Slice]] = {}
        self.opened: dict[str, list[tuple[str, Slice]]] = {}

    def update(
        self, timelines: Mapping[str, Timeline[Any]], changed: Mapping[str, date], known: int
    ) -> None:
        """What entry `known` changed; each subject may differ from its day in `changed` on."""
        for id, since in changed.items():
            self._update(timelines[id], since, known)

    def rows(self) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """By kind the rows of the slices opened so far, in no order."""
        for kind, opened in self.opened.items():
            yield kind, list(self._rows(opened))

    def _update(self, timeline: Timeline[Any], since: date, known: int) -> None:
        kind = timeline.id.partition("/")[0]
        live = self.live.setdefault(timeline.id, [])
        first = bisect_left(live, since.isoformat(), key=lambda each: each.valid_from)
        slices = tail(self.views[kind], timeline, since)
        if first:
            # What was so just before is so still; only its last day may be another.
            first -= 1
            until = slices[0].valid_from if slices else FOREVER
            slices.insert(0, Slice(live[first].valid_from, until, live[first].values))
        before = {each.valid_from: each for each in live[first:]}
        del live[first:]
        for each in slices:
            same = before.get(each.valid_from)
            if same is not None and same.says(each):
                live.append(before.pop(each.valid_from))
            else:
                each.known_from = known
                self.opened.setdefault(kind, []).append((timeline.id, each))
                live.append(each)
        for gone in before.values():
            gone.known_to = known
            self._closed(kind, timeline.id, gone)

    def _closed(self, kind: str, id: str, old: Slice) -> None:
        """Called for each slice that is no longer known."""

    def _rows(self, opened: Iterable[tuple[str, Slice]]) -> Iterator[tuple[Any, ...]]:
        for id, each in opened:
            yield (id, each.valid_from, each.known_from, each.valid_to, each.known_to, *each.values)


class SliceWriter(Slices):
    """Brings the tables of a connection up to an entry."""

    def __init__(self, conn: sa.Connection, views: Mapping[str, View[Any]]) -> None:
        super().__init__(views)
        self.conn = conn
        self.ends: dict[str, list[tuple[int, str, str, int]]] = {}

    def update(
        self, timelines: Mapping[str, Timeline[Any]], changed: Mapping[str, date], known: int
    ) -> None:
        """The same, from the slices as the tables hold them."""
        seen = {id: day for id, day in changed.items() if id.partition("/")[0] in self.views}
        self._load({id: beginning(timelines[id], since) for id, since in seen.items()})
        super().update(timelines, seen, known)

    def flush(self) -> None:
        for kind, rows in self.rows():
            insert_rows(self.conn, self.views[kind].table, rows)
        for kind, ends in self.ends.items():
            self._end(self.views[kind].table, ends)
        self.opened.clear()
        self.ends.clear()

    def _load(self, starts: Mapping[str, date]) -> None:
        """The live slices of the subjects, from their days on, in one query for each kind."""
        self.flush()
        self.live.clear()
        by_kind: dict[str, list[str]] = {}
        for id in starts:
            by_kind.setdefault(id.partition("/")[0], []).append(id)
        for kind, ids in by_kind.items():
            since = min(starts[id] for id in ids).isoformat()
            for at in range(0, len(ids), IDS):
                self._read(self.views[kind].table, ids[at : at + IDS], since)

    def _read(self, table: sa.Table, ids: list[str], since: str) -> None:
        sql = statements(table, self.conn.dialect.name)
        for row in fetch(self.conn, sql.live(len(ids)), (*ids, since)):
            id, valid_from, known_from, valid_to, _, *values = row
            found = Slice(valid_from, valid_to, tuple(values), known_from, written=True)
            self.live.setdefault(id, []).append(found)

    def _closed(self, kind: str, id: str, old: Slice) -> None:
        if old.written:
            end = (old.known_to, id, old.valid_from, old.known_from)
            self.ends.setdefault(kind, []).append(end)

    def _end(self, table: sa.Table, ends: list[tuple[int, str, str, int]]) -> None:
        execute(self.conn, statements(table, self.conn.dialect.name).close, ends)


def insert_rows(conn: sa.Connection, table: sa.Table, rows: list[tuple[Any, ...]]) -> None:
    """Plain tuples in the table's column order: the quick way in."""
    if rows:
        insert(conn, statements(table, conn.dialect.name).insert, rows)


class Statements:
    """The statements that write a table, in the words of one database."""

    def __init__(self, table: sa.Table, dialect: str) -> None:
        self._name = f'"{table.name}"'
        self._columns = ", ".join(f'"{column.name}"' for column in table.columns)
        self._subject = "id" if "id" in table.c else "subject"
        self.mark = "%s" if dialect == "postgresql" else "?"
        self.insert = inserting(table.name, [column.name for column in table.columns], self.mark)
        self.close = (
            f"UPDATE {self._name} SET known_to = {self.mark} WHERE id = {self.mark}"
            f" AND valid_from = {self.mark} AND known_from = {self.mark}"
        )

        self.select = f"SELECT {self._columns} FROM {self._name}"
        self.delete = f"DELETE FROM {self._name}"
        self.key = ", ".join(f'"{column.name}"' for column in table.primary_key)

    def subjects(self, first: str, stop: str | None) -> tuple[str, tuple[str, ...]]:
        """The condition for the rows of the subjects from `first` on and before `stop`; its values."""
        since = f"{self._subject} >= {self.mark}"
        if stop is None:
            return since, (first,)
        return f"{since} AND {self._subject} < {self.mark}", (first, stop)

    def live(self, ids: int) -> str:
        """The live slices of so many subjects, from a day on."""
        marks = ", ".join([self.mark] * ids)
        return (
            f"SELECT {self._columns} FROM {self._name} WHERE id IN ({marks})"
            f" AND valid_from >= {self.mark} AND known_to = {ALWAYS} ORDER BY id, valid_from"
        )


@cache
def statements(table: sa.Table, dialect: str) -> Statements:
    """Made once for each table: writing one fact should not spend its time on words."""
    return Statements(table, dialect)
