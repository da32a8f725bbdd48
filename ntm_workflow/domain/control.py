"""Controls: which acts need a second person. Set by a paper; without one, no act needs any."""

from __future__ import annotations

from datetime import date

import msgspec

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject


class TwoPersonRuleSet(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """From here on these types of facts, and facts told more than `late_days` late, need two people.

    The latest rule stands alone: it says everything. One that names nothing lifts the control.
    """

    types: tuple[str, ...] = ()
    late_days: int | None = None


class Control(msgspec.Struct, frozen=True):
    types: tuple[str, ...]
    late_days: int | None
    document: str | None
    since: date
    entry: int


class RuleNeedsPaper(Refused):
    exit_code = 2
    vi = "Quy tắc hai người phải nêu văn bản quy định.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "The two-person rule needs the paper that sets it.\nAdd --document “number, date, issuer”."


def opening(event: TwoPersonRuleSet) -> Refused | None:
    return None if event.document else RuleNeedsPaper()


def rule(control: Control, event: Event) -> Refused | None:
    return None


def evolve(control: Control | None, fact: Fact) -> Control:
    match fact.event:
        case TwoPersonRuleSet(types=types, late_days=late, document=document, effective_on=day):
            return Control(types, late, document, day, fact.entry)
        case other:
            raise TypeError(other)


SUBJECT = Subject[Control]("control", (TwoPersonRuleSet,), evolve, rule, opening)
