"""What a pack holds of each clause of its document. Knows no journal."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from dataclasses import dataclass

from ntm_workflow.plans.clauses import order
from ntm_workflow.plans.shapes import Pack, StatedCriteria, TargetedCriteria

#: How a clause stands in a pack: the program tracks it, it only quotes, it binds nobody, it has not been read.
STATES = ("tracked", "quoted", "unbinding", "silent")
_TRACKED = ("duties", "targets", "goals", "leads", "tables", "money", "money_rules", "money_checks")


@dataclass(frozen=True)
class Covered:
    """A clause, and how much in the pack comes from it. Duties and targets count once per place."""

    clause: str
    duties: int
    targets: int
    goals: int
    leads: int
    tables: int
    money: int
    money_rules: int
    money_checks: int
    references: int
    remarks: int
    #: Why it binds nobody: one of REASONS.
    unbinding: str | None

    @property
    def empty(self) -> bool:
        """Whether the program has nothing to track of it."""
        return not any(getattr(self, name) for name in _TRACKED)

    @property
    def state(self) -> str:
        """One of STATES."""
        if not self.empty:
            return "tracked"
        if self.unbinding:
            return "unbinding"
        return "quoted" if self.references or self.remarks else "silent"


def coverage(pack: Pack) -> list[Covered]:
    """Every clause of the document, in its order; those that say nothing here, too."""
    tables: list[StatedCriteria | TargetedCriteria] = [*pack.criteria]
    tables += pack.criteria_targets
    rows = {
        "duties": [d.clause for d in pack.obligations for _ in d.places],
        "targets": [t.clause for t in pack.targets for _ in t.places],
        "goals": [goal.clause for goal in pack.goals],
        "leads": [lead.clause for lead in pack.leads],
        "tables": [table.clause for table in tables],
        "money": [sum.clause for sum in pack.money],
        "money_rules": [rule.clause for rule in pack.money_rules],
        "money_checks": [check.clause for check in pack.money_checks],
        "references": [reference.clause for reference in pack.references],
        "remarks": [remark.clause for remark in pack.remarks],
    }
    counted = {name: Counter(clauses) for name, clauses in rows.items()}
    reasons = {row.clause: row.why for row in pack.unbinding}
    cited = {clause for counts in counted.values() for clause in counts} | {*reasons}
    return [
        Covered(
            clause,
            **{name: counts[clause] for name, counts in counted.items()},
            unbinding=reasons.get(clause),
        )
        for clause in _in_order(pack.clauses, cited)
    ]


def states(covered: list[Covered]) -> dict[str, int]:
    """How many clauses stand in each state."""
    counts = Counter(row.state for row in covered)
    return {state: counts[state] for state in STATES}


def _in_order(listed: list[str], cited: set[str]) -> list[str]:
    """Clauses as the document lists them, and where their number puts those it does not list."""
    clauses = list(dict.fromkeys(listed))
    for clause in sorted(cited - {*clauses}, key=order):
        insort(clauses, clause, key=order)
    return clauses
