"""Vouching for a clock: it covers the clock that was read, and nothing is recorded before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from offices import closing_store
from services import Kept, looked_after
from terminal import ntm

from ntm_workflow.domain.clock import ClockHeld
from ntm_workflow.office import clock

DAY = 86400
MINUTE = timedelta(minutes=1)


@pytest.fixture
def kept(store_url: str) -> Iterator[Kept]:
    """A store that is no rehearsal, looked at on a Friday."""
    with closing_store(looked_after(store_url)) as desk:
        kept = Kept(desk)
        kept.tick()
        yield kept


@pytest.fixture
def typed(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """The same, whose commands are typed on that machine."""
    monkeypatch.setattr("ntm_workflow.cli.session.SystemClock.now", lambda self: kept.times.wall)
    monkeypatch.setattr("ntm_workflow.clocks.Clocks.read", lambda self, database: kept.times)
    return kept


def test_what_one_machine_vouches_for_is_not_the_clock_of_another(kept: Kept) -> None:
    other = Kept(kept.desk, uptime=500.0, boot_id="máy-2")
    other.tick()
    kept.step(DAY).tick()
    kept.step(-DAY)
    vouched = other.confirm()
    assert (vouched.receipt, vouched.elsewhere is not None) == (None, True)
    assert clock.doubt(kept.office)
    kept.step(DAY).after(timedelta(minutes=5)).tick()
    assert clock.doubt(kept.office)
    kept.confirm()
    assert clock.doubt(kept.office) is None


def test_a_run_that_is_over_is_vouched_for_by_saying_so_and_one_that_goes_on_is_seen_again(
    kept: Kept,
) -> None:
    anew = Kept(kept.desk, uptime=20.0, boot_id="máy-1 lần sau")
    kept.step(DAY).tick()
    kept.step(-DAY)
    anew.tick()
    assert anew.confirm().elsewhere
    assert anew.confirm(everywhere=True).elsewhere is None
    assert clock.doubt(kept.office) is None
    assert kept.after(MINUTE).step(DAY).tick() == ["clock"]
    assert clock.doubt(kept.office)


def test_a_server_a_day_away_is_not_believed_at_the_first_look_whoever_else_vouches(
    kept: Kept,
) -> None:
    far = Kept(kept.desk, boot_id="máy-3", server=kept.times.wall - timedelta(days=1))
    assert far.tick() == ["clock"]
    kept.confirm(everywhere=True)
    assert far.tick() == ["clock"]


def test_a_clock_set_right_and_vouched_for_is_believed_from_there(kept: Kept) -> None:
    kept.step(DAY).after(MINUTE).tick()
    kept.step(-DAY).after(MINUTE).confirm()
    for _ in range(3):
        assert kept.after(MINUTE).tick() == []
    assert clock.doubt(kept.office) is None
    assert kept.step(61).tick() == ["clock"]


def test_a_confirmation_taken_back_leaves_the_clock_in_doubt_again(kept: Kept) -> None:
    kept.step(7200).tick()
    receipt = kept.confirm().receipt
    assert receipt
    kept.desk.void(receipt.entry)
    assert clock.doubt(kept.office)
    assert kept.desk.rebuilt_equal()


def test_nothing_is_recorded_while_the_clock_is_in_doubt_and_all_is_read(kept: Kept) -> None:
    kept.step(40 * DAY).tick()
    with pytest.raises(ClockHeld, match=r".") as refused:
        kept.desk.allocate("cầu", 1_000, on="3/1/2024")
    assert "ntm clock confirm" in refused.value.say("vi")
    assert kept.desk.rows("plan")
    kept.step(-40 * DAY).confirm()
    made = kept.desk.allocate("cầu", 1_000, on="3/1/2024")
    assert made.facts[0].recorded_at == kept.times.wall


def test_the_question_before_each_entry_is_answered_by_an_index(kept: Kept) -> None:
    from ntm_workflow.projections.clock import VIEW

    if not kept.desk.database.sqlite:
        return
    with kept.office.database.read() as conn:
        query = f"EXPLAIN QUERY PLAN SELECT * FROM clock WHERE {VIEW.is_now} AND held IS NOT NULL"
        plan = " ".join(str(row) for row in conn.exec_driver_sql(query))
    assert "ix_clock_held" in plan


def test_a_command_that_closes_or_sends_looks_at_the_clock_itself(
    typed: Kept, store_url: str, tmp_path: Path
) -> None:
    typed.step(30 * DAY)
    for line in (f"letter send --outbox {tmp_path}/thư", "day close --until 20/1/2024"):
        refused = ntm(line, store_url)
        assert (refused.code, str(30 * DAY) in refused.err) == (1, True), refused.err
    assert len(typed.facts("ClockStepSeen")) == 1
    assert typed.closed()[-1] == "2024-01-04"
    assert ntm("clock confirm", store_url).code == 0
    assert ntm("day close --until 20/1/2024", store_url).code == 0


def test_days_that_went_by_while_the_machine_was_off_are_closed_by_a_command(
    typed: Kept, store_url: str
) -> None:
    typed.after(timedelta(days=40))
    typed.uptime, typed.boot_id = 20.0, "máy-1 lần sau"
    assert ntm("day close --until 13/2/2024", store_url).code == 0
    assert typed.closed()[-1] == "2024-02-13"


def test_vouching_for_a_clock_nobody_doubts_records_nothing_and_says_so(
    typed: Kept, store_url: str
) -> None:
    before = len(typed.facts("ClockConfirmed"))
    said = ntm("clock confirm", store_url)
    assert (said.code, "không có gì bị ngờ" in said.out) == (0, True)
    assert ntm("clock confirm --json", store_url).json["entries"] == []
    assert len(typed.facts("ClockConfirmed")) == before


def test_whoever_vouches_on_another_machine_is_told_what_is_left(
    typed: Kept, store_url: str
) -> None:
    typed.step(7200).tick()
    typed.step(-7200)
    typed.boot_id = "máy-2"
    said = ntm("clock confirm", store_url)
    assert "ntm clock confirm --all" in said.err
    assert ntm("clock confirm --all", store_url).err == ""
    assert clock.doubt(typed.office) is None
