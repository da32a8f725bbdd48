"""The days of a duty: its phrase, the days its pack gives, and the settings, with every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from ntm_workflow.domain.calendar import WorkingDays
from ntm_workflow.domain.dates import Deadline, Settled, Step, read_phrase, settle
from ntm_workflow.domain.deadline import rolled
from ntm_workflow.domain.obligation import Alternative, Reason
from ntm_workflow.domain.plan import Settings
from ntm_workflow.domain.recurrence import turn_of
from ntm_workflow.plans.shapes import Duty, OtherDay, Pack
from ntm_workflow.plans.times import given, times


def duty_days(pack: Pack, duty: Duty, calendar: WorkingDays) -> list[dict[str, Any]]:
    """The dated fields of an assignment, once for each time a recurring duty falls due.

    A derivation step nobody answers for has no authority.
    """
    return [
        _dated(pack, duty, read, calendar) | {"occurrence": name}
        for name, read in times(pack, duty)
    ]


def _dated(pack: Pack, duty: Duty, read: Deadline, calendar: WorkingDays) -> dict[str, Any]:
    deadline = _opened(pack, duty, read)
    settled = _settled(pack, duty, deadline, calendar)
    said = {step.rule for step in read.derivation if not given(step)}
    clause = f"{pack.id} {duty.clause}"

    def authority(step: Step) -> str | None:
        if name := _setting(step):
            return _authority(pack, duty, name)
        return step.authority or (clause if step.rule in said else None)

    return dated(deadline, settled, authority)


def alternative_days(pack: Pack, other: OtherDay) -> Alternative:
    """The second day of a clause; whether it counts is for a person to say."""
    read = read_phrase(other.expression, pack.period)
    days = (read.window_start, read.strict_day, read.nominal_day)
    return Alternative(read.expression, other.condition, *days)


def letter_days(deadline: Deadline, calendar: WorkingDays, paper: str) -> dict[str, Any]:
    """The same of a letter's duty, for which no office has decided any setting."""
    settings, read = Settings(), {step.rule for step in deadline.derivation}
    settled = settle(deadline, settings.boundary, settings.weekend, calendar)
    return dated(
        deadline, settled, lambda step: step.authority or (paper if step.rule in read else None)
    )


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


def _opened(pack: Pack, duty: Duty, deadline: Deadline) -> Deadline:
    """With the day work may begin, where the words name none."""
    # What waits for an event begins with it, on a day nobody knows yet.
    if deadline.window_start or deadline.kind in ("undated", "event"):
        return deadline
    step = _opens(pack, duty, deadline)
    day = step.result
    if day is None or (deadline.strict_day and day > deadline.strict_day):
        return deadline
    return replace(deadline, window_start=day, derivation=(*deadline.derivation, step))


def _opens(pack: Pack, duty: Duty, deadline: Deadline) -> Step:
    clause = f"{pack.id} {duty.clause}"
    if step := _after(pack, duty, deadline):
        return step
    if (every := deadline.recurrence) and deadline.nominal_day:
        opens = turn_of(every, deadline.nominal_day).first
        return Step("its_period_opens", max(opens, pack.effective_on), clause)
    if duty.dossier and duty.dossier.year > pack.period[0]:
        return Step("year_opens", date(duty.dossier.year, 1, 1), clause)
    return Step("plan_opens", date(pack.period[0], 1, 1), pack.id)


def _after(pack: Pack, duty: Duty, deadline: Deadline) -> Step | None:
    """When the duty before this one is due; where it recurs, the last time ahead of this deadline."""
    before = next((d for d in pack.obligations if duty.after and d.rule == duty.after), None)
    if before is None:
        return None
    due_days = [(t.strict_day, t.kind) for _, t in times(pack, before) if t.strict_day]
    limit = deadline.strict_day or date.max
    ahead = [each for each in due_days if each[0] < limit] or due_days[:1]
    if not ahead:
        return None
    due, kind = ahead[-1]
    # “Đến ngày 01/10” is the day to look: what follows from it may begin that day.
    day = due if kind == "by_date" else due + timedelta(days=1)
    return Step("after_duty", day, f"{pack.id} {before.clause}")


def _settled(pack: Pack, duty: Duty, deadline: Deadline, calendar: WorkingDays) -> Settled:
    boundary = duty.boundary.value if duty.boundary else pack.settings.boundary
    weekend = duty.weekend.value if duty.weekend else pack.settings.weekend
    return settle(deadline, boundary, weekend, calendar)


def _setting(step: Step) -> str | None:
    """The setting that a step follows, or none."""
    rules = {"boundary_": "boundary", "roll_": "weekend", "day_set": "report_day"}
    return next((name for rule, name in rules.items() if step.rule.startswith(rule)), None)


def _authority(pack: Pack, duty: Duty, setting: str) -> str | None:
    """Who says so: the paper a choice names, else the plan. Settings nobody has decided have none."""
    if choice := getattr(duty, setting):
        return str(choice.authority)
    return None if setting in pack.settings.flagged else pack.id
