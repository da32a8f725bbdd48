"""The questions that a growing store asks all day are answered from an index, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from offices import adopted, closing_store

from ntm_workflow.projections import obligation

QUESTIONS: dict[str, Callable[[sa.Connection], Any]] = {
    "judge_on": lambda conn: obligation.to_judge(conn, date(2024, 2, 1), 10),
    "trigger": lambda conn: obligation.met_by(conn, "dossier/tam-ngoc/xa-nang-cao/2024/district"),
}


def asked(conn: sa.Connection, question: Callable[[sa.Connection], Any]) -> tuple[str, Any]:
    """The statement a question comes to, and its values."""
    said: list[tuple[str, Any]] = []

    def hear(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        said.append((statement, values))

    sa.event.listen(conn, "before_cursor_execute", hear)
    question(conn)
    sa.event.remove(conn, "before_cursor_execute", hear)
    (only,) = said
    return only


@pytest.mark.parametrize("index", QUESTIONS)
def test_a_question_is_answered_from_its_index(store_url: str, index: str) -> None:
    with closing_store(adopted(store_url, "quang-nam-2024-2025")) as desk:
        with desk.database.write() as conn:
            conn.exec_driver_sql("ANALYZE obligation")
        with desk.database.read() as conn:
            statement, values = asked(conn, QUESTIONS[index])
            explain = "EXPLAIN"
            if conn.dialect.name == "sqlite":
                explain += " QUERY PLAN"
            else:
                # A table as small as this one is read whole all the same.
                conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = conn.exec_driver_sql(f"{explain} {statement}", values).all()
    assert f"ix_obligation_{index}" in str(plan)
