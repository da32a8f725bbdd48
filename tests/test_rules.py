"""The dated rules of the bundled plans: the program derives the days that a reader of each text found.

`data/rules-<plan>.jsonl` has a rule on a line: its clause, kind and three days. A rule that binds several
places opens with its first duty, and is over with its last one; of what comes back the first time counts.
Where a clause says how often and not when, it has no day: the one its duties have is an office's setting.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from offices import Desk, closing_store

from ntm_workflow.domain.dates import Step
from ntm_workflow.domain.derivation import explain
from ntm_workflow.plans.pack import bundled, load

DATA = sorted((Path(__file__).parent / "data").glob("rules-*.jsonl"))
RULES = [
    pytest.param(path.stem.removeprefix("rules-"), json.loads(line), id=json.loads(line)["id"])
    for path in DATA
    for line in path.read_text(encoding="utf-8").splitlines()
]
Duties = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Asked for a plan, the duties of a store that has adopted it alone."""
    with ExitStack() as stores:

        @cache
        def duties(plan: str) -> Duties:
            path = str(tmp_path_factory.mktemp("sổ") / "s.db")
            desk = stores.enter_context(closing_store(Desk(path, "31/12/2025").init()))
            return desk.adopt(plan, within=None).rows("obligation")

        yield duties


def first_times(duties: Duties, rule: str) -> list[dict[str, Any]]:
    """The duties of a rule, of those that come back only the first time."""
    found = [row for row in duties.values() if row["rule"] == rule]
    first = min(row["occurrence"] or "" for row in found)
    return [row for row in found if (row["occurrence"] or "") == first]


@pytest.mark.parametrize(("plan", "rule"), RULES)
def test_a_rule_has_the_kind_and_the_days_its_clause_gives(
    plan: str, rule: dict[str, Any], adopted: Any
) -> None:
    rows = first_times(adopted(plan), rule["id"])
    assert {row["clause"] for row in rows} == {rule["clause"]}
    assert {row["kind"] for row in rows} == {rule["kind"]}
    assert day_of(rows, "window_start", min) == rule["window_start"]
    said = [row for row in rows if not day_is_set(row)]
    assert day_of(said, "strict_day", min) == rule["strict_day"]
    assert day_of(said, "nominal_day", max) == rule["nominal_day"]


def day_is_set(row: dict[str, Any]) -> bool:
    """Whether the day is that of a setting, which no paper has decided and every reader is told."""
    steps = {step["rule"]: step["authority"] for step in row["derivation"]}
    assert steps.get("day_set") is None
    return "day_set" in steps


def day_of(rows: list[dict[str, Any]], name: str, pick: Any) -> str | None:
    days: set[date] = {row[name] for row in rows} - {None}
    return pick(days).isoformat() if days else None


@pytest.mark.parametrize(("plan", "rule"), RULES)
def test_a_rule_is_a_live_duty_that_tells_how_its_days_come_about(
    adopted: Any, plan: str, rule: dict[str, Any]
) -> None:
    for row in first_times(adopted(plan), rule["id"]):
        steps = [msgspec.convert(step, Step) for step in row["derivation"]]
        assert steps
        assert all(explain(step, "vi") != explain(step, "en") for step in steps)


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.stem)
def test_every_numbered_rule_of_a_plan_is_in_its_data(path: Path) -> None:
    duties = load(path.stem.removeprefix("rules-")).obligations
    numbered = {duty.rule for duty in duties if duty.rule[0] == "D" and duty.rule[1:].isdigit()}
    assert numbered == {json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()}


#: Tables that tell what a clause gives; papers and remarks beside them do not.
TELLING = (
    *("obligations", "leads", "criteria", "criteria_targets", "targets", "goals", "money"),
    *("money_rules", "unbinding"),
)


@pytest.mark.parametrize("plan", [plan for plan in bundled() if not load(plan).partial])
def test_every_clause_of_a_whole_plan_gives_something_or_is_said_to_bind_nobody(plan: str) -> None:
    pack = load(plan)
    said = {row.clause for table in TELLING for row in getattr(pack, table)}
    cited = {row.clause for table in ("references", "remarks") for row in getattr(pack, table)}
    assert set(pack.clauses) - said == set()
    assert (said | cited) - set(pack.clauses) == set()
    bound = {duty.clause for duty in pack.obligations}
    assert bound & {row.clause for row in pack.unbinding} == set()
