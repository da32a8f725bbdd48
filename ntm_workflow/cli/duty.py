"""The parts of one obligation as people read them, a line each. Knows no command."""

from __future__ import annotations

from datetime import date
from typing import Any

from ntm_workflow.cli.answers import cell, phrase
from ntm_workflow.cli.labels import heading


def readings(row: Any, verdicts: dict[str, str]) -> list[str]:
    """Both readings of the words, where they name two days."""
    if row.strict_day == row.nominal_day:
        return []
    named = {"strict": row.strict_day, "nominal": row.nominal_day}
    return [
        f"{heading(f'{name}_day')} {cell(named[name])}: {cell(v)}" for name, v in verdicts.items()
    ]


def other_day(alternative: dict[str, Any] | None) -> str:
    if alternative is None:
        return ""
    return phrase("“{expression}” {condition}", "“{expression}” {condition}", **alternative)


def attached(consequence: dict[str, Any]) -> str:
    said = f" (“{consequence['words']}”)" if consequence["words"] else ""
    return f"{consequence['clause']}: {cell(consequence['what'])}{said}"


def driven(other: Any) -> str:
    """The stricter duty that another plan ties to the same dossier."""
    return phrase(
        "{plan} {clause} đòi sớm hơn: theo câu chữ chậm nhất {strict_day} ({id})",
        "{plan} {clause} wants it sooner: by its words no later than {strict_day} ({id})",
        plan=other.plan, clause=other.clause, strict_day=other.strict_day, id=other.id.partition("/")[2],
    )  # fmt: skip


def beside(other: dict[str, Any]) -> str:
    return phrase("{id}: hạn chốt {enforce_day}", "{id}: enforced {enforce_day}", **other)


def in_chain(other: dict[str, Any]) -> str:
    return f"{other['id']}: {cell(other['standing'])}"


def to_decide(row: Any) -> list[str]:
    """The commands that tell what only a person can say of a duty that is not done."""
    from ntm_workflow.domain.standing import over

    id = row.id.partition("/")[2]
    found: list[str] = []
    if over(row):
        return found
    if row.applies == "unknown":
        found.append(f"ntm obligation condition {id} --holds | --fails --on … --document …")
    if row.alternative and not row.taken:
        found.append(f"ntm obligation alternative {id} --on … --document …")
    return found


def days(original: dict[str, str | None]) -> list[str]:
    dates = {name: date.fromisoformat(day) for name, day in original.items() if day}
    return [f"{heading(name)}: {cell(day)}" for name, day in dates.items()]


def entries(facts: list[dict[str, Any]], day: date) -> dict[str, int]:
    """The entries a standing rests on: of each kind the last that happened by `day`."""
    said = {
        "ObligationMet": "met",
        "ObligationMissed": "missed",
        "ObligationWaived": "waived",
        "ObligationDropped": "ended",
        "ObligationJoined": "ended",
        "ObligationSuspended": "suspended",
        "ConditionSettled": "applies",
    }
    live = [f for f in facts if f["voided_by"] is None and f["type"] in said]
    live = [f for f in live if f["effective_on"] <= day]
    live.sort(key=lambda f: (f["effective_on"], f["entry"]))
    return {said[f["type"]]: f["entry"] for f in live}
