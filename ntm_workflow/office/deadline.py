"""The days of a duty: its phrase, the days its pack gives, and the settings, with every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from ntm_workflow.domain.calendar import WorkingDays, crossed
from ntm_workflow.domain.dates import Deadline, Settled, Step, read_phrase, settle
from ntm_workflow.domain.deadline import rolled, typed_by
from ntm_workflow.domain.obligation import Alternative, Reason
from ntm_workflow.domain.plan import Settings
from ntm_workflow.domain.recurrence import turn_of
from ntm_workflow.plans.shapes import Duty, OtherDay, Pack
from ntm_workflow.plans.times import given, times


def duty_days(pack: Pack, duty: Duty, calendar: WorkingDays) -> list[dict[str, Any]]:
    """The dated fields of an assignment, once for each time a recurring duty falls due.

    A derivation step nobody answers for has no authority; `before` is the time of the duty that goes
    ahead of this one.
    """
    return [
        _dated(pack, duty, read, calendar) | {"occurrence": name}
        for name, read in times(pack, duty, calendar)
    ]


def _dated(pack: Pack, duty: Duty, read: Deadline, calendar: WorkingDays) -> dict[str, Any]:
    deadline = _opened(pack, duty, read, calendar)
    settled = _settled(pack, duty, deadline, calendar)
    said = {step.rule for step in read.derivation if not given(step)}
    clause = f"{pack.id} {duty.clause}"

    def authority(step: Step) -> str | None:
        if name := _setting(step):
            return _authority(pack, duty, name)
        return step.authority or (clause if step.rule in said else None)

    before = _before(pack, duty, deadline, calendar)
    return dated(deadline, settled, authority) | {"before": before and before[:2]}


def alternative_days(pack: Pack, other: OtherDay, calendar: WorkingDays) -> Alternative:
    """The second day of a clause; whether it counts is for a person to say."""
    read = read_phrase(other.expression, pack.period, working=calendar)
    days = (read.window_start, read.strict_day, read.nominal_day)
    return Alternative(read.expression, other.condition, *days)


def redated(deadline: Deadline, settled: Settled) -> dict[str, Any]:
    """The fields of a fact that sets a duty's days anew."""
    said = dated(deadline, settled, lambda step: step.authority)
    return {name: said[name] for name in said if name not in ("expression", "kind")}


def letter_days(deadline: Deadline, calendar: WorkingDays, paper: str) -> dict[str, Any]:
    """The same of a letter's duty, for which no office has decided any setting."""
    settings, read = Settings(), {step.rule for step in deadline.derivation}
    settled = settle(deadline, settings.boundary, settings.weekend, calendar)
    return dated(
        deadline, settled, lambda step: step.authority or (paper if step.rule in read else None)
    )


def paused_days(
    day: date, weekend: str, authority: str | None, calendar: WorkingDays, entry_days: int = 0
) -> dict[str, Any]:
    """The last day of a duty whose deadline fell into a pause: `day`, the first after it, off a day of rest."""
    step = rolled(day, weekend, calendar, authority)
    if step.result and step.result < day:
        step = Step("roll_into_pause", day, authority, crossed(day, day, calendar))
    granted = typed_by(step.result, entry_days, calendar)
    reasons = (Reason.of(s, s.authority) for s in (step, *granted))
    entered_by = granted[0].result if granted else None
    derivation = (Reason("resumed", day), *reasons)
    return {"last_day": step.result, "entered_by": entered_by, "derivation": derivation}


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
        "entered_by": settled.entered_by,
        "derivation": tuple(Reason.of(s, authority(s)) for s in settled.derivation),
    }


def _opened(pack: Pack, duty: Duty, deadline: Deadline, calendar: WorkingDays) -> Deadline:
    """With the day work may begin, where the words name none."""
    # What waits for an event begins with it, on a day nobody knows yet.
    if deadline.window_start or deadline.kind in ("undated", "event"):
        return deadline
    step = _opens(pack, duty, deadline, calendar)
    day = step.result
    if day is None or (deadline.strict_day and day > deadline.strict_day):
        return deadline
    return replace(deadline, window_start=day, derivation=(*deadline.derivation, step))


def _opens(pack: Pack, duty: Duty, deadline: Deadline, calendar: WorkingDays) -> Step:
    clause = f"{pack.id} {duty.clause}"
    if step := _after(pack, duty, deadline, calendar):
        return step
    if (every := deadline.recurrence) and deadline.nominal_day:
        opens = turn_of(every, deadline.nominal_day).first
        return Step("its_period_opens", max(opens, pack.effective_on), clause)
    if duty.dossier and duty.dossier.year > pack.period[0]:
        return Step("year_opens", date(duty.dossier.year, 1, 1), clause)
    return Step("plan_opens", date(pack.period[0], 1, 1), pack.id)


def _after(pack: Pack, duty: Duty, deadline: Deadline, calendar: WorkingDays) -> Step | None:
    """When the duty before this one is due; where it recurs, the last time ahead of this deadline."""
    found = _before(pack, duty, deadline, calendar)
    if found is None or (due := found[2].strict_day) is None:
        return None
    before, _, time = found
    # “Đến ngày 01/10” is the day to look: what follows from it may begin that day.
    day = due if time.kind == "by_date" else due + timedelta(days=1)
    return Step("after_duty", day, f"{pack.id} {before.clause}")


def _before(
    pack: Pack, duty: Duty, deadline: Deadline, calendar: WorkingDays
) -> tuple[Duty, str | None, Deadline] | None:
    """The duty before this one, with its last time ahead of `deadline` and what that is called."""
    before = next((d for d in pack.obligations if duty.after and d.rule == duty.after), None)
    if before is None:
        return None
    limit = deadline.strict_day or date.max
    found = times(pack, before, calendar)
    ahead = [each for each in found if each[1].strict_day and each[1].strict_day < limit]
    return (before, *(ahead[-1] if ahead else found[0]))


def _settled(pack: Pack, duty: Duty, deadline: Deadline, calendar: WorkingDays) -> Settled:
    boundary = duty.boundary.value if duty.boundary else pack.settings.boundary
    weekend = duty.weekend.value if duty.weekend else pack.settings.weekend
    entry_days = duty.entry_days.value if duty.entry_days else pack.settings.entry_days
    return settle(deadline, boundary, weekend, calendar, entry_days=entry_days)


#: How a step begins that follows a setting.
_SETTINGS = {
    "boundary_": "boundary",
    "roll_": "weekend",
    "day_set": "report_day",
    "entry_days": "entry_days",
}


def _setting(step: Step) -> str | None:
    """The setting that a step follows, or none."""
    return next((name for rule, name in _SETTINGS.items() if step.rule.startswith(rule)), None)


def _authority(pack: Pack, duty: Duty, setting: str) -> str | None:
    """Who says so: the paper a choice names, else the plan. Settings nobody has decided have none."""
    if choice := getattr(duty, setting):
        return str(choice.authority)
    return None if setting in pack.settings.flagged else pack.id
