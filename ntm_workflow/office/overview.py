"""One plan on one screen: how many duties stand how, what is due next, what it aims at."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from ntm_workflow.domain.standing import standing
from ntm_workflow.office.reading import Reading
from ntm_workflow.projections.obligation import VIEW

_NEEDED = (
    *("id", "title", "owed_by", "place", "strength", "clause", "expression", "window_start"),
    *("strict_day", "nominal_day", "act_by", "enforce_day", "last_day", "met_on", "missed_on"),
    *("waived_on", "ended_on", "suspended_on", "suspended_until", "applies"),
)
#: Standings of a duty that is still to be done, if its day has not passed.
_AHEAD = ("not_yet", "open", "due_soon", "past_wording")


@dataclass(frozen=True)
class Overview:
    """Counts of one plan's duties by standing and by strength, and the next few days."""

    duties: int
    by_standing: dict[str, int]
    by_strength: dict[str, int]
    places: int
    targets: int
    next_days: list[dict[str, Any]]


def overview(reading: Reading, plan: str, most: int = 5) -> Overview:
    """The plan as it stands on the day looked at."""
    rows = reading.rows("obligation", VIEW.table.c.plan == plan, only=_NEEDED)
    stands = [(row, standing(row, reading.as_of)) for row in rows]
    aims = [t for t in reading.rows("target") if any(s["plan"] == plan for s in t.statements)]
    return Overview(
        duties=len(rows),
        by_standing=dict(Counter(how for _, how in stands).most_common()),
        by_strength=dict(Counter(row.strength for row in rows).most_common()),
        places=len({row.place for row in [*rows, *aims] if row.place}),
        targets=len(aims),
        next_days=_next([r for r, how in stands if how in _AHEAD and _to_come(r, reading)], most),
    )


def _to_come(row: Any, reading: Reading) -> bool:
    return row.enforce_day is not None and row.enforce_day >= reading.as_of


def _next(rows: list[Any], most: int) -> list[dict[str, Any]]:
    """The nearest days, each with its clause, its words and how many duties fall due.

    What comes back stands here once, with its next time.
    """
    days: dict[tuple[str, str, str], Counter[date]] = defaultdict(Counter)
    for row in rows:
        days[row.clause, row.title, row.expression][row.enforce_day] += 1
    nearest = sorted((min(found), *said) for said, found in days.items())[:most]
    return [
        {
            "day": day,
            "clause": clause,
            "title": title,
            "expression": words,
            "duties": days[clause, title, words][day],
        }
        for day, clause, title, words in nearest
    ]
