"""Whether the journal is the one that was written: every leaf, tile, root and seal again.

Knows the stored bytes only and decodes no event. Whoever rewrites rows, hashes, seals and key
alike leaves no trace in the store: against that stands a seal kept elsewhere, handed in here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.values import Word
from ntm_workflow.store import keys
from ntm_workflow.store.engine import fetch
from ntm_workflow.store.merkle import Frontier, leaf_hash, subtree
from ntm_workflow.store.nodes import (
    CheckedNodes,
    StoredNodes,
    Tiles,
    computed_tiles,
    readable,
    replace_tiles,
    stored_tiles,
)
from ntm_workflow.store.recorder import JournalRecorder
from ntm_workflow.store.schema import META
from ntm_workflow.store.seal import Seal, read, signed_by

_PAGE: Final = 8192
_BEFORE_ALL: Final = -(2**63)
_NO_END: Final = 2**63
#: The format of copies that have no table of seals; a store of it is migrated first.
_BEFORE_SEALS: Final = "1"


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
    #: Rows and tree agree with each other, not with what was sealed.
    SEAL = "seal"
    #: The seal counts more rows than there are.
    SEAL_AHEAD = "seal_ahead"
    #: The seal was edited, or signed by a key that is not the store's.
    SEAL_FORGED = "seal_forged"
    #: The store's own number or its being a rehearsal is not what its seals say.
    META = "meta"
    #: The seal handed in belongs to another store.
    FOREIGN = "foreign"


WORDS: Final[dict[Fault, Word]] = {
    Fault.NONE: Word("nguyên vẹn", "whole"),
    Fault.CHANGED: Word(
        "dòng này đã bị sửa, hoặc bị chuyển từ vị trí khác đến",
        "this row was edited, or moved here from elsewhere",
    ),
    Fault.MISSING: Word("dòng này không còn", "this row is gone"),
    Fault.CUT_OFF: Word(
        "các dòng từ đây đến cuối sổ không còn", "the rows from here to the end are gone"
    ),
    Fault.EXTRA: Word(
        "dòng này bị chèn thêm, không do chương trình ghi",
        "this row was put in, not recorded by the program",
    ),
    Fault.REWRITTEN: Word(
        "từ đây, trong tối đa 256 dòng, có dòng bị viết lại cùng với mã băm của nó",
        "from here on, within at most 256 rows, one was rewritten together with its hash",
    ),
    Fault.HEAD: Word(
        "các dòng đều đúng, nhưng dòng đầu sổ (bảng head) bị sửa, bị mất hoặc bị lặp",
        "the rows are right, but the head row (table head) was edited, lost or doubled",
    ),
    Fault.TILE: Word(
        "các dòng đều đúng, nhưng mã băm trung gian (bảng merkle_tiles) bị sửa, bị mất hoặc bị thêm",
        "the rows are right, but a stored hash (table merkle_tiles) was edited, lost or added",
    ),
    Fault.SEAL: Word(
        "sổ đã bị viết lại: {seal} dòng đầu không còn đúng như khi đóng dấu xác thực",
        "the journal was rewritten: its first {seal} rows are not what was sealed",
    ),
    Fault.SEAL_AHEAD: Word(
        "phần cuối sổ đã bị cắt: dấu xác thực ghi sổ có {seal} dòng",
        "the end of the journal was cut off: a seal counts {seal} rows",
    ),
    Fault.SEAL_FORGED: Word(
        "dấu xác thực ở dòng {seal} đã bị sửa, hoặc không do khóa ghi trong bảng meta ký",
        "the seal at row {seal} was edited, or is not signed by the key in table meta",
    ),
    Fault.META: Word(
        "số hiệu sổ hoặc dấu hiệu sổ diễn tập (bảng meta) không đúng như dấu xác thực ở dòng {seal}",
        "the store's number or its rehearsal mark (table meta) is not what the seal at row {seal} says",
    ),
    Fault.FOREIGN: Word(
        "dấu xác thực đưa vào không phải của sổ này", "the seal handed in is not of this store"
    ),
}


class NotWhole(Refused):
    vi = (
        "Sổ KHÔNG nguyên vẹn (vị trí: {position}): {reason}.\n"
        "Kiểm tra: ntm audit verify, rồi dùng bản sao lưu gần nhất."
    )
    en = (
        "The journal is NOT whole (position: {position}): {reason}.\n"
        "Check: ntm audit verify, then use the latest backup."
    )


class TilesNotWhole(NotWhole):
    vi = (
        "Sổ KHÔNG nguyên vẹn (vị trí: {position}): {reason}.\n"
        "Kiểm tra: ntm audit verify; các mã băm này tính lại được từ các dòng: ntm rebuild"
    )
    en = (
        "The journal is NOT whole (position: {position}): {reason}.\n"
        "Check: ntm audit verify; these hashes are computed from the rows again by: ntm rebuild"
    )


@dataclass(frozen=True)
class Verified:
    """`size` rows were read, `root` is the tree's over them; `first_bad` is where to look first.

    `seals` of the store were compared; `seal` is the size that the one at fault names.
    """

    size: int
    root: bytes
    first_bad: int | None = None
    reason: Fault = Fault.NONE
    seals: int = 0
    seal: int | None = None

    @property
    def ok(self) -> bool:
        return self.reason is Fault.NONE

    @property
    def words(self) -> Word:
        return words(self.reason, self.seal)

    def insist(self) -> None:
        """NotWhole unless it is."""
        if not self.ok:
            raise not_whole(self.first_bad, self.reason, self.seal)


def words(fault: Fault, seal: int | None = None) -> Word:
    vi, en = WORDS[fault]
    return Word(vi.format(seal=seal), en.format(seal=seal))


def not_whole(position: int | None, fault: Fault, seal: int | None = None) -> NotWhole:
    refusal = TilesNotWhole if fault is Fault.TILE else NotWhole
    return refusal(position=position, reason=words(fault, seal))


class _Head(NamedTuple):
    position: int
    entry: int
    recorded_at: str | None
    frontier: bytes


def verify(recorder: JournalRecorder, conn: sa.Connection, outside: Seal | None = None) -> Verified:
    tree, fault = _tree(recorder, conn)
    if fault:
        return Verified(tree.size, tree.root(), *fault)
    return _sealed(recorder, conn, tree).verified(outside)


def mended(recorder: JournalRecorder, conn: sa.Connection) -> Verified:
    """The same; where rows, head and seals agree and tiles alone do not, these are computed again."""
    tree, fault = _tree(recorder, conn)
    if fault and fault[1] is not Fault.TILE:
        return Verified(tree.size, tree.root(), *fault)
    found = _sealed(recorder, conn, tree).verified(None)
    if fault and found.ok:
        replace_tiles(recorder.sql, conn, tree)
    return found


def _sealed(recorder: JournalRecorder, conn: sa.Connection, tree: Frontier) -> _Sealed:
    return _Sealed(conn, tree, CheckedNodes(recorder.sql, conn, computed_tiles(tree)))


def _tree(
    recorder: JournalRecorder, conn: sa.Connection
) -> tuple[Frontier, tuple[int | None, Fault] | None]:
    """The tree over the rows, and the first place where rows, head or tiles are at fault."""
    head, tree = _head(conn), Frontier()
    last: Sequence[Any] = (0, 0, "", 0, "", b"", None, b"")
    for rows in _pages(recorder, conn):
        bad = _first_bad(rows, tree.size, head.position if head else _NO_END)
        if bad is not None:
            return tree, bad
        tree.extend([row[7] for row in rows])
        last = rows[-1]
    if head is None:
        return tree, (None, Fault.HEAD)
    if tree.size < head.position:
        return tree, (tree.size + 1, Fault.CUT_OFF)
    fault = _tree_fault(tree, head.frontier, stored_tiles(conn))
    if fault is None and (last[1], last[6]) != (head.entry, head.recorded_at):
        fault = (None, Fault.HEAD)
    return tree, fault


def _head(conn: sa.Connection) -> _Head | None:
    """The head row as stored; None when there is not exactly one, with what belongs in it."""
    rows = readable(conn, "SELECT id, position, entry, recorded_at, frontier FROM head")
    if rows is None or len(rows) != 1 or rows[0][0] != 1:
        return None
    head = _Head(*rows[0][1:])
    kinds = (int, int, str | None, bytes)
    typed = all(isinstance(value, kind) for value, kind in zip(head, kinds, strict=True))
    return head if typed and head.position >= 0 else None


def _pages(recorder: JournalRecorder, conn: sa.Connection) -> Iterator[list[tuple[Any, ...]]]:
    """The rows by position. Of a row that holds unreadable text there is only the position."""
    after, count = _BEFORE_ALL, _PAGE
    while True:
        rows = readable(conn, recorder.sql.audit, (after, count))
        if rows is None and count > 1:
            count = 1
            continue
        if rows is None:
            rows = [(*fetch(conn, recorder.sql.next_position, (after,))[0], *[None] * 7)]
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _first_bad(rows: list[tuple[Any, ...]], before: int, head: int) -> tuple[int, Fault] | None:
    """The first row of a page that is not what was appended; all at once when nothing is wrong."""
    expected = range(before + 1, before + len(rows) + 1)
    in_place = [row[0] for row in rows] == list(expected) and expected[-1] <= head
    if in_place and leaves(rows) == [row[7] for row in rows]:
        return None
    faults = (_fault(row, place, head) for row, place in zip(rows, expected, strict=True))
    return next((fault for fault in faults if fault), None)


def leaves(rows: list[tuple[Any, ...]]) -> list[bytes]:
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
    return None if leaves([row]) == [row[7]] else (place, Fault.CHANGED)


def _tree_fault(tree: Frontier, stored: bytes, tiles: Tiles) -> tuple[int | None, Fault] | None:
    """Where the tree over the rows parts from the one recorded when they were appended."""
    computed = computed_tiles(tree)
    bad_tile = _bad_tile(computed, tiles)
    if tree.dump() == stored:
        if tiles == computed:
            return None
        return bad_tile, Fault.TILE
    if bad_tile is not None:
        return bad_tile, Fault.REWRITTEN
    return _bad_peak(tree, stored)


def _bad_tile(computed: Tiles, tiles: Tiles) -> int | None:
    """Where the first tile that is wrong or lost begins; None when none is."""
    bad = [key for key in computed if computed[key] != tiles.get(key)]
    if not bad:
        return None
    # Lowest level first: it names the narrowest range.
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


class _Sealed:
    """The seals of a store against the tree over its rows, which is right in itself."""

    def __init__(self, conn: sa.Connection, tree: Frontier, nodes: StoredNodes) -> None:
        self.conn = conn
        self.tree = tree
        self.nodes = nodes
        self.keys = keys.public(conn)
        rows = conn.execute(sa.select(META.c.key, META.c.value))
        self.meta: dict[str, str] = {row.key: row.value for row in rows}

    def verified(self, outside: Seal | None) -> Verified:
        unsealed = self.meta.get("format") == _BEFORE_SEALS
        sql = "SELECT size, note FROM seals ORDER BY size"
        kept = [] if unsealed else readable(self.conn, sql)
        if kept is None:
            return self._found(None, Fault.SEAL_FORGED, None)
        good = 0
        for size, note in kept:
            seal = read(note)
            if seal is None or seal.size != size:
                return self._found(None, Fault.SEAL_FORGED, size)
            if fault := self._fault(seal):
                return self._found(self._where(fault, good), fault, size)
            good = size
        if outside is None:
            return Verified(self.tree.size, self.tree.root(), seals=len(kept))
        return self._against(outside, len(kept))

    def _against(self, outside: Seal, seals: int) -> Verified:
        """A seal kept elsewhere is believed before those in the store: nothing before it is good."""
        foreign = outside.store_id != self.meta.get("store_id")
        fault = Fault.FOREIGN if foreign else self._fault(outside) or Fault.NONE
        where = self._where(fault, 0)
        size = None if fault is Fault.NONE else outside.size
        return Verified(self.tree.size, self.tree.root(), where, fault, seals, size)

    def _fault(self, seal: Seal) -> Fault | None:
        if not any(signed_by(seal, key) for key in self.keys):
            return Fault.SEAL_FORGED
        said = (seal.store_id, "yes" if seal.rehearsal else "no")
        if said != (self.meta.get("store_id"), self.meta.get("rehearsal")):
            return Fault.META
        if seal.size > self.tree.size:
            return Fault.SEAL_AHEAD
        return None if subtree(self.nodes, 0, seal.size) == seal.root else Fault.SEAL

    def _where(self, fault: Fault, good: int) -> int | None:
        return {Fault.SEAL: good + 1, Fault.SEAL_AHEAD: self.tree.size + 1}.get(fault)

    def _found(self, first_bad: int | None, fault: Fault, seal: int | None) -> Verified:
        return Verified(self.tree.size, self.tree.root(), first_bad, fault, seal=seal)
