"""Deadlines that a changed calendar, a void or a correction moved, in words and as data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ntm_workflow.cli.answers import cell, say
from ntm_workflow.cli.bilingual import LANG

if TYPE_CHECKING:
    from datetime import date

    from ntm_workflow.office.rescheduling import Move, Moves


def tell_moves(told: Moves) -> None:
    """Each duty with its days before and after; what stays is told apart."""
    from ntm_workflow.cli.lists import write_table

    moved = [each for each in told.moved if not each.stays]
    kept = [each for each in told.moved if each.stays]
    say("Nhiệm vụ đổi hạn: {n}", "Duties that move: {n}", n=len(moved))
    if moved:
        write_table(["id", "title", "act_by", "enforce_day", "why"], [_line(m) for m in moved])
    if kept:
        say(
            "Giữ nguyên, vì hạn mới đã qua: {n}",
            "Kept, since the new day is over already: {n}",
            n=len(kept),
        )
        write_table(["id", "title", "enforce_day", "why"], [_line(m) for m in kept])


def _line(move: Move) -> dict[str, Any]:
    from ntm_workflow.domain.days_told import tell_days

    return {
        "id": move.id,
        "title": move.title,
        "act_by": _from_to(move.old_act_by, move.new_act_by),
        "enforce_day": _from_to(move.old_enforce_day, move.new_enforce_day),
        "why": tell_days(move.why, LANG.get()),
    }


def _from_to(old: date | None, new: date | None) -> str:
    return cell(new) if old == new else f"{cell(old)} → {cell(new)}"


def as_data(told: Moves) -> list[dict[str, Any]]:
    return [asdict(move) for move in told.moved]
