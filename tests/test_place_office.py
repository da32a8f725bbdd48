"""Places through the office: ids, clashes, mergers, what stays behind, and any sequence of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_any
from hypothesis import strategies as st
from offices import Desk, closing_store
from terminal import ntm

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.place import (
    ParentNotAbove,
    PlaceIntoItself,
    is_above,
)
from ntm_workflow.office import place
from ntm_workflow.office.place import OtherLevel, ParentNotThere, Successor, SuccessorUnknown
from ntm_workflow.office.taken import CodeTaken, PlaceExists
from ntm_workflow.office.voiding import HasDependents

# --- through the office ---------------------------------------------------------------------------


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(Desk(store_url, "21/11/2025").init()) as desk:
        yield desk.adopt("quang-nam-2024-2025", within=None)


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with closing_store(Desk(str(tmp_path_factory.mktemp("sổ") / "s.db"), "21/11/2025").init()) as d:
        for name, type, parent in (
            ("Quảng Nam", "tinh", None),
            ("Tam Kỳ", "thanh-pho", "Quảng Nam"),
            ("Phú Ninh", "huyen", "Quảng Nam"),
            ("Tam Ngọc", "xa", "Tam Kỳ"),
            ("Tam Phú", "xa", "Tam Kỳ"),
            ("Đồng Phú", "thon", "Tam Ngọc"),
        ):
            registered(d, name, type, parent)
        yield d


def registered(
    desk: Desk,
    name: str,
    type: str,
    parent: str | None,
    code: str | None = None,
    on: str | None = None,
) -> int:
    return desk.record(lambda e: place.register(e, name, type, parent, code), on).entry


def did(
    desk: Desk, act: Callable[..., Any], *words: Any, on: str = "01/07/2025", **more: Any
) -> int:
    receipt = desk.record(lambda e: act(e, *words, **more), on, document="Nghị quyết mẫu")
    return receipt.entry


def test_ids_are_made_of_name_and_parent_and_never_given_twice(small: Desk) -> None:
    registered(small, "Tam Dân", "xa", "Phú Ninh")
    registered(small, "Tam Đàn", "xa", "Phú Ninh")
    registered(small, "Tam Đan", "xa", "Phú Ninh")
    ids = [id for id in small.rows("place") if id.startswith("tam-dan")]
    assert ids == [
        "tam-dan-phu-ninh",
        "tam-dan-phu-ninh-quang-nam",
        "tam-dan-phu-ninh-quang-nam-2",
    ]


def test_a_place_registered_without_a_day_has_an_unknown_beginning(small: Desk) -> None:
    registered(small, "Mới", "xa", "Phú Ninh", on="01/01/2026")
    with small.office.reading(date(1950, 1, 1)) as reading:
        assert "tam-ngoc-tam-ky" in reading.places
        assert not any(row.name == "Mới" for row in reading.places.values())


def test_the_place_above_is_of_a_higher_level(small: Desk) -> None:
    with pytest.raises(ParentNotAbove):
        registered(small, "Tam An", "xa", "Tam Ngọc")
    with pytest.raises(ParentNotAbove):
        registered(small, "Tam An", "huyen", "Phú Ninh")
    with pytest.raises(ParentNotAbove):
        did(small, place.move, "Tam Ngọc", "Tam Phú")
    with pytest.raises(ParentNotAbove):
        did(small, place.move, "Tam Kỳ", "Tam Ngọc")
    with pytest.raises(ParentNotAbove):
        did(small, place.retype, "Tam Kỳ", "xa", None)
    assert registered(small, "Quảng Phú", "phuong", "Quảng Nam")


def test_a_correction_keeps_the_place_above_of_a_higher_level(small: Desk) -> None:
    entry = did(small, place.move, "Tam Ngọc", "Phú Ninh")
    with pytest.raises(ParentNotAbove):
        small.correct(entry, parent="Tam Phú")


def test_a_code_is_one_places_on_a_day_and_may_be_anothers_later(small: Desk) -> None:
    did(small, place.assign_code, "Tam Ngọc", "20389", on="01/01/2024")
    with pytest.raises(CodeTaken):
        did(small, place.assign_code, "Tam Phú", "20389")
    did(small, place.abolish, "Tam Ngọc")
    did(small, place.assign_code, "Tam Phú", "20389")


def test_two_places_of_a_level_in_one_place_never_share_a_name(small: Desk) -> None:
    for act in (
        lambda: registered(small, "TAM NGỌC", "xa", "Tam Kỳ"),
        lambda: did(small, place.rename, "Tam Phú", "Tam ngọc", None),
    ):
        with pytest.raises(PlaceExists):
            act()
    registered(small, "Tam Ngọc", "xa", "Phú Ninh")
    with pytest.raises(PlaceExists):
        did(small, place.move, "tam-ngoc-phu-ninh", "Tam Kỳ")


def test_a_name_or_code_that_another_gets_later_is_not_taken_by_a_back_dated_command(
    small: Desk,
) -> None:
    registered(small, "Tam Xuân", "xa", "Tam Kỳ", on="01/06/2024")
    did(small, place.assign_code, "Tam Ngọc", "20389", on="01/06/2024")
    with pytest.raises(PlaceExists):
        did(small, place.rename, "Tam Phú", "Tam Xuân", None, on="01/03/2024")
    with pytest.raises(CodeTaken) as refused:
        did(small, place.assign_code, "Tam Phú", "20389", on="01/03/2024")
    assert "01/06/2024" in refused.value.say("vi")


def test_a_name_or_code_may_be_anothers_once_it_is_left(small: Desk) -> None:
    did(small, place.rename, "Tam Phú", "Phú Mới", "2", on="01/06/2024")
    did(small, place.rename, "Tam Ngọc", "Tam Phú", "1", on="01/06/2024")
    did(small, place.assign_code, "Tam Ngọc", "2", on="01/03/2024")
    assert {row["code"] for row in small.rows("place").values()} == {None, "1", "2"}


def test_a_corrected_place_keeps_a_name_of_its_own(small: Desk) -> None:
    entry = did(small, place.rename, "Tam Phú", "Phú Mới", None, on="01/06/2024")
    with pytest.raises(PlaceExists):
        small.correct(entry, name="tam ngọc")
    assert small.rows("place")["tam-phu-tam-ky"]["name"] == "Phú Mới"


def test_places_merge_and_divide_only_into_places_of_their_level(small: Desk) -> None:
    for act in (
        lambda: did(small, place.merge, ["Tam Ngọc"], [], "Quảng Nam", Successor()),
        lambda: did(small, place.merge, ["Tam Ngọc"], [], "Đồng Phú", Successor()),
        lambda: did(small, place.merge, ["Tam Kỳ"], [], "Tam Ngọc", Successor()),
        lambda: did(small, place.merge, [], ["Tam Phú"], "Phú Ninh", Successor()),
        lambda: did(small, place.merge, ["Tam Phú"], [], "Mới", Successor(type="huyen")),
        lambda: did(small, place.split, "Tam Kỳ", ["Tam Phú"], Successor(), remains=True),
    ):
        with pytest.raises(OtherLevel):
            act()


def test_a_place_that_ended_is_above_no_other(small: Desk) -> None:
    did(small, place.abolish, "Tam Kỳ", on="01/07/2025")
    registered(small, "Tam Dân", "xa", "Phú Ninh")
    moved = did(small, place.move, "Tam Dân", "Quảng Nam", on="01/08/2025")
    with pytest.raises(ParentNotThere):
        registered(small, "Mới", "xa", "tam-ky-quang-nam")
    with pytest.raises(ParentNotThere):
        did(small, place.move, "Tam Ngọc", "tam-ky-quang-nam", on="01/08/2025")
    with pytest.raises(ParentNotThere):
        small.correct(moved, parent="tam-ky-quang-nam")
    registered(small, "Mới", "xa", "Tam Kỳ", on="01/06/2025")


def test_a_merger_ends_its_sources_in_a_new_place_of_that_day(desk: Desk) -> None:
    new = Successor(type="phuong", parent="Quảng Nam", code="20356")
    did(desk, place.merge, ["Tam Thanh", "Tam Phú"], ["Tam Ngọc"], "Quảng Phú", new)
    then = desk.rows("place", as_of=date(2025, 7, 1))
    assert then["quang-phu-quang-nam"]["sources"] == [
        "tam-thanh-tam-ky",
        "tam-phu-tam-ky",
        "tam-ngoc-tam-ky",
    ]
    assert then["tam-thanh-tam-ky"]["ended"] == date(2025, 7, 1)
    assert then["tam-ngoc-tam-ky"]["ended"] is None
    before = desk.rows("place", as_of=date(2025, 6, 30))
    assert "quang-phu-quang-nam" not in before
    assert before["tam-thanh-tam-ky"]["ended"] is None
    assert desk.rebuilt_equal()


def test_a_successor_may_take_over_the_name_of_what_ends(small: Desk) -> None:
    new = Successor(type="xa")
    did(small, place.merge, ["Tam Ngọc", "Tam Phú"], [], "Tam Ngọc", new)
    standing = [
        id
        for id, row in small.rows("place").items()
        if row["name"] == "Tam Ngọc" and not row["ended"]
    ]
    assert standing == ["tam-ngoc-tam-ky-quang-nam"]


def test_a_successor_that_is_not_there_needs_a_type(small: Desk) -> None:
    with pytest.raises(SuccessorUnknown):
        did(small, place.merge, ["Tam Ngọc"], [], "Hương Trà", Successor())
    with pytest.raises(PlaceIntoItself):
        did(small, place.merge, ["Tam Ngọc"], [], "Tam Ngọc", Successor())


def test_a_division_ends_the_place_or_only_takes_a_part(small: Desk) -> None:
    new = Successor(type="xa")
    did(small, place.split, "Tam Ngọc", ["Ngọc Đông", "Ngọc Tây"], new, remains=False)
    did(small, place.split, "Tam Phú", ["Ngọc Tây"], Successor(), remains=True)
    rows = {row["name"]: row for row in small.rows("place").values()}
    assert rows["Tam Ngọc"]["ended"] == date(2025, 7, 1)
    assert len(rows["Tam Ngọc"]["successors"]) == 2
    assert (rows["Tam Phú"]["ended"], len(rows["Tam Phú"]["successors"])) == (None, 1)


def test_a_successor_is_not_voided_while_a_merger_names_it(small: Desk) -> None:
    entry = registered(small, "Hương Trà", "phuong", "Quảng Nam", on="01/07/2025")
    merged = did(small, place.merge, ["Tam Ngọc"], [], "Hương Trà", Successor())
    with pytest.raises(HasDependents) as refused:
        small.void(entry)
    assert f"#{merged}" in refused.value.say("en")
    small.void(entry, with_dependents=True)
    assert small.rows("place")["tam-ngoc-tam-ky"]["ended"] is None


def test_a_place_may_change_on_a_day_to_come(small: Desk) -> None:
    did(small, place.rename, "Tam Ngọc", "Ngọc Mới", None, on="01/01/2027")
    names = {
        day: small.rows("place", as_of=day)["tam-ngoc-tam-ky"]["name"]
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    }
    assert list(names.values()) == ["Tam Ngọc", "Ngọc Mới"]


# --- at the keyboard ------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> str:
    where = str(tmp_path / "s.db")
    assert ntm("init", where).code == 0
    assert ntm("plan adopt quang-nam-2024-2025 --within 'Tam Kỳ'", where).code == 0
    return where


MERGER = (
    "place merge 'Tam Thanh' 'Tam Phú' --into 'Quảng Phú' --type phuong --parent 'Quảng Nam'"
    " --on 1/7/2025 --document 'Nghị quyết mẫu'"
)


def test_lists_show_the_places_of_the_day_with_the_days_their_names_hold(store: str) -> None:
    ntm(MERGER, store)

    def listed(day: str) -> dict[str, Any]:
        items = ntm(f"place list --as-of {day} --json", store).json["items"]
        return {item["name"]: item for item in items}

    assert "Quảng Phú" not in listed("30/6/2025")
    assert listed("30/6/2025")["Tam Thanh"]["valid_to"] == "2025-07-01"
    assert listed("30/6/2025")["Tam Thanh"]["valid_from"] is None
    assert "Tam Thanh" not in listed("1/7/2025")
    assert listed("1/7/2025")["Quảng Phú"]["valid_from"] == "2025-07-01"
    shown = ntm("place show tam-thanh-tam-ky --json", store).json
    assert (shown["name"], shown["valid_from"], shown["valid_to"]) == (
        "Tam Thanh",
        None,
        "2025-07-01",
    )
    assert shown["ended"] == "2025-07-01"
    assert shown["successors"] == [{"id": "quang-phu-quang-nam", "name": "phường Quảng Phú"}]


def test_old_papers_find_old_names_when_they_are_recorded(store: str) -> None:
    ntm(MERGER, store)
    line = "dossier register --place 'Tam Thanh' --standard xa-ntm --year 2025"
    assert ntm(f"{line} --on 1/3/2025", store).code == 0
    refused = ntm(line.replace("2025", "2026"), store)
    assert (refused.code, "đến 30/06/2025; nay: phường Quảng Phú" in refused.err) == (3, True)


def test_a_renaming_is_told_without_the_new_name_as_the_old(store: str) -> None:
    said = ntm("place rename 'Tam Phú' 'Phú Mới' --on 1/7/2025", store).out
    assert "địa bàn tam-phu-tam-ky từ ngày này tên là “Phú Mới”" in said


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("place merge --into 'Tam Phú' --document A", 2),
        ("place merge 'Tam Thanh' --into 'Tam Phú'", 2),
        ("place abolish 'Tam Thanh'", 2),
        ("place split 'Tam Thanh' --into A --into B --code 1 --type xa --document A", 2),
        ("place split 'Tam Thanh' --into 'Không Có' --document A", 3),
        ("place retype 'Tam Thanh' lang --document A", 2),
        ("place rename 'Tam Thanh' '  '", 2),
        ("place rename 'Tam Thanh' '!!!'", 2),
        ("place rename 'Tam Thanh' 'xã Tam Thanh'", 1),
        ("place move 'Tam Thanh' --to 'Tam Phú'", 1),
        ("place register 'TAM NGỌC' --type xa --parent 'Tam Kỳ'", 1),
        ("place code 'Tam Thanh' ''", 2),
    ],
)
def test_what_cannot_be_said_of_a_place_is_refused_and_not_recorded(
    line: str, code: int, store: str
) -> None:
    before = ntm("audit verify --json", store).json
    answer = ntm(line, store)
    assert answer.code == code, answer.err
    assert "Traceback" not in answer.err
    assert ntm("audit verify --json", store).json == before


# --- any sequence ---------------------------------------------------------------------------------

NAMES = st.sampled_from(["Tam Ngọc", "Tam Phú", "Phú Ninh", "Tam Kỳ", "Ngọc Mới", "Phú Mới"])
DAYS = st.integers(0, 40).map(lambda n: date(2025, 1, 1) + timedelta(days=n * 10))
ACTS = st.one_of(
    st.tuples(st.just("rename"), NAMES, NAMES),
    st.tuples(st.just("retype"), NAMES, st.sampled_from(["xa", "phuong", "thi-xa", "thon"])),
    st.tuples(st.just("move"), NAMES, NAMES),
    st.tuples(st.just("assign_code"), NAMES, st.sampled_from(["1", "2"])),
    st.tuples(st.just("merge"), NAMES, NAMES),
    st.tuples(st.just("split"), NAMES, NAMES),
    st.tuples(st.just("leave"), NAMES),
    st.tuples(st.just("abolish"), NAMES),
)


def tried(desk: Desk, day: date, verb: str, name: str, *word: str) -> None:
    """Do it if the rules allow; nothing else may come of it than a fact or a refusal."""
    more: dict[str, tuple[Any, ...]] = {
        "rename": (name, *word, None),
        "retype": (name, *word, None),
        "merge": ([name], [], *word, Successor()),
    }
    try:
        if verb == "split":
            did(
                desk,
                place.split,
                name,
                [*word],
                Successor(),
                remains=False,
                on=day.strftime("%d/%m/%Y"),
            )
        else:
            words = more.get(verb, (name, *word))
            did(desk, getattr(place, verb), *words, on=day.strftime("%d/%m/%Y"))
    except Refused:
        pass


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@for_any(st.lists(st.tuples(DAYS, ACTS), max_size=8))
def test_any_sequence_of_changes_rebuilds_the_same_and_never_breaks_the_map(
    tmp_path_factory: pytest.TempPathFactory, acts: list[Any]
) -> None:
    with closing_store(
        Desk(str(tmp_path_factory.mktemp("sổ") / "s.db"), "21/11/2025").init()
    ) as desk:
        for name, type, parent in (
            ("Quảng Nam", "tinh", None),
            ("Tam Kỳ", "thanh-pho", "Quảng Nam"),
            ("Phú Ninh", "huyen", "Quảng Nam"),
            ("Tam Ngọc", "xa", "Tam Kỳ"),
            ("Tam Phú", "xa", "Phú Ninh"),
        ):
            registered(desk, name, type, parent)
        ids = set(desk.rows("place"))
        for day, act in acts:
            tried(desk, day, *act)
        assert desk.rebuilt_equal()
        for n in range(0, 40, 13):
            rows = desk.rows("place", as_of=date(2025, 1, 1) + timedelta(days=n * 10))
            assert set(rows) == ids
            held = [row for row in rows.values() if row["parent"] and not row["ended"]]
            assert all(is_above(rows[row["parent"]]["type"], row["type"]) for row in held)


def test_a_plan_makes_no_second_place_of_a_name_that_a_person_registered(store_url: str) -> None:
    with closing_store(Desk(store_url, "21/11/2025").init()) as desk:
        # As adopted for another commune, so that its own is not there yet.
        desk.adopt("quang-nam-2024-2025", within="Sơn Viên")
        registered(desk, "Quế Lộc Cũ", "xa", "Nông Sơn")
        desk.record(lambda e: place.rename(e, "Quế Lộc Cũ", "Quế Lộc", None))
        with pytest.raises(PlaceExists) as refused:
            desk.adopt("quang-nam-2024-2025", within="Nông Sơn")
        assert "que-loc-cu-nong-son" in refused.value.say("vi")
        assert "que-loc-nong-son" not in desk.rows("place")
