"""What the program is without its checks, for the control: no lock, no transaction, nothing unique.

Only the rig's own processes and stores are ever made so; the program has no such switch.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

import sqlalchemy as sa

from ntm_workflow.projections import slices
from ntm_workflow.store import engine, schema
from ntm_workflow.store.engine import Database
from ntm_workflow.store.recorder import JournalRecorder
from ntm_workflow.store.statements import Statements

#: Lets the head move only from where it was seen.
_ONLY_FROM = "AND position = "


def take_out_checks() -> None:
    """In this process, for good: the head is not locked or compared, versions need not follow."""
    recorder: Any = JournalRecorder
    texts: Any = Statements
    databases: Any = engine
    connect, prepare = databases.sqlite_engine, texts._write_statements

    def unlocked(statements: Statements, mark: str, many: str) -> None:
        prepare(statements, mark, many)
        statements.move_head = statements.move_head.replace(_ONLY_FROM, "AND 0 <= ")

    recorder.lock_head = recorder.head
    recorder._assert_contiguous = lambda *_: None
    texts._write_statements = unlocked
    # The lock of a file is its transaction.
    databases.sqlite_engine = lambda made, begin: connect(made, "SELECT 1")


def loosen(url: str) -> None:
    """Every table of a store again without its keys, so that the database refuses nothing."""
    with closing(Database(url)) as database, database.write() as conn:
        for table in (*schema.METADATA.sorted_tables, *slices.METADATA.sorted_tables):
            _loosen(conn, table)


def _loosen(conn: sa.Connection, table: sa.Table) -> None:
    for sql in (
        f'CREATE TABLE loose AS SELECT * FROM "{table.name}"',
        f'DROP TABLE "{table.name}"',
        f'ALTER TABLE loose RENAME TO "{table.name}"',
    ):
        conn.exec_driver_sql(sql)
    if "known_to" in table.c:
        conn.exec_driver_sql(f'CREATE INDEX "loose_{table.name}" ON "{table.name}" (id)')
