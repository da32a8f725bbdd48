"""What holds of the ladder whatever mornings are skipped and whatever happens to duties meanwhile."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from mornings import (
    ACT_BY,
    CALENDAR,
    DUE,
    MISSED,
    MISSED_ON,
    Heard,
    Office,
    days,
    heard,
    rungs,
    working_between,
)
from msgspec.structs import replace

from ntm_workflow.domain.plan import Reminders
from ntm_workflow.notifications.ladder import LONGEST_HOLIDAY, ONE_DAY, Due, Morning, Told, climb

STRENGTHS = ("must", "strive", "requested", "encouraged", "permitted", "considered", "expected")
BOUND = ("must", "strive", "requested")
START = date(2024, 1, 2)
#: Two years of days, with every holiday there is.
ANY_DAY = st.integers(0, 700).map(lambda n: START + timedelta(days=n))


def walked_back(day: date) -> date:
    while not CALENDAR.is_working(day):
        day -= ONE_DAY
    return day


@settings(deadline=None)
@given(
    act_by=ANY_DAY.map(walked_back),
    steps=st.lists(st.integers(0, 45), min_size=1, max_size=7, unique=True).map(tuple),
    skipped=st.frozensets(st.integers(0, 60)),
    strength=st.sampled_from(BOUND),
)
def test_each_rung_is_told_once_on_the_first_morning_of_its_window_that_ran(
    act_by: date, steps: tuple[int, ...], skipped: frozenset[int], strength: str
) -> None:
    due = replace(DUE, act_by=act_by, strict_day=act_by, enforce_day=act_by, strength=strength)
    first = act_by - timedelta(days=62) - LONGEST_HOLIDAY
    off = {act_by - timedelta(days=n) for n in skipped}
    begins = {rung: walked_back(act_by - timedelta(days=rung)) for rung in steps}
    ends = [*sorted(set(begins.values()))[1:], act_by + ONE_DAY]
    expected = []
    for opens, closes in zip(sorted(set(begins.values())), ends, strict=True):
        ran = (d for d in days(opens, closes - ONE_DAY) if CALENDAR.is_working(d) and d not in off)
        if morning := next(ran, None):
            expected.append((morning, min(rung for rung in steps if begins[rung] == opens)))
    plan = {"rungs": steps}
    assert rungs(due, first, act_by, skipped=off, by=plan) == expected


@settings(deadline=None)
@given(skipped=st.frozensets(st.integers(0, 60)), every=st.integers(1, 21))
def test_each_spell_after_a_miss_is_told_once_on_its_first_morning_that_ran(
    skipped: frozenset[int], every: int
) -> None:
    last, off = MISSED_ON + timedelta(days=60), {MISSED_ON + timedelta(days=n) for n in skipped}
    found = heard(replace(MISSED, above=()), MISSED_ON, last, off, by={"after_days": every})
    missed = next((e.day for e in found if e.part == "missed"), last)

    def spell(day: date) -> int:
        return (day - date(2024, 1, 1)).days // every

    ran = [d for d in days(missed, last) if CALENDAR.is_working(d) and d not in off]
    firsts = {spell(d): d for d in reversed(ran)}
    expected = [d for n, d in sorted(firsts.items()) if n > spell(missed)]
    assert [e.day for e in found if e.part == "after"] == expected


class History(NamedTuple):
    """A duty, and what happened to it by its days."""

    due: Due
    facts: tuple[tuple[date, dict[str, Any]], ...]

    def on(self, day: date) -> Due:
        said = {k: v for since, facts in self.facts if since <= day for k, v in facts.items()}
        return replace(self.due, **said)


#: After how many days held letters are let go, and letters leave.
Lags = tuple[int | None, int | None]
UNITS = st.sampled_from(["unit-a", "unit-b", "unit-c"])
LATE = st.none() | st.integers(-10, 50)


@st.composite
def histories(draw: st.DrawFn) -> list[History]:
    return [_history(draw, n) for n in range(draw(st.integers(1, 3)))]


def _history(draw: st.DrawFn, n: int) -> History:
    act_by = walked_back(date(2024, 10, 15) + timedelta(days=draw(st.integers(0, 20))))
    last = act_by + timedelta(days=draw(st.integers(0, 3)))
    missed_on = last + ONE_DAY
    due = replace(
        DUE,
        id=f"D{n}",
        owed_by=draw(st.none() | UNITS),
        owed_to=draw(st.none() | UNITS),
        joint=tuple(draw(st.lists(UNITS, max_size=2))),
        above=tuple(draw(st.lists(st.sampled_from(["up-1", "up-2"]), unique=True))),
        strength=draw(st.sampled_from(STRENGTHS)),
        act_by=act_by,
        strict_day=act_by,
        enforce_day=last,
        last_day=last,
    )
    facts: list[tuple[date, dict[str, Any]]] = []
    if due.strength == "must":
        facts.append((missed_on, {"missed_on": missed_on}))

    def happens(*names: str, until: str | None = None) -> None:
        late = draw(LATE)
        if late is None:
            return
        day = missed_on + timedelta(days=late)
        said = dict.fromkeys(names, day)
        if until:
            said |= {until: day + timedelta(days=draw(st.integers(0, 20)))}
        facts.append((day, said))

    happens(draw(st.sampled_from(["met_on", "waived_on", "ended_on"])))
    happens("acknowledged_on")
    happens("suspended_on", until="suspended_until")
    happens(until="snoozed_until")
    happens(until="disputed_until")
    if (late := draw(st.none() | st.integers(0, 30))) is not None:
        day = missed_on + timedelta(days=late)
        facts.append((day, {"denied_on": day}))
    return History(due, tuple(sorted(facts, key=lambda fact: fact[0])))


@settings(deadline=None)
@given(
    some=histories(),
    skipped=st.frozensets(st.integers(0, 110), max_size=80),
    lags=st.tuples(st.none() | st.integers(0, 10), st.sampled_from([0, 0, 0, 3, None])),
    by=st.builds(
        dict,
        confirm_days=st.integers(0, 4),
        climb_days=st.integers(0, 4),
        after_days=st.integers(1, 10),
    ),
)
def test_whatever_happens_nobody_is_told_twice_or_out_of_turn_or_of_what_does_not_concern_it(
    some: list[History], skipped: frozenset[int], lags: Lags, by: dict[str, int]
) -> None:
    first = date(2024, 9, 10)
    office = Office(*(h.on for h in some), release=lags[0], leave=lags[1], by=by)
    letters = office.letters(
        first, first + timedelta(days=110), {first + timedelta(n) for n in skipped}
    )
    assert all(CALENDAR.is_working(letter.day) for letter in letters)
    assert all(letter.held == (letter.kind == "climb") for letter in letters)
    assert max(Counter((e.unit, e.kind, e.day) for e in letters).values(), default=1) == 1
    for history in some:
        lines = [
            Heard(letter.day, letter.unit, line.part, line.rung)
            for letter in letters
            for line in letter.lines
            if line.subject == history.due.id
        ]
        assert len(lines) == len(set(lines))
        _right(history, lines, lags, by)


def later(some: list[date], lag: int | None) -> list[date]:
    return [] if lag is None else [day + timedelta(days=lag) for day in some]


def _right(history: History, lines: list[Heard], lags: Lags, by: dict[str, int]) -> None:
    due = history.due
    days_of = {part: [e.day for e in lines if e.part == part] for part in ("asked", "missed")}
    assert all(len(found) <= 1 for found in days_of.values())
    own = {due.owed_by or ""}
    readers = {
        **dict.fromkeys(("ahead", "missed", "after"), own),
        "copy": {*due.joint} - own,
        "asked": {due.owed_to or ""} - own,
        "climbed": {*due.above},
    }
    climbed = [e for e in lines if e.part == "climbed"]
    assert [e.unit for e in climbed] == list(due.above[: len(climbed)])
    for line in lines:
        now = history.on(line.day)
        assert line.unit in readers[line.part]
        assert (now.met_on, now.waived_on, now.ended_on) == (None, None, None)
        assert not (now.suspended_on and now.suspended_until and now.suspended_on <= line.day <= now.suspended_until)  # fmt: skip
        if line.part in ("ahead", "copy"):
            assert line.day <= (due.act_by or date.min)
        if line.part in ("ahead", "copy", "after"):
            assert not (now.snoozed_until and now.snoozed_until >= line.day)
        if line.part in ("asked", "missed", "climbed"):
            assert (due.strength, now.missed_on is not None) == ("must", True)
        if line.part in ("missed", "climbed"):
            asked = later(days_of["asked"], lags[1])
            assert _had_its_days(now, line.day, asked, by["confirm_days"])
        if line.part == "climbed":
            taken = now.acknowledged_on and now.missed_on and now.acknowledged_on >= now.missed_on
            assert not taken
            assert not (now.disputed_until and now.disputed_until >= line.day)
    below = later(days_of["missed"], lags[1])
    for each in climbed:
        assert below
        assert working_between(below[0], each.day) >= by["climb_days"]
        below = later([each.day], lags[0])


def _had_its_days(due: Due, day: date, asked: list[date], confirm_days: int) -> bool:
    """Whether the desk had denied it by then, or had been asked so many whole working days before."""
    assert due.missed_on
    if due.denied_on and due.missed_on <= due.denied_on <= day:
        return True
    if due.owed_to in (None, due.owed_by):
        return working_between(due.missed_on, day) >= confirm_days
    return bool(asked) and working_between(asked[0], day) >= confirm_days


# --- rows in any order ----------------------------------------------------------------------------

TOLD = st.builds(
    Told,
    st.sampled_from(["D0", "D1", "D2"]),
    st.sampled_from(["unit-a", "unit-b", "up-1", "up-2"]),
    st.sampled_from(["ahead", "copy", "asked", "missed", "after", "climbed"]),
    ANY_DAY,
    st.none() | st.just(ACT_BY),
    st.none() | ANY_DAY,
)


@settings(deadline=None)
@given(some=histories(), before=st.lists(TOLD, max_size=12), day=st.integers(0, 90), data=st.data())
def test_the_order_of_rows_and_of_earlier_letters_changes_nothing(
    some: list[History], before: list[Told], day: int, data: st.DataObject
) -> None:
    morning = Morning(date(2024, 9, 10) + timedelta(days=day), CALENDAR)
    dues = [history.on(morning.day) for history in some]
    letters = climb(dues, before, morning)
    assert letters == sorted(letters, key=lambda letter: letter.id)
    other = data.draw(st.permutations(dues)), data.draw(st.permutations(before))
    assert climb(*other, morning) == letters


def test_no_holiday_is_longer_than_what_a_morning_reads_ahead() -> None:
    off = [day - walked_back(day) for day in days(date(2015, 1, 1), date(2030, 12, 31))]
    assert 7 * ONE_DAY < max(off) < LONGEST_HOLIDAY
    assert Morning(ACT_BY, CALENDAR).ahead == ACT_BY + timedelta(days=30) + LONGEST_HOLIDAY
    longer: dict[str | None, Reminders] = {"tam-ky-2024": Reminders(rungs=(90, 7))}
    assert Morning(ACT_BY, CALENDAR, longer).ahead == ACT_BY + timedelta(days=90) + LONGEST_HOLIDAY
