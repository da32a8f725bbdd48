"""Whether the journal is the one that was written: every leaf, every tile and the root again.

Knows the stored bytes only and decodes nothing. It finds what was changed in the store by someone
who did not also rewrite every hash; against that stands only a seal kept elsewhere.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.store.codec import stamp
from ntm_workflow.store.engine import fetch
from ntm_workflow.store.merkle import Frontier, leaf_hash
from ntm_workflow.store.recorder import JournalRecorder

_PAGE: Final = 8192
_BEFORE_ALL: Final = -(2**63)


class Fault(StrEnum):
    """What is wrong at the first bad position."""

    NONE = ""
    #: The row's bytes do not give its leaf: edited, or moved here from another position.
    CHANGED = "changed"
    #: A position between the first and the last is not there.
    MISSING = "missing"
    #: The rows end before the head says they do.
    CUT_OFF = "cut_off"
    #: A row stands where none was appended.
    EXTRA = "extra"
    #: Row and leaf agree with each other, not with the tree: first_bad begins the range (≤ 256).
    REWRITTEN = "rewritten"
    #: The rows are right; the head row or a tile is not.
    HEAD = "head"
    TILE = "tile"


@dataclass(frozen=True)
class Verified:
    """`size` rows were read, `root` is the tree's over them; `first_bad` is where to look first."""

    size: int
    root: bytes
    first_bad: int | None = None
    reason: Fault = Fault.NONE

    @property
    def ok(self) -> bool:
        return self.reason is Fault.NONE


def verify(recorder: JournalRecorder, conn: sa.Connection) -> Verified:
    head = recorder.head(conn)
    tree = Frontier()
    last: Sequence[Any] = (0, 0, "", 0, "", b"", None, b"")
    after = _BEFORE_ALL
    while rows := fetch(conn, recorder.sql.audit, (after, _PAGE)):
        bad = _first_bad(rows, tree.size, head.position)
        if bad is not None:
            return Verified(tree.size, tree.root(), *bad)
        tree.extend([row[7] for row in rows])
        last, after = rows[-1], rows[-1][0]
    if tree.size < head.position:
        return Verified(tree.size, tree.root(), tree.size + 1, Fault.CUT_OFF)
    recorded_at = stamp(head.recorded_at) if head.recorded_at else None
    fault = _tree_fault(tree, head.frontier, _tiles(conn))
    if fault is None and (last[1], last[6]) != (head.entry, recorded_at):
        fault = (None, Fault.HEAD)
    return Verified(tree.size, tree.root(), *(fault or (None, Fault.NONE)))


def _first_bad(rows: list[tuple[Any, ...]], before: int, head: int) -> tuple[int, Fault] | None:
    """The first row of a page that is not what was appended; all at once when nothing is wrong."""
    expected = range(before + 1, before + len(rows) + 1)
    in_place = [row[0] for row in rows] == list(expected) and expected[-1] <= head
    if in_place and _leaves(rows) == [row[7] for row in rows]:
        return None
    faults = (_fault(row, place, head) for row, place in zip(rows, expected, strict=True))
    return next((fault for fault in faults if fault), None)


def _leaves(rows: list[tuple[Any, ...]]) -> list[bytes]:
    """The leaves the rows should have; none when a column is not even of its type."""
    try:
        return [leaf_hash(p, e, v, id, t, at, state) for p, e, id, v, t, state, at, _ in rows]
    except (TypeError, AttributeError, struct.error):
        return []


def _fault(row: tuple[Any, ...], place: int, head: int) -> tuple[int, Fault] | None:
    position: int = row[0]
    if position < place or place > head:
        return position, Fault.EXTRA
    if position > place:
        return place, Fault.MISSING
    return None if _leaves([row]) == [row[7]] else (place, Fault.CHANGED)


def _tiles(conn: sa.Connection) -> dict[tuple[int, int], bytes]:
    rows = fetch(conn, "SELECT level, idx, hash FROM merkle_tiles")
    return {(level, index): digest for level, index, digest in rows}


def _tree_fault(
    tree: Frontier, stored: bytes, tiles: dict[tuple[int, int], bytes]
) -> tuple[int | None, Fault] | None:
    """Where the tree over the rows parts from the one recorded when they were appended."""
    bad_tile = _bad_tile(tree, tiles)
    if tree.dump() == stored:
        return None if bad_tile is None else (bad_tile, Fault.TILE)
    if bad_tile is not None:
        return bad_tile, Fault.REWRITTEN
    return _bad_peak(tree, stored)


def _bad_tile(tree: Frontier, tiles: dict[tuple[int, int], bytes]) -> int | None:
    computed = {(level, index): digest for level, index, digest in tree.tiles}
    if computed == tiles:
        return None
    # Lowest level first: it names the narrowest range.
    bad = [key for key in computed.keys() | tiles.keys() if computed.get(key) != tiles.get(key)]
    level, index = min(bad)
    return (index << level) + 1


def _bad_peak(tree: Frontier, stored: bytes) -> tuple[int | None, Fault]:
    """Tiles agree: the change lies after the last of them, or in the head row itself."""
    try:
        recorded = Frontier.load(tree.size, stored)
    except ValueError:
        return None, Fault.HEAD
    pairs = zip(tree.spans(), tree.peaks, recorded.peaks, strict=True)
    low, high = next(span for span, ours, theirs in pairs if ours != theirs)
    return (low + 1, Fault.REWRITTEN) if high - low < 256 else (None, Fault.HEAD)
