"""The journal subject by subject instead of in the order of recording; knows no event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact
from ntm_workflow.store.engine import fetch
from ntm_workflow.store.statements import VOIDS, Statements

#: Behind every id.
_LAST: Final = "\U0010ffff"


class Streams:
    """Pages of whole streams, inside the caller's transaction; `facts` reads stored rows."""

    def __init__(
        self,
        conn: sa.Connection,
        sql: Statements,
        facts: Callable[[Sequence[tuple[Any, ...]]], list[Fact]],
    ) -> None:
        self.conn = conn
        self.sql = sql
        self.facts = facts

    def page(self, first: str, stop: str | None, facts: int) -> tuple[list[list[Fact]], str | None]:
        """About so many facts in whole streams, by id from `first` on and before `stop`, each by
        version; and the id that comes next, None when none does.
        """
        rows = fetch(self.conn, self.sql.subjects, (first, stop or _LAST, facts))
        if len(rows) < facts:
            return self._streams(rows), None
        # Where the last stream ends is not known: it comes first on the next page.
        following = rows[-1][2]
        if rows[0][2] == following:
            return self.page(first, stop, 2 * facts)
        return self._streams([row for row in rows if row[2] != following]), following

    def voids(self) -> dict[int, list[int]]:
        """A voided entry -> the entries that voided it, the first first."""
        found = defaultdict(list)
        for id, entry in fetch(self.conn, VOIDS):
            found[int(id.partition("/")[2])].append(entry)
        return found

    def _streams(self, rows: Sequence[tuple[Any, ...]]) -> list[list[Fact]]:
        return [list(group) for _, group in groupby(self.facts(rows), lambda f: f.subject)]
