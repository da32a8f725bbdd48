"""Given duties and what became of them, when their days are closed, then what is found of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace
from obligations import ASSIGNED, extended, met, resumed, suspended, waived
from offices import Desk, closing_store
from sample_pack import SOUND

from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.obligation import Consequence, ObligationMissed, ObligationNoted
from ntm_workflow.office import adoption, closing, letters
from ntm_workflow.office.entry import Request
from ntm_workflow.plans.pack import read
from ntm_workflow.projections.sentences import sentence

DUTY = replace(ASSIGNED, plan="ke-hoach-mau", owed_by="phong-mau", owed_to="phong-mau")
CRITICISM = Consequence("criticism", "II.3.a", "phê bình")


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    """A store that took on a small plan at the beginning of its year."""
    with closing_store(Desk(store_url, "05/01/2024").init()) as desk:
        yield planned(desk)


def planned(desk: Desk) -> Desk:
    pack = read(SOUND.encode(), "mau.toml")
    desk.record(lambda entry: adoption.adopt(entry, pack))
    return desk


def tell(desk: Desk, id: str, event: Event) -> int:
    """Record an event of a duty; its entry."""
    said = {**asdict(event), "by": "test"}
    return desk.record(lambda e: e.record(f"obligation/{id}", type(event), **said), key=None).entry


def assign(desk: Desk, id: str, day: str = "30/10/2024", **said: Any) -> None:
    days = dict.fromkeys(("strict_day", "nominal_day", "act_by", "enforce_day"), read_date(day))
    tell(desk, id, replace(DUTY, **{"rule": id, **days, **said}))


def misses(facts: Any) -> dict[str, ObligationMissed]:
    found = (fact for fact in facts if isinstance(fact.event, ObligationMissed))
    return {fact.subject.partition("/")[2]: fact.event for fact in found}


def closed(desk: Desk, until: str) -> dict[str, ObligationMissed]:
    """The misses that closing the days up to one finds, on the day after it."""
    return misses(desk.go(next_day(until)).close(until).facts)


def next_day(day: str) -> str:
    return f"{read_date(day) + timedelta(days=1):%d/%m/%Y}"


def day_closed(desk: Desk, day: date) -> Any:
    return desk.rows("closing", as_of=date(2030, 1, 1))[day.isoformat()]


# --- what a miss tells


def test_a_miss_names_what_its_clause_attaches(desk: Desk) -> None:
    assign(desk, "A", consequences=(CRITICISM,))
    done = desk.go("31/10/2024").close("30/10/2024")
    assert misses(done.facts)["A"].consequences == (CRITICISM,)
    assert done.consequences == {"criticism": 1}
    (fact,) = [f for f in done.facts if f.subject == "obligation/A"]
    told = sentence(replace(fact, recorded_at=desk.clock.now()), "vi", {})
    assert "điều khoản nêu: phê bình, kiểm điểm (II.3.a)" in told


@pytest.mark.parametrize(
    ("handed_over", "told"),
    [("20/10/2024", "hoàn thành ngày 20/10/2024"), (None, "chưa hoàn thành")],
)
def test_a_miss_tells_whether_the_duty_before_it_was_done(
    desk: Desk, handed_over: str | None, told: str
) -> None:
    assign(desk, "xã")
    assign(desk, "huyện", "15/11/2024", follows="obligation/xã")
    if handed_over:
        tell(desk.go("21/10/2024"), "xã", met(handed_over))
    found = desk.go("16/11/2024").close("15/11/2024").facts
    missed = misses(found)["huyện"]
    assert missed.follows == "obligation/xã"
    assert missed.handed_over_on == (read_date(handed_over) if handed_over else None)
    fact = next(f for f in found if f.subject == "obligation/huyện")
    assert f"việc trước đó obligation/xã, {told}" in sentence(fact, "vi", {})


# --- before the plan was here


def test_what_lay_before_the_plan_was_here_is_found_as_history(store_url: str) -> None:
    with closing_store(Desk(store_url, "05/11/2024").init()) as desk:
        assign(planned(desk), "cũ", "01/11/2024")
        assign(desk, "mới", "05/11/2024")
        done = desk.go("06/11/2024").close("05/11/2024")
        found = misses(done.facts)
        assert (found["cũ"].history, found["mới"].history) == (True, False)
        assert done.history == sum(miss.history for miss in found.values())
        rows = desk.rows("obligation")
        assert (rows["cũ"]["missed_in_history"], rows["mới"]["missed_in_history"]) == (1, 0)
        assert day_closed(desk, date(2024, 11, 4))["history"] == 1
        assert day_closed(desk, date(2024, 11, 5))["history"] == 0
        assert desk.rebuilt_equal()


def test_more_of_a_plan_taken_on_later_is_history_up_to_then(store_url: str) -> None:
    with closing_store(Desk(store_url, "05/02/2024").init()) as desk:
        desk.adopt("quang-nam-2024-2025", within="Tam Kỳ")
        desk.go("15/11/2024").close("14/11/2024")
        desk.adopt("quang-nam-2024-2025", within=None)
        found = misses(desk.go("16/11/2024").close("15/11/2024").facts)
        assert len(found) > 1
        taken_on = date(2024, 11, 15)
        assert all(miss.history == (miss.enforce_day < taken_on) for miss in found.values())


def test_a_letters_duty_is_judged_where_there_is_no_plan(store_url: str) -> None:
    with closing_store(Desk(store_url, "05/11/2024").init()) as desk:
        assign(desk, "công văn", "05/11/2024", plan=None)
        done = desk.go("07/11/2024").close("06/11/2024")
        assert list(misses(done.facts)) == ["công văn"]
        assert done.days[-1] == date(2024, 11, 6)


def test_no_letter_asks_about_what_lay_before_the_plan_was_here(store_url: str) -> None:
    with closing_store(Desk(store_url, "05/11/2024").init()) as desk:
        assign(planned(desk), "cũ", "01/11/2024")
        assign(desk, "mới", "05/11/2024")
        desk.go("06/11/2024").close("05/11/2024")
        with desk.office.reading() as reading:
            lines = [line for letter in letters.planned(reading) for line in letter.lines]
        assert {e.subject for e in lines if e.part in ("asked", "missed")} <= {"obligation/mới"}
        assert "obligation/cũ" not in {line.subject for line in lines}


# --- for a person to decide


def test_a_mark_past_its_day_with_a_consequence_is_for_a_person_to_decide(desk: Desk) -> None:
    aim: dict[str, Any] = {"strength": "strive", "consequences": (CRITICISM,)}
    assign(desk, "mốc", **aim)
    assign(desk, "đạt", **aim)
    assign(desk, "không hệ quả", strength="strive")
    tell(desk.go("20/10/2024"), "đạt", met("20/10/2024"))
    assert desk.go("30/10/2024").close("29/10/2024").to_decide == 0
    done = desk.go("01/11/2024").close("31/10/2024")
    assert done.to_decide == 1
    assert not {"mốc", "đạt"} & set(misses(done.facts))
    rows = desk.rows("obligation")
    assert {id for id, row in rows.items() if row["decide_after"]} == {"mốc"}


# --- in parts, and twice


def test_a_closing_cut_off_in_mid_day_is_finished_by_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ntm_workflow.office.judging.BATCH", 2)
    monkeypatch.setattr(closing, "FACTS", 2)
    monkeypatch.setattr(closing, "PAUSE", 0)
    for n in range(5):
        assign(desk, f"N{n}")
    desk.go("30/10/2024").close("29/10/2024")
    heard: list[int] = []

    def killed(day: date, found: int) -> None:
        if found > 2:
            raise KeyboardInterrupt
        heard.append(found)

    desk.go("31/10/2024")
    with pytest.raises(KeyboardInterrupt):
        closing.close(desk.office, date(2024, 10, 30), Request(by="test"), killed)
    assert heard == [2]
    assert "2024-10-30" not in desk.rows("closing", as_of=date(2030, 1, 1))
    done = desk.close("30/10/2024")
    assert (len(done.facts), done.days) == (4, (date(2024, 10, 30),))
    assert day_closed(desk, date(2024, 10, 30))["found"] == 6
    assert desk.close("30/10/2024").facts == ()
    assert desk.rebuilt_equal()


def test_a_dry_run_closes_nothing(desk: Desk) -> None:
    assign(desk, "A")
    desk.go("31/10/2024")
    done = closing.close(desk.office, date(2024, 10, 30), Request(by="test", dry_run=True))
    assert "A" in misses(done.facts)
    assert desk.rows("closing", as_of=date(2030, 1, 1)) == {}
    assert desk.rows("obligation")["A"]["missed_on"] is None


def test_what_arrives_after_a_day_was_closed_is_judged_by_the_next_closing(desk: Desk) -> None:
    closed(desk, "31/10/2024")
    assign(desk, "muộn", "15/10/2024")
    found = closed(desk, "01/11/2024")
    assert found["muộn"].enforce_day == date(2024, 10, 15)


# --- what there is to close


def test_without_a_plan_nothing_waits(store_url: str) -> None:
    with closing_store(Desk(store_url).init()) as desk, desk.office.reading() as reading:
        assert closing.waiting(reading, desk.office.today) == closing.Waiting()


def test_what_waits_is_told_with_the_next_day_that_judges_and_the_next_moment(desk: Desk) -> None:
    assign(desk, "A", "15/03/2024")
    desk.go("01/02/2024").close("31/01/2024")
    assert waiting(desk) == ("2024-02-01", 0, False, "2024-03-15", "2024-02-02T00:00:00+07:00")
    desk.go("17/03/2024")
    assert waiting(desk) == ("2024-02-01", 45, True, "2024-03-15", "2024-03-17T00:00:00+07:00")
    desk.close("16/03/2024")
    assert waiting(desk) == ("2024-03-17", 0, False, "2024-10-30", "2024-03-18T00:00:00+07:00")


def waiting(desk: Desk) -> tuple[Any, ...]:
    with desk.office.reading() as reading:
        w = closing.waiting(reading, desk.office.today)
    day, judged = (each and each.isoformat() for each in (w.day, w.judged_next))
    return day, w.days, w.due, judged, w.wake and w.wake.isoformat()


# --- told from the row, it is what the whole history says

DAYS = st.dates(date(2024, 9, 1), date(2024, 12, 20)).map(lambda d: f"{d:%d/%m/%Y}")
IDS = st.sampled_from(["A", "B", "C", "D"])
VERBS = st.one_of(
    st.tuples(st.just(met), IDS, DAYS),
    st.tuples(st.just(waived), IDS, DAYS),
    st.tuples(st.just(extended), IDS, DAYS, DAYS),
    st.tuples(st.just(suspended), IDS, DAYS, DAYS),
    st.tuples(st.just(suspended), IDS, DAYS),
    st.tuples(st.just(resumed), IDS, DAYS),
    st.tuples(st.just("note"), IDS, DAYS),
    st.tuples(st.just("void"), st.floats(0, 1, exclude_max=True)),
    st.tuples(st.just("close"), DAYS),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=st.lists(VERBS, min_size=3, max_size=18))
def test_rows_of_misses_are_what_the_whole_history_says(
    tmp_path_factory: pytest.TempPathFactory, history: list[Any]
) -> None:
    store = str(tmp_path_factory.mktemp("sổ") / "s.db")
    with closing_store(Desk(store, "25/12/2024").init()) as desk:
        every_miss_is_found(planned(desk), history)


def test_rows_of_misses_are_what_the_whole_history_says_on_both(desk: Desk) -> None:
    history: list[Any] = [
        (extended, "A", "15/11/2024", "20/10/2024"),
        ("close", "01/11/2024"),
        (met, "B", "05/11/2024"),
        (suspended, "C", "25/10/2024", "10/11/2024"),
        ("note", "D", "20/12/2024"),
        ("void", 0.0),
    ]
    every_miss_is_found(desk.go("25/12/2024"), history)


def every_miss_is_found(desk: Desk, history: list[Any]) -> None:
    for id in "ABCD":
        assign(desk, id, consequences=(CRITICISM,) if id == "A" else ())
    entries: list[int] = []
    for verb in history:
        perform(desk, verb, entries)
    desk.close("24/12/2024")
    rows = desk.rows("obligation")
    assert not [id for id, row in rows.items() if row["judge_on"] and row["judge_on"] < CLOSED]
    assert desk.rebuilt_equal()
    with desk.database.read() as conn:
        found = [f for f in desk.office.journal.facts(conn) if f.type == "ObligationMissed"]
    assert len({(f.subject, f.event.enforce_day) for f in found}) == len(found)  # type: ignore[attr-defined]


CLOSED = date(2024, 12, 25)


def perform(desk: Desk, verb: tuple[Any, ...], entries: list[int]) -> None:
    """Do it, if the rules let it be done."""
    name, *said = verb
    try:
        match name:
            case "close":
                desk.close(said[0])
            case "void" if entries:
                desk.void(entries.pop(int(said[0] * len(entries))))
            case "void":
                pass
            case "note":
                noted = ObligationNoted(effective_on=read_date(said[1]), by="test", cause="mưa lũ")
                entries.append(tell(desk, said[0], noted))
            case _:
                entries.append(tell(desk, said[0], name(*said[1:])))
    except Refused:
        pass
