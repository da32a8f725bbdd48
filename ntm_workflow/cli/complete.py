"""What the shell may complete: names and ids from the store, words from fixed lists.

Reads a SQLite file directly, since SQLAlchemy would take longer than a person waits; a store on
PostgreSQL, or one that cannot be read at once, completes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: Table -> the column of the name that is shown beside the id.
_SHOWN: Final = {"place": "name", "unit": "name", "plan": "title", "obligation": "title"}
_MOST: Final = 200


class Name(click.types.StringParamType):
    """A text that may name something of a kind; the shell completes ids that need no quotes."""

    def __init__(self, kind: str | None = None) -> None:
        self.kind = kind

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        if self.kind not in _SHOWN:
            return [CompletionItem(word) for word in _fixed(param) if word.startswith(incomplete)]
        return [CompletionItem(id, help=name) for id, name in _found(ctx, self.kind, incomplete)]


NAME: Final = Name()
PLACE, UNIT, PLAN, DUTY = Name("place"), Name("unit"), Name("plan"), Name("obligation")
ITEM, VALUE = Name("fund"), Name("value")


def _fixed(param: click.Parameter) -> tuple[str, ...]:
    """The words an option takes, from the rules."""
    from ntm_workflow.domain import fund, standing

    words: dict[str, Any] = {
        "--standing": standing.STANDINGS,
        "--source": fund.SOURCES,
        "--kind": fund.KINDS,
    }
    return next((tuple(words[name]) for name in param.opts if name in words), ())


def _found(ctx: click.Context, table: str, incomplete: str) -> list[tuple[str, str]]:
    """Ids, which no shell need quote, with their names; either may be what was begun."""
    from ntm_workflow.cli.session import Session
    from ntm_workflow.domain.values import fold

    begun = fold(incomplete)
    address = (ctx.find_object(Session) or Session()).address
    rows = [(id.partition("/")[2], name) for id, name in _rows(address, table)]
    near = [
        (id, name)
        for id, name in rows
        if id.lower().startswith(incomplete.lower()) or (begun and fold(name).startswith(begun))
    ]
    return near[:_MOST]


def _rows(address: str, table: str) -> list[tuple[str, str]]:
    import sqlite3
    from contextlib import closing
    from pathlib import Path

    path = Path(address.removeprefix("sqlite:///"))
    if not path.is_file():
        return []
    query = f"SELECT DISTINCT id, {_SHOWN[table]} FROM {table} WHERE known_to = {2**62} AND valid_to = '9999-12-31' ORDER BY id"
    try:
        # Not read-only: a store in WAL mode can then be read only while somebody has it open.
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0.1)
        ) as conn:
            conn.execute("PRAGMA query_only = ON")
            return list(conn.execute(query))
    except sqlite3.Error:
        return []
