"""Contradictions and gaps in a plan, found by rules that hold for every pack. Repairs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ntm_workflow.domain.calendar import WorkingDays
from ntm_workflow.plans import find_clauses, find_days, find_figures, find_places
from ntm_workflow.plans.document import Document
from ntm_workflow.plans.finding import FINDINGS, Finding
from ntm_workflow.plans.shapes import Pack

__all__ = ["FINDINGS", "Finding", "findings"]

_RULES: tuple[Callable[[Document], Iterator[Finding]], ...] = (
    *find_clauses.RULES,
    *find_figures.RULES,
    *find_places.RULES,
    *find_days.RULES,
)


def findings(pack: Pack, calendar: WorkingDays) -> list[Finding]:
    """What the pack's document contradicts, leaves out or leaves open, rule by rule."""
    of = Document(pack, calendar)
    found = (finding for rule in _RULES for finding in rule(of))
    # A duty written as several tables, one a place, is found once.
    return list({(f.code, f.clause, f.say("vi")): f for f in found}.values())
