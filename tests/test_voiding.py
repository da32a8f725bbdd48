"""Void and correct: for every subject the state is as if the voided fact had never been."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import Desk, adopted, closing_store

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.fund import OverLeft
from ntm_workflow.office import unit, voiding
from ntm_workflow.office.corrections import NoSuchField, NotTyped
from ntm_workflow.office.unit import UnitExists
from ntm_workflow.office.voiding import (
    AlreadyVoided,
    CannotVoid,
    HasDependents,
    NoSuchEntry,
    NothingToCorrect,
    PartOfId,
    SayWhichSubject,
    SubjectNotThere,
)

PLANS = ("quang-nam-2024-2025", "tam-ky-2024")


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(adopted(store_url, *PLANS)) as desk:
        desk.allocate("cầu", 1_000)
        yield desk


def test_a_voided_payment_never_was(desk: Desk) -> None:
    before = desk.all_rows()
    paid = desk.disburse("cầu", 400, "15/05/2024")
    desk.void(paid.entry)
    assert desk.all_rows() == before
    assert desk.rows("fund", known_at=paid.entry)["cầu"]["disbursed"] == 400


def test_a_voided_hand_over_takes_back_the_duty_it_met(desk: Desk) -> None:
    before = desk.all_rows()
    handed = desk.submit("Tam Ngọc", "28/10/2024")
    desk.void(handed.entry)
    assert desk.all_rows() == before


def test_after_a_void_the_next_closing_judges_again(desk: Desk) -> None:
    handed = desk.submit("Tam Ngọc", "28/10/2024")
    desk.go("06/11/2024").close("05/11/2024")
    assert desk.rows("obligation")["D118/tam-ngoc-tam-ky"]["missed_on"] is None
    desk.void(handed.entry)
    again = desk.go("07/11/2024").close("06/11/2024")
    assert [fact.subject for fact in again.facts] == ["obligation/D118/tam-ngoc-tam-ky"]
    assert desk.rows("obligation")["D118/tam-ngoc-tam-ky"]["missed_on"] == date(2024, 10, 31)


def test_a_void_with_facts_resting_on_it_is_refused_and_lists_them(desk: Desk) -> None:
    given_ = desk.allocate("đường", 500, "Tam Thanh")
    paid = desk.disburse("đường", 100, "15/05/2024")
    with pytest.raises(HasDependents, match=f"#{paid.entry}"):
        desk.void(given_.entry)
    desk.void(given_.entry, with_dependents=True)
    assert "đường" not in desk.rows("fund")
    assert desk.rebuilt_equal()


def test_an_entry_is_voided_once(desk: Desk) -> None:
    paid = desk.disburse("cầu", 400, "15/05/2024")
    desk.void(paid.entry)
    with pytest.raises(AlreadyVoided):
        desk.void(paid.entry)


def test_a_void_is_not_voided_the_entry_is_issued_again(desk: Desk) -> None:
    paid = desk.disburse("cầu", 400, "15/05/2024")
    voided = desk.void(paid.entry)
    with pytest.raises(CannotVoid):
        desk.void(voided.entry)
    desk.disburse("cầu", 400, "15/05/2024")
    assert desk.rows("fund")["cầu"]["disbursed"] == 400


def test_a_closing_is_never_voided(desk: Desk) -> None:
    closed = desk.go("31/10/2024").close("30/10/2024")
    with pytest.raises(CannotVoid):
        desk.void(closed.facts[0].entry)


def test_an_unknown_entry_is_not_found(desk: Desk) -> None:
    with pytest.raises(NoSuchEntry) as refused:
        desk.void(999_999)
    assert refused.value.exit_code == 3


def test_a_correction_replaces_a_value_in_one_entry(desk: Desk) -> None:
    paid = desk.disburse("cầu", 500, "15/05/2024")
    corrected = desk.correct(paid.entry, amount="450")
    assert [fact.type for fact in corrected.facts] == ["EntryVoided", "FundDisbursed"]
    assert corrected.facts[1].event.replaces == paid.entry
    assert desk.rows("fund")["cầu"]["disbursed"] == 450
    assert desk.rebuilt_equal()


def test_a_correction_of_the_day_moves_the_days_that_were_the_same(desk: Desk) -> None:
    handed = desk.submit("Tam Ngọc", "04/11/2024")
    desk.correct(handed.entry, on="28/10/2024")
    assert desk.rows("obligation")["D118/tam-ngoc-tam-ky"]["met_on"] == date(2024, 10, 28)


def test_a_correction_derives_its_consequences_again(desk: Desk) -> None:
    handed = desk.submit("Tam Ngọc", "28/10/2024")
    desk.correct(handed.entry, received_on="31/10/2024")
    assert desk.rows("obligation")["D118/tam-ngoc-tam-ky"]["met_on"] == date(2024, 10, 31)


def test_a_correction_is_judged_by_the_same_rules(desk: Desk) -> None:
    paid = desk.disburse("cầu", 500, "15/05/2024")
    with pytest.raises(OverLeft):
        desk.correct(paid.entry, amount="1.001")
    assert desk.rows("fund")["cầu"]["disbursed"] == 500


def test_a_correction_keeps_its_place_in_the_day(desk: Desk) -> None:
    first = desk.disburse("cầu", 600, "15/05/2024")
    second = desk.disburse("cầu", 400, "15/05/2024", document="UNC 2")
    corrected = desk.correct(first.entry, amount="500")
    facts = {fact.entry: fact for fact in corrected.facts}
    assert facts[corrected.entry].event.effective_on
    timeline = _timeline(desk, "fund/cầu")
    assert [step.fact.entry for step in timeline.steps][-2:] == [corrected.entry, second.entry]


def test_a_correction_of_a_correction_keeps_the_first_place(desk: Desk) -> None:
    first = desk.disburse("cầu", 600, "15/05/2024")
    second = desk.disburse("cầu", 400, "15/05/2024", document="UNC 2")
    once = desk.correct(first.entry, amount="500")
    twice = desk.correct(once.entry, amount="550")
    timeline = _timeline(desk, "fund/cầu")
    assert [step.fact.entry for step in timeline.steps][-2:] == [twice.entry, second.entry]
    assert desk.rebuilt_equal()


def test_voiding_a_correction_cancels_the_act_and_does_not_bring_the_first_back(desk: Desk) -> None:
    before = desk.all_rows()
    paid = desk.disburse("cầu", 600, "15/05/2024")
    corrected = desk.correct(paid.entry, amount="500")
    desk.void(corrected.entry)
    assert desk.all_rows() == before
    assert desk.rebuilt_equal()


def test_a_correction_that_changes_nothing_is_refused(desk: Desk) -> None:
    paid = desk.disburse("cầu", 500, "15/05/2024")
    with pytest.raises(NothingToCorrect):
        desk.correct(paid.entry, amount="500")


def test_a_correction_names_the_fields_there_are(desk: Desk) -> None:
    paid = desk.disburse("cầu", 500, "15/05/2024")
    with pytest.raises(NoSuchField, match="amount"):
        desk.correct(paid.entry, amuont="400")
    with pytest.raises(NoSuchField):
        desk.correct(paid.entry, by="ai khác")


@pytest.mark.parametrize(
    ("type", "field", "text"),
    [
        ("PlanAdopted", "title", ""),
        ("PlanAdopted", "title", "a\x07b"),
        ("PlanAdopted", "level", "x"),
        ("PlaceRegistered", "name", "!!!"),
        ("PlaceRegistered", "name", " "),
        ("UnitRegistered", "name", ""),
        ("UnitRegistered", "role", "x"),
        ("CriteriaStated", "plan", "x"),
        ("CriteriaStated", "assessment_year", "-1"),
        ("CriteriaStated", "assessment_year", "9" * 30),
        ("CriteriaStated", "stated_total", "-1"),
        ("CriteriaStated", "stated_total", "9" * 30),
        ("CriteriaStated", "target_year", "12"),
        ("TargetStated", "aim", "x"),
        ("TargetStated", "track", "x"),
        ("TargetStated", "threshold", "x"),
        ("TargetStated", "value", "[]"),
        ("TargetStated", "about_year", "²"),
        ("UnitAssigned", "set", "x"),
        ("FundAllocated", "plan_year", "9" * 30),
        ("FundAllocated", "decision", ""),
    ],
)
def test_a_correction_is_read_as_strictly_as_the_verb(
    desk: Desk, type: str, field: str, text: str
) -> None:
    with pytest.raises(Refused) as refused:
        _corrected(desk, type, field, text)
    assert not isinstance(refused.value, NoSuchField | NotTyped)
    assert "xpected" not in refused.value.say("vi")


@pytest.mark.parametrize(
    ("type", "field"),
    [
        ("PlanAdopted", "pack_sha256"),
        ("PlanAdopted", "period"),
        ("PlanAdopted", "settings"),
        ("ObligationAssigned", "enforce_day"),
        ("ObligationAssigned", "expression"),
        ("UnitRegistered", "aliases"),
        ("CriteriaOpened", "version"),
    ],
)
def test_what_nobody_typed_is_not_corrected(desk: Desk, type: str, field: str) -> None:
    with pytest.raises(NotTyped):
        _corrected(desk, type, field, "1")


def test_a_corrected_unit_keeps_a_name_of_its_own(desk: Desk) -> None:
    desk.record(lambda e: unit.register(e, "Phòng mẫu", "tam-ky", "phong", ()))
    with pytest.raises(UnitExists):
        _corrected(desk, "UnitRegistered", "name", "phòng Mẫu", "unit/ubnd-tam-ky")


def test_a_target_is_counted_in_what_a_correction_says(desk: Desk) -> None:
    receipt = _corrected(desk, "TargetStated", "unit", "phần trăm")
    assert [f.event.unit for f in receipt.facts if f.event.replaces and f.type == "TargetStated"]  # type: ignore[attr-defined]


def _corrected(desk: Desk, type: str, field: str, text: str, subject: str | None = None) -> Any:
    """Correct a field of the first fact of that type."""
    from ntm_workflow.office import history

    with desk.office.reading() as reading:
        facts = [fact for fact, _ in history.find(desk.office.journal, reading, history.Filter())]
    of_type = [f for f in facts if f.type == type and subject in (None, f.subject)]
    change = voiding.Change(fields={field: text}, subject=of_type[0].subject)
    entry = of_type[0].entry
    return desk.record(lambda e: voiding.correct(e, entry, "thử", change), document="BB")


def test_voiding_what_met_a_duty_lets_the_hand_over_meet_it(desk: Desk) -> None:
    from ntm_workflow.domain.obligation import ObligationMet

    id = "obligation/D118/tam-ngoc-tam-ky"
    by_hand = desk.record(lambda e: e.record(id, ObligationMet), "20/10/2024")
    desk.submit("Tam Ngọc", "28/10/2024")
    desk.void(by_hand.entry)
    assert desk.rows("obligation")["D118/tam-ngoc-tam-ky"]["met_on"] == date(2024, 10, 28)
    assert desk.rebuilt_equal()


def test_voiding_a_plan_whose_places_another_plan_uses_is_refused_and_cascades(desk: Desk) -> None:
    with pytest.raises(HasDependents):
        desk.void(1)
    desk.void(1, with_dependents=True)
    assert {kind for kind, rows in desk.all_rows().items() if rows} == set()
    assert desk.rebuilt_equal()
    desk.adopt(*PLANS)
    assert "tam-ngoc-tam-ky" in desk.rows("place")


def test_a_correction_of_an_entry_about_many_things_must_say_which(desk: Desk) -> None:
    with pytest.raises(SayWhichSubject):
        desk.correct(1, title="khác")


def test_a_correction_of_another_subject_than_its_entrys_is_refused(desk: Desk) -> None:
    paid = desk.disburse("cầu", 5, "15/05/2024")
    desk.allocate("đường", 500, "Tam Thanh")
    other = voiding.Change(fields={"amount": "4"}, subject="fund/đường")
    with pytest.raises(SubjectNotThere):
        desk.record(lambda entry: voiding.correct(entry, paid.entry, "thử", other))


def test_a_correction_does_not_correct_its_own_entry(desk: Desk) -> None:
    paid = desk.disburse("cầu", 5, "15/05/2024")
    corrected = desk.correct(paid.entry, amount="4")
    with pytest.raises(NoSuchEntry):
        desk.correct(corrected.entry + len(corrected.facts), amount="3")
    with pytest.raises(AlreadyVoided):
        desk.correct(paid.entry, amount="3")


def test_every_dependent_is_listed_before_anything_is_voided(desk: Desk) -> None:
    given_ = desk.allocate("đường", 500, "Tam Thanh")
    paid = [desk.disburse("đường", 100, f"{day}/05/2024").entry for day in (15, 16, 17)]
    with pytest.raises(HasDependents) as refused:
        desk.void(given_.entry)
    assert refused.value.facts["dependents"] == [f"#{number}" for number in paid]
    assert desk.rows("fund")["đường"]["disbursed"] == 300


def test_what_an_id_is_made_of_is_not_corrected(desk: Desk) -> None:
    paid = desk.disburse("cầu", 5, "15/05/2024")
    with pytest.raises(PartOfId):
        desk.correct(paid.entry, item="đường")


def test_a_correction_is_judged_at_its_own_place_in_the_day(desk: Desk) -> None:
    first = desk.submit("Tam Ngọc", "28/10/2024")
    desk.verify("Tam Ngọc", "28/10/2024")
    desk.submit("Tam Ngọc", "28/10/2024", to="province")
    desk.correct(first.entry, document_on="27/10/2024")
    told = desk.rows("dossier")["tam-ngoc-tam-ky/xa-nang-cao/2024"]
    assert [each["document_on"] for each in told["handed"]] == ["2024-10-27", "2024-10-28"]
    assert desk.rows("obligation")["D118/tam-ngoc-tam-ky"]["met_on"] == date(2024, 10, 28)
    assert desk.rebuilt_equal()


def _timeline(desk: Desk, id: str) -> Any:
    from ntm_workflow.domain.subjects import subject_of

    with desk.database.read() as conn:
        return desk.office.journal.timeline(conn, id, subject_of(id))


# --- the property: record X, void X, and nothing differs but the audit trail ---------------------

DAYS = st.dates(date(2024, 3, 1), date(2024, 11, 4)).map(lambda d: d.strftime("%d/%m/%Y"))
VERBS = st.one_of(
    st.tuples(st.just("disburse"), st.integers(1, 600), DAYS),
    st.tuples(st.just("allocate"), st.integers(1, 600), DAYS),
    st.tuples(st.just("submit"), st.sampled_from(["Tam Ngọc", "Tam Thanh"]), DAYS),
    st.tuples(st.just("verify"), st.sampled_from(["Tam Ngọc", "Tam Thanh"]), DAYS),
    st.tuples(st.just("forward"), st.sampled_from(["Tam Ngọc", "Tam Thanh"]), DAYS),
    st.tuples(st.just("meet"), st.sampled_from(["D010/tam-ngoc-tam-ky", "D015/tam-ky"]), DAYS),
    st.tuples(st.just("achieve"), st.integers(1, 19), DAYS),
    st.tuples(st.just("register"), st.integers(2023, 2030), DAYS),
    st.tuples(st.just("contact"), st.sampled_from(["a@example.com", "b@example.com"]), DAYS),
    st.tuples(st.just("close"), st.integers(0, 30), DAYS),
)


def perform(desk: Desk, verb: tuple[str, Any, str]) -> int | None:
    """Do it; the entry it made, or None where a rule refused it or nothing can be voided."""
    from ntm_workflow.domain.criteria_events import CriterionAchieved
    from ntm_workflow.domain.obligation import ObligationMet
    from ntm_workflow.office import contacts, dossier

    name, what, on = verb
    achieved = {"set": "xa-nang-cao", "version": "2021-2025", "assessment_year": 2024}
    try:
        match name:
            case "disburse":
                return desk.disburse("cầu", what, on).entry
            case "allocate":
                return desk.allocate("cầu", what, on=on).entry
            case "submit":
                return desk.submit(what, on).entry
            case "verify":
                return desk.verify(what, on).entry
            case "forward":
                return desk.submit(what, on, to="province").entry
            case "meet":
                return desk.record(
                    lambda e: e.record(f"obligation/{what}", ObligationMet), on
                ).entry
            case "achieve":
                id = "criteria/tam-ngoc-tam-ky/xa-nang-cao"
                return desk.record(
                    lambda e: e.record(id, CriterionAchieved, number=what, **achieved), on
                ).entry
            case "register":
                place = "tam-phu-tam-ky"
                return desk.record(
                    lambda e: dossier.register(e, dossier.Which(place, "xa-kieu-mau", what)), on
                ).entry
            case "contact":
                return desk.record(
                    lambda e: contacts.change(e, "ubnd-tam-ngoc-tam-ky", [what]), on
                ).entry
            case _:
                desk.close((date(2024, 10, 4) + timedelta(days=what)).strftime("%d/%m/%Y"))
                return None
    except Refused:
        return None


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=st.lists(VERBS, max_size=6), x=VERBS)
def test_recording_anything_and_voiding_it_leaves_the_state_as_if_it_had_never_been(
    tmp_path_factory: pytest.TempPathFactory, before: list[Any], x: Any
) -> None:
    desk = adopted(str(tmp_path_factory.mktemp("sổ") / "s.db"), *PLANS)
    desk.allocate("cầu", 1_000)
    for verb in before:
        perform(desk, verb)
    state = desk.all_rows()
    entry = perform(desk, x)
    if entry is not None:
        desk.void(entry)
        assert desk.all_rows() == state
        assert desk.all_rows(as_of=date(2024, 7, 1)) == desk.all_rows(
            as_of=date(2024, 7, 1), known_at=entry - 1
        )
    assert desk.rebuilt_equal()
    assert desk.office.verify().ok
    desk.close_store()
