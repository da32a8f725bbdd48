"""What a pack holds of each clause of its document. Knows no journal."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from ntm_workflow.plans.shapes import Pack

_ROMAN = {"I": 1, "V": 5, "X": 10}
_NUMERAL = re.compile(r"[IVX]+")


@dataclass(frozen=True)
class Covered:
    """A clause, and how much in the pack comes from it. Duties and targets count once per place."""

    clause: str
    duties: int
    targets: int
    leads: int
    tables: int
    money_rules: int
    references: int
    remarks: int

    @property
    def empty(self) -> bool:
        return not (self.duties or self.targets or self.leads or self.tables or self.money_rules)


def coverage(pack: Pack) -> list[Covered]:
    """Every clause of the document, in its order; those that say nothing here, too."""
    tables = [*pack.criteria, *pack.criteria_targets]
    counted: dict[str, Counter[str]] = {
        "duties": Counter(d.clause for d in pack.obligations for _ in d.places),
        "targets": Counter(t.clause for t in pack.targets for _ in t.places),
        "leads": _clauses(pack.leads),
        "tables": _clauses(tables),
        "money_rules": _clauses(pack.money_rules),
        "references": _clauses(pack.references),
        "remarks": _clauses(pack.remarks),
    }
    clauses = {*pack.clauses, *(clause for counts in counted.values() for clause in counts)}
    return [
        Covered(clause, **{name: counts[clause] for name, counts in counted.items()})
        for clause in sorted(clauses, key=_order)
    ]


def _clauses(rows: list[Any]) -> Counter[str]:
    return Counter(row.clause for row in rows)


def _order(clause: str) -> list[tuple[int, int, str]]:
    """Roman and Arabic numbers by value, letters after them: II.2, II.10, IV.1, IV.1.a."""
    return [_part(text) for text in clause.split(".")]


def _part(text: str) -> tuple[int, int, str]:
    if text.isdigit():
        return 0, int(text), ""
    return (0, _roman(text), "") if _NUMERAL.fullmatch(text) else (1, 0, text)


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    after = [*values[1:], 0]
    return sum(v if v >= n else -v for v, n in zip(values, after, strict=True))
