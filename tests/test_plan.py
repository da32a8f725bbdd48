"""Plans: a plan is adopted once, and each of its money rules once a year."""

from __future__ import annotations

from typing import Any

from given import event, given, on
from msgspec.structs import replace

from ntm_workflow.domain.base import AlreadyBegun, NotBegun
from ntm_workflow.domain.plan import MoneyRule, MoneyRuleAdopted, PlanAdopted, RuleKnown, Settings

ID = "plan/quang-nam-2024-2025"
ADOPTED = event(
    PlanAdopted,
    "01/01/2024",
    title="Kế hoạch nông thôn mới Quảng Nam 2024-2025",
    issuer="UBND tỉnh Quảng Nam",
    level="province",
    place="quang-nam",
    period=(2024, 2025),
    pack_sha256="0" * 64,
)
RULE = MoneyRule(
    id="M-07",
    clause="IV.7",
    expression="đến ngày 30/6 hằng năm",
    day=on("30/06/2024"),
    plan_year=2024,
    stop_types=("work",),
    reallocate_types=("work", "project"),
)


def money_rule(adopted_on: str, **changed: Any) -> MoneyRuleAdopted:
    return event(MoneyRuleAdopted, adopted_on, rule=replace(RULE, **changed))


def test_an_adopted_plan_is_what_was_adopted_and_has_no_money_rule() -> None:
    state = given(ID).when(ADOPTED)
    assert state.adopted == ADOPTED
    assert state.money_rules == ()


def test_settings_nobody_decided_are_flagged() -> None:
    assert given(ID).when(ADOPTED).adopted.settings == Settings(
        boundary="nominal",
        weekend="none",
        counted="received_on",
        flagged=("boundary", "weekend", "counted"),
    )


def test_a_plan_is_not_adopted_twice() -> None:
    assert given(ID, ADOPTED).when(ADOPTED) is AlreadyBegun


def test_a_money_rule_needs_its_plan() -> None:
    assert given(ID).when(money_rule("01/01/2024")) is NotBegun


def test_money_rules_are_kept_in_order_of_adoption() -> None:
    next_year = {"plan_year": 2025, "day": on("30/06/2025")}
    journal = given(ID, ADOPTED, money_rule("01/01/2024"))
    state = journal.when(money_rule("01/01/2024", **next_year))
    assert state.money_rules == (RULE, replace(RULE, **next_year))


def test_a_money_rule_of_a_year_is_not_adopted_twice_even_with_another_day() -> None:
    journal = given(ID, ADOPTED, money_rule("01/01/2024"))
    assert journal.when(money_rule("01/02/2024", day=on("31/07/2024"))) is RuleKnown


def test_another_money_rule_of_the_same_year_is_adopted() -> None:
    journal = given(ID, ADOPTED, money_rule("01/01/2024"))
    ids = [rule.id for rule in journal.when(money_rule("01/01/2024", id="M-08")).money_rules]
    assert ids == ["M-07", "M-08"]


def test_a_known_rule_is_named_with_its_year() -> None:
    refused = given(ID, ADOPTED, money_rule("01/01/2024")).refusal(money_rule("02/01/2024"))
    assert refused is not None
    assert "M-07" in refused.say("vi")
    assert "2024" in refused.say("vi")
