"""Receipts: what they prove without a store, and that nothing else can be read into them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as with_
from pymerkle import InmemoryTree  # type: ignore[import-untyped]
from pymerkle import verify_inclusion as their_inclusion

from ntm_workflow.store import receipt, seal
from ntm_workflow.store.merkle import Frontier, inclusion
from ntm_workflow.store.receipt import Flaw, Problem, Proved, Receipt
from ntm_workflow.store.seal import Seal

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
STORE = "0123456789abcdef" * 2
AT = "2024-11-05T02:00:00.000000Z"


def tiny(size: int = 9, first: int = 4, count: int = 3) -> Receipt:
    """A receipt for an entry of `count` facts in a journal of `size`, made without a store."""
    facts = journal(size, range(first, first + count))
    tree = Frontier()
    tree.extend([fact.leaf for fact in facts])
    unsigned = Seal(store_id=STORE, size=size, root=tree.root(), sealed_at=AT)
    note = seal.sign(unsigned, KEY).note
    wanted = facts[first - 1 : first - 1 + count]
    return Receipt(receipt.SCHEMA, STORE, first, PUBLIC.hex(), note, wanted)


def journal(size: int, together: range) -> list[Proved]:
    """Facts with their proofs, each an entry of its own but for those `together`."""
    facts = [bare(n, together[0] if n in together else n) for n in range(1, size + 1)]
    nodes = Leaves([fact.leaf for fact in facts])
    return [with_(f, proof=inclusion(n, size, nodes)) for n, f in enumerate(facts)]


def bare(n: int, entry: int) -> Proved:
    state = '{"effective_on":"2024-11-05","by":"đ"}'.encode() + b" " * n
    return Proved(n, entry, 1, f"note/{n}", "NoteKept", AT, state, [])


class Leaves:
    """A tree too small for tiles."""

    def __init__(self, hashes: list[bytes]) -> None:
        self.hashes = hashes

    def leaves(self, low: int, high: int) -> list[bytes]:
        return self.hashes[low:high]

    def tiles(self, level: int, low: int, high: int) -> list[bytes]:
        raise AssertionError("no tiles here")


GOOD = tiny()


def holds(data: bytes) -> bool:
    found = receipt.load(data)
    return found is not None and not list(receipt.flaws(found))


# --- by itself


@pytest.mark.parametrize(
    ("size", "first", "count"), [(1, 1, 1), (2, 2, 1), (9, 4, 3), (200, 7, 150)]
)
def test_a_receipt_holds_and_is_read_as_it_was_written(size: int, first: int, count: int) -> None:
    made = tiny(size, first, count)
    assert receipt.load(receipt.write(made)) == made
    assert list(receipt.flaws(made)) == []
    assert receipt.proved(made) == [True] * count


def test_the_file_may_be_laid_out_otherwise_but_say_nothing_else() -> None:
    said = json.loads(receipt.write(GOOD))
    assert holds(json.dumps(said).encode())
    assert holds(json.dumps(said, indent=7, sort_keys=True).encode())
    assert not holds(json.dumps({**said, "more": 1}).encode())
    assert not holds(json.dumps({**said, "key": said["key"].upper()}).encode())
    assert not holds(json.dumps({**said, "key": said["key"] + " "}).encode())


def leaves_of(said: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything in a receipt that is neither a list nor an object."""
    if isinstance(said, dict | list):
        pairs = said.items() if isinstance(said, dict) else enumerate(said)
        for key, value in pairs:
            yield from leaves_of(value, (*path, key))
    else:
        yield path


PATHS = list(leaves_of(json.loads(receipt.write(GOOD))))


def altered(path: tuple[Any, ...], change: Callable[[Any], Any]) -> bytes:
    said = json.loads(receipt.write(GOOD))
    at = said
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = change(at[path[-1]])
    return json.dumps(said).encode()


@given(st.sampled_from(PATHS), st.integers(0, 10_000), st.integers(1, 127))
def test_any_letter_changed_in_any_field_is_noticed(
    path: tuple[Any, ...], at: int, flip: int
) -> None:
    def change(value: Any) -> Any:
        if isinstance(value, int):
            return value ^ flip
        text = value or " "
        place = at % len(text)
        return text[:place] + chr(ord(text[place]) ^ flip) + text[place + 1 :]

    assert not holds(altered(path, change))


@given(st.integers(0, len(GOOD.facts) - 1), st.data())
def test_any_bit_changed_in_any_decoded_field_is_noticed(place: int, data: st.DataObject) -> None:
    fact = GOOD.facts[place]
    name = data.draw(st.sampled_from(["state", "proof", "id", "topic", "recorded_at"]))
    value = (
        fact.proof[data.draw(st.integers(0, len(fact.proof) - 1))]
        if name == "proof"
        else getattr(fact, name)
    )
    raw = value.encode() if isinstance(value, str) else value
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    flipped = bytearray(raw)
    flipped[bit // 8] ^= 1 << bit % 8
    if name == "proof":
        changed: Any = [bytes(flipped) if each == value else each for each in fact.proof]
    else:
        changed = flipped.decode("latin-1") if isinstance(value, str) else bytes(flipped)
    facts = [with_(f, **{name: changed}) if f is fact else f for f in GOOD.facts]
    flaws = set(receipt.flaws(with_(GOOD, facts=facts)))
    assert flaws == {Problem(Flaw.PROOF, fact.position)}


@given(st.integers(0, len(GOOD.facts) - 1), st.data())
def test_hashes_left_out_added_or_put_in_another_order_are_noticed(
    place: int, data: st.DataObject
) -> None:
    proof = GOOD.facts[place].proof
    other = data.draw(
        st.one_of(
            st.permutations(proof),
            st.lists(st.sampled_from([*proof, bytes(32)]), max_size=len(proof) + 2),
        )
    )
    facts = list(GOOD.facts)
    facts[place] = with_(facts[place], proof=other)
    assert (other == proof) == (not list(receipt.flaws(with_(GOOD, facts=facts))))


@given(st.permutations(range(len(GOOD.facts))), st.integers(1, 3))
def test_facts_in_another_order_or_without_the_first_are_noticed(
    order: list[int], count: int
) -> None:
    facts = [GOOD.facts[place] for place in order][:count]
    flawed = bool(list(receipt.flaws(with_(GOOD, facts=facts))))
    # The last facts of an entry may be left out: that is said in the docs, not hidden.
    assert flawed == (facts != GOOD.facts[:count])


def test_facts_of_two_entries_are_not_one_receipt() -> None:
    stranger = journal(9, range(4, 7))[6]
    mixed = with_(GOOD, facts=[*GOOD.facts, stranger])
    assert list(receipt.flaws(mixed)) == [Problem(Flaw.ENTRY)]


def test_the_seal_of_another_journal_proves_nothing_here() -> None:
    longer = tiny(size=10)
    assert {p.flaw for p in receipt.flaws(with_(GOOD, seal=longer.seal))} == {Flaw.PROOF}
    sealed = seal.read(GOOD.seal)
    assert sealed is not None
    elsewhere = seal.sign(replace(sealed, store_id="f" * 32), KEY).note
    assert list(receipt.flaws(with_(GOOD, seal=elsewhere))) == [Problem(Flaw.SEAL)]
    assert {p.flaw for p in receipt.flaws(with_(GOOD, seal="x"))} == {Flaw.SEAL, Flaw.PROOF}


def test_whoever_signs_with_a_key_of_his_own_must_show_that_key() -> None:
    own = Ed25519PrivateKey.generate()
    sealed = seal.read(GOOD.seal)
    assert sealed is not None
    forged = seal.sign(replace(sealed, sealed_at="2020-01-01T00:00:00.000000Z"), own).note
    assert list(receipt.flaws(with_(GOOD, seal=forged))) == [Problem(Flaw.SIGNATURE)]
    shown = with_(GOOD, seal=forged, key=own.public_key().public_bytes_raw().hex())
    assert list(receipt.flaws(shown)) == [], "only comparing the key with a known one tells"


@given(st.integers(0, len(receipt.write(GOOD)) - 3))
def test_a_file_cut_short_is_not_a_receipt(length: int) -> None:
    assert receipt.load(receipt.write(GOOD)[:length]) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"null",
        b"[" * 100_000,
        b'{"schema":"ntm.receipt/2"}',
        receipt.write(GOOD).replace(b'"position": 4', b'"position": -4'),
        receipt.write(GOOD).replace(b'"position": 4', b'"position": 99999999999999999999'),
        receipt.write(GOOD).replace(b'"position": 4', b'"position": "4"'),
        receipt.write(GOOD).replace(b"note/4", b"note\\ud800"),
        msgspec.json.encode(with_(GOOD, facts=[])),
        msgspec.json.encode(with_(GOOD, key="zz")),
    ],
)
def test_what_is_no_receipt_is_not_read(data: bytes) -> None:
    assert receipt.load(data) is None


@pytest.mark.parametrize("place", range(3))
def test_pymerkle_believes_the_proofs_of_a_receipt(place: int) -> None:
    theirs = InmemoryTree(algorithm="sha256")
    for n in range(1, 10):
        # Their tree hashes 0x00 and the entry, as ours does: the leaf's bytes after the mark.
        theirs.append_entry(layout(bare(n, 4 if n in range(4, 7) else n)))
    sealed = seal.read(GOOD.seal)
    assert sealed is not None
    assert theirs.get_root() == sealed.root
    fact = GOOD.facts[place]
    proof = theirs.prove_inclusion(fact.position, 9)
    their_inclusion(fact.leaf, sealed.root, proof)
    assert list(proof.path)[1:] == fact.proof


def layout(fact: Proved) -> bytes:
    """What is hashed after 0x00, as docs/audit.md writes it down."""
    texts = [text.encode() for text in (fact.id, fact.topic, fact.recorded_at)]
    numbers = b"".join(n.to_bytes(8) for n in (fact.position, fact.entry, fact.version))
    lengths = b"".join(len(text).to_bytes(4) for text in texts)
    return numbers + lengths + b"".join(texts) + fact.state


def test_the_state_of_a_fact_stands_in_the_file_as_base64() -> None:
    said = json.loads(receipt.write(GOOD))
    assert said["facts"][0]["state"] == b64encode(GOOD.facts[0].state).decode()
