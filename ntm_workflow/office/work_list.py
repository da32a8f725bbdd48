"""What is open in places that ended or left, and what a decision would do to each thing, listed. Records nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ntm_workflow.domain.base import Event
from ntm_workflow.domain.dossier import OVER
from ntm_workflow.domain.values import Word
from ntm_workflow.office.open_work import Work, named_in, open_duties, typed_id
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
    gone = {id: row for id, row in reading.places.items() if row.ended or row.left_on}
    counts: dict[str, Counter[str]] = {id: Counter() for id in gone}
    for kind, places in _open_at(reading, gone) if gone else ():
        for place in places & gone.keys():
            counts[place][kind] += 1
    return [_left(reading, id, counts[id]) for id in gone if counts[id]]


def _open_at(reading: Reading, gone: Mapping[str, Any]) -> Iterator[tuple[str, set[Any]]]:
    """Every open thing, by kind, with the places it is open in; money stays with one that only left."""
    d, f, p = (VIEWS[kind].table.c for kind in ("dossier", "fund", "place"))
    at = {id: row.place for id, row in reading.units.items() if row.place in gone}
    ended = {id for id, row in gone.items() if row.ended}
    for row in open_duties(reading):
        units = (at[unit] for unit in named_in(row) & at.keys())
        yield "obligations", {place for place in (row.place, *units) if place}
    for row in reading.rows("dossier", d.stage.not_in(OVER), only=("place", "holder")):
        yield "dossiers", {row.place, at.get(row.holder)}
    for row in reading.rows("fund", f.settled.is_(None), only=("place", "owner")):
        yield "funds", {row.place, at.get(row.owner)} & ended
    for row in reading.rows("place", p.ended.is_(None), p.parent.is_not(None), only=("parent",)):
        yield "places", {row.parent} & ended


def _left(reading: Reading, place: str, counts: Counter[str]) -> dict[str, Any]:
    row = reading.places[place]
    return {
        "place": reading.ref(place),
        "ended": row.ended,
        "left_on": row.left_on,
        "successors": [reading.ref(id) for id in successors(reading, place)],
        "obligations": counts["obligations"],
        "dossiers": counts["dossiers"],
        "funds": counts["funds"],
        "places_below": counts["places"],
    }


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
