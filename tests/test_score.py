"""How a deadline counts on a scorecard: by the day it fell due, whatever was set or typed afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from given import Journal, event, given, on
from hypothesis import given as for_any
from hypothesis import strategies as st
from msgspec.structs import asdict, replace
from obligations import (
    ASSIGNED,
    ID,
    UNDATED,
    dropped,
    extended,
    met,
    missed,
    resumed,
    slices,
    suspended,
    waived,
)

from ntm_workflow.domain.assignment import STRENGTHS
from ntm_workflow.domain.base import Event
from ntm_workflow.domain.obligation import ConditionSettled, ObligationAmended
from ntm_workflow.domain.score import (
    RESULTS,
    UNBINDING,
    Card,
    Counted,
    card,
    cards,
    explain,
    fell,
    order,
    result,
)

STRIVING = replace(ASSIGNED, strength="strive")
CONDITIONAL = replace(ASSIGNED, condition="các địa phương còn nợ")
SOON, LATER = "31/10/2024", "31/12/2024"


def counts(journal: Journal, day: str = LATER, closed: str | None = None) -> str:
    """How the duty counts at the end of `day`, all days before it closed unless told."""
    rows = slices(journal, day)
    return result(fell(rows, on(day)), rows[-1], on(day), on(closed or day))


def due(journal: Journal, day: str = LATER) -> date | None:
    last_day: date | None = fell(slices(journal, day), on(day)).last_day
    return last_day


def amended(day: str, **said: object) -> ObligationAmended:
    fields = {**asdict(ASSIGNED), "effective_on": on(day), "document": "QĐ 31/QĐ-UBND", **said}
    return ObligationAmended(**fields)  # type: ignore[arg-type]


# --- one deadline ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happened", "how"),
    [
        ([met("30/10/2024")], "on_time"),
        ([met("31/10/2024")], "late"),
        ([missed()], "missed"),
        ([missed(), met("05/11/2024")], "late"),
        ([], "pending"),
        ([waived("15/10/2024")], "waived"),
        ([dropped("15/10/2024")], "ended"),
        ([suspended("15/10/2024")], "suspended"),
    ],
)
def test_a_deadline_counts_by_the_day_it_happened(happened: list[Event], how: str) -> None:
    assert counts(given(ID, ASSIGNED, *happened)) == how


def test_nothing_is_a_failure_before_a_closing_has_looked() -> None:
    assert counts(given(ID, ASSIGNED)) == "pending"
    assert counts(given(ID, STRIVING), closed="29/10/2024") == "pending"
    assert counts(given(ID, STRIVING), closed="30/10/2024") == "behind"


def test_done_in_time_and_typed_after_the_miss_is_on_time() -> None:
    late = given(ID, ASSIGNED, missed(), met("28/10/2024"))
    assert counts(late) == "on_time"
    assert slices(late, LATER)[-1].recorded_late == 1


def test_what_was_typed_after_the_day_looked_at_is_not_seen_on_it() -> None:
    assert counts(given(ID, ASSIGNED, met("05/11/2024")), SOON) == "pending"


def test_what_does_not_bind_is_counted_under_its_own_name() -> None:
    for strength in UNBINDING:
        assert counts(given(ID, replace(ASSIGNED, strength=strength), met("1/2/2024"))) == strength


def test_words_without_a_day_are_owed_on_none() -> None:
    assert counts(given(ID, UNDATED)) == "undated"


def test_a_condition_nobody_has_settled_counts_neither_way_even_where_it_was_done() -> None:
    assert counts(given(ID, CONDITIONAL)) == "undetermined"
    assert counts(given(ID, CONDITIONAL, met("1/10/2024"))) == "undetermined"
    settled = event(ConditionSettled, "1/3/2024", holds=True)
    assert counts(given(ID, CONDITIONAL, settled, met("1/10/2024"))) == "on_time"


def test_a_condition_that_turns_out_to_hold_later_makes_the_duty_count() -> None:
    settled = event(ConditionSettled, "5/11/2024", holds=True)
    journal = given(ID, CONDITIONAL, settled, missed("05/11/2024"))
    assert counts(journal) == "missed"


# --- set after the day ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "afterwards",
    [
        [extended("31/12/2024", "15/11/2024")],
        [waived("15/11/2024")],
        [dropped("15/11/2024")],
        [suspended("15/11/2024")],
        [amended("15/11/2024", enforce_day=on("31/12/2024"))],
    ],
)
def test_nothing_set_after_a_miss_undoes_it(afterwards: list[Event]) -> None:
    journal = given(ID, ASSIGNED, missed(), *afterwards)
    assert (counts(journal), due(journal)) == ("missed", on("30/10/2024"))


def test_done_by_the_new_day_after_a_miss_is_late_and_says_so() -> None:
    journal = given(ID, ASSIGNED, missed(), extended("31/12/2024", "15/11/2024"), met("1/12/2024"))
    assert counts(journal) == "late"
    said = Counted(id=ID, who="u", strength="must", result="late", day=on("30/10/2024"))
    told = explain(said, on("1/12/2024"), "en", moved=True)
    assert "Done on 01/12/2024, after the end of 30/10/2024" in told
    assert "does not undo" in told


def test_an_extension_signed_in_time_moves_the_day_that_counts() -> None:
    journal = given(ID, ASSIGNED, extended("15/11/2024", "20/10/2024"), met("10/11/2024"))
    assert (counts(journal), due(journal)) == ("on_time", on("15/11/2024"))


def test_a_deadline_in_a_pause_counts_on_the_day_after_it() -> None:
    journal = given(ID, ASSIGNED, suspended("15/10/2024"), resumed("10/11/2024"))
    assert due(journal) == on("10/11/2024")
    assert counts(journal.kept(met("10/11/2024"))) == "on_time"


def test_an_aim_that_becomes_a_must_counts_as_the_must() -> None:
    later = dict.fromkeys(("strict_day", "nominal_day", "act_by", "enforce_day"), on("20/12/2024"))
    journal = given(ID, STRIVING, amended("15/11/2024", **later), met("19/12/2024"))
    row = fell(slices(journal, LATER), on(LATER))
    assert (counts(journal), row.strength, row.last_day) == ("on_time", "must", on("20/12/2024"))


def test_who_owed_it_is_who_owed_it_on_its_day() -> None:
    journal = given(ID, ASSIGNED, missed(), amended("15/11/2024", owed_by="ubnd-tam-ky"))
    assert fell(slices(journal, LATER), on(LATER)).owed_by == "ubnd-tam-ngoc"


def test_a_day_that_was_over_when_it_was_set_counts_all_the_same() -> None:
    late = replace(ASSIGNED, effective_on=on("15/11/2024"))
    journal = given(ID, late, missed("15/11/2024"))
    assert (counts(journal), due(journal)) == ("missed", on("30/10/2024"))


DAYS = st.dates(date(2024, 1, 2), date(2024, 12, 31))
ACTS = st.one_of(
    st.builds(met, DAYS),
    st.builds(waived, DAYS),
    st.builds(dropped, DAYS),
    st.builds(suspended, DAYS),
    st.builds(resumed, DAYS),
    st.builds(lambda day, more: extended(day + timedelta(more), day), DAYS, st.integers(0, 90)),
)


def lived(acts: list[Event]) -> Journal:
    """A duty to which these happen, as far as rules allow, and every day of the year is closed."""
    journal = given(ID, ASSIGNED)
    for act in acts:
        if journal.refusal(act) is None:
            journal.kept(act)
    while journal.now.judge_day and journal.now.judge_day < on(LATER):
        day = journal.now.judge_day
        since = max(day + timedelta(1), journal.now.judged_since)
        journal.kept(missed(since, day))
    return journal


@for_any(st.lists(ACTS, max_size=6), DAYS)
def test_whatever_happens_a_duty_has_one_result(acts: list[Event], day: date) -> None:
    rows = slices(lived(acts), day)
    if rows:
        assert result(fell(rows, day), rows[-1], day, day) in RESULTS


@for_any(st.lists(ACTS, max_size=6))
def test_a_standing_miss_is_never_on_time(acts: list[Event]) -> None:
    journal = lived(acts)
    first = next(iter(journal.now.misses), None)
    how = counts(journal)
    if first and not journal.now.miss_overturned_by and len(journal.now.misses) == 1:
        assert how in ("missed", "late")
    if how == "on_time":
        # Without a last day the duty was suspended, and nobody is late meanwhile.
        assert journal.now.met_on <= (due(journal) or date.max)


# --- many together --------------------------------------------------------------------------------


@st.composite
def counted(draw: st.DrawFn) -> Counted:
    strength = draw(st.sampled_from(STRENGTHS))
    missed = "missed" if strength == "must" else "behind"
    aside = ("waived", "suspended", "ended", "gone", "undated", "undetermined")
    results = ("on_time", "late", missed, "pending", *aside)
    how = strength if strength in UNBINDING else draw(st.sampled_from(results))
    late = how == "on_time" and draw(st.booleans())
    who = draw(st.sampled_from([None, "a", "b", "c"]))
    return Counted(id="d", who=who, strength=strength, result=how, recorded_late=late)


def numbers(found: Card) -> Counter[str]:
    must, strive = (asdict(each) for each in (found.must, found.strive))
    told = {f"must {k}": n for k, n in must.items()} | {f"strive {k}": n for k, n in strive.items()}
    return Counter(told | dict(found.aside))


@for_any(st.lists(counted(), max_size=40))
def test_cards_add_up_and_none_exceeds_the_whole(items: list[Counted]) -> None:
    found = cards(items)
    assert sum(each.counted for each in found) == card(items).counted == len(items)
    assert +sum(map(numbers, found), Counter()) == +numbers(card(items))
    for each in found:
        for tally in (each.must, each.strive):
            assert 0 <= tally.recorded_late <= tally.on_time <= tally.owed


def test_cards_are_in_no_order_of_merit_until_one_is_asked_for() -> None:
    def some(who: str, on_time: int, late: int) -> list[Counted]:
        said = {"id": "d", "who": who, "strength": "must"}
        done = [Counted(**said, result="on_time")] * on_time  # type: ignore[arg-type]
        return done + [Counted(**said, result="late")] * late  # type: ignore[arg-type]

    items = [*some("a", 3, 1), *some("b", 0, 0), *some("c", 9, 2), *some("d", 1, 1)]
    found = [*cards(items), card([], "b")]
    assert [c.who for c in sorted(found, key=lambda c: order(c, "rate"))] == ["d", "a", "c", "b"]
    assert [c.who for c in sorted(found, key=lambda c: order(c, "late"))] == ["c", "a", "d", "b"]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("how", RESULTS)
def test_every_result_is_told_in_a_sentence(how: str, lang: str) -> None:
    strength = how if how in UNBINDING else "must"
    said = Counted(id="d", who=None, strength=strength, result=how, day=on(SOON))
    told = explain(said, on("1/10/2024"), lang)
    assert told.endswith(".")
    assert "{" not in told
