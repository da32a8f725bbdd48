"""What is open in places that ended or left, and what a decision would do to each thing, listed. Records nothing."""

from __future__ import annotations

from typing import Any, Final

from ntm_workflow.domain.base import Event
from ntm_workflow.domain.values import Word
from ntm_workflow.office.open_work import Work, typed_id
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.rehoming import Decision, moves, successors
from ntm_workflow.office.transfer import Move
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.slices import IDS

KIND_WORDS: Final = {
    "obligations": Word("nhiệm vụ", "obligation"),
    "dossiers": Word("hồ sơ", "dossier"),
    "funds": Word("mục vốn", "fund item"),
    "places": Word("địa bàn cấp dưới", "place below"),
}
ACT_WORDS: Final = {
    "move": Word("chuyển đi", "goes along"),
    "join": Word("nhập vào việc cùng loại", "joins its like"),
    "close": Word("khép lại", "is closed"),
    "register": Word("lập mới", "is made anew"),
    "waive": Word("không phải làm nữa", "falls away"),
    "open": Word("còn mở", "is open"),
}


def proposed(reading: Reading, place: str, decision: Decision) -> list[dict[str, Any]]:
    """What the decision would do to each thing that is open, for a person to look at first."""
    return _shown(reading, moves(reading, place, decision))


def open_in(reading: Reading, place: str) -> list[dict[str, Any]]:
    """What is open, where nobody knows yet what becomes of it."""
    work = Work(reading, place)
    groups = {
        "dossiers": (*work.dossiers, *work.held),
        "obligations": work.obligations,
        "funds": work.funds,
        "places": work.places,
    }
    each = ((kind, row.id) for kind, rows in groups.items() for row in rows)
    return _shown(reading, [Move(kind, id, "open", Event) for kind, id in each])


def left(reading: Reading) -> list[dict[str, Any]]:
    """The places that ended or left, with how much is still open in each."""
    found = []
    for place, row in reading.places.items():
        if row.ended or row.left_on:
            work = Work(reading, place)
            counts = {
                "obligations": len(work.obligations),
                "dossiers": len(work.dossiers) + len(work.held),
                "funds": len(work.funds) if row.ended else 0,
                "places": len(work.places) if row.ended else 0,
            }
            if any(counts.values()):
                about = {"ended": row.ended, "left_on": row.left_on}
                heirs = [reading.ref(id) for id in successors(reading, place)]
                found.append({"place": reading.ref(place), **about, "successors": heirs, **counts})
    return found


def _shown(reading: Reading, found: list[Move]) -> list[dict[str, Any]]:
    duties = _duties(reading, [move.subject for move in found if move.kind == "obligations"])
    return [_one(reading, move, duties.get(move.subject)) for move in found]


def _duties(reading: Reading, ids: list[str]) -> dict[str, Any]:
    c = VIEWS["obligation"].table.c
    rows: dict[str, Any] = {}
    for start in range(0, len(ids), IDS):
        some = c.id.in_(ids[start : start + IDS])
        rows |= {
            r.id: r for r in reading.rows("obligation", some, only=("id", "title", "enforce_day"))
        }
    return rows


def _one(reading: Reading, move: Move, duty: Any) -> dict[str, Any]:
    said = move.said
    return {
        "kind": move.kind,
        "id": typed_id(move.subject),
        "title": duty.title if duty else reading.names.get(move.subject, ""),
        "enforce_day": duty.enforce_day if duty else None,
        "move": move.act,
        "into": typed_id(str(said["into"])) if said.get("into") else None,
        "owed_by": reading.ref(said.get("owed_by") or said.get("owner")),
        "owed_to": reading.ref(said.get("owed_to")),
    }
