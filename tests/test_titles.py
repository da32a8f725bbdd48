"""What a merged place goes on with: the ministry's three cases, each by a recorded paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from offices import Desk, adopted

from ntm_workflow.domain.recognition import HeldAlready, PaperNeeded
from ntm_workflow.office import place, recognitions, titles
from ntm_workflow.office.presence import PlaceOutside
from ntm_workflow.office.titles import NotAllHeld, NotMerged

QUE_LOC, SON_VIEN = "que-loc-nong-son", "son-vien-nong-son"
NEW = "noi-moi-nong-son"


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    desk = adopted(store_url, "quang-nam-2024-2025", day="02/01/2024", within="Nông Sơn")
    yield desk.go("02/01/2025")
    desk.close_store()


def holds(desk: Desk, place: str, *standards: str) -> None:
    for standard in standards:
        desk.record(
            lambda e, s=standard: recognitions.keep(e, place, s, None),  # type: ignore[misc]
            "1/6/2024",
            document="TB mẫu",
            already_done=True,
        )


def merge(desk: Desk, *names: str, into: str, type: str | None = None) -> None:
    new = place.Successor(type=type)
    desk.record(lambda e: place.merge(e, [*names], [], into, new), "1/1/2025", document="NQ mẫu")


def inherit(desk: Desk, at: str, standard: str = "xa-ntm", **said: object) -> None:
    said = {"document": "QĐ mẫu", **said}
    desk.record(lambda e: titles.inherit(e, at, standard), "2/1/2025", **said)


def listed(desk: Desk) -> dict[str, str]:
    with desk.office.reading() as reading:
        return {each["standard"]: each["test"] for each in recognitions.reviews(reading, None)}


def test_where_all_held_it_the_new_place_goes_on_with_it_by_a_paper(desk: Desk) -> None:
    holds(desk, QUE_LOC, "xa-ntm")
    holds(desk, SON_VIEN, "xa-ntm")
    merge(desk, "Sơn Viên", "Quế Lộc", into="Nơi Mới", type="xa")
    assert listed(desk) == {"xa-ntm": "merged_same"}
    with pytest.raises(PaperNeeded):
        inherit(desk, NEW, document=None)
    inherit(desk, NEW)
    row = desk.rows("recognition")[f"{NEW}/xa-ntm"]
    assert (bool(row["held"]), row["label"], row["decision"]) == (True, None, "QĐ mẫu")
    assert row["decision_on"] == date(2025, 1, 2)
    assert listed(desk) == {}
    with pytest.raises(HeldAlready):
        inherit(desk, NEW)
    assert desk.rebuilt_equal()


def test_where_some_held_nothing_the_new_place_is_reviewed(desk: Desk) -> None:
    holds(desk, QUE_LOC, "xa-ntm")
    merge(desk, "Sơn Viên", "Quế Lộc", into="Nơi Mới", type="xa")
    assert listed(desk) == {"xa-ntm": "merged_some"}
    with pytest.raises(NotAllHeld) as refused:
        inherit(desk, NEW)
    assert "đạt: xã Quế Lộc, không đạt: xã Sơn Viên" in refused.value.say("vi")


def test_one_that_goes_on_and_takes_in_another_without_it_is_reviewed_until_it_is_kept(
    desk: Desk,
) -> None:
    holds(desk, QUE_LOC, "xa-ntm")
    merge(desk, "Sơn Viên", into="Quế Lộc")
    assert listed(desk) == {"xa-ntm": "merged_some"}
    with pytest.raises(HeldAlready):
        inherit(desk, QUE_LOC)
    keep = recognitions.keep
    desk.record(lambda e: keep(e, QUE_LOC, "xa-ntm", None), "2/1/2025", document="TB mẫu sau sáp nhập")  # fmt: skip
    assert listed(desk) == {}


def test_where_they_held_different_ones_every_title_is_reviewed(desk: Desk) -> None:
    holds(desk, QUE_LOC, "xa-ntm", "xa-nang-cao")
    holds(desk, SON_VIEN, "xa-ntm")
    merge(desk, "Sơn Viên", "Quế Lộc", into="Nơi Mới", type="xa")
    assert listed(desk) == {"xa-ntm": "merged_ranks", "xa-nang-cao": "merged_ranks"}
    with pytest.raises(NotAllHeld):
        inherit(desk, NEW)
    inherit(desk, NEW, already_done=True)
    assert listed(desk) == {"xa-nang-cao": "merged_ranks"}


def test_what_goes_on_as_it_was_is_not_asked_about(desk: Desk) -> None:
    holds(desk, QUE_LOC, "xa-ntm")
    holds(desk, SON_VIEN, "xa-ntm")
    merge(desk, "Sơn Viên", into="Quế Lộc")
    assert listed(desk) == {}


def test_a_place_that_took_nothing_in_inherits_nothing(desk: Desk) -> None:
    with pytest.raises(NotMerged):
        inherit(desk, QUE_LOC)


def test_a_higher_standard_includes_the_one_it_builds_on(desk: Desk) -> None:
    holds(desk, QUE_LOC, "xa-nang-cao")
    holds(desk, SON_VIEN, "xa-ntm", "xa-nang-cao")
    merge(desk, "Sơn Viên", "Quế Lộc", into="Nơi Mới", type="xa")
    assert listed(desk) == {"xa-ntm": "merged_same", "xa-nang-cao": "merged_same"}


def test_a_withdrawal_of_before_the_merger_settles_nothing(desk: Desk) -> None:
    holds(desk, QUE_LOC, "xa-ntm")
    desk.record(
        lambda e: recognitions.withdraw(e, QUE_LOC, "xa-ntm", "mẫu"), "1/8/2024", document="QĐ mẫu"
    )
    holds(desk, SON_VIEN, "xa-ntm")
    merge(desk, "Sơn Viên", into="Quế Lộc")
    assert listed(desk) == {"xa-ntm": "merged_some"}


def test_each_merger_is_asked_of_the_day_before_it_and_a_part_is_no_merger(desk: Desk) -> None:
    holds(desk, QUE_LOC, "xa-ntm")
    merge(desk, "Sơn Viên", into="Quế Lộc")
    keep = recognitions.keep
    desk.record(lambda e: keep(e, QUE_LOC, "xa-ntm", None), "2/1/2025", document="TB mẫu")
    desk.go("02/03/2025")
    for at in ("que-lam-nong-son", "ninh-phuoc-nong-son"):
        desk.record(
            lambda e, at=at: keep(e, at, "xa-ntm", None),  # type: ignore[misc]
            "1/2/2025",
            document="TB mẫu",
            already_done=True,
        )
    new = place.Successor()
    desk.record(
        lambda e: place.merge(e, ["Quế Lâm"], ["Ninh Phước"], "Quế Lộc", new),
        "1/3/2025",
        document="NQ mẫu",
    )
    # The first was decided by a notice; in the second all that ended in it held the standard.
    assert listed(desk) == {}


def test_a_place_that_is_gone_inherits_nothing(desk: Desk) -> None:
    holds(desk, QUE_LOC, "xa-ntm")
    holds(desk, SON_VIEN, "xa-ntm")
    merge(desk, "Sơn Viên", "Quế Lộc", into="Nơi Mới", type="xa")
    desk.record(lambda e: place.leave(e, NEW), "2/1/2025")
    with pytest.raises(PlaceOutside):
        inherit(desk, NEW)


def test_what_was_inherited_in_good_faith_is_asked_again_when_one_turns_out_not_to_have_held_it(
    desk: Desk,
) -> None:
    holds(desk, QUE_LOC, "xa-ntm")
    holds(desk, SON_VIEN, "xa-ntm")
    merge(desk, "Sơn Viên", "Quế Lộc", into="Nơi Mới", type="xa")
    inherit(desk, NEW)
    assert listed(desk) == {}
    desk.record(
        lambda e: recognitions.withdraw(e, SON_VIEN, "xa-ntm", "mẫu"), "1/8/2024", document="QĐ mẫu"
    )
    assert listed(desk) == {"xa-ntm": "merged_some"}


def test_what_was_inherited_against_the_rule_is_settled(desk: Desk) -> None:
    holds(desk, QUE_LOC, "xa-ntm")
    merge(desk, "Sơn Viên", "Quế Lộc", into="Nơi Mới", type="xa")
    inherit(desk, NEW, already_done=True)
    assert listed(desk) == {}
