"""A place on one page: what it holds, its criteria and their evidence, its dossiers, money and duties, as of a reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from ntm_workflow.domain.dossier import OVER
from ntm_workflow.domain.standing import standing
from ntm_workflow.office.criteria_page import Page
from ntm_workflow.office.dossier import next_due
from ntm_workflow.office.editions import editions
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.recognitions import told_of
from ntm_workflow.projections import VIEWS
from ntm_workflow.store.journal import Journal

#: How many of the duties ahead are shown; those that are overdue are all shown.
AHEAD: Final = 5

_DUTY: Final = (
    *("id", "title", "owed_by", "place", "clause", "strength", "window_start", "strict_day"),
    *("nominal_day", "act_by", "enforce_day", "last_day", "met_on", "missed_on", "waived_on"),
    *("ended_on", "suspended_on", "suspended_until", "applies"),
)


def page(journal: Journal, reading: Reading, place: str) -> dict[str, Any]:
    row = reading.places[place]
    return {
        "place": reading.ref(place),
        "type": row.type,
        "code": row.code,
        "parent": reading.ref(row.parent),
        "ended": row.ended,
        "successors": [reading.ref(id) for id in row.successors],
        "sources": [reading.ref(id) for id in row.sources],
        "left_on": row.left_on,
        "recognitions": list(_recognitions(reading, place)),
        "criteria": list(_criteria(journal, reading, place)),
        "dossiers": list(_dossiers(reading, place)),
        "money": list(_money(reading, place)),
        "obligations": _obligations(reading, place),
    }


def _recognitions(reading: Reading, place: str) -> Iterator[dict[str, Any]]:
    c = VIEWS["recognition"].table.c
    for row in filter(told_of, reading.rows("recognition", c.place == place)):
        names = ("standard", "label", "decision", "decision_on", "withdrawn_on")
        said = {name: getattr(row, name) for name in names}
        yield {**said, "holds": bool(row.held), "kept": [each["notice"] for each in row.notices]}


def _criteria(journal: Journal, reading: Reading, place: str) -> Iterator[dict[str, Any]]:
    """Of each version somebody has told results of: the counts, and every result with its evidence."""
    c = VIEWS["criteria"].table.c
    for row in reading.rows("criteria", c.place == place):
        edition = editions(reading).get(row.set, row.version)
        if edition is None or not (row.achieved or row.not_achieved or row.conflicting):
            continue
        results = [
            {name: each[name] for name in ("number", "name", "status", "assessment_year", "confirmed", "evidence")}
            for each in Page(journal, reading, place, edition).rows()
        ]  # fmt: skip
        proofs = [proof for each in results for proof in each["evidence"]]
        yield {
            "set": row.set,
            "version": row.version,
            "achieved": len(row.achieved),
            "of": len(row.numbers),
            "not_achieved": row.not_achieved,
            "unknown": row.unknown,
            "conflicting": row.conflicting,
            "evidence": len(proofs),
            "evidence_expired": sum(not proof["valid"] for proof in proofs),
            "results": results,
        }


def _dossiers(reading: Reading, place: str) -> Iterator[dict[str, Any]]:
    c, due = VIEWS["dossier"].table.c, next_due(reading)
    for row in sorted(
        reading.rows("dossier", c.place == place), key=lambda r: (r.year, r.standard)
    ):
        open_ = [each for each in row.returns if each["closed"] is None]
        since = date.fromisoformat(row.stays[-1]["since_on"])
        yield {
            "standard": row.standard,
            "year": row.year,
            "stage": row.stage,
            "desk": row.desk,
            "holder": reading.ref(row.holder),
            "since": row.since,
            "days": None if row.stage in OVER else (reading.as_of - since).days,
            "next_due": due.get(row.id),
            "missing": [] if row.stage in OVER else [t for each in open_ for t in each["missing"]],
            "decision": row.decision,
        }


def _money(reading: Reading, place: str) -> Iterator[dict[str, Any]]:
    """By plan year, in đồng; `zero` are the items nothing was spent on, `to_stop` those a stop was found for."""
    c = VIEWS["fund"].table.c
    rows = reading.rows("fund", c.place == place)
    for year in sorted({row.year for row in rows if row.year}):
        of_year = [row for row in rows if row.year == year]
        allocated = sum(row.allocated for row in of_year)
        disbursed = sum(row.disbursed for row in of_year)
        yield {
            "year": year,
            "items": len(of_year),
            "allocated": allocated,
            "disbursed": disbursed,
            "rate": round(100 * disbursed / allocated, 1) if allocated else None,
            "debt": sum(row.debt for row in of_year),
            "zero": [bare(row.id) for row in of_year if row.allocated and not row.disbursed],
            "to_stop": [bare(row.id) for row in of_year if _to_stop(row)],
        }


def _to_stop(row: Any) -> bool:
    return row.stop is not None and row.stop["state"] in ("to_stop", "stopped")


def _obligations(reading: Reading, place: str) -> dict[str, Any]:
    """How many duties of the place stand how; those past their day, and the next ones."""
    c = VIEWS["obligation"].table.c
    rows = reading.rows("obligation", c.place == place, only=_DUTY)
    stands = [(row, standing(row, reading.as_of)) for row in rows]
    late = [row for row, how in stands if how in ("overdue", "behind", "past_wording")]
    ahead = [row for row, how in stands if how in ("open", "due_soon") and row.act_by]
    ahead = [row for row in ahead if row.act_by >= reading.as_of]
    return {
        "by_standing": dict(Counter(how for _, how in stands).most_common()),
        "late": [_duty(reading, row) for row in sorted(late, key=_day)],
        "next": [_duty(reading, row) for row in sorted(ahead, key=_day)[:AHEAD]],
    }


def _day(row: Any) -> tuple[date, str]:
    return row.act_by or row.enforce_day or date.max, row.id


def _duty(reading: Reading, row: Any) -> dict[str, Any]:
    return {
        "id": bare(row.id),
        "title": row.title,
        "owed_by": reading.ref(row.owed_by),
        "act_by": row.act_by,
        "enforce_day": row.enforce_day,
        "standing": standing(row, reading.as_of),
        "clause": row.clause,
    }
