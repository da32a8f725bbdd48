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


#: What a plan is to a paper it names.
RELATIONS = ("implements", "amends", "replaces", "amended_by", "based_on", "cites")


class Paper(msgspec.Struct, frozen=True):
    """A paper the plan stands to in one of RELATIONS; `plan` is its id, where it is known as one."""

    clause: str
    document: str
    relation: str
    plan: str | None = None


class Recipient(msgspec.Struct, frozen=True):
    """Whom the plan was sent to, in its own words, and the unit that is, where it is known."""

    name: str
    unit: str | None = None


class PlanAdopted(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """An office takes a signed plan as binding.

    `assumed` names what its text leaves blank; `within` the area, where only part is taken on.
    `papers` are those it comes from or changes, not all it cites.
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
    papers: tuple[Paper, ...] = ()
    recipients: tuple[Recipient, ...] = ()


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """Money a clause speaks of, in đồng: planned, never spent. `per` is set for a rate."""

    id: str
    clause: str
    title: str
    amount: int
    year: int | None = None
    source: str | None = None
    kind: str | None = None
    per: str | None = None
    at_least: bool = False


class FiguresStated(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The sums a plan speaks of, as its text has them."""

    figures: tuple[Figure, ...]


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
    figures: tuple[Figure, ...] = ()


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
        case FiguresStated(figures=figures):
            return replace(cast(Plan, plan), figures=figures)
        case other:
            raise TypeError(other)


SUBJECT = Subject[Plan]("plan", (PlanAdopted, MoneyRuleAdopted, FiguresStated), evolve, rule)
