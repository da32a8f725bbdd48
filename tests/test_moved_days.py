"""Days a changed calendar moved, when what they rest on is voided, corrected or learnt later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from offices import Desk, closing_store
from sample_pack import SOUND

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.obligation import ConditionSettled, ObligationNoted
from ntm_workflow.domain.obligation_refusals import AlreadyTaken
from ntm_workflow.office import Receipt, announcement, obligation, rescheduling, starts, voiding
from ntm_workflow.office.adoption import adopt
from ntm_workflow.office.announcement import Outcome
from ntm_workflow.office.entry import Entry, FutureDay
from ntm_workflow.office.rescheduling import Move, Moves
from ntm_workflow.office.voiding import AnnouncedDayClosed, Change
from ntm_workflow.plans.pack import read
from ntm_workflow.projections.obligation import still_open

DUTY, WAITING = "R1/xa-mau", "R2/xa-mau"
#: A Friday, the day of the clause, the Monday after it, and the clause's other day.
FRIDAY, MONDAY, OTHER = "15/11/2024", "18/11/2024", "30/6/2025"
R2 = """[[obligations]]
rule = "R2"
clause = "I.2"
title = "Việc chờ"
expression = "trong 30 ngày làm việc kể từ ngày có hướng dẫn"
strength = "must"
owed_by = "@commune"
owed_to = "phong-mau"
places = ["xa-mau"]

[[leads]]"""
PACK = (
    SOUND.replace("30/10/2024", FRIDAY)
    .replace("[[places]]", 'settings = { weekend = "forward" }\n\n[[places]]', 1)
    .replace(
        "dossier = {",
        f'alternative = {{ expression = "trước ngày {OTHER}", condition = "nếu X" }}\n#',
        1,
    )
    .replace("[[leads]]", R2, 1)
)
TITLE = PACK.replace("Việc mẫu", "Việc mẫu, sửa")


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(Desk(store_url, "01/10/2024").init()) as desk:
        yield desk


def take(desk: Desk, text: str = PACK, on: str | None = None, paper: str | None = None) -> Receipt:
    return desk.record(lambda e: adopt(e, read(text.encode(), "mau.toml")), on, document=paper)


def announce(desk: Desk, off: str, on: str | None = None) -> tuple[Receipt, list[Move]]:
    told = Outcome()

    def verb(entry: Entry) -> None:
        announcement.announce(entry, [read_date(off)], [], told)

    return desk.record(verb, on, document=f"TB {off}"), told.moved


def alternative(desk: Desk, on: str | None = None) -> Receipt:
    def verb(entry: Entry) -> None:
        obligation.take_alternative(entry, f"obligation/{DUTY}")

    return desk.record(verb, on, document="BB 7")


def start(desk: Desk, on: str, id: str = WAITING) -> Receipt:
    return desk.record(lambda e: starts.start(e, f"obligation/{id}"), on, document="HD 1")


def extend(desk: Desk, until: str, on: str | None = None, id: str = DUTY) -> Receipt:
    def verb(entry: Entry) -> None:
        obligation.extend(entry, f"obligation/{id}", read_date(until), None)

    return desk.record(verb, on, document="CV 2")


def ends(desk: Desk, id: str = DUTY) -> date | None:
    found: date | None = desk.rows("obligation")[id]["enforce_day"]
    return found


def found(desk: Desk, until: str) -> list[tuple[date, date]]:
    """The misses a closing finds: the day each is about, and the day of the miss."""
    facts = desk.close(until).facts
    missed = [fact.event for fact in facts if fact.type == "ObligationMissed"]
    return [(event.enforce_day, event.effective_on) for event in missed]  # type: ignore[attr-defined]


# --- what a move rests on ---------------------------------------------------------------------------


def test_a_move_falls_with_the_other_day_it_moved(desk: Desk) -> None:
    take(desk)
    taken = alternative(desk)
    announce(desk, OTHER)
    assert ends(desk) == date(2025, 7, 1)
    desk.void(taken.entry)
    assert ends(desk) == read_date(FRIDAY)
    assert desk.rebuilt_equal()


def test_what_comes_back_has_the_day_of_the_calendar_of_now_even_when_that_day_is_over(
    desk: Desk,
) -> None:
    take(desk)
    taken = alternative(desk)
    announce(desk, FRIDAY)
    desk.go("17/11/2024").void(taken.entry)
    assert ends(desk) == read_date(MONDAY)
    desk.go("20/11/2024")
    assert found(desk, "19/11/2024") == [(date(2024, 11, 18), date(2024, 11, 19))]
    assert desk.rebuilt_equal()


def test_the_other_day_learnt_after_a_move_counts(desk: Desk) -> None:
    take(desk)
    desk.go("20/10/2024")
    announce(desk, FRIDAY)
    desk.go("25/10/2024")
    alternative(desk, "15/10/2024")
    assert ends(desk) == read_date(OTHER)


def test_an_amended_day_learnt_after_a_move_counts_and_its_void_brings_the_move_back(
    desk: Desk,
) -> None:
    take(desk)
    desk.go("20/10/2024")
    announce(desk, FRIDAY)
    desk.go("25/10/2024")
    amended = take(desk, PACK.replace(FRIDAY, "20/12/2024"), "10/10/2024", "QĐ 9")
    assert ends(desk) == date(2024, 12, 20)
    announce(desk, "20/12/2024")
    assert ends(desk) == date(2024, 12, 23)
    desk.void(amended.entry)
    assert ends(desk) == read_date(MONDAY)
    assert desk.rebuilt_equal()


def test_a_move_falls_with_the_start_and_follows_it_to_another_day(desk: Desk) -> None:
    take(desk)
    desk.go("20/10/2024")
    begun = start(desk, "10/10/2024")
    announce(desk, "25/10/2024")
    assert ends(desk, WAITING) == date(2024, 11, 22)
    corrected = desk.correct(begun.entry, on="15/10/2024")
    assert ends(desk, WAITING) == date(2024, 11, 27)
    desk.void(corrected.entry)
    assert ends(desk, WAITING) is None
    start(desk, "18/10/2024")
    assert ends(desk, WAITING) == date(2024, 12, 2)
    assert desk.rebuilt_equal()


def test_a_start_learnt_after_its_words_were_amended_counts_by_the_new_words(desk: Desk) -> None:
    take(desk)
    desk.go("20/10/2024")
    amended = take(desk, PACK.replace("trong 30 ngày", "trong 20 ngày"), "15/10/2024", "QĐ 9")
    begun = start(desk, "10/10/2024")
    assert ends(desk, WAITING) == date(2024, 11, 7)
    announce(desk, "25/10/2024")
    assert ends(desk, WAITING) == date(2024, 11, 8)
    desk.void(amended.entry)
    assert ends(desk, WAITING) == date(2024, 11, 22)
    desk.void(begun.entry)
    assert ends(desk, WAITING) is None
    assert desk.rebuilt_equal()


def test_a_works_duty_follows_its_money_to_another_day(desk: Desk) -> None:
    desk.go("05/11/2025").adopt("quang-nam-2024-2025")
    given = desk.allocate("Nhà văn hóa mẫu", 500, on="20/2/2024")
    duty = "D170@nha-van-hoa-mau/tam-ngoc-tam-ky"
    announce(desk, "22/02/2027")
    assert ends(desk, duty) == date(2027, 2, 23)
    corrected = desk.correct(given.entry, on="28/2/2024")
    assert ends(desk, duty) == date(2027, 3, 1)
    desk.void(corrected.entry)
    assert duty not in desk.rows("obligation")


def test_a_move_of_an_extension_falls_with_it_and_the_clauses_own_move_stays(desk: Desk) -> None:
    take(desk)
    announce(desk, FRIDAY)
    extended = extend(desk, "29/11/2024")
    announce(desk, "29/11/2024")
    assert ends(desk) == date(2024, 12, 2)
    desk.void(extended.entry)
    assert ends(desk) == read_date(MONDAY)


# --- an amended plan and the other day --------------------------------------------------------------


def test_the_other_day_holds_while_the_plan_says_the_same_of_it(desk: Desk) -> None:
    take(desk)
    alternative(desk)
    desk.go("20/11/2024")
    take(desk, TITLE, "20/11/2024", "QĐ 9")
    assert ends(desk) == read_date(OTHER)
    with pytest.raises(AlreadyTaken):
        alternative(desk)
    desk.go("22/11/2024")
    take(desk, PACK.replace(OTHER, "31/7/2025"), "22/11/2024", "QĐ 10")
    assert ends(desk) == read_date(FRIDAY)
    alternative(desk)
    assert ends(desk) == date(2025, 7, 31)


# --- one miss, on its day ---------------------------------------------------------------------------


@pytest.mark.parametrize("granted", [0, 5])
def test_other_words_after_the_deadline_leave_the_day_of_its_miss(desk: Desk, granted: int) -> None:
    days = f'weekend = "forward", entry_days = {granted}'
    text = PACK.replace('weekend = "forward"', days)
    take(desk, text)
    desk.go("19/11/2024")
    take(desk, text.replace("Việc mẫu", "Việc mẫu, sửa"), paper="QĐ 9")
    desk.go("30/11/2024")
    assert found(desk, "29/11/2024") == [(date(2024, 11, 15), date(2024, 11, 16))]
    assert desk.rebuilt_equal()


def test_an_announcement_after_a_deadline_leaves_it_to_be_judged_by_its_day(desk: Desk) -> None:
    take(desk)
    desk.go("12/11/2024").close("11/11/2024")
    desk.go("20/11/2024")
    _, moved = announce(desk, FRIDAY)
    assert moved == []
    assert found(desk, "19/11/2024") == [(date(2024, 11, 15), date(2024, 11, 16))]
    assert found(desk.go("21/11/2024"), "20/11/2024") == []


def test_a_calendar_is_not_announced_or_applied_from_a_day_ahead(desk: Desk) -> None:
    take(desk)
    with pytest.raises(FutureDay):
        announce(desk, FRIDAY, "16/11/2024")
    with pytest.raises(FutureDay):
        desk.record(lambda entry: rescheduling.reschedule(entry, Moves()), "16/11/2024")


# --- closed days ------------------------------------------------------------------------------------


UNDO: dict[str, Callable[[Desk, int], object]] = {
    "void": lambda desk, number: desk.void(number),
    "correct": lambda desk, number: desk.correct(number, document="TB 1 (bản đúng)"),
}


@pytest.mark.parametrize("way", UNDO)
def test_an_announcement_of_a_closed_day_is_neither_voided_nor_corrected(
    desk: Desk, way: str
) -> None:
    take(desk)
    announced, _ = announce(desk, FRIDAY)
    desk.go("17/11/2024").close("16/11/2024")
    with pytest.raises(AnnouncedDayClosed) as refused:
        UNDO[way](desk, announced.entry)
    assert refused.value.facts["closed"] == date(2024, 11, 16)
    assert ends(desk) == read_date(MONDAY)


# --- what a void tells ------------------------------------------------------------------------------


def voided(desk: Desk, number: int, **said: Any) -> list[tuple[str, date | None, date | None]]:
    told = Moves()
    desk.record(lambda e: voiding.void(e, number, "thử", told=told), document="BB 1", **said)
    return [(move.id, move.old_enforce_day, move.new_enforce_day) for move in told.moved]


def test_a_void_tells_the_deadlines_it_moves_once_each_from_first_to_last(desk: Desk) -> None:
    take(desk)
    taken = alternative(desk)
    announced, _ = announce(desk, FRIDAY)
    back = [(DUTY, read_date(OTHER), read_date(MONDAY))]
    assert voided(desk, taken.entry, dry_run=True) == back
    assert ends(desk) == read_date(OTHER)
    assert voided(desk, taken.entry) == back
    assert voided(desk, announced.entry) == [(DUTY, read_date(MONDAY), read_date(FRIDAY))]
    noted = desk.record(lambda e: e.record(f"obligation/{DUTY}", ObligationNoted, cause="x"))
    assert voided(desk, noted.entry) == []


def test_a_void_tells_a_deadline_a_pause_had_moved(desk: Desk) -> None:
    take(desk)

    def pause(entry: Entry) -> None:
        obligation.suspend(entry, f"obligation/{DUTY}", date(2024, 11, 24))

    paused = desk.record(pause, document="CV 3")
    assert voided(desk, paused.entry) == [(DUTY, date(2024, 11, 25), read_date(FRIDAY))]


def test_a_correction_tells_the_deadlines_it_moves(desk: Desk) -> None:
    take(desk)
    desk.go("20/10/2024")
    begun, told = start(desk, "10/10/2024"), Moves()
    change = Change(on=read_date("15/10/2024"))
    desk.record(lambda e: voiding.correct(e, begun.entry, "thử", change, told))
    [move] = told.moved
    assert (move.id, move.new_enforce_day) == (WAITING, ends(desk, WAITING))


# --- which duties are read --------------------------------------------------------------------------


def test_only_the_duties_asked_about_are_read(desk: Desk) -> None:
    take(desk)
    start(desk, "01/10/2024")
    with desk.office.reading() as reading:
        assert len(still_open(reading.conn, None)) == 2
        assert still_open(reading.conn, None, among=[f"obligation/{DUTY}"]) == [
            f"obligation/{DUTY}"
        ]


# --- any history, learnt in any order ---------------------------------------------------------------


def settle(desk: Desk) -> Receipt:
    def verb(entry: Entry) -> None:
        entry.record("obligation/R1/xa-mau", ConditionSettled, holds=True)

    return desk.record(verb, "07/10/2024", document="CV 4")


def suspend(desk: Desk) -> Receipt:
    def verb(entry: Entry) -> None:
        obligation.suspend(entry, f"obligation/{DUTY}", date(2024, 12, 10))

    return desk.record(verb, "14/10/2024", document="CV 5")


CONDITIONAL = PACK.replace("alternative =", 'condition = "nếu Y"\nalternative =', 1)
ACTS: dict[str, Callable[[Desk], object]] = {
    "other day": lambda desk: alternative(desk, "08/10/2024"),
    "start": lambda desk: start(desk, "09/10/2024"),
    "condition": settle,
    "extension": lambda desk: extend(desk, "29/11/2024", "11/10/2024"),
    "extension of what waits": lambda desk: extend(desk, "20/12/2024", "17/10/2024", WAITING),
    "pause": suspend,
    "title": lambda desk: take(
        desk, CONDITIONAL.replace("Việc mẫu", "Việc mẫu, sửa"), "10/10/2024", "QĐ 8"
    ),
    "words": lambda desk: take(
        desk, CONDITIONAL.replace(FRIDAY, "22/11/2024").replace("30 ngày", "20 ngày"),
        "16/10/2024", "QĐ 9",
    ),
    "clause's day off": lambda desk: announce(desk, FRIDAY, "12/10/2024")[0],
    "new day off": lambda desk: announce(desk, "22/11/2024", "06/10/2024")[0],
    "paper's day off": lambda desk: announce(desk, "29/11/2024", "13/10/2024")[0],
    "other day off": lambda desk: announce(desk, OTHER, "05/10/2024")[0],
    "a day of the period off": lambda desk: announce(desk, "25/10/2024", "18/10/2024")[0],
}  # fmt: skip


def lived(folder: Path, order: list[tuple[str, bool]]) -> dict[str, tuple[Any, ...]] | None:
    """The days of each duty after acts and voids in this order; None if one of them was refused."""
    with closing_store(
        Desk(str(folder / f"{len(list(folder.iterdir()))}.db"), "01/10/2024")
    ) as desk:
        take(desk.init(), CONDITIONAL)
        desk.go("20/10/2024")
        told: dict[str, Any] = {}
        try:
            for act, voids in order:
                if voids:
                    desk.void(told[act].entry)
                else:
                    told[act] = ACTS[act](desk)
        except Refused:
            return None
        assert desk.rebuilt_equal()
        names = ("act_by", "enforce_day", "last_day", "event_on", "applies")
        rows = desk.rows("obligation").items()
        return {id: (*(row[n] for n in names), row["taken"] is None) for id, row in rows}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_order_in_which_a_history_is_learnt_does_not_move_its_last_day(data: Any) -> None:
    acts = data.draw(st.lists(st.sampled_from(sorted(ACTS)), unique=True, min_size=2, max_size=6))
    voids = [act for act in acts if data.draw(st.booleans())]
    orders = []
    for _ in range(2):
        order = [(act, False) for act in data.draw(st.permutations(acts))]
        for act in voids:
            after = data.draw(st.integers(order.index((act, False)) + 1, len(order)))
            order.insert(after, (act, True))
        orders.append(order)
    with TemporaryDirectory() as folder:
        one, other = (lived(Path(folder), order) for order in orders)
    assume(one is not None and other is not None)
    assert one == other
