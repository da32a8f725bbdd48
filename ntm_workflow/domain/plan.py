"""Plans: signed documents that bind. Their duties are obligations; their money rules stand here."""

from __future__ import annotations

from datetime import date
from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject
from ntm_workflow.domain.money_check import MoneyCheck


class Reminders(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How units are reminded of a plan's duties.

    `rungs` are days before a duty's `act_by`; after a miss it is told again every `after_days`. The
    receiving desk is asked first and has `confirm_days` working days to answer; each level further
    up hears `climb_days` working days after the one below, the first after the unit that owes.
    `climbs`: up the plan's own line, or none. A reminder may be put off for `snooze_days`, a dispute holds the climb for `dispute_days`.
    """

    rungs: tuple[int, ...] = (30, 14, 7, 3, 1, 0)
    after_days: int = 7
    confirm_days: int = 2
    climb_days: int = 2
    climbs: str = "line"
    snooze_days: int = 14
    dispute_days: int = 30


class MoneySettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a plan's money rules are read where no text decides it.

    `cut_off` is the day (dd/mm) of the next year up to which a year's own money is paid. With
    `advances_count` an advance is a disbursement; with `again` money of an earlier year is looked
    at again on the day of a later one. `no_counterpart`: what may be paid of a work whose
    counterpart plan is nothing (ask: a person decides; all; nothing).
    """

    cut_off: str = "31/01"
    advances_count: bool = True
    again: bool = False
    no_counterpart: str = "ask"


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the plan does not say and an office must decide; `flagged` while nobody has.

    `counted` is the date of a dossier that meets a duty: document_on, sent_on or received_on.
    `entry_days` are working days granted for typing what was done in time before a closing judges.
    `report_day` is the day on which what comes back and names none is due, in the month its month,
    quarter or year ends with; without one it is the last day.
    """

    boundary: str = "nominal"
    weekend: str = "none"
    counted: str = "received_on"
    entry_days: int = 0
    report_day: int | None = None
    reminders: Reminders = Reminders()
    money: MoneySettings = MoneySettings()
    flagged: tuple[str, ...] = (
        *("boundary", "weekend", "counted", "entry_days", "report_day"),
        *("reminders", "money"),
    )


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


class PlanSaid(Event, frozen=True, kw_only=True, omit_defaults=True):
    """What stands above a plan's clauses.

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


class PlanAdopted(PlanSaid, Opening, frozen=True, kw_only=True, omit_defaults=True):
    """An office takes a signed plan as binding."""


class PlanAmended(PlanSaid, frozen=True, kw_only=True, omit_defaults=True):
    """An amended version takes the place of the one in force, or the same one is taken on more widely.

    `from_sha256` and `from_within` are the version it was compared with: what changed is told
    beside this fact, so it means nothing without that version.
    """

    from_sha256: str
    from_within: str | None = None


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


class MoneyRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Items of `plan_year` with nothing spent at the end of `day`.

    `stop_types` must be stopped by the treasury; moving the money of `reallocate_types` is only
    considered. Money carried over from earlier years is outside. Without `advances_count` an
    advance that nothing recovered is nothing spent.
    """

    id: str
    clause: str
    expression: str
    day: date
    plan_year: int
    stop_types: tuple[str, ...]
    reallocate_types: tuple[str, ...]
    advances_count: bool = True

    @property
    def judges(self) -> tuple[str, int, int]:
        """What tells its judgements from others; of a day that moved within its year it is the same."""
        return self.id, self.plan_year, self.day.year


class MoneyRuleAdopted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A plan's rule about unspent money, for one year."""

    rule: MoneyRule


class MoneyRulesRestated(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The plan's rules about unspent money from this day on, all of them."""

    rules: tuple[MoneyRule, ...] = ()


class MoneyChecksStated(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The plan's other rules about money from this day on, all of them."""

    checks: tuple[MoneyCheck, ...] = ()


class Version(msgspec.Struct, frozen=True):
    """One text of the plan, in force since a day; `document` is the paper that amends."""

    since: date
    entry: int
    sha256: str
    number: str | None
    issued_on: date | None
    within: str | None
    document: str | None


class Plan(msgspec.Struct, frozen=True):
    """The version in force, and all there have been."""

    adopted: PlanSaid
    versions: tuple[Version, ...]
    money_rules: tuple[MoneyRule, ...] = ()
    figures: tuple[Figure, ...] = ()
    money_checks: tuple[MoneyCheck, ...] = ()


class AmendmentNeedsPaper(Refused):
    exit_code = 2
    vi = "Áp dụng bản sửa đổi của “{plan}” phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Taking in an amended version of “{plan}” needs its paper.\nAdd --document “number, date, issuer”."


class OtherVersion(Refused):
    vi = "Bản sửa đổi này so với một bản khác của “{plan}”, không phải bản đang áp dụng (lần ghi #{entry}).\nXem: ntm plan list"
    en = "This amendment was compared with another version of “{plan}” than the one in force (entry #{entry}).\nSee: ntm plan list"


class RuleKnown(Refused):
    vi = "“{plan}” đã có quy tắc {rule} cho năm {year}.\nXem: ntm plan list"
    en = "“{plan}” already has rule {rule} for {year}.\nSee: ntm plan list"


def rule(plan: Plan, event: Event) -> Refused | None:
    match event:
        case PlanAmended():
            return _not_amended(plan, event)
        case MoneyRuleAdopted(rule=new):
            if any(old.judges == new.judges for old in plan.money_rules):
                return RuleKnown(rule=new.id, year=new.plan_year, plan=plan.adopted.title)
    return None


def _not_amended(plan: Plan, event: PlanAmended) -> Refused | None:
    named, last = plan.adopted.title, plan.versions[-1]
    if event.document is None and event.pack_sha256 != event.from_sha256:
        return AmendmentNeedsPaper(plan=named)
    if (event.from_sha256, event.from_within) != (last.sha256, last.within):
        return OtherVersion(plan=named, entry=last.entry)
    return None


def evolve(plan: Plan | None, fact: Fact) -> Plan:
    match fact.event:
        case PlanAdopted() as adopted:
            return Plan(adopted, (_version(adopted, fact.entry),))
        case PlanAmended() as amended:
            plan = cast(Plan, plan)
            versions = (*plan.versions, _version(amended, fact.entry))
            return replace(plan, adopted=amended, versions=versions)
        case MoneyRuleAdopted(rule=new):
            plan = cast(Plan, plan)
            return replace(plan, money_rules=(*plan.money_rules, new))
        case MoneyRulesRestated(rules=rules):
            return replace(cast(Plan, plan), money_rules=rules)
        case FiguresStated(figures=figures):
            return replace(cast(Plan, plan), figures=figures)
        case MoneyChecksStated(checks=checks):
            return replace(cast(Plan, plan), money_checks=checks)
        case other:
            raise TypeError(other)


def _version(said: PlanSaid, entry: int) -> Version:
    named = (said.number, said.issued_on, said.within, said.document)
    return Version(said.effective_on, entry, said.pack_sha256, *named)


SUBJECT = Subject[Plan](
    "plan",
    (
        *(PlanAdopted, PlanAmended, FiguresStated),
        *(MoneyRuleAdopted, MoneyRulesRestated, MoneyChecksStated),
    ),
    evolve,
    rule,
)
