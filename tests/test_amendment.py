"""An amended plan: what it changes counts from its day on, and what happened before stays what it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from given import Journal, event, given, on
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace
from offices import Desk, closing_store
from terminal import ntm

from ntm_workflow.domain.base import Event
from ntm_workflow.domain.criteria_events import (
    CriteriaOpened,
    CriteriaStated,
    CriteriaWithdrawn,
    CriterionAchieved,
)
from ntm_workflow.domain.dossier_events import DossierVerified
from ntm_workflow.domain.obligation import (
    Obligation,
    ObligationAmended,
    ObligationAssigned,
    ObligationDropped,
    ObligationExtended,
    ObligationMet,
    ObligationMissed,
    ObligationWaived,
)
from ntm_workflow.domain.obligation_refusals import AlreadyEnded, PaperNeeded, UnknownStrength
from ntm_workflow.domain.plan import (
    AmendmentNeedsPaper,
    MoneyRulesRestated,
    OtherVersion,
    PlanAdopted,
    PlanAmended,
)
from ntm_workflow.domain.standing import standing
from ntm_workflow.domain.target import TargetOpened, TargetStated, TargetWithdrawn
from ntm_workflow.domain.unit import UnitAssigned, UnitRegistered, UnitReleased
from ntm_workflow.office import dossier, voiding
from ntm_workflow.office.adoption import AlreadyAdopted, adopt
from ntm_workflow.office.amendment import AmendedEarlier, Changes, NarrowerArea
from ntm_workflow.office.voiding import HasDependents
from ntm_workflow.plans.pack import read
from ntm_workflow.projections.obligation import VIEW

ID = "obligation/R1/xa-mau"
ASSIGNED = event(
    ObligationAssigned,
    "01/01/2024",
    rule="R1",
    plan="p",
    clause="I.1",
    title="Trình hồ sơ",
    strength="must",
    expression="trước ngày 30/10/2024",
    kind="before_date",
    owed_by="ubnd-xa-mau",
    strict_day="29/10/2024",
    nominal_day="30/10/2024",
    act_by="29/10/2024",
    enforce_day="30/10/2024",
)


def amended(day: str, to: str | None = "30/10/2024", **said: Any) -> ObligationAmended:
    """The same duty, due by the end of another day; None for a duty without one."""
    content = {k: v for k, v in asdict(ASSIGNED).items() if k != "effective_on"}
    days = dict.fromkeys(("strict_day", "nominal_day", "act_by", "enforce_day"), to)
    return event(ObligationAmended, day, **{**content, **days, "document": "QĐ 9", **said})


def dropped(day: str) -> ObligationDropped:
    return event(ObligationDropped, day, plan="p", document="QĐ 9")


def missed(day: str, last: str) -> ObligationMissed:
    return event(ObligationMissed, day, enforce_day=last)


def met(day: str) -> ObligationMet:
    return event(ObligationMet, day)


def extended(day: str, until: str) -> ObligationExtended:
    days = dict.fromkeys(("until", "act_by", "enforce_day"), until)
    return event(ObligationExtended, day, document="CV 1", **days)


def stands(journal: Journal, day: str) -> str:
    return standing(row(journal.at(day)), on(day))


class row:
    def __init__(self, state: Obligation) -> None:
        names = [column.name for column in VIEW.columns]
        vars(self).update(zip(names, VIEW.row(state), strict=True))


# --- a duty ---------------------------------------------------------------------------------------


def test_an_amended_duty_has_its_new_day_from_then_on_and_the_old_one_before() -> None:
    journal = given(ID, ASSIGNED).kept(amended("01/06/2024", "30/11/2024", title="Nộp hồ sơ"))
    assert (journal.now.last_day, journal.now.judge_day) == (on("30/11/2024"), on("30/11/2024"))
    assert journal.now.assigned.title == "Nộp hồ sơ"
    assert journal.at("31/05/2024").last_day == on("30/10/2024")
    assert journal.at("31/05/2024").assigned == ASSIGNED
    assert journal.conflicts == []


def test_a_duty_is_amended_and_dropped_by_a_paper_only_and_in_words_that_are_known() -> None:
    journal = given(ID, ASSIGNED)
    assert journal.when(amended("01/06/2024", document=None)) is PaperNeeded
    assert journal.when(replace(dropped("01/06/2024"), document=None)) is PaperNeeded
    assert journal.when(amended("01/06/2024", strength="maybe")) is UnknownStrength


def test_what_was_met_in_time_stays_so_however_early_the_new_day_is() -> None:
    journal = given(ID, ASSIGNED, met("10/10/2024"), amended("01/11/2024", "05/10/2024"))
    assert (journal.now.in_time, journal.now.judge_day) == (True, None)
    assert stands(journal, "02/11/2024") == "met"


def test_what_was_met_late_stays_late_however_late_the_new_day_is() -> None:
    happened = (missed("31/10/2024", "30/10/2024"), met("05/11/2024"))
    journal = given(ID, ASSIGNED, *happened, amended("10/11/2024", "31/12/2024"))
    assert stands(journal, "11/11/2024") == "met_late"
    assert journal.now.miss_overturned_by is None


def test_a_miss_stays_and_the_new_day_may_be_missed_again() -> None:
    journal = given(ID, ASSIGNED, missed("31/10/2024", "30/10/2024"))
    journal.kept(amended("05/11/2024", "30/11/2024"))
    assert (stands(journal, "04/11/2024"), stands(journal, "05/11/2024")) == ("overdue", "open")
    assert journal.now.judge_day == on("30/11/2024")
    again = journal.kept(missed("01/12/2024", "30/11/2024")).now
    assert [miss.last_day for miss in again.misses] == [on("30/10/2024"), on("30/11/2024")]
    assert (again.judge_day, again.miss_overturned_by) == (None, None)
    assert journal.conflicts == []


def test_the_old_day_is_judged_where_the_new_one_came_after_it() -> None:
    state = given(ID, ASSIGNED, amended("05/11/2024", "30/11/2024")).now
    assert (state.judge_day, state.judged_since) == (on("30/10/2024"), on("01/01/2024"))


def test_a_day_that_was_over_when_it_was_set_is_missed_from_the_day_it_was_set() -> None:
    journal = given(ID, ASSIGNED, amended("15/09/2024", "01/09/2024"))
    last = journal.now.judge_day
    assert (last, journal.now.judged_since) == (on("01/09/2024"), on("15/09/2024"))
    journal.kept(missed("15/09/2024", "01/09/2024"))
    assert (journal.conflicts, journal.now.judge_day) == ([], None)
    assert stands(journal, "15/09/2024") == "overdue"
    assert stands(journal, "14/09/2024") == "open"


def test_an_earlier_day_set_after_a_miss_is_not_missed_once_more() -> None:
    journal = given(ID, ASSIGNED, missed("31/10/2024", "30/10/2024"))
    state = journal.kept(amended("05/11/2024", "20/10/2024")).now
    assert (state.judge_day, stands(journal, "06/11/2024")) == (None, "overdue")


def test_a_miss_is_none_where_the_day_had_been_moved_on_before_it() -> None:
    journal = given(ID, ASSIGNED, missed("31/10/2024", "30/10/2024"))
    state = journal.kept(amended("15/10/2024", "30/11/2024")).now
    assert (state.miss_overturned_by, state.judge_day) == (3, on("30/11/2024"))
    assert stands(journal, "31/10/2024") == "open"


@pytest.mark.parametrize("to", ["15/11/2024", "30/10/2024", None])
def test_a_papers_later_day_holds_whatever_the_plan_says(to: str | None) -> None:
    journal = given(ID, ASSIGNED, extended("01/10/2024", "30/11/2024"))
    state = journal.kept(amended("15/10/2024", to)).now
    assert (state.last_day, state.judge_day) == (on("30/11/2024"), on("30/11/2024"))
    assert row(state).original["enforce_day"] == (on(to) if to else None)  # type: ignore[attr-defined]


def test_a_later_day_of_the_plan_takes_the_place_of_a_papers() -> None:
    journal = given(ID, ASSIGNED, extended("01/10/2024", "30/11/2024"))
    state = journal.kept(amended("15/10/2024", "31/12/2024")).now
    assert (state.last_day, state.holding) == (on("31/12/2024"), ())
    back = journal.kept(amended("20/10/2024", "30/10/2024")).now
    assert back.last_day == on("30/11/2024")


def test_a_waiver_holds_for_the_amended_duty() -> None:
    journal = given(ID, ASSIGNED, event(ObligationWaived, "01/05/2024", document="QĐ 1"))
    assert journal.kept(amended("01/06/2024", "30/11/2024")).now.judge_day is None
    assert stands(journal, "01/12/2024") == "waived"


def test_a_duty_without_a_day_is_never_missed_and_one_that_no_longer_binds_neither() -> None:
    for change in (amended("01/06/2024", None), amended("01/06/2024", strength="strive")):
        assert given(ID, ASSIGNED, change).now.judge_day is None


def test_a_dropped_duty_is_over_and_one_missed_before_stays_missed() -> None:
    journal = given(ID, ASSIGNED, dropped("01/06/2024"))
    assert (stands(journal, "31/05/2024"), stands(journal, "31/10/2024")) == ("open", "ended")
    assert journal.now.judge_day is None
    assert journal.when(met("01/07/2024")) is AlreadyEnded
    assert journal.when(dropped("01/07/2024")) is AlreadyEnded
    late = given(ID, ASSIGNED, missed("31/10/2024", "30/10/2024"), dropped("05/11/2024"))
    assert (stands(late, "06/11/2024"), late.now.missed_on) == ("ended", on("31/10/2024"))
    assert late.now.miss_overturned_by is None


def test_a_miss_found_after_the_plan_had_dropped_the_duty_is_none() -> None:
    journal = given(ID, ASSIGNED, missed("31/10/2024", "30/10/2024"))
    assert journal.kept(dropped("15/10/2024")).now.miss_overturned_by == 3


def test_a_duty_that_comes_back_binds_again() -> None:
    journal = given(ID, ASSIGNED, dropped("01/06/2024"), amended("01/07/2024"))
    assert (journal.now.ended_on, journal.now.judge_day) == (None, on("30/10/2024"))
    assert stands(journal, "30/06/2024") == "ended"


def test_without_an_amendment_there_is_the_old_duty_again() -> None:
    journal = given(ID, ASSIGNED, amended("01/06/2024", "30/11/2024"), dropped("01/07/2024"))
    before = given(ID, ASSIGNED).now
    assert journal.voided(3).voided(2).now == before


DAYS = st.dates(date(2024, 10, 1), date(2024, 11, 29)).map(lambda d: f"{d:%d/%m/%Y}")


@settings(max_examples=200, deadline=None)
@drawn(st.lists(st.tuples(DAYS, st.none() | DAYS, st.booleans()), max_size=5), st.none() | DAYS)
def test_closings_find_only_what_the_rules_let_them_find(
    versions: list[tuple[str, str | None, bool]], done: str | None
) -> None:
    """However the plan is amended, every day is judged once, and nothing before it was set."""
    journal = given(ID, ASSIGNED)
    for day, to, ends in versions:
        journal.kept(dropped(day) if ends else amended(day, to))
    if done:
        journal.kept(met(done))
    found: set[date] = set()
    while last := journal.now.judge_day:
        day = max(date.fromordinal(last.toordinal() + 1), journal.now.judged_since)
        miss = event(ObligationMissed, day, enforce_day=last)
        assert journal.refusal(miss) is None
        assert last not in found
        found.add(last)
        journal.kept(miss)
    if done and on(done) <= on("30/10/2024") and not versions:
        assert not found


# --- what a plan says of units, criteria and targets ----------------------------------------------


def said(plan: str, clause: str, **more: Any) -> TargetStated:
    return event(TargetStated, "01/01/2024", plan=plan, clause=clause, aim="target", **more)


def test_a_plan_speaks_anew_in_the_place_it_had() -> None:
    opened = event(TargetOpened, "01/01/2024", place="x", what="y", title="Z")
    journal = given("target/x/y", opened, said("p", "I"), said("q", "II"))
    journal.kept(event(TargetWithdrawn, "01/06/2024", plan="p"))
    assert [s.clause for s in journal.now.statements] == ["II"]
    journal.kept(replace(said("p", "I.1"), effective_on=on("01/06/2024")))
    journal.kept(replace(said("p", "I.2"), effective_on=on("01/06/2024")))
    assert [s.clause for s in journal.now.statements] == ["I.1", "I.2", "II"]
    journal.kept(event(TargetWithdrawn, "01/07/2024", plan="p"))
    journal.kept(replace(said("p", "I"), effective_on=on("01/07/2024")))
    assert [s.clause for s in journal.now.statements] == ["I", "II"]
    assert [s.clause for s in journal.at("31/05/2024").statements] == ["I", "II"]


def test_what_was_found_meanwhile_stands_over_a_table_that_is_stated_anew() -> None:
    of = {"set": "xa-ntm", "version": "v"}
    table = {"plan": "p", "clause": "II", "assessment_year": 2024, "not_achieved": ()}
    journal = given(
        "criteria/x/xa-ntm",
        event(CriteriaOpened, "01/01/2024", place="x", numbers=(1, 2, 3), **of),
        event(CriteriaStated, "01/01/2024", **{**table, "achieved": (1,), "not_achieved": (2, 3)}),
        event(CriterionAchieved, "01/05/2024", number=2, assessment_year=2024, **of),
        event(CriteriaWithdrawn, "01/06/2024", plan="p"),
    )
    assert journal.now.having("achieved") == (2,)
    journal.kept(
        event(CriteriaStated, "01/06/2024", **{**table, "achieved": (), "not_achieved": (1, 2, 3)})
    )
    assert (journal.now.having("achieved"), journal.now.having("not_achieved")) == ((2,), (1, 3))
    assert journal.at("31/05/2024").having("achieved") == (1, 2)


def test_a_unit_is_released_from_what_one_plan_gave_it_and_from_nothing_else() -> None:
    registered = event(UnitRegistered, "01/01/2024", name="Phòng", role="phong")
    leads = [
        event(UnitAssigned, "01/01/2024", set="xa-ntm", numbers=(n,), plan=p)
        for n, p in ((1, "p"), (2, None))
    ]
    state = given("unit/x", registered, *leads).when(event(UnitReleased, "01/06/2024", plan="p"))
    assert [lead.numbers for lead in state.leads] == [(2,)]


# --- the plan itself ------------------------------------------------------------------------------

HEAD = {
    "title": "Kế hoạch mẫu",
    "issuer": "UBND huyện Mẫu",
    "level": "district",
    "place": "mau",
    "period": (2024, 2024),
}
ADOPTED = event(PlanAdopted, "01/01/2024", pack_sha256="a", **HEAD)


def version(day: str, sha: str, of: str, **more: Any) -> PlanAmended:
    return event(
        PlanAmended,
        day,
        **{**HEAD, "pack_sha256": sha, "from_sha256": of, "document": "QĐ 9", **more},
    )


def test_a_plan_keeps_all_its_versions_and_the_last_one_counts() -> None:
    journal = given("plan/p", ADOPTED).kept(
        version("01/06/2024", "b", "a", title="Kế hoạch sửa đổi")
    )
    assert [v.sha256 for v in journal.now.versions] == ["a", "b"]
    assert journal.now.adopted.title == "Kế hoạch sửa đổi"
    assert journal.at("31/05/2024").adopted.title == "Kế hoạch mẫu"


def test_an_amendment_needs_its_paper_and_the_version_it_was_compared_with() -> None:
    journal = given("plan/p", ADOPTED)
    assert journal.when(version("01/06/2024", "b", "a", document=None)) is AmendmentNeedsPaper
    assert journal.when(version("01/06/2024", "b", "x")) is OtherVersion
    assert journal.when(version("01/06/2024", "b", "a", from_within="xa")) is OtherVersion
    wider = version("01/06/2024", "a", "a", document=None)
    assert journal.when(wider).versions[-1].document is None


def test_money_rules_are_restated_as_a_whole() -> None:
    assert given("plan/p", ADOPTED).when(event(MoneyRulesRestated, "01/06/2024")).money_rules == ()


# --- through the office ---------------------------------------------------------------------------

A = """
id = "mau-2024"
title = "Kế hoạch mẫu"
issuer = "UBND huyện Mẫu"
level = "district"
place = "mau"
period = [2024, 2024]
number = "1/KH-UBND"
issued_on = 2024-01-15

[[places]]
id = "mau"
name = "Mẫu"
type = "huyen"

[[places]]
id = "an"
name = "An"
type = "xa"
parent = "mau"

[[places]]
id = "bình"
name = "Bình"
type = "xa"
parent = "mau"

[[units]]
id = "phong"
name = "Phòng Nông nghiệp huyện Mẫu"
role = "phong"
place = "mau"

[[obligations]]
rule = "R1"
clause = "I.1"
title = "Trình hồ sơ"
expression = "trước ngày 30/10/2024"
strength = "must"
owed_by = "@commune"
owed_to = "@district"
places = ["an", "bình"]
dossier = { standard = "xa-ntm", year = 2024, to = "district" }

[[obligations]]
rule = "R2"
clause = "I.2"
title = "Báo cáo"
expression = "trước ngày 15/12/2024"
strength = "must"
owed_by = "@commune"
places = ["an", "bình"]

[[leads]]
unit = "phong"
set = "xa-ntm"
clause = "II"
numbers = [1]

[[criteria]]
clause = "III"
place = "an"
set = "xa-ntm"
assessment_year = 2023
achieved = [1]
not_achieved = [2]

[[targets]]
clause = "IV"
what = "nuoc-sach"
title = "Nước sạch"
places = ["an"]
aim = "target"
target_year = 2024
threshold = "97,5"
unit = "%"

[[money_rules]]
id = "M1"
clause = "V"
expression = "đến ngày 30/6 hằng năm"
years = [2024]
stop_types = ["work"]
reallocate_types = ["project"]
""".replace("bình", "binh")

#: What the amended version says otherwise: a day, an owner, a duty less, a duty more, and so on.
CHANGES = [
    ("trước ngày 30/10/2024", "trước ngày 30/11/2024"),
    ("issued_on = 2024-01-15", "issued_on = 2024-06-01"),
    ('title = "Báo cáo"', 'title = "Báo cáo tổng kết"'),
    ('rule = "R2"', 'rule = "R3"'),
    ("numbers = [1]", "numbers = [1, 2]"),
    ("achieved = [1]\nnot_achieved = [2]", "achieved = [1, 2]\nnot_achieved = []"),
    ('threshold = "97,5"', 'threshold = "98"'),
    ("đến ngày 30/6 hằng năm", "đến ngày 30/9 hằng năm"),
    ('title = "Kế hoạch mẫu"', 'title = "Kế hoạch mẫu (sửa đổi)"'),
    ('places = ["an", "binh"]\ndossier', 'places = ["an"]\ndossier'),
    ('to = "district"', 'to = "province"'),
    ("period = [2024, 2024]", 'period = [2024, 2024]\nsettings = { boundary = "strict" }'),
]


def changed(*numbers: int) -> str:
    text = A
    for number in numbers:
        old, new = CHANGES[number]
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


B = changed(0, 1, 2, 4, 6)


def take(
    desk: Desk, text: str, on: str | None = None, within: str | None = None, **said: Any
) -> Changes:
    told: list[Changes] = []
    said = {"document": "QĐ 9/QĐ-UBND", **said}
    desk.record(lambda e: told.append(adopt(e, read(text.encode(), "-"), within)), on, **said)
    return told[0]


@pytest.fixture
def empty(store_url: str) -> Iterator[Desk]:
    with closing_store(Desk(store_url, "20/01/2024").init()) as desk:
        yield desk


@pytest.fixture
def desk(empty: Desk) -> Desk:
    take(empty, A)
    return empty.go("10/06/2024")


def test_every_moved_date_is_told_with_its_days_and_words_before_and_after(desk: Desk) -> None:
    changes = take(desk, B)
    moves = {move.id: move for move in changes.moved}
    assert set(moves) == {"R1/an", "R1/binh"}
    one = moves["R1/an"]
    assert (one.old_expression, one.new_expression) == (
        "trước ngày 30/10/2024",
        "trước ngày 30/11/2024",
    )
    assert (one.old_enforce_day, one.new_enforce_day) == (date(2024, 10, 30), date(2024, 11, 30))
    assert (one.old_strict_day, one.new_strict_day) == (date(2024, 10, 29), date(2024, 11, 29))
    assert (one.clause, one.title) == ("I.1", "Trình hồ sơ")
    assert {c.id for c in changes.changed} == {
        *("plan/mau-2024", "R2/an", "R2/binh", "unit/phong", "target/an/nuoc-sach")
    }
    assert desk.rows("obligation")["R1/an"]["enforce_day"] == date(2024, 11, 30)
    assert desk.rows("obligation", date(2024, 5, 31))["R1/an"]["enforce_day"] == date(2024, 10, 30)
    assert desk.rebuilt_equal()


def test_an_amendment_counts_from_its_signing_from_today_or_from_the_day_said(desk: Desk) -> None:
    take(desk, changed(0, 1))
    assert desk.rows("plan")["mau-2024"]["versions"][-1]["since"] == "2024-06-01"
    take(desk, changed(0, 1, 2))
    assert desk.rows("plan")["mau-2024"]["versions"][-1]["since"] == "2024-06-10"
    take(desk, A, on="10/06/2024")
    with pytest.raises(AmendedEarlier):
        take(desk, B, on="09/06/2024")


def test_a_plans_own_number_and_day_are_its_paper_where_none_is_named(desk: Desk) -> None:
    take(desk, B, document=None)
    assert desk.rows("plan")["mau-2024"]["versions"][-1]["document"] == "1/KH-UBND, 01/06/2024"
    with pytest.raises(AmendmentNeedsPaper):
        take(desk, B.replace('number = "1/KH-UBND"\n', 'assumed = ["number"]\n'), document=None)


def test_the_same_text_and_the_same_meaning_are_adopted_already(desk: Desk) -> None:
    for text in (A, f"# một ghi chú\n{A}"):
        with pytest.raises(AlreadyAdopted):
            take(desk, text)
    assert len(desk.rows("plan")["mau-2024"]["versions"]) == 1


def test_a_duty_the_plan_holds_no_more_is_over_and_never_missed(desk: Desk) -> None:
    changes = take(desk, changed(1, 3))
    assert {line.id for line in changes.dropped} == {"R2/an", "R2/binh"}
    assert {line.id for line in changes.added} == {"R3/an", "R3/binh"}
    desk.go("20/12/2024").close("19/12/2024")
    rows = desk.rows("obligation")
    assert rows["R2/an"]["ended_on"] == date(2024, 6, 1)
    assert (rows["R2/an"]["missed_on"], rows["R3/an"]["missed_on"]) == (None, date(2024, 12, 16))
    assert desk.rebuilt_equal()


def test_days_that_are_closed_are_not_opened_again(desk: Desk) -> None:
    desk.go("06/11/2024").close("04/11/2024")
    take(desk, B, on="05/11/2024")
    assert desk.rows("obligation")["R1/an"]["missed_on"] == date(2024, 10, 31)
    desk.go("02/12/2024").close("01/12/2024")
    assert desk.rows("obligation")["R1/an"]["missed_on"] == date(2024, 12, 1)
    assert desk.rebuilt_equal()


def test_a_day_that_was_closed_before_it_was_set_is_judged_by_the_next_closing(desk: Desk) -> None:
    desk.close("09/06/2024")
    take(desk, changed(1).replace("trước ngày 30/10/2024", "trước ngày 30/5/2024"), on="10/06/2024")
    found = desk.go("12/06/2024").close("11/06/2024").facts
    assert {f.subject for f in found} == {"obligation/R1/an", "obligation/R1/binh"}
    assert desk.rows("obligation")["R1/an"]["missed_on"] == date(2024, 6, 10)
    assert desk.rows("obligation", date(2024, 6, 9))["R1/an"]["missed_on"] is None
    assert desk.rebuilt_equal()


def hand_up(desk: Desk, to: str, on: str) -> None:
    which = dossier.Which("an", "xa-ntm", 2024)
    if to == "province":
        desk.record(lambda entry: dossier.step(entry, which, DossierVerified), on)
    desk.record(lambda entry: dossier.submit(entry, which, dossier.HandUp(to_level=to)), on)


def test_a_hand_over_meets_the_amended_duty(desk: Desk) -> None:
    take(desk, B)
    hand_up(desk, "district", "05/06/2024")
    assert desk.rows("obligation")["R1/an"]["met_on"] == date(2024, 6, 5)


def test_a_hand_over_made_before_meets_a_duty_that_asks_for_it_only_now(empty: Desk) -> None:
    take(empty, changed(10))
    hand_up(empty.go("10/06/2024"), "district", "20/05/2024")
    assert empty.rows("obligation")["R1/an"]["met_on"] is None
    take(empty, changed(1))
    assert empty.rows("obligation")["R1/an"]["met_on"] == date(2024, 6, 1)
    assert empty.rebuilt_equal()


def test_money_rules_change_for_years_whose_day_is_not_closed(desk: Desk) -> None:
    take(desk, changed(1, 7))
    [rule] = desk.rows("plan")["mau-2024"]["money_rules"]
    assert rule["day"] == "2024-09-30"
    desk.go("02/10/2024").close("01/10/2024")
    take(desk, changed(1, 2))
    assert desk.rows("plan")["mau-2024"]["money_rules"] == [rule]
    assert desk.rebuilt_equal()


MONTHLY = """
[[obligations]]
rule = "R4"
clause = "I.4"
title = "Báo cáo tháng"
expression = "ngày 20 hằng tháng"
strength = "must"
owed_by = "@district"
places = ["mau"]
"""


@pytest.mark.parametrize("signed", [[1], []])
@pytest.mark.parametrize("anew", ["ngày 25 hằng tháng", None])
def test_the_times_of_a_recurring_duty_that_are_over_stay_as_they_were(
    empty: Desk, signed: list[int], anew: str | None
) -> None:
    take(empty, A + MONTHLY)
    desk = empty.go("10/06/2024")
    desk.record(lambda e: e.record("obligation/R4@2024-04/mau", ObligationMet), "18/04/2024")
    before = {id: row for id, row in desk.rows("obligation").items() if id < "R4@2024-06"}
    month = MONTHLY.replace("ngày 20 hằng tháng", anew) if anew else ""
    changes = take(desk, changed(*signed) + month, on="01/06/2024")
    told = {each.id for each in (*changes.moved, *changes.dropped)}
    assert told == {f"R4@2024-{month:02}/mau" for month in range(6, 13)}
    assert changes.added == []
    rows = desk.rows("obligation")
    assert {id: rows[id] for id in before} == before
    assert (rows["R4@2024-06/mau"]["ended_on"] is None) is bool(anew)


def test_a_recurring_duty_that_is_new_begins_with_the_version(desk: Desk) -> None:
    changes = take(desk, A + MONTHLY, on="01/06/2024")
    assert [each.id for each in changes.added] == [f"R4@2024-{m:02}/mau" for m in range(6, 13)]


def test_voiding_an_amendment_brings_the_old_version_back(desk: Desk) -> None:
    before = desk.all_rows()
    told = desk.record(lambda e: adopt(e, read(changed(*range(11)).encode(), "-")), document="QĐ")
    assert desk.all_rows() != before
    desk.void(told.entry)
    assert desk.all_rows() == before
    assert desk.rebuilt_equal()


def test_a_version_that_was_compared_with_a_voided_one_rests_on_it(desk: Desk) -> None:
    first = desk.record(lambda e: adopt(e, read(B.encode(), "-")), document="QĐ 1")
    before = desk.all_rows(known_at=first.entry - 1)
    desk.record(lambda e: adopt(e, read(changed(0, 1).encode(), "-")), document="QĐ 2")
    with pytest.raises(HasDependents):
        desk.void(first.entry)
    desk.void(first.entry, with_dependents=True)
    assert desk.all_rows() == before


def test_a_plan_amended_ahead_is_the_old_one_until_then(desk: Desk) -> None:
    take(desk, changed(0).replace("2024-01-15", "2024-07-01"))
    assert desk.rows("obligation")["R1/an"]["enforce_day"] == date(2024, 10, 30)
    assert desk.rows("obligation", date(2024, 7, 1))["R1/an"]["enforce_day"] == date(2024, 11, 30)
    assert desk.rebuilt_equal()


# --- a part, and more of it -----------------------------------------------------------------------


def test_a_part_is_widened_by_adopting_the_same_plan_for_more(empty: Desk) -> None:
    take(empty, A, document=None)
    whole = bare(empty)
    with closing_store(Desk(a_file(), "20/01/2024").init()) as other:
        take(other, A, within="An", document=None)
        assert "R1/binh" not in other.rows("obligation")
        other.go("10/06/2024")
        changes = take(other, A, document=None)
        assert {line.id for line in changes.added} == {"R1/binh", "R2/binh"}
        assert (changes.moved, changes.dropped) == ([], [])
        assert bare(other) == whole
        assert other.rebuilt_equal()
        with pytest.raises(AlreadyAdopted):
            take(other, A, within="An")


def test_all_of_a_plans_own_place_is_all_of_the_plan(empty: Desk) -> None:
    take(empty, A, within="mau")
    with pytest.raises(AlreadyAdopted):
        take(empty, A)


def test_an_area_is_neither_narrowed_nor_moved(empty: Desk) -> None:
    take(empty, A, within="An")
    for text in (A, B):
        with pytest.raises(NarrowerArea, match="An"):
            take(empty, text, within="Bình")
    take(empty, A)
    with pytest.raises(NarrowerArea):
        take(empty, B, within="An")


# --- there and back -------------------------------------------------------------------------------


def a_file() -> str:
    """The address of a store of its own."""
    import tempfile

    return f"sqlite:///{Path(tempfile.mkdtemp())}/s.db"


def bare(desk: Desk, day: date | None = None) -> dict[str, Any]:
    """The tables without which entry said what, and which versions there were."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            aside = ("entry", "versions", "conflicts", "within", "judge_on", "judge_as_of")
            return {k: without(v) for k, v in value.items() if k not in aside}
        return [without(v) for v in value] if isinstance(value, list) else value

    found: dict[str, Any] = without(desk.all_rows(as_of=day))
    return found


NUMBERS = st.sets(st.sampled_from([n for n in range(len(CHANGES)) if n != 1]), min_size=1)


@settings(max_examples=12, deadline=None)
@drawn(NUMBERS)
def test_amending_there_and_back_changes_nothing_but_the_history(numbers: set[int]) -> None:
    with closing_store(Desk(a_file(), "20/01/2024").init()) as desk:
        take(desk, A)
        before = bare(desk)
        desk.go("10/06/2024")
        take(desk, changed(*sorted(numbers)))
        take(desk.go("11/06/2024"), A)
        after = bare(desk)
        for kind in ("place", "unit", "plan", "obligation", "dossier", "criteria", "target"):
            assert {id: after[kind][id] for id in before[kind]} == before[kind]
        assert all(
            row["ended_on"]
            for id, row in after["obligation"].items()
            if id not in before["obligation"]
        )
        assert desk.rebuilt_equal()


@settings(max_examples=12, deadline=None)
@drawn(NUMBERS)
def test_an_amended_plan_asks_for_what_the_new_one_would_have_asked_for(numbers: set[int]) -> None:
    def asked(desk: Desk) -> dict[str, Any]:
        return {
            id: {k: v for k, v in row.items() if k != "assigned_on"}
            for id, row in bare(desk)["obligation"].items()
            if row["ended_on"] is None
        }

    text = changed(*sorted(numbers))
    with closing_store(Desk(a_file(), "20/01/2024").init()) as desk:
        take(desk, A)
        take(desk.go("10/06/2024"), text)
        amended_asks = asked(desk)
    with closing_store(Desk(a_file(), "10/06/2024").init()) as desk:
        take(desk, text)
        assert asked(desk) == amended_asks


# --- on the command line --------------------------------------------------------------------------


def test_moved_dates_are_told_first_and_a_dry_run_records_nothing(tmp_path: Path) -> None:
    store, old, new = str(tmp_path / "s.db"), tmp_path / "a.toml", tmp_path / "b.toml"
    old.write_text(A, encoding="utf-8")
    new.write_text(changed(0, 1, 3, 4), encoding="utf-8")
    for line in ("init", f"plan adopt '{old}'"):
        assert ntm(line, store).code == 0
    first = ntm(f"plan adopt '{old}'", store)
    assert (first.code, "đã áp dụng từ trước" in first.err) == (1, True)
    tried = ntm(f"plan adopt '{new}' --document 'QĐ 9' --dry-run", store)
    lines = tried.out.splitlines()
    assert lines[0] == "Hạn đã dời: 2"
    assert "30/10/2024 → 30/11/2024" in lines[2]
    assert "Nhiệm vụ thêm: 2" in lines
    assert "Nhiệm vụ bỏ: 2" in lines
    assert "chưa ghi gì" in tried.out
    told = ntm(f"plan adopt '{new}' --document 'QĐ 9' --json", store).json
    assert {key: len(told[key]) for key in ("moved", "added", "dropped", "changed")} == {
        "moved": 2,
        "added": 2,
        "dropped": 2,
        "changed": 2,
    }
    assert told["moved"][0]["new_nominal_day"] == "2024-11-30"
    shown = ntm("plan show mau-2024", store).out
    assert "từ 15/01/2024" in shown
    assert "từ 01/06/2024: QĐ 9" in shown
    english = ntm("plan show mau-2024 --lang en", store).out
    assert "since 01/06/2024: QĐ 9" in english
    why = ntm("obligation show R2/an --as-of 1/7/2024", store).out
    assert "không còn nhiệm vụ này từ ngày 01/06/2024" in why
    for line in ("audit history --plan mau-2024", "audit diff --from 31/5/2024 --until 1/6/2024"):
        assert ntm(line, store).code in (0, 2)


def test_a_target_the_plan_names_no_more_is_not_listed(tmp_path: Path) -> None:
    store, old, new = str(tmp_path / "s.db"), tmp_path / "a.toml", tmp_path / "b.toml"
    old.write_text(A, encoding="utf-8")
    new.write_text(changed(1).replace('what = "nuoc-sach"', 'what = "cay-xanh"'), encoding="utf-8")
    for line in ("init", f"plan adopt '{old}'", f"plan adopt '{new}' --document 'QĐ 9'"):
        assert ntm(line, store).code == 0

    def listed(day: str) -> list[str]:
        items = ntm(f"target list --json --as-of {day}", store).json["items"]
        return [item["what"] for item in items]

    assert (listed("31/5/2024"), listed("1/6/2024")) == (["nuoc-sach"], ["cay-xanh"])


def test_every_new_fact_reads_in_both_languages(tmp_path: Path) -> None:
    store, old, new = str(tmp_path / "s.db"), tmp_path / "a.toml", tmp_path / "b.toml"
    old.write_text(A, encoding="utf-8")
    new.write_text(changed(0, 1, 3, 4, 5, 6, 7), encoding="utf-8")
    for line in ("init", f"plan adopt '{old}'", f"plan adopt '{new}' --document 'QĐ 9'"):
        assert ntm(line, store).code == 0
    for lang in ("vi", "en"):
        told = ntm(f"fact list --json --lang {lang}", store).json["items"]
        kinds = {item["type"]: item["sentence"] for item in told}
        new_kinds: set[type[Event]] = {
            *(PlanAmended, ObligationAmended, ObligationDropped, TargetWithdrawn),
            *(CriteriaWithdrawn, UnitReleased, MoneyRulesRestated),
        }
        for kind in new_kinds:
            sentence = kinds[kind.__name__]
            assert "QĐ 9" in sentence
            assert not set("{}<>") & set(sentence)


# --- two people, and corrections ------------------------------------------------------------------


def test_an_amendment_is_never_told_late_and_waits_where_a_rule_says_so(tmp_path: Path) -> None:
    store, old, new = str(tmp_path / "s.db"), tmp_path / "a.toml", tmp_path / "b.toml"
    old.write_text(A, encoding="utf-8")
    new.write_text(B, encoding="utf-8")
    late = "approval rule --late-days 7 --document 'QĐ 1' --by An"
    for line in ("init", late, f"plan adopt '{old}'", f"plan adopt '{new}' --document 'QĐ 9'"):
        assert ntm(line, store).code == 0
    both = "approval rule --type PlanAmended --document 'QĐ 2' --by An"
    assert ntm(both, store).code == 0
    assert ntm("approval approve --by Bình", store).code == 0
    new.write_text(changed(0, 1, 8), encoding="utf-8")
    line = f"plan adopt '{new}' --document 'QĐ 10' --by An"
    assert "chưa được ghi" in ntm(line, store).out
    assert len(ntm("plan show mau-2024 --json", store).json["versions"]) == 2
    approved = ntm("approval approve --by Bình --json", store)
    assert approved.code == 0
    assert len(ntm("plan show mau-2024 --json", store).json["versions"]) == 3


def test_an_amendment_and_the_adoption_before_it_can_be_corrected(desk: Desk) -> None:
    told = desk.record(lambda e: adopt(e, read(B.encode(), "-")), document="QĐ")
    for entry, subject in ((1, "obligation/R2/an"), (told.entry, "obligation/R2/an")):
        change = voiding.Change(fields={"title": f"Báo cáo {entry}"}, subject=subject)
        desk.record(lambda e, n=entry, c=change: voiding.correct(e, n, "thử", c), document="BB")  # type: ignore[misc]
    assert desk.rows("obligation")["R2/an"]["title"] == f"Báo cáo {told.entry}"
    assert desk.rows("obligation", date(2024, 5, 31))["R2/an"]["title"] == "Báo cáo 1"
    assert desk.rows("obligation")["R1/an"]["conflicts"] == []
    assert desk.rebuilt_equal()
