"""The Merkle tree against the definitions of RFC 9162 written out, and against another library."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree  # type: ignore[import-untyped]
from pymerkle import verify_consistency as their_consistency
from pymerkle import verify_inclusion as their_inclusion

from ntm_workflow.store.merkle import (
    Frontier,
    MissingNodes,
    consistency,
    inclusion,
    leaf_hash,
    node_hash,
    root,
    subtree,
    verify_consistency,
    verify_inclusion,
)

FACT = {
    "position": 7,
    "entry": 5,
    "version": 3,
    "id": "fund/kênh",
    "topic": "FundAllocated",
    "recorded_at": "2024-10-30T01:02:03.000004Z",
    "state": b'{"amount":1}',
}


def leaves(count: int) -> list[bytes]:
    return [sha256(b"\x00%d" % n).digest() for n in range(count)]


def by_definition(hashes: Sequence[bytes]) -> bytes:
    """MTH of §2.1.1, word for word, over leaves that are hashed already."""
    n = len(hashes)
    if n == 0:
        return sha256(b"").digest()
    if n == 1:
        return hashes[0]
    k = max(2**i for i in range(n.bit_length()) if 2**i < n)
    return sha256(b"\x01" + by_definition(hashes[:k]) + by_definition(hashes[k:])).digest()


def path_by_definition(m: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PATH of §2.1.3.1."""
    n = len(hashes)
    if n == 1:
        return []
    k = max(2**i for i in range(n.bit_length()) if 2**i < n)
    if m < k:
        return [*path_by_definition(m, hashes[:k]), by_definition(hashes[k:])]
    return [*path_by_definition(m - k, hashes[k:]), by_definition(hashes[:k])]


class Memory:
    """Leaves and tiles in memory, as a store keeps them."""

    def __init__(self, hashes: list[bytes]) -> None:
        tree = Frontier()
        tree.extend(hashes)
        self.hashes = hashes
        self.kept = {(level, index): digest for level, index, digest in tree.tiles}

    def leaves(self, low: int, high: int) -> list[bytes]:
        return self.hashes[low:high]

    def tiles(self, level: int, low: int, high: int) -> list[bytes]:
        return [self.kept[level, i] for i in range(low, high) if (level, i) in self.kept]


MANY = leaves(1500)
NODES = Memory(MANY)
sizes = st.integers(1, len(MANY))


def test_the_leaf_has_the_layout_that_is_written_down() -> None:
    id, topic, at = "fund/kênh".encode(), b"FundAllocated", b"2024-10-30T01:02:03.000004Z"
    numbers = (7).to_bytes(8) + (5).to_bytes(8) + (3).to_bytes(8)
    lengths = len(id).to_bytes(4) + len(topic).to_bytes(4) + len(at).to_bytes(4)
    layout = b"\x00" + numbers + lengths + id + topic + at + b'{"amount":1}'
    assert leaf_hash(**FACT) == sha256(layout).digest()  # type: ignore[arg-type]


@pytest.mark.parametrize("field", FACT)
def test_every_field_of_a_fact_changes_its_leaf(field: str) -> None:
    other = {int: 8, str: "x", bytes: b"x"}[type(FACT[field])]
    assert leaf_hash(**{**FACT, field: other}) != leaf_hash(**FACT)  # type: ignore[arg-type]


def test_bytes_moved_from_one_field_to_the_next_change_the_leaf() -> None:
    one = leaf_hash(1, 1, 1, "ab", "c", "d", b"e")
    assert one != leaf_hash(1, 1, 1, "a", "bc", "d", b"e")
    assert one != leaf_hash(1, 1, 1, "ab", "cd", "", b"e")
    assert one != leaf_hash(1, 1, 1, "ab", "c", "de", b"")


@given(st.integers(0, 700))
def test_the_root_is_the_one_the_rfc_defines(size: int) -> None:
    assert root(MANY[:size]) == by_definition(MANY[:size])


@given(st.lists(st.integers(0, 600), max_size=6))
def test_however_leaves_arrive_the_frontier_has_the_root_of_the_rfc(batches: list[int]) -> None:
    tree, at = Frontier(), 0
    for size in batches:
        tree = Frontier.load(tree.size, tree.dump())
        tree.extend(MANY[at : at + size])
        at = tree.size
    assert tree.root() == by_definition(MANY[: tree.size])


@given(st.integers(0, 300))
def test_one_by_one_or_many_at_once_make_the_same_tree(size: int) -> None:
    single, bulk = Frontier(), Frontier()
    for leaf in MANY[:size]:
        single.add(leaf)
    bulk.extend(MANY[:size])
    assert (single.dump(), single.tiles) == (bulk.dump(), bulk.tiles)


def test_a_tile_is_the_root_over_its_leaves() -> None:
    tree = Frontier()
    tree.extend(MANY)
    assert [(level, index) for level, index, _ in tree.tiles] == [(8, i) for i in range(5)]
    for _, index, digest in tree.tiles:
        assert digest == by_definition(MANY[index * 256 : index * 256 + 256])


def test_the_second_level_of_tiles_covers_65536_leaves() -> None:
    many = leaves(65_536 + 3)
    tree = Frontier()
    tree.extend(many)
    upper = [(level, index, digest) for level, index, digest in tree.tiles if level == 16]
    assert upper == [(16, 0, by_definition(many[:65_536]))]
    assert subtree(Memory(many), 0, len(many)) == tree.root() == by_definition(many)


def test_the_peaks_cover_the_leaves_from_left_to_right() -> None:
    tree = Frontier()
    tree.extend(MANY[:1027])
    assert tree.spans() == [(0, 1024), (1024, 1026), (1026, 1027)]
    for (low, high), peak in zip(tree.spans(), tree.peaks, strict=True):
        assert peak == by_definition(MANY[low:high])


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Frontier.load(4, bytes(64))


@given(sizes, st.data())
def test_an_inclusion_proof_is_the_path_of_the_rfc_and_is_believed(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion(index, size, NODES)
    assert proof == path_by_definition(index, MANY[:size])
    assert verify_inclusion(MANY[index], index, size, proof, by_definition(MANY[:size]))


@given(sizes.filter(lambda n: n > 1), st.data())
def test_a_proof_for_another_leaf_place_size_or_path_is_not_believed(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, top = inclusion(index, size, NODES), by_definition(MANY[:size])
    place = data.draw(st.integers(0, len(proof) - 1))
    spoilt = [*proof[:place], sha256(proof[place]).digest(), *proof[place + 1 :]]
    assert not verify_inclusion(sha256(b"other").digest(), index, size, proof, top)
    assert not verify_inclusion(MANY[index], (index + 1) % size, size, proof, top)
    assert not verify_inclusion(MANY[index], index, size, spoilt, top)
    assert not verify_inclusion(MANY[index], index, size, proof[:-1], top)
    assert not verify_inclusion(MANY[index], index, size, [*proof, top], top)
    assert not verify_inclusion(MANY[index], size, size, proof, top)


@given(sizes, st.data())
def test_a_consistency_proof_is_believed_and_a_changed_past_is_not(
    new: int, data: st.DataObject
) -> None:
    old = data.draw(st.integers(0, new))
    before, after = by_definition(MANY[:old]), by_definition(MANY[:new])
    proof = consistency(old, new, NODES)
    assert verify_consistency(old, new, proof, before, after)
    assert not verify_consistency(old, new, proof, sha256(before).digest(), after)
    assert not verify_consistency(old, new, [*proof, after], before, after)
    if proof:
        assert not verify_consistency(old, new, proof, before, sha256(after).digest())
        assert not verify_consistency(old, new, proof[:-1], before, after)


@pytest.mark.parametrize(("old", "new"), [(3, 2), (-1, 4)])
def test_a_journal_cannot_be_the_beginning_of_a_shorter_one(old: int, new: int) -> None:
    with pytest.raises(IndexError):
        consistency(old, new, NODES)
    assert not verify_consistency(old, new, [], root([]), root([]))


@pytest.mark.parametrize("index", [-1, 5])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(index: int) -> None:
    with pytest.raises(IndexError):
        inclusion(index, 5, NODES)


def test_a_proof_is_not_made_from_missing_tiles() -> None:
    holed = Memory(MANY)
    del holed.kept[8, 1]
    with pytest.raises(MissingNodes):
        inclusion(1400, 1500, holed)


# --- another implementation


def their_tree(size: int) -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for n in range(size):
        tree.append_entry(b"%d" % n)
    return tree


@pytest.mark.parametrize("size", [1, 2, 3, 7, 255, 256, 257, 600])
def test_pymerkle_finds_the_same_root(size: int) -> None:
    assert their_tree(size).get_root() == root(leaves(size))


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 7), (6, 7), (255, 600), (599, 600)])
def test_pymerkle_makes_the_same_inclusion_proof(index: int, size: int) -> None:
    theirs = their_tree(size).prove_inclusion(index + 1, size)
    their_inclusion(leaves(size)[index], by_definition(leaves(size)), theirs)
    ours = inclusion(index, size, Memory(leaves(size)))
    assert ours == list(theirs.path)[1:]


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 7), (4, 7), (256, 600), (599, 600)])
def test_pymerkle_makes_a_consistency_proof_for_the_same_two_roots(old: int, new: int) -> None:
    theirs = their_tree(new).prove_consistency(old, new)
    their_consistency(by_definition(leaves(old)), by_definition(leaves(new)), theirs)
    ours = consistency(old, new, Memory(leaves(new)))
    assert verify_consistency(old, new, ours, root(leaves(old)), root(leaves(new)))


def test_a_node_is_not_a_leaf_of_the_same_bytes() -> None:
    left, right = MANY[:2]
    assert node_hash(left, right) != sha256(b"\x00" + left + right).digest()
