"""What is wrong in the goals and sums of a pack: numbers nobody can read, parts nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

from ntm_workflow.domain.fund import KINDS, SOURCES
from ntm_workflow.domain.inputs import UnreadableNumber
from ntm_workflow.domain.obligation import STRENGTHS
from ntm_workflow.plans.checked import ID, Checked, number, one_of, places_known, twice
from ntm_workflow.plans.faults import Fault, first
from ntm_workflow.plans.figures import UNITS, circular, exact
from ntm_workflow.plans.shapes import Sum


def goals(of: Checked) -> Iterator[Fault]:
    yield from twice("goals", of.draft.said("goals", "id"), "id")
    lists = {t.id: None for _, t in of.rows("targets") if t.id}
    for n, goal in of.rows("goals"):
        at = Fault("", "goals", n)
        yield from places_known(of, at.under("place"), [goal.place])
        if goal.what and not ID.fullmatch(goal.what):
            yield at.under("what").of("bad_id", id=goal.what)
        if goal.strength:
            yield from one_of(at.under("strength"), goal.strength, STRENGTHS)
        for key in ("at_least", "at_most", "percent", "per_place"):
            yield from number(at.under(key), getattr(goal, key) or None)
        for name in goal.lists:
            if name not in lists:
                yield at.under("lists").of("unknown_list", list=name, known=first(lists))


def sums(of: Checked) -> Iterator[Fault]:
    yield from twice("money", of.draft.said("money", "id"), "id")
    known = {row.id: row for _, row in of.rows("money")}
    round_ = circular(known)
    for n, row in of.rows("money"):
        at = Fault("", "money", n)
        yield from one_of(at.under("unit"), row.unit, tuple(UNITS))
        if row.source:
            yield from one_of(at.under("source"), row.source, SOURCES)
        if row.kind:
            yield from one_of(at.under("kind"), row.kind, KINDS)
        yield from _amount(at.under("amount"), row)
        if row.share:
            yield from number(at.under("share"), row.share)
        if row.id in round_:
            yield at.under("parts").of("sum_of_itself", id=row.id)
        yield from _parts(at.under("parts"), row, known)


def _amount(at: Fault, row: Sum) -> Iterator[Fault]:
    try:
        if row.amount and row.unit in UNITS and not exact(row):
            yield at.of("unreadable_amount", text=row.amount)
    except UnreadableNumber:
        yield at.of("unreadable_amount", text=row.amount)


def _parts(at: Fault, row: Sum, known: dict[str, Sum]) -> Iterator[Fault]:
    for id in row.parts:
        if id not in known:
            yield at.of("unknown_sum", id=id)
        elif known[id].unit != row.unit:
            yield at.of("two_units", id=row.id, unit=row.unit, part=id, other=known[id].unit)
