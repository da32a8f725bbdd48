"""Reads the rows of a table as plain structs, quickly; knows how columns are stored, no noun.

SQLAlchemy builds the question; its work for each cell of a long answer costs four times ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, cast

import msgspec
import sqlalchemy as sa

from ntm_workflow.projections.slices import AS_OF, KNOWN, Day, Json, View

Decode = Callable[[Any], Any]

#: Few days are many rows' days.
_day = lru_cache(maxsize=4096)(date.fromisoformat)


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row with its columns as attributes; `as_dict` for a column that is no Python name."""

    def as_dict(self) -> dict[str, Any]:
        return msgspec.structs.asdict(self)


class Shape:
    """Some columns of a table: what to select, and how an answer becomes rows."""

    def __init__(self, table: sa.Table, names: Sequence[str]) -> None:
        columns = [table.c[name] for name in names] or list(table.c)
        names = [str(column.name) for column in columns]
        self.columns = [_plain(column) for column in columns]
        fields = [(name, Any) for name in names]
        made = msgspec.defstruct(table.name, fields, bases=(Row,), frozen=True, gc=False)
        self._make = cast("type[Row]", made)
        decoders = ((i, _decoder(column)) for i, column in enumerate(columns))
        self._decoders = [(i, decode) for i, decode in decoders if decode]

    def rows(self, answer: Iterable[Sequence[Any]]) -> list[Row]:
        make, decoders, rows = self._make, self._decoders, []
        for each in answer:
            values = list(each)
            for i, decode in decoders:
                if values[i] is not None:
                    values[i] = decode(values[i])
            rows.append(make(*values))
        return rows


@cache
def shape(table: sa.Table, names: tuple[str, ...] = ()) -> Shape:
    """The shape of these columns, or of all; made once for each list the program shows."""
    return Shape(table, names)


@cache
def _in_force(view: View[Any], names: tuple[str, ...]) -> sa.Select[Any]:
    """What is valid and known at the times it is asked for, by id; built once, as building costs
    more than a short answer.
    """
    query = sa.select(*shape(view.table, names).columns).where(view.at(AS_OF, KNOWN))
    return query.order_by(view.table.c.id)


def in_force(
    conn: sa.Connection,
    view: View[Any],
    times: tuple[date, int],
    where: Sequence[sa.ColumnElement[bool]],
    names: tuple[str, ...] = (),
) -> list[Row]:
    """The rows valid at the end of a day, as known after a position, for which all of `where` holds."""
    query = _in_force(view, names)
    said = {AS_OF.key: times[0], KNOWN.key: times[1]}
    answer = conn.execute(query.where(*where) if where else query, said)
    return shape(view.table, names).rows(answer.all())


def _plain(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """The column as the database holds it."""
    decoded = isinstance(column.type, sa.TypeDecorator)
    return sa.type_coerce(column, sa.String).label(column.name) if decoded else column


def _decoder(column: sa.Column[Any]) -> Decode | None:
    if isinstance(column.type, Day):
        return _day
    return msgspec.json.decode if isinstance(column.type, Json) else None
