"""The days of a duty: its phrase, the days its pack gives, and the settings, with every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from ntm_workflow.domain.calendar import WorkingDays
from ntm_workflow.domain.dates import (
    Deadline,
    Settled,
    Step,
    read_phrase,
    rolled,
    settle,
    undated,
)
from ntm_workflow.domain.derivation import Reason
from ntm_workflow.domain.plan import Settings
from ntm_workflow.plans.shapes import Days, Duty, Pack

_GIVEN = {
    "window_start": "window_given",
    "strict_day": "strict_given",
    "nominal_day": "nominal_given",
}


def duty_days(pack: Pack, duty: Duty, calendar: WorkingDays) -> dict[str, Any]:
    """The dated fields of an assignment; a derivation step nobody answers for has no authority."""
    read = stated(pack, duty)
    deadline = _opened(pack, duty, read)
    settled = _settled(pack, duty, deadline, calendar)
    by_clause = {step.rule for step in read.derivation} - set(_GIVEN.values())
    clause = f"{pack.id} {duty.clause}"

    def authority(step: Step) -> str | None:
        return clause if step.rule in by_clause else _authority(duty, step)

    return dated(deadline, settled, authority)


def letter_days(deadline: Deadline, calendar: WorkingDays, paper: str) -> dict[str, Any]:
    """The same of a letter's duty, for which no office has decided any setting."""
    settings, read = Settings(), {step.rule for step in deadline.derivation}
    settled = settle(deadline, settings.boundary, settings.weekend, calendar)
    return dated(deadline, settled, lambda step: paper if step.rule in read else step.authority)


def paused_days(
    day: date, weekend: str, authority: str | None, calendar: WorkingDays
) -> dict[str, Any]:
    """The last day of a duty whose deadline fell into a pause: `day`, the first after it, off a day of rest."""
    step = rolled(day, weekend, calendar, authority)
    if step.result and step.result < day:
        step = Step("roll_into_pause", day, authority)
    reasons = (Reason("resumed", day), Reason(step.rule, step.result, step.authority))
    return {"last_day": step.result, "derivation": reasons}


def dated(
    deadline: Deadline, settled: Settled, authority: Callable[[Step], str | None]
) -> dict[str, Any]:
    """The fields of an assignment that speak of time; `authority` says who answers for a step."""
    return {
        "expression": deadline.expression,
        "kind": deadline.kind,
        "window_start": deadline.window_start,
        "strict_day": deadline.strict_day,
        "nominal_day": deadline.nominal_day,
        "act_by": settled.act_by,
        "enforce_day": settled.enforce_day,
        "derivation": tuple(Reason(s.rule, s.result, authority(s)) for s in settled.derivation),
    }


def stated(pack: Pack, duty: Duty) -> Deadline:
    """What the clause says: its phrase, with the days its pack gives in place of it."""
    said = duty.expression
    deadline = undated() if said is None else read_phrase(said, pack.period)
    return _given(deadline, duty.days) if duty.days else deadline


def _given(deadline: Deadline, days: Days) -> Deadline:
    changed: dict[str, Any] = {
        name: value
        for name in ("kind", "window_start", "strict_day", "nominal_day")
        if (value := getattr(days, name)) is not None
    }
    steps = (
        Step(_GIVEN[name], day, days.reason) for name, day in changed.items() if name in _GIVEN
    )
    return replace(deadline, **changed, derivation=(*deadline.derivation, *steps))


def _opened(pack: Pack, duty: Duty, deadline: Deadline) -> Deadline:
    """With the day work may begin, where the words name none."""
    if deadline.window_start or deadline.kind == "undated":
        return deadline
    step = _opens(pack, duty)
    day = step.result
    if day is None or (deadline.strict_day and day > deadline.strict_day):
        return deadline
    return replace(deadline, window_start=day, derivation=(*deadline.derivation, step))


def _opens(pack: Pack, duty: Duty) -> Step:
    before = next((d for d in pack.obligations if duty.after and d.rule == duty.after), None)
    if before and (due := stated(pack, before).strict_day):
        return Step("after_duty", due + timedelta(days=1), f"{pack.id} {before.clause}")
    if duty.dossier and duty.dossier.year > pack.period[0]:
        return Step("year_opens", date(duty.dossier.year, 1, 1), f"{pack.id} {duty.clause}")
    return Step("plan_opens", date(pack.period[0], 1, 1), pack.id)


def _settled(pack: Pack, duty: Duty, deadline: Deadline, calendar: WorkingDays) -> Settled:
    boundary = duty.boundary.value if duty.boundary else pack.settings.boundary
    weekend = duty.weekend.value if duty.weekend else pack.settings.weekend
    return settle(deadline, boundary, weekend, calendar)


def _authority(duty: Duty, step: Step) -> str | None:
    """Who says so: the paper a choice names. Settings nobody has decided keep none, and show it."""
    if duty.boundary and step.rule.startswith("boundary_"):
        return duty.boundary.authority
    if duty.weekend and step.rule.startswith("roll_"):
        return duty.weekend.authority
    return step.authority
