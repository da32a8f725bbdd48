"""What is still in a place that ends or leaves: nothing of it moves by itself. Records nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.standing import over
from ntm_workflow.office.presence import AT_A_PLACE, ENDS
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS

#: What takes a place, or a part of it, out of where it was.
_GOES = ENDS | {"PlacePartCeded", "PlaceLeft"}


def left_behind(reading: Reading, told: Iterable[Fact]) -> list[dict[str, Any]]:
    """By place that goes: what is open in it on the day of the reading or later, as far as it is known,
    and, where the place ends, the entries that tell of it from that day on.
    """
    told = list(told)
    gone = {bare(fact.subject): fact for fact in told if fact.type in _GOES}
    moved = {bare(fact.subject) for fact in told if fact.type == "PlaceMoved"}
    found = []
    for place, fact in gone.items():
        items = {
            "obligations": _open(reading, place),
            "dossiers": _ids(_in(reading, "dossier", place)),
            "funds": _ids(_in(reading, "fund", place)),
            "places": [id for id in _ids(_below(reading, place)) if id not in moved],
            "entries": _later(reading, place) if fact.type in ENDS else [],
        }
        if any(items.values()):
            found.append({"place": reading.ref(place), **items})
    return found


def _open(reading: Reading, place: str) -> list[str]:
    return _ids(row for row in _in(reading, "obligation", place) if not over(row))


def _in(reading: Reading, kind: str, place: str) -> list[Any]:
    return reading.from_then_on(kind, VIEWS[kind].table.c.place == place)


def _below(reading: Reading, place: str) -> list[Any]:
    c = VIEWS["place"].table.c
    return reading.from_then_on("place", c.parent == place, c.ended.is_(None))


def _ids(rows: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(bare(row.id) for row in rows))


def _later(reading: Reading, place: str) -> list[int]:
    """Live entries that tell of the place on a day from which it is not there any more."""
    c = FACTS.c
    live = (c.voided_by.is_(None), c.position <= reading.known, c.because.is_(None))
    later = (c.place == place, c.effective_on >= reading.as_of, c.type.in_(sorted(AT_A_PLACE)))
    query = sa.select(c.entry).where(*live, *later).distinct().order_by(c.entry)
    return list(reading.conn.scalars(query))
