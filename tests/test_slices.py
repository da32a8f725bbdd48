"""The tables against the definition: a row is the fold of the facts known then and effective by then."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import Desk, adopted, closing_store
from test_voiding import PLANS, VERBS, perform

from ntm_workflow.domain.base import Fact, Refused, Timeline
from ntm_workflow.domain.subjects import subject_of
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.slices import stored

CHANGES = st.one_of(
    VERBS,
    st.tuples(st.just("void"), st.floats(0, 1, exclude_max=True), st.just("")),
    st.tuples(st.just("correct"), st.floats(0, 1, exclude_max=True), st.integers(1, 900).map(str)),
)


def change(desk: Desk, verb: tuple[str, Any, str], entries: list[int]) -> None:
    """Record something, or void or correct one of the entries recorded before."""
    name, what, value = verb
    if name not in ("void", "correct"):
        entry = perform(desk, verb)
    elif not entries:
        return
    else:
        target = entries[int(what * len(entries))]
        try:
            entry = (
                desk.void(target) if name == "void" else desk.correct(target, amount=value)
            ).entry
        except Refused:
            entry = None
    if entry is not None:
        entries.append(entry)


def believed(facts: list[Fact], known: int) -> list[Fact]:
    """The facts of whole entries up to `known`, less those of entries voided by then."""
    heard = [fact for fact in facts if fact.entry <= known]
    voided = {fact.event.entry for fact in heard if fact.type == "EntryVoided"}  # type: ignore[attr-defined]
    return [fact for fact in heard if fact.entry not in voided]


def by_definition(facts: list[Fact], day: date, known: int) -> dict[str, tuple[Any, ...]]:
    """Id -> row, folded from nothing for this one pair of times."""
    streams: dict[str, list[Fact]] = {}
    for fact in believed(facts, known):
        streams.setdefault(fact.subject, []).append(fact)
    rows = {}
    for id, stream in streams.items():
        view = VIEWS.get(id.partition("/")[0])
        step = Timeline(id, subject_of(id), stream).step_at(day)
        if view and step and step.state is not None:
            rows[id] = stored((step.conflicts, *view.row(step.state)))
    return rows


def by_tables(desk: Desk, day: date, known: int) -> dict[str, tuple[Any, ...]]:
    with desk.office.reading(day, known) as reading:
        return {
            row.id: stored(list(row.as_dict().values())[5:])
            for kind in VIEWS
            for row in reading.rows(kind)
        }


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=st.lists(CHANGES, min_size=4, max_size=16), seed=st.integers(0, 10**6))
def test_every_row_is_the_fold_of_what_was_known_and_had_happened(
    tmp_path_factory: pytest.TempPathFactory, history: list[Any], seed: int
) -> None:
    draw = random.Random(seed)
    store = str(tmp_path_factory.mktemp("sổ") / "s.db")
    with closing_store(adopted(store, *PLANS)) as desk:
        entries = [desk.allocate("cầu", 1_000).entry]
        for verb in history:
            change(desk, verb, entries)
        with desk.database.read() as conn:
            facts = list(desk.office.journal.facts(conn))
        for _ in range(12):
            day = date(2024, 1, 1) + timedelta(days=draw.randrange(330))
            known = facts[draw.randrange(len(facts))].entry
            assert by_tables(desk, day, known) == by_definition(facts, day, known)
