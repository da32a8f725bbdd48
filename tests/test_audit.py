"""Differences between readings on both axes, and what was known when about a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import Desk, adopted, closing_store
from terminal import ntm
from test_voiding import VERBS, perform

from ntm_workflow.domain.base import Fact, Timeline
from ntm_workflow.domain.obligation import standing
from ntm_workflow.domain.subjects import subject_of
from ntm_workflow.office import difference, knowledge
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.slices import stored

PLANS = ("quang-nam-2024-2025", "tam-ky-2024")
D118 = "obligation/D118/tam-ngoc-tam-ky"
OVER = date(2024, 11, 4)


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(adopted(store_url, *PLANS)) as desk:
        desk.allocate("cầu", 1_000)
        yield desk


def diff(
    desk: Desk, before: tuple[Any, Any], after: tuple[Any, Any], **scope: Any
) -> dict[str, difference.Difference]:
    with desk.office.reading(*before) as a, desk.office.reading(*after) as b:
        found = difference.differences(desk.office.journal, a, b, difference.Scope(**scope))
        return {each.subject: each for each in found}


def types(found: difference.Difference) -> list[str]:
    return [fact.type for fact in found.facts]


# --- one axis, the other, both --------------------------------------------------------------------


def test_between_two_days_differs_what_happened_in_between(desk: Desk) -> None:
    desk.disburse("cầu", 300, "15/05/2024")
    desk.disburse("cầu", 200, "15/07/2024")
    found = diff(desk, (date(2024, 5, 1), None), (date(2024, 6, 1), None), kinds=("fund",))
    assert found["fund/cầu"].changes == {"disbursed": (0, 300)}
    assert types(found["fund/cầu"]) == ["FundDisbursed"]


def test_between_two_moments_differs_what_was_learnt_in_between(desk: Desk) -> None:
    before = desk.disburse("cầu", 300, "15/05/2024").entry
    desk.disburse("cầu", 200, "14/05/2024")
    found = diff(desk, (OVER, before), (OVER, None))
    assert list(found) == ["fund/cầu"]
    assert found["fund/cầu"].changes == {"disbursed": (300, 500)}
    assert len(found["fund/cầu"].facts) == 1


def test_a_correction_stands_behind_its_difference_with_what_it_voided(desk: Desk) -> None:
    paid = desk.disburse("cầu", 500, "15/05/2024").entry
    desk.correct(paid, amount="450")
    found = diff(desk, (OVER, paid), (OVER, None))["fund/cầu"]
    assert found.changes == {"disbursed": (500, 450)}
    assert types(found) == ["FundDisbursed", "EntryVoided", "FundDisbursed"]


def test_both_axes_at_once_and_backwards(desk: Desk) -> None:
    early = desk.disburse("cầu", 300, "15/05/2024").entry
    desk.disburse("cầu", 200, "15/07/2024")
    point, other = (date(2024, 6, 1), early), (date(2024, 8, 1), None)
    assert diff(desk, point, other)["fund/cầu"].changes == {"disbursed": (300, 500)}
    assert diff(desk, other, point)["fund/cầu"].changes == {"disbursed": (500, 300)}


def test_a_duty_that_stands_differently_only_because_days_passed_is_shown(desk: Desk) -> None:
    found = diff(desk, (date(2024, 10, 1), None), (date(2024, 10, 20), None), subject=D118)[D118]
    assert found.changes == {"standing": ("open", "due_soon")}
    assert found.facts == ()


def test_the_same_reading_does_not_differ_from_itself(desk: Desk) -> None:
    assert diff(desk, (OVER, None), (OVER, None)) == {}


def test_what_differs_may_be_asked_of_one_place_or_kind(desk: Desk) -> None:
    desk.allocate("đường", 500, "Tam Thanh")
    everything = diff(desk, (date(2024, 1, 2), None), (OVER, None))
    assert {"fund/cầu", "fund/đường", D118} <= set(everything)
    place = frozenset({"tam-thanh-tam-ky"})
    there = diff(desk, (date(2024, 1, 2), None), (OVER, None), places=place)
    assert "fund/đường" in there
    assert not {"fund/cầu", D118} & set(there)
    funds = diff(desk, (date(2024, 1, 2), None), (OVER, None), kinds=("fund",))
    assert set(funds) == {"fund/cầu", "fund/đường"}


# --- the property: the differences, applied, are the difference of direct folds -------------------

POINTS = st.tuples(st.dates(date(2024, 2, 1), OVER), st.integers(0, 100))


def direct(desk: Desk, day: date, known: int) -> dict[str, dict[str, Any]]:
    """What every subject says at a point, folded from the journal's facts alone."""
    with desk.database.read() as conn:
        facts = [fact for fact in desk.office.journal.facts(conn) if fact.position <= known]
    voided = {f.event.entry for f in facts if f.type == "EntryVoided"}  # type: ignore[attr-defined]
    by_subject: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.entry not in voided and fact.subject.partition("/")[0] in difference.KINDS:
            by_subject.setdefault(fact.subject, []).append(fact)
    return {
        id: said
        for id, some in by_subject.items()
        if (said := _row(Timeline(id, subject_of(id), some), day))
    }


def _row(timeline: Timeline[Any], day: date) -> dict[str, Any]:
    step = timeline.step_at(day)
    if step is None or step.state is None:
        return {}
    view = VIEWS[timeline.id.partition("/")[0]]
    values = dict(zip([c.name for c in view.columns], view.row(step.state), strict=True))
    said = {"conflicts": step.conflicts, **values}
    if view.kind == "obligation":
        said["standing"] = standing(_Row(values), day)  # type: ignore[arg-type]
    return {
        name: value
        for name, value in zip(said, stored(said.values()), strict=True)
        if name not in difference.FRAME and value not in EMPTY
    }


#: Nothing to say and not there are one and the same in a difference.
EMPTY = (None, 0, "", "[]", "{}")


class _Row:
    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(verbs=st.lists(VERBS, min_size=2, max_size=7), points=st.lists(POINTS, min_size=2))
def test_differences_applied_to_one_reading_give_the_other(
    tmp_path_factory: pytest.TempPathFactory, verbs: list[Any], points: list[tuple[date, int]]
) -> None:
    desk = adopted(str(tmp_path_factory.mktemp("sổ") / "s.db"), *PLANS)
    desk.allocate("cầu", 1_000)
    recorded = [number for verb in verbs if (number := perform(desk, verb))]
    if recorded:
        desk.void(recorded[-1], with_dependents=True)
    ends = _ends(desk)
    chosen = [(day, ends[-1 - at % len(ends)]) for day, at in points]
    for a, b in pairwise(chosen):
        applied = direct(desk, *a)
        for id, found in diff(desk, a, b).items():
            said = applied.setdefault(id, {})
            after = [value for _, value in found.changes.values()]
            said |= zip(found.changes, stored(after), strict=True)
        applied = {
            id: {n: v for n, v in said.items() if v not in EMPTY} for id, said in applied.items()
        }
        assert {id: said for id, said in applied.items() if said} == direct(desk, *b)
    desk.close_store()


def _ends(desk: Desk) -> list[int]:
    """The last position of each entry: one inside an entry is no moment of knowledge."""
    with desk.database.read() as conn:
        return list({f.entry: f.position for f in desk.office.journal.facts(conn)}.values())


# --- who knew -------------------------------------------------------------------------------------


def beliefs(desk: Desk, id: str, day: date) -> list[knowledge.Belief]:
    with desk.office.reading(day) as reading:
        return knowledge.beliefs(desk.office.journal, reading, id)


def test_what_was_said_about_a_day_changes_with_what_is_learnt(desk: Desk) -> None:
    desk.go("31/10/2024").close("30/10/2024")
    handed = desk.go("05/11/2024").submit("Tam Ngọc", "28/10/2024")
    said = beliefs(desk, D118, date(2024, 10, 31))
    assert [b.said and b.said["standing"] for b in said] == ["past_wording", "overdue", "met"]
    assert [b.known_to for b in said] == [said[1].known_from, handed.entry, None]
    assert [b.facts[-1].type for b in said] == [
        *("ObligationAssigned", "ObligationMissed", "ObligationMet"),
    ]


def test_a_fact_of_another_day_changes_nothing_about_this_one(desk: Desk) -> None:
    desk.disburse("cầu", 100, "15/05/2024")
    assert len(beliefs(desk, "fund/cầu", date(2024, 5, 14))) == 1
    assert len(beliefs(desk, "fund/cầu", date(2024, 5, 15))) == 2


def test_a_voided_opening_leaves_nothing_known(desk: Desk) -> None:
    given_ = desk.allocate("đường", 500)
    void = desk.void(given_.entry)
    first, last = beliefs(desk, "fund/đường", OVER)
    assert first.said == {"allocated": 500, "disbursed": 0, "stop": None, "case": None}
    assert (last.known_from, last.said, last.facts[0].type) == (void.entry, None, "EntryVoided")


def test_who_knew_is_itself_as_known_at_a_moment(desk: Desk) -> None:
    paid = desk.disburse("cầu", 100, "15/05/2024").entry
    desk.correct(paid, amount="90")
    with desk.office.reading(OVER, paid) as reading:
        said = knowledge.beliefs(desk.office.journal, reading, "fund/cầu")
    assert [b.said and b.said["disbursed"] for b in said] == [0, 100]


def test_an_entry_stands_for_its_subjects_and_a_void_for_those_of_what_it_voided(
    desk: Desk,
) -> None:
    paid = desk.disburse("cầu", 100, "15/05/2024").entry
    void = desk.void(paid).entry
    with desk.office.reading() as reading:
        journal = desk.office.journal
        assert knowledge.subjects(journal, reading, paid) == ["fund/cầu"]
        assert knowledge.subjects(journal, reading, void) == ["fund/cầu"]
        assert knowledge.subjects(journal, reading, "cầu") == ["fund/cầu"]


# --- at the keyboard ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(demo_copy: str) -> str:
    return demo_copy


def test_who_knew_names_who_was_told_by_letter(demo: str) -> None:
    answer = ntm("audit who-knew D118/tam-ngoc-tam-ky --on 31/10/2024 --json", demo).json
    assert answer["subjects"] == [D118]
    assert [item["said"]["standing"] for item in answer["items"]] == [
        *("past_wording", "overdue", "met"),
    ]
    assert {
        "known_from",
        "known_to",
        "recorded_at",
        "by",
        "body",
        "said",
        "because",
        "sentence",
    } < (answer["items"][0].keys())
    told = [(letter["unit"]["id"], letter["kind"]) for letter in answer["told"]]
    assert told[0] == ("ubnd-tam-ngoc-tam-ky", "digest"), "asked for before the day"
    assert told[1] == ("ubnd-tam-ky", "digest"), "then the desk that receives"
    assert ("ubnd-tam-ngoc-tam-ky", "missed") in told
    assert told[-1] == ("ubnd-tam-ngoc-tam-ky", "correction")
    assert all(letter["sent_at"] for letter in answer["told"])


def test_who_knew_is_told_in_words(demo: str) -> None:
    text = ntm("audit who-knew D118/tam-ngoc-tam-ky --on 31/10/2024", demo).out
    assert "chưa hoàn thành, quá hạn" in text
    assert "Thư đính chính thư gửi UBND xã Tam Ngọc" in text
    assert "overdue" not in text


def test_differences_say_by_which_facts_in_json_and_by_field_in_csv(demo: str) -> None:
    line = "audit diff --from 15/10/2024 --until 31/10/2024 --within 'Tam Ngọc' --kind obligation"
    items = {item["subject"]: item for item in ntm(f"{line} --json", demo).json["items"]}
    assert items[D118]["changes"]["standing"] == {"before": "due_soon", "after": "met"}
    assert [fact["type"] for fact in items[D118]["facts"]] == ["ObligationMissed", "ObligationMet"]
    rows = ntm(f"{line} --csv", demo).out.splitlines()
    assert rows[0] == "subject,name,field,before,after,entries"
    assert any(row.startswith(D118) and "standing,due_soon,met" in row for row in rows)
    assert "sắp đến hạn → hoàn thành đúng hạn" in ntm(line, demo).out


def test_what_differs_is_read_without_codes_ids_or_raw_days(demo: str) -> None:
    dossier = ntm("audit diff --from 15/10/2024 --until 31/10/2024 --kind dossier", demo).out
    assert "Đang ở: – → UBND thành phố Tam Kỳ" in dossier
    assert "Nhận ngày 28/10/2024" in dossier
    fund = ntm("audit diff --from 29/6/2024 --until 2/7/2024 --kind fund", demo).out
    assert "Trạng thái phải dừng" in fund
    assert not {"to_level", "received_on", "to_stop", "2024-10-28"} & set(
        (dossier + fund).replace("=", " ").replace(",", " ").split()
    )


def test_a_moment_and_a_day_may_both_move(demo: str) -> None:
    line = "audit diff --from 30/10/2024 --until 31/10/2024 --known-at 30/10/2024 --known-at 04/11/2024"
    answer = ntm(f"{line} --subject D118/tam-ngoc-tam-ky --json", demo).json
    assert answer["before"]["as_of"] == "2024-10-30"
    assert answer["after"]["known_at"]["position"] > answer["before"]["known_at"]["position"]
    [item] = answer["items"]
    assert item["changes"]["standing"] == {"before": "past_wording", "after": "overdue"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("diff --from 1/2/2024 --until 1/1/2024", 2),
        ("diff --known-at 1/1/2024", 2),
        ("diff --known-at 1/1/2024 --known-at 1/2/2024 --known-at 1/3/2024", 2),
        ("diff --from 1/1/2024 --until 1/2/2024 --kind nope", 2),
        ("diff --from 1/1/2024 --until 1/2/2024 --within 'Nơi khác'", 3),
        ("diff --from 1/1/2024 --until 1/2/2024 --subject fund/nope", 3),
        ("who-knew fund/nope", 3),
        ("who-knew '#999999'", 3),
        ("who-knew '#x'", 2),
    ],
)
def test_questions_that_cannot_be_answered_are_refused(demo: str, line: str, code: int) -> None:
    answer = ntm(f"audit {line}", demo)
    assert answer.code == code
    assert answer.out == ""
