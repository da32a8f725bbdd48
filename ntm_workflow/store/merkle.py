"""The Merkle tree of RFC 9162 over the journal; knows hashes and nothing of databases or events.

A leaf per fact. The frontier in the head row is what an append touches; the roots of every 256
(256², 256³) leaves are kept as tiles, so that a proof reads a few rows of a journal of millions.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from struct import Struct
from typing import Final, Protocol

TILE_LEVEL: Final = 8
TILE_WIDTH: Final = 1 << TILE_LEVEL
HASH_SIZE: Final = 32

Tile = tuple[int, int, bytes]

_pack = Struct(">xQQQIII").pack


class MissingNodes(LookupError):
    """The store does not hold the leaves or tiles a proof needs."""


class Nodes(Protocol):
    """Where the hashes of a stored tree are read from; `low` and `high` count from 0."""

    def leaves(self, low: int, high: int) -> Sequence[bytes]:
        """The leaves low..high-1."""

    def tiles(self, level: int, low: int, high: int) -> Sequence[bytes]:
        """The roots of the subtrees low..high-1 of 2**level leaves each; level 8, 16 or 24."""


def leaf_hash(
    position: int, entry: int, version: int, id: str, topic: str, recorded_at: str, state: bytes
) -> bytes:
    """SHA-256 over this layout, numbers unsigned and big-endian, text UTF-8, nothing between:

    =====  =========================  ===================================
    bytes  what                       offset
    =====  =========================  ===================================
    1      0x00, the leaf mark        0
    8      position                   1
    8      entry                      9
    8      version in the stream      17
    4      length of id, in bytes     25
    4      length of topic            29
    4      length of recorded_at      33
    ...    id                         37
    ...    topic                      37 + length of id
    ...    recorded_at                after topic
    ...    state, as stored           after recorded_at, to the end
    =====  =========================  ===================================

    The three lengths make it injective: no two different facts give the same bytes.
    """
    who, what, when = id.encode(), topic.encode(), recorded_at.encode()
    head = _pack(position, entry, version, len(who), len(what), len(when))
    return sha256(head + who + what + when + state).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over `hashes`; of nothing it is the hash of nothing."""
    if not hashes:
        return sha256().digest()
    level = list(hashes)
    while len(level) > 1:
        # A node without a neighbour moves up as it is.
        lone = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + lone
    return level[0]


class Frontier:
    """The roots of the full subtrees that make up a tree of `size` leaves, biggest first.

    `tiles` collects the tiles completed since loading.
    """

    __slots__ = ("peaks", "size", "tiles")

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        self.tiles: list[Tile] = []

    @classmethod
    def load(cls, size: int, blob: bytes) -> Frontier:
        """From what `dump` gave; ValueError when it cannot belong to `size` leaves."""
        if len(blob) != HASH_SIZE * size.bit_count():
            raise ValueError(f"a frontier of {len(blob)} bytes does not fit {size} leaves")
        return cls(size, [blob[at : at + HASH_SIZE] for at in range(0, len(blob), HASH_SIZE)])

    def dump(self) -> bytes:
        return b"".join(self.peaks)

    def add(self, leaf: bytes) -> None:
        self._push(leaf, 0)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add many leaves; whole tiles at once, which is what makes a full check fast."""
        at = 0
        while at < len(leaves):
            if self.size % TILE_WIDTH == 0 and len(leaves) - at >= TILE_WIDTH:
                self.add_tile(root(leaves[at : at + TILE_WIDTH]))
                at += TILE_WIDTH
            else:
                self._push(leaves[at], 0)
                at += 1

    def add_tile(self, digest: bytes) -> None:
        """Add the root over the next 256 leaves, where a multiple of that stands."""
        self._push(digest, TILE_LEVEL)

    def root(self) -> bytes:
        if not self.peaks:
            return root([])
        result = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            result = node_hash(peak, result)
        return result

    def spans(self) -> list[tuple[int, int]]:
        """For each peak the leaves it covers, as low and high, counted from 0."""
        powers = [
            1 << bit for bit in reversed(range(self.size.bit_length())) if self.size >> bit & 1
        ]
        edges = [0]
        for width in powers:
            edges.append(edges[-1] + width)
        return list(pairwise(edges))

    def _push(self, digest: bytes, level: int) -> None:
        index = self.size >> level
        self.size += 1 << level
        self._keep(level, index, digest)
        while index & 1:
            digest = sha256(b"\x01" + self.peaks.pop() + digest).digest()
            index >>= 1
            level += 1
            self._keep(level, index, digest)
        self.peaks.append(digest)

    def _keep(self, level: int, index: int, digest: bytes) -> None:
        if level and level % TILE_LEVEL == 0:
            self.tiles.append((level, index, digest))


# --- proofs


def subtree(nodes: Nodes, low: int, high: int) -> bytes:
    """The root over the leaves low..high-1, where the RFC's splitting leads to such a range."""
    width = high - low
    if width <= TILE_WIDTH:
        return root(_all(nodes.leaves(low, high), width))
    split = _split(width)
    if width == 2 * split:
        level = (width.bit_length() - 1) // TILE_LEVEL * TILE_LEVEL
        return root(_all(nodes.tiles(level, low >> level, high >> level), width >> level))
    return node_hash(subtree(nodes, low, low + split), subtree(nodes, low + split, high))


def inclusion(index: int, size: int, nodes: Nodes, start: int = 0) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of the first `size` leaves (§2.1.3.1)."""
    if not 0 <= index < size:
        raise IndexError(index)
    if size == 1:
        return []
    split = _split(size)
    if index < split:
        other = subtree(nodes, start + split, start + size)
        return [*inclusion(index, split, nodes, start), other]
    other = subtree(nodes, start, start + split)
    return [*inclusion(index - split, size - split, nodes, start + split), other]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes
) -> bool:
    """Whether `proof` shows that `leaf` stands at `index` of the tree with root `expected`."""
    if not 0 <= index < size:
        return False
    path = list(proof)
    try:
        found = _climb(leaf, index, size, path)
    except IndexError:
        return False
    return not path and found == expected


def _climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    if size == 1:
        return leaf
    other, split = path.pop(), _split(size)
    if index < split:
        return node_hash(_climb(leaf, index, split, path), other)
    return node_hash(other, _climb(leaf, index - split, size - split, path))


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """The hashes that show the first `old` leaves unchanged under the root of `new` (§2.1.4.1)."""
    if not 0 <= old <= new:
        raise IndexError(old)
    return _subproof(old, 0, new, nodes, whole=True) if 0 < old < new else []


def _subproof(old: int, low: int, high: int, nodes: Nodes, *, whole: bool) -> list[bytes]:
    # `whole`: the old tree's own root is what stands here, and the verifier has it already.
    if old == high - low:
        return [] if whole else [subtree(nodes, low, high)]
    middle = low + _split(high - low)
    if old <= middle - low:
        rest = subtree(nodes, middle, high)
        return [*_subproof(old, low, middle, nodes, whole=whole), rest]
    rest = subtree(nodes, low, middle)
    return [*_subproof(old - (middle - low), middle, high, nodes, whole=False), rest]


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Whether `proof` shows the tree of `old` leaves to be the beginning of that of `new`."""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not proof and old_root == (new_root if old == new else root([]))
    path = list(proof)
    try:
        found = _climb_both(old, new, path, old_root, whole=True)
    except IndexError:
        return False
    return not path and found == (old_root, new_root)


def _climb_both(
    old: int, new: int, path: list[bytes], known: bytes, *, whole: bool
) -> tuple[bytes, bytes]:
    if old == new:
        here = known if whole else path.pop()
        return here, here
    other, split = path.pop(), _split(new)
    if old <= split:
        before, after = _climb_both(old, split, path, known, whole=whole)
        return before, node_hash(after, other)
    before, after = _climb_both(old - split, new - split, path, known, whole=False)
    return node_hash(other, before), node_hash(other, after)


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def _all(hashes: Sequence[bytes], count: int) -> Sequence[bytes]:
    if len(hashes) != count:
        raise MissingNodes(count - len(hashes))
    return hashes
