"""What a person reads on the screen says what counts, and what to type next."""

from __future__ import annotations

from pathlib import Path

import pytest
from offices import Desk, adopted, closing_store
from terminal import ntm

from ntm_workflow.cli.day import ago
from ntm_workflow.office import obligation
from ntm_workflow.office.obligation import settle_condition

UNSETTLED = "D165@2024-10/tam-ngoc-tam-ky"
WAITING, MONEY = "D156/tam-ngoc-tam-ky", "D170/tam-ngoc-tam-ky"
ON_COME = "QN-IV10-trinh-de-an/quang-nam"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = str(tmp_path_factory.mktemp("screens") / "s.db")
    with closing_store(Desk(path, "05/01/2024").init()) as desk:
        desk.adopt("quang-nam-2024-2025", within=None)
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return adopted(str(tmp_path / "s.db"), "quang-nam-2024-2025", day="05/01/2024")


def test_a_duty_that_waits_for_an_event_says_so_and_what_to_type(store: str) -> None:
    for id, said in (
        (ON_COME, f"ntm obligation start {ON_COME} --on"),
        (MONEY, "ntm fund allocate"),
        (WAITING, "không nêu bao lâu sau sự kiện"),
    ):
        rule = id.partition("/")[0].removesuffix("-trinh-de-an")
        for line in (f"obligation show {id}", f"score show {rule} --per rule --until 31/12/2024"):
            shown = ntm(line, store).out
            assert "một sự kiện chưa ai ghi" in shown
            assert said in shown


def test_an_event_without_a_length_is_taken_and_told_to_give_no_day(store: str) -> None:
    plain = ntm(f"obligation start {WAITING} --on 10/1/2024 --dry-run", store)
    assert (plain.code, "không có hạn nào" in plain.out) == (0, True)
    dated = ntm(f"obligation start {ON_COME} --on 10/1/2024 --dry-run", store)
    assert (dated.code, "không có hạn nào" in dated.out) == (0, False)
    assert "hạn: hết ngày 10/01/2024" in dated.out


def test_after_an_event_without_a_length_the_duty_says_why_it_has_no_day(desk: Desk) -> None:
    with closing_store(desk):
        path = desk.database.where
        assert ntm(f"obligation start {WAITING} --on 10/1/2024", path).code == 0
        why = ntm(f"obligation show {WAITING}", path).out
        assert "Sự kiện đã xảy ra ngày 10/01/2024, nhưng câu chữ không nêu bao lâu" in why


def test_a_list_shows_the_day_after_a_pause_and_json_both(desk: Desk) -> None:
    with closing_store(desk):
        id, path = "obligation/D118/tam-ngoc-tam-ky", desk.database.where
        desk.go("6/11/2024")
        until = desk.clock.now().date().replace(day=15)
        desk.record(lambda e: obligation.suspend(e, id, until), "1/10/2024", document="CV mẫu")
        line = "obligation list --due-from 30/10/2024 --due-until 30/10/2024 --as-of 6/11/2024"
        (row,) = [r for r in ntm(line, path).out.splitlines() if r.startswith("D118/tam-ngoc")]
        (item,) = [
            i for i in ntm(f"{line} --json", path).json["items"] if i["id"] == id.partition("/")[2]
        ]
    assert row.split("\t")[4:6] == ["16/11/2024", "16/11/2024"]
    assert (item["enforce_day"], item["last_day"]) == ("2024-10-30", "2024-11-16")


def test_where_a_person_must_decide_the_command_is_named(store: str) -> None:
    shown = ntm(f"obligation show {UNSETTLED}", store).out
    assert f"Tiếp: ntm obligation condition {UNSETTLED} --holds | --fails" in shown
    assert "Điều kiện đã xảy ra: chưa xác định" in shown
    assert (
        "Condition holds: not settled" in ntm(f"obligation show {UNSETTLED} --lang en", store).out
    )
    assert (
        "Tiếp: ntm obligation alternative D147/tam-ky"
        in ntm("obligation show D147/tam-ky", store).out
    )
    assert "Tiếp:" not in ntm("obligation show D118/tam-ngoc-tam-ky", store).out
    year = ntm("day year 2024", store).out
    assert "\n  ntm obligation condition D1" in year


def test_a_settled_condition_is_told_with_its_verb(desk: Desk) -> None:
    with closing_store(desk):
        id = f"obligation/{UNSETTLED}"
        desk.record(lambda e: settle_condition(e, id, holds=True), "2/1/2024")
        shown = ntm(f"obligation show {UNSETTLED}", desk.database.where).out
    assert "điều kiện có xảy ra · xảy ra 02/01/2024" in shown
    assert "Điều kiện đã xảy ra: có" in shown
    assert "Tiếp:" not in shown


def test_words_that_name_no_time_leave_no_empty_quotes(store: str) -> None:
    assert "“”" not in ntm(f"obligation show {WAITING}", store).out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"condition {UNSETTLED} --fails", "Ghi điều kiện không xảy ra"),
        ("alternative D147/tam-ky", "Tính theo hạn thứ hai"),
        ("alternative D118/tam-ngoc-tam-ky", "không có hạn thứ hai"),
        ("waive D118/tam-ngoc-tam-ky", "Miễn, gia hạn, tạm dừng"),
    ],
)
def test_a_refusal_without_a_paper_names_the_act(store: str, line: str, said: str) -> None:
    answer = ntm(f"obligation {line} --on 2/1/2024", store)
    assert answer.code in (1, 2)
    assert answer.err.startswith(said) or said in answer.err.splitlines()[0]


def test_a_second_deadline_keeps_the_steps_its_words_were_read_by(desk: Desk) -> None:
    with closing_store(desk):
        id = "obligation/D147/tam-ky"
        desk.record(lambda e: obligation.take_alternative(e, id), document="BB mẫu")
        row = desk.rows("obligation")["D147/tam-ky"]
    steps = {step["rule"]: step for step in row["derivation"]}
    assert next(iter(steps)) == "alternative"
    assert steps["before_day"]["authority"] == "quang-nam-2024-2025 II.6"


def test_how_days_stand_is_told_in_words_with_the_next_command(store: str) -> None:
    said = ntm("day status", store).out
    assert all(line.partition(": ")[2] for line in said.splitlines())
    assert "ntm serve có mặt: chưa lần nào" in said
    assert "Đồng hồ bị ngờ: không" in said
    assert "Tiếp: ntm day close --until " in said
    assert [ago(seconds) for seconds in (0, 59, 130, 7300, 200_000)] == [
        "vừa xong", "59 giây trước", "2 phút trước", "2 giờ trước", "2 ngày trước",
    ]  # fmt: skip


def test_closing_a_day_that_is_not_over_names_the_command_that_can_be_run(store: str) -> None:
    refused = ntm("day close --until 31/12/2099", store)
    next_command = refused.err.splitlines()[1].partition("ntm ")[2]
    assert next_command.startswith("day close --until ")
    assert ntm(f"{next_command} --dry-run", store).code == 0


def test_a_rehearsal_counts_what_was_due_before_in_one_line() -> None:
    line = "rehearse --plan quang-nam-2024-2025 --from 1/12/2024 --until 2/12/2024"
    told = ntm(line)
    lines = [each for each in told.out.splitlines() if "có hạn trước ngày áp dụng" in each]
    assert len(lines) == 1
    assert int(lines[0].split()[0]) > 1


def test_a_rehearsal_from_a_store_that_is_not_there_says_how_to_do_without(tmp_path: Path) -> None:
    line = "rehearse --plan bao-linh-2024 --from 1/1/2024 --until 3/1/2024"
    refused = ntm(line, str(tmp_path / "none.db"))
    assert refused.code == 1
    assert "ntm init" in refused.err
    assert "bỏ --store và NTM_STORE" in refused.err
