"""An obligation for the tests, and what may happen to it in one word each."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from given import Journal, event, on
from msgspec.structs import replace

from ntm_workflow.domain.obligation import (
    Obligation,
    ObligationAssigned,
    ObligationDropped,
    ObligationExtended,
    ObligationMet,
    ObligationMissed,
    ObligationResumed,
    ObligationSuspended,
    ObligationWaived,
)
from ntm_workflow.projections.obligation import VIEW

ID = "obligation/D118-tam-ngoc"
ASSIGNED = event(
    ObligationAssigned,
    "01/01/2024",
    rule="D118",
    plan="quang-nam-2024-2025",
    clause="II.2.a",
    title="Trình hồ sơ xã nông thôn mới nâng cao",
    strength="must",
    expression="trước ngày 30/10/2024",
    kind="before_date",
    owed_by="ubnd-tam-ngoc",
    strict_day="29/10/2024",
    nominal_day="30/10/2024",
    act_by="29/10/2024",
    enforce_day="30/10/2024",
)
UNDATED = replace(ASSIGNED, strict_day=None, nominal_day=None, act_by=None, enforce_day=None)


def met(day: str) -> ObligationMet:
    return event(ObligationMet, day)


def missed(day: str = "31/10/2024", enforce_day: str = "30/10/2024") -> ObligationMissed:
    return event(ObligationMissed, day, enforce_day=enforce_day)


def waived(day: str, document: str | None = "Quyết định 30/QĐ-UBND") -> ObligationWaived:
    return event(ObligationWaived, day, document=document)


def extended(until: str, day: str = "20/10/2024", **said: Any) -> ObligationExtended:
    said = {"document": "CV 40/UBND", "act_by": until, "enforce_day": until, **said}
    return event(ObligationExtended, day, until=until, **said)


def suspended(day: str, until: str | None = None, **said: Any) -> ObligationSuspended:
    return event(ObligationSuspended, day, until=until, **{"document": "CV 42/UBND", **said})


def dropped(day: str) -> ObligationDropped:
    return event(ObligationDropped, day, plan="quang-nam-2024-2025", document="QĐ 31/QĐ-UBND")


def resumed(day: str) -> ObligationResumed:
    return event(ObligationResumed, day)


def seen(journal: Journal, day: str | date) -> Any:
    """The row a reader of `day` has, made as the tables make it."""
    return as_row(journal.at(day))


def as_row(state: Obligation) -> Any:
    names = [column.name for column in VIEW.columns]
    return SimpleNamespace(**dict(zip(names, VIEW.row(state), strict=True)))


def slices(journal: Journal, day: str | date) -> list[Any]:
    """The rows a duty has had up to the end of `day`, each with the day the next one begins."""
    days = sorted({step.fact.event.effective_on for step in journal.timeline.steps})
    days = [each for each in days if each <= on(day)]
    ends = [*days[1:], date.max]
    return [_until(as_row(journal.at(since)), end) for since, end in zip(days, ends, strict=True)]


def _until(row: Any, end: date) -> Any:
    row.valid_to = end
    return row
