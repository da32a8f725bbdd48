"""The two-person rule: what waits, and who may let it happen."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import normalize

import click
import pytest
from given import event, given, recorded
from msgspec.structs import replace
from offices import Desk, adopted, closing_store

from ntm_workflow.cli import ntm as commands
from ntm_workflow.cli.line import act, again
from ntm_workflow.domain.approval import (
    ActApproved,
    ActProposed,
    ActRejected,
    AlreadyDecided,
    SamePerson,
)
from ntm_workflow.domain.control import RuleNeedsPaper, TwoPersonRuleSet
from ntm_workflow.office.approval import NotForTwo, SecondPersonNeeded, in_force, set_rule
from ntm_workflow.projections.sentences import gist

PLANS = ("quang-nam-2024-2025", "tam-ky-2024")
PAPER = "--document 'Quy chế 1'"

# --- the rules ------------------------------------------------------------------------------------

PROPOSED = event(ActProposed, "01/07/2024", by="Nguyễn An", command=("x",), summary="", sha256="")


def approved(by: str) -> ActApproved:
    return event(ActApproved, "02/07/2024", by=by, proposal=1, act=2, proposed_by="Nguyễn An")


def test_another_person_approves() -> None:
    state = given("approval/1", PROPOSED).when(approved("Trần Bình"))
    assert (state.state, state.decided_by, state.act) == ("approved", "Trần Bình", 2)


@pytest.mark.parametrize(
    "same",
    [
        *("Nguyễn An", " nguyễn  AN ", "Nguyễn-An.", "Ｎguyễn An", normalize("NFD", "Nguyễn An")),
        *(
            "Nguyễn An\u200b",
            "Nguyễn\u00ad An",
            normalize("NFD", "Nguyễ").replace("e", "e\u034f") + "n An",
        ),
    ],
)
def test_the_same_person_does_not_however_the_name_is_written(same: str) -> None:
    assert given("approval/1", PROPOSED).when(approved(same)) is SamePerson


@pytest.mark.parametrize("other", ["Nguyễn Ân", "Nguyễn An 2", "Nguyên An"])
def test_accents_and_digits_tell_people_apart(other: str) -> None:
    assert given("approval/1", PROPOSED).when(approved(other)).state == "approved"


def test_a_proposal_kept_in_vietnamese_only_is_told_so_in_both_languages() -> None:
    before = replace(PROPOSED, summary="hủy lần ghi #3")
    after = replace(before, summary_en="voided entry #3")
    for proposed, en in ((before, "hủy lần ghi #3"), (after, "voided entry #3")):
        (fact,) = recorded("approval/1", [proposed])
        assert "hủy lần ghi #3" in gist(fact, "vi", {})
        assert en in gist(fact, "en", {})


def test_a_proposal_is_decided_once() -> None:
    rejected = event(ActRejected, "02/07/2024", by="Trần Bình", proposal=1, reason="không")
    assert given("approval/1", PROPOSED, rejected).when(approved("Lê Chi")) is AlreadyDecided
    assert given("approval/1", PROPOSED, approved("Lê Chi")).when(rejected) is AlreadyDecided


def test_whoever_proposed_takes_back_and_another_rejects() -> None:
    own = event(ActRejected, "02/07/2024", by="Nguyễn An", proposal=1, reason="nhầm")
    other = event(ActRejected, "02/07/2024", by="Trần Bình", proposal=1, reason="không")
    assert given("approval/1", PROPOSED).when(own).state == "withdrawn"
    assert given("approval/1", PROPOSED).when(other).state == "rejected"


def test_a_rule_needs_its_paper() -> None:
    assert given("control/1").when(event(TwoPersonRuleSet, "01/07/2024")) is RuleNeedsPaper


# --- the line -------------------------------------------------------------------------------------


@pytest.fixture
def void_line() -> click.Context:
    """Where a line of `ntm fact void` is read."""
    root = click.Context(commands, info_name="ntm")
    group = commands.get_command(root, "fact")
    assert isinstance(group, click.Group)
    here = click.Context(group, root, "fact")
    command = group.get_command(here, "void")
    assert command
    return click.Context(command, here, "void")


def test_a_line_keeps_the_act_and_its_key_and_drops_who_where_and_how_it_is_shown(
    void_line: click.Context,
) -> None:
    typed = ["--store", "x.db", "fact", "void", "3", "--by=An", "--reason", "vì", "--key", "k"]
    assert act(void_line, [*typed, "--json", "--dry-run", "--lang=en"]) == (
        *("fact", "void", "3", "--reason", "vì", "--key", "k"),
    )


def test_a_value_that_looks_like_an_option_stays_a_value(void_line: click.Context) -> None:
    typed = ["fact", "void", "3", "--note", "--json", "--by", "--note", "--reason=--by", "--json"]
    kept = ("fact", "void", "3", "--note", "--json", "--reason=--by")
    assert act(void_line, typed) == kept
    assert act(void_line, ["fact", "void", "--json", "--", "--by"]) == (
        "fact",
        "void",
        "--",
        "--by",
    )
    assert again(("fact", "void", "--", "--by"), "--json") == [
        "fact",
        "void",
        "--json",
        "--",
        "--by",
    ]


# --- the office, on both databases ----------------------------------------------------------------


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(adopted(store_url, *PLANS)) as desk:
        desk.allocate("cầu", 1_000)
        yield desk


def rule(desk: Desk, *types: str, late: int | None = None) -> None:
    desk.record(lambda entry: set_rule(entry, types, late), document="Quy chế 1")


def test_without_a_rule_nothing_needs_a_second_person(desk: Desk) -> None:
    with desk.office.reading() as reading:
        assert in_force(reading) is None
    desk.void(desk.disburse("cầu", 100, "15/05/2024").entry)


def test_a_named_type_waits_and_writes_nothing(desk: Desk) -> None:
    paid = desk.disburse("cầu", 100, "15/05/2024").entry
    rule(desk, "EntryVoided")
    before = desk.all_rows()
    for undo in (lambda: desk.void(paid), lambda: desk.correct(paid, amount="90")):
        with pytest.raises(SecondPersonNeeded):
            undo()
    assert desk.all_rows() == before
    desk.disburse("cầu", 100, "16/05/2024")


def test_what_is_told_later_than_the_limit_waits(desk: Desk) -> None:
    rule(desk, late=30)
    desk.disburse("cầu", 1, "06/10/2024")
    with pytest.raises(SecondPersonNeeded):
        desk.disburse("cầu", 1, "05/10/2024")


def test_adoptions_closings_and_what_follows_from_a_fact_are_never_late(store_url: str) -> None:
    with closing_store(Desk(store_url, "20/01/2024").init()) as desk:
        rule(desk, late=0)
        desk.adopt(*PLANS)
        assert len(desk.close("15/01/2024").days) == 15
        assert desk.rows("approval") == {}
        assert desk.rebuilt_equal()


def test_once_set_the_rule_is_not_changed_or_voided_by_one_person(desk: Desk) -> None:
    desk.record(lambda entry: set_rule(entry, ("ObligationWaived",), None), document="Quy chế 1")
    with desk.office.reading() as reading:
        number = in_force(reading).entry  # type: ignore[union-attr]
    with pytest.raises(SecondPersonNeeded):
        rule(desk)
    with pytest.raises(SecondPersonNeeded):
        desk.void(number)


def test_a_clock_turned_back_lifts_no_rule(desk: Desk) -> None:
    rule(desk, "FundDisbursed")
    desk.go("04/11/2024")
    with pytest.raises(SecondPersonNeeded):
        desk.disburse("cầu", 1, "02/11/2024")


@pytest.mark.parametrize("type", ["DayClosed", "LetterSent", "UnitContactChanged", "Nope"])
def test_what_nobody_decides_to_tell_cannot_need_two(desk: Desk, type: str) -> None:
    with pytest.raises(NotForTwo, match="EntryVoided"):
        rule(desk, type)
