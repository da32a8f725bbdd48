"""Plans: signed documents that bind. Their duties are obligations; their money rules stand here."""

from __future__ import annotations

from datetime import date
from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the plan does not say and an office must decide; `flagged` while nobody has.

    `counted` is the date of a dossier that meets a duty: document_on, sent_on or received_on.
    """

    boundary: str = "nominal"
    weekend: str = "none"
    counted: str = "received_on"
    flagged: tuple[str, ...] = ("boundary", "weekend", "counted")


class PlanAdopted(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """An office takes a signed plan as binding.

    `assumed` names what its text leaves blank; `within` the area, where only part is taken on.
    """

    title: str
    issuer: str
    level: str
    place: str
    period: tuple[int, int]
    pack_sha256: str
    number: str | None = None
    issued_on: date | None = None
    implements: tuple[str, ...] = ()
    amends: tuple[str, ...] = ()
    settings: Settings = Settings()
    assumed: tuple[str, ...] = ()
    within: str | None = None


class MoneyRule(msgspec.Struct, frozen=True, kw_only=True):
    """Items of `plan_year` with nothing spent at the end of `day`.

    `stop_types` must be stopped by the treasury; moving the money of `reallocate_types` is only
    considered. Money carried over from earlier years is outside.
    """

    id: str
    clause: str
    expression: str
    day: date
    plan_year: int
    stop_types: tuple[str, ...]
    reallocate_types: tuple[str, ...]


class MoneyRuleAdopted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A plan's rule about unspent money, for one year."""

    rule: MoneyRule


class Plan(msgspec.Struct, frozen=True):
    adopted: PlanAdopted
    money_rules: tuple[MoneyRule, ...] = ()


class RuleKnown(Refused):
    vi = "“{plan}” đã có quy tắc {rule} cho năm {year}.\nXem: ntm plan list"
    en = "“{plan}” already has rule {rule} for {year}.\nSee: ntm plan list"


def rule(plan: Plan, event: Event) -> Refused | None:
    match event:
        case MoneyRuleAdopted(rule=new):
            if any((old.id, old.plan_year) == (new.id, new.plan_year) for old in plan.money_rules):
                return RuleKnown(rule=new.id, year=new.plan_year, plan=plan.adopted.title)
    return None


def evolve(plan: Plan | None, fact: Fact) -> Plan:
    match fact.event:
        case PlanAdopted() as adopted:
            return Plan(adopted)
        case MoneyRuleAdopted(rule=new):
            plan = cast(Plan, plan)
            return replace(plan, money_rules=(*plan.money_rules, new))
        case other:
            raise TypeError(other)


SUBJECT = Subject[Plan]("plan", (PlanAdopted, MoneyRuleAdopted), evolve, rule)
