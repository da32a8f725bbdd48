"""Every transition of a dossier, legal and illegal: the one table, tried act by act on real dossiers."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from given import Journal, event, given, on

from ntm_workflow.domain.base import Event
from ntm_workflow.domain.dossier import (
    OVER,
    AlreadySubmitted,
    DecisionLater,
    DecisionMissing,
    DeskOffRoad,
    DeskSkipped,
    NothingMissing,
    NotUnderWay,
    OutOfStep,
    ReturnedUpwards,
    RoutePaperMissing,
    SurveyUncountable,
)
from ntm_workflow.domain.dossier_events import (
    CriteriaAppraised,
    DossierAnnounced,
    DossierClosed,
    DossierOpened,
    DossierRecognised,
    DossierRegistered,
    DossierRejected,
    DossierRerouted,
    DossierReturned,
    DossierSubmitted,
    DossierVerified,
    DossierWithdrawn,
    SurveyRecorded,
)
from ntm_workflow.domain.dossier_steps import (
    ACT_WORDS,
    ACTS,
    POSITIONS,
    STAGE_WORDS,
    STAGES,
    STEPS,
    after,
)
from ntm_workflow.domain.road import DESKS, above, next_desk, place_on

ROADS = {
    "xa": ("commune", "district", "province"),
    "thon": ("commune", "district"),
    "huyen": ("district", "province", "central"),
    "can-tho": ("commune", "province"),
}
ID = "dossier/noi-mau/xa-ntm/2024"


def registered(road: tuple[str, ...], **said: Any) -> DossierRegistered:
    about = {"place": "noi-mau", "standard": "xa-ntm", "year": 2024}
    return event(DossierRegistered, "1/1/2024", **about, desk=road[0], road=road, **said)


def act(name: str, journal: Journal) -> Event:
    """The fact of an act, as it would be told of the dossier where it lies."""
    state = journal.now
    day = "5/6/2024"
    above_it = next_desk(state.road, state.desk) or "central"
    below = [d for d in state.road if above(state.desk, d)]
    handed = {"from_": "a", "to": "b", "to_level": above_it}
    handed |= dict.fromkeys(("document_on", "sent_on", "received_on"), day)
    back = {"from_": "a", "to": "b", "to_level": below[-1] if below else "village"}
    appraised = {"set": "xa-ntm", "version": "v", "numbers": (1, 2), "met": True, "of": 2}
    made: dict[str, Event] = {
        "open": event(DossierOpened, day),
        "submit": event(DossierSubmitted, day, **handed),
        "forward": event(DossierSubmitted, day, **handed),
        "verify": event(DossierVerified, day),
        "return": event(DossierReturned, day, **back, missing=("biên bản",), document="CV mẫu"),
        "appraise": event(CriteriaAppraised, day, **appraised),
        "recognise": event(DossierRecognised, day, decision_on=day, document="QĐ mẫu"),
        "reject": event(DossierRejected, day, reason="mẫu"),
        "announce": event(DossierAnnounced, day, document="TB mẫu"),
        "withdraw": event(DossierWithdrawn, day),
        "close": event(DossierClosed, day, document="QĐ mẫu"),
    }
    return made[name]


def reach(road: tuple[str, ...]) -> dict[tuple[str, str], Journal]:
    """Every (stage, position) a dossier can come to on a road, each by a shortest way there."""
    begun = [given(ID, registered(road)), given(ID, registered(road, striving=True))]
    found = {(j.now.stage, j.now.position): j for j in begun}
    waiting = list(found.values())
    while waiting:
        journal = waiting.pop(0)
        for name in ACTS:
            told = act(name, journal)
            if journal.refusal(told) is None:
                facts = [step.fact.event for step in journal.timeline.steps]
                longer = given(ID, *facts, told)
                key = (longer.now.stage, longer.now.position)
                if key not in found:
                    found[key] = longer
                    waiting.append(longer)
    return found


REACHED = {name: reach(road) for name, road in ROADS.items()}


def at(road: str, stage: str, position: str) -> Journal:
    """A dossier of its own in that stage: what is recorded of it, others do not see."""
    steps = REACHED[road][stage, position].timeline.steps
    return given(ID, *(step.fact.event for step in steps))


EVERY = [
    (name, key, what)
    for name, reached in REACHED.items()
    for key, what in product(sorted(reached), ACTS)
]


def test_the_table_knows_its_own_words() -> None:
    for (stage, position), acts in STEPS.items():
        assert stage in STAGES
        assert position in POSITIONS
        assert set(acts) <= set(ACTS)
        assert set(acts.values()) <= set(STAGES)
    assert set(STAGE_WORDS) == set(STAGES)
    assert set(ACT_WORDS) == set(ACTS)


def test_every_row_of_the_table_can_be_come_to_on_some_road() -> None:
    assert {key for reached in REACHED.values() for key in reached} >= set(STEPS)


@pytest.mark.parametrize(("road", "key", "name"), EVERY, ids=lambda part: str(part))
def test_an_act_is_taken_exactly_where_the_table_has_it(
    road: str, key: tuple[str, str], name: str
) -> None:
    journal = at(road, *key)
    # Handing up has one fact and two names: the first step from home, and every one after it.
    twin = {"submit": "forward", "forward": "submit"}
    name = twin[name] if name in twin and (name == "submit") != (key[1] == "home") else name
    told, wanted = act(name, journal), after(*key, name)
    refused = journal.refusal(told)
    if wanted is None:
        assert isinstance(refused, OutOfStep | AlreadySubmitted | DeskSkipped | ReturnedUpwards)
        for lang in ("vi", "en"):
            assert refused.say(lang)
    else:
        assert refused is None
        assert journal.when(told).stage == wanted


def test_what_is_out_of_step_says_what_is_in_order_and_how_to_report() -> None:
    journal = at("xa", "submitted", "between")
    refused = journal.refusal(act("recognise", journal))
    assert isinstance(refused, OutOfStep)
    assert "verify (thẩm tra), return (trả lại), withdraw (rút hồ sơ)" in refused.say("vi")
    assert "--already-done" in refused.say("vi")


# --- what each step leaves ------------------------------------------------------------------------


def test_a_return_keeps_the_hand_over_and_is_closed_by_the_next_one() -> None:
    journal = at("xa", "returned", "home")
    state = journal.now
    assert [h.to_level for h in state.handed] == ["district"]
    assert [(r.by_level, r.to_level, r.missing, r.closed) for r in state.returns] == [
        ("district", "commune", ("biên bản",), None)
    ]
    again = journal.when(act("submit", journal))
    assert [h.to_level for h in again.handed] == ["district", "district"]
    assert again.returns[0].closed is not None
    assert again.asked_for("district") == (1,)


def test_what_was_appraised_of_a_returned_paper_is_appraised_anew() -> None:
    journal = at("xa", "appraised", "last")
    assert set(journal.now.appraisals) == {1, 2}
    assert journal.when(act("return", journal)).appraisals == {}


def test_a_dossier_is_appraised_only_when_every_criterion_is_met() -> None:
    journal = at("thon", "submitted", "last")

    def said(numbers: tuple[int, ...], met: bool) -> Event:
        about = {"set": "xa-ntm", "version": "v", "of": 3}
        return event(CriteriaAppraised, "5/6/2024", numbers=numbers, met=met, **about)

    state = journal.when(said((1, 2), True))
    assert state.stage == "submitted"
    state = journal.when(said((3,), False))
    assert (state.stage, state.appraisals[3].met) == ("submitted", False)
    assert journal.when(said((3,), True)).stage == "appraised"
    assert journal.when(said((1,), False)).stage == "submitted"


def test_a_rejected_dossier_may_be_made_again_from_the_beginning() -> None:
    journal = at("xa", "rejected", "home")
    state = journal.when(act("open", journal))
    assert (state.stage, state.desk, state.handed, state.appraisals) == ("open", "commune", (), {})
    assert journal.when(act("submit", journal)).desk == "district"


def test_a_recognition_needs_its_decision_and_none_of_a_later_day() -> None:
    journal = at("xa", "appraised", "last")
    bare = event(DossierRecognised, "5/6/2024", decision_on="5/6/2024")
    assert journal.when(bare) is DecisionMissing
    late = event(DossierRecognised, "5/6/2024", decision_on="6/6/2024", document="QĐ mẫu")
    assert journal.when(late) is DecisionLater
    early = event(DossierRecognised, "5/6/2024", decision_on="1/6/2024", document="QĐ mẫu")
    state = journal.when(early)
    assert (state.decision_on, state.decision) == (on("1/6/2024"), "QĐ mẫu")


def test_a_return_goes_down_and_says_what_is_missing() -> None:
    journal = at("xa", "submitted", "last")

    def back(level: str, *missing: str) -> Event:
        where = {"from_": "a", "to": "b", "to_level": level}
        return event(DossierReturned, "5/6/2024", **where, missing=missing, document="CV mẫu")

    assert journal.when(back("district")) is NothingMissing
    assert journal.when(back("province", "x")) is ReturnedUpwards
    assert journal.when(back("central", "x")) is ReturnedUpwards
    assert journal.when(back("commune", "x")).desk == "commune"


@pytest.mark.parametrize(
    ("asked", "satisfied", "refused"),
    [(10, 11, True), (0, 0, True), (10, -1, True), (10, 0, False), (10, 10, False)],
)
def test_a_survey_counts(asked: int, satisfied: int, refused: bool) -> None:
    journal = at("xa", "registered", "home")
    told = event(SurveyRecorded, "5/6/2024", asked=asked, satisfied=satisfied)
    found = given(ID, registered(ROADS["xa"])).when(told)
    assert (found is SurveyUncountable) is refused
    assert journal.now.survey is None


def test_only_a_survey_of_the_whole_is_the_survey() -> None:
    about = event(SurveyRecorded, "6/6/2024", asked=10, satisfied=1, about="môi trường")
    whole = event(SurveyRecorded, "5/6/2024", asked=10, satisfied=9)
    state = given(ID, registered(ROADS["xa"]), whole, about).now
    assert state.survey.rate == 0.9


def test_a_rerouted_dossier_lies_on_a_desk_of_its_new_road() -> None:
    journal = at("xa", "submitted", "between")
    road = ("commune", "province")
    assert journal.when(event(DossierRerouted, "1/7/2025", road=road, desk="district")) is DeskOffRoad  # fmt: skip
    state = journal.when(
        event(DossierRerouted, "1/7/2025", road=road, desk="province", document="CV mẫu")
    )
    assert (state.stage, state.desk, state.position) == ("submitted", "province", "last")


@pytest.mark.parametrize("key", sorted(REACHED["xa"]), ids=str)
@pytest.mark.parametrize("desk", ["commune", "province"])
def test_wherever_a_paper_puts_a_dossier_it_can_go_on_from_there(
    key: tuple[str, str], desk: str
) -> None:
    road, stage = ("commune", "province"), key[0]
    told = event(DossierRerouted, "1/7/2025", road=road, desk=desk, document="CV mẫu")
    bare = event(DossierRerouted, "1/7/2025", road=road, desk=desk)
    if stage in OVER:
        assert at("xa", *key).when(told) is NotUnderWay
        return
    assert at("xa", *key).when(bare) is RoutePaperMissing
    state = at("xa", *key).when(told)
    assert (state.stage, state.position) in STEPS


def test_roads_go_up_desk_by_desk() -> None:
    assert [next_desk(ROADS["xa"], desk) for desk in DESKS] == ["district", "province", None, None]
    assert next_desk(ROADS["can-tho"], "commune") == "province"
    # A desk that is on the road no more goes on to the next one above it.
    assert next_desk(("commune", "province"), "district") == "province"
    assert [place_on(ROADS["huyen"], d) for d in ROADS["huyen"]] == ["home", "between", "last"]


def test_one_registered_before_roads_were_told_takes_the_one_there_was() -> None:
    about = {"place": "p", "standard": "huyen-ntm", "year": 2024, "desk": "district"}
    state = given(ID, event(DossierRegistered, "1/1/2024", **about)).now
    assert state.road == ("district", "province")


@pytest.mark.parametrize("key", sorted(REACHED["xa"]), ids=str)
@pytest.mark.parametrize("name", ACTS)
def test_what_is_reported_out_of_order_leaves_a_dossier_from_which_it_can_go_on(
    key: tuple[str, str], name: str
) -> None:
    """A reported act gives no permission, and no act leaves a stage that nothing leads out of."""
    journal = at("xa", *key)
    told = act(name, journal)
    if journal.refusal(told) is None or name in ("submit", "forward"):
        return
    state = journal.kept(told).now
    assert (state.stage, state.position) in STEPS or state.stage in ("announced", "closed")
    if key[0] in ("recognised", "announced") and name in ("open", "verify", "appraise"):
        assert state.stage == key[0]
