"""Receipts: what they prove without a store, and that nothing else can be read into them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as with_
from offices import Desk, closing_store
from pymerkle import InmemoryTree  # type: ignore[import-untyped]
from pymerkle import verify_inclusion as their_inclusion
from terminal import ntm

from ntm_workflow.office import receipts, seals
from ntm_workflow.office.entry import NoSuchEntry
from ntm_workflow.office.receipts import KeyUnreadable
from ntm_workflow.store import receipt, seal
from ntm_workflow.store.merkle import Frontier, inclusion, leaf_hash
from ntm_workflow.store.receipt import Flaw, Problem, Proved, Receipt
from ntm_workflow.store.seal import Seal, fingerprint
from ntm_workflow.store.verify import NotWhole

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


# --- from a store and against it


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(Desk(store_url).init()) as opened:
        yield opened.adopt("tam-ky-2024")


def checked(
    desk: Desk, made: Receipt, tmp_path: Path, *, key: str | None = None, store: bool = True
) -> receipts.Checked:
    file = tmp_path / "phiếu.json"
    file.write_bytes(receipt.write(made))
    return receipts.check(file, key, desk.office if store else None)


def test_any_position_inside_an_entry_gives_the_receipt_of_the_whole_entry(
    desk: Desk, tmp_path: Path
) -> None:
    size = desk.office.verify().size
    first, last = receipts.make(desk.office, 1), receipts.make(desk.office, size)
    assert first == last
    assert [fact.position for fact in first.facts] == list(range(1, size + 1))
    found = checked(desk, first, tmp_path, store=False)
    assert (found.ok, found.confirmed) == (True, None)
    assert [fact.position for fact in found.facts if fact] == list(range(1, size + 1))


def test_a_receipt_rests_on_the_newest_seal_and_makes_one_only_if_none_covers_it(
    desk: Desk,
) -> None:
    desk.close("3/1/2024")
    receipts.make(desk.office, 1)
    with desk.database.read() as conn:
        (only,) = seals.every(conn)
    entry = desk.allocate("kênh", 1_000_000).entry
    made = receipts.make(desk.office, entry)
    sealed = seal.read(made.seal)
    assert sealed is not None
    assert sealed.size > only.size
    with desk.database.read() as conn:
        assert seals.every(conn) == [only, sealed]
    assert receipts.make(desk.office, 1).seal == made.seal


def test_there_is_no_receipt_for_an_entry_nobody_recorded(desk: Desk) -> None:
    with pytest.raises(NoSuchEntry):
        receipts.make(desk.office, 10_000)


def test_no_receipt_is_given_out_for_a_row_that_was_edited(desk: Desk) -> None:
    seals.now(desk.office)
    blob = "BLOB" if desk.database.sqlite else "BYTEA"
    sql = f"UPDATE events SET state = CAST('{{}}' AS {blob}) WHERE position = 1"
    with desk.database.write() as conn:
        conn.exec_driver_sql(sql)
    with pytest.raises(NotWhole):
        receipts.make(desk.office, 1)


def test_the_key_is_confirmed_by_the_store_by_the_reader_or_not_at_all(
    desk: Desk, tmp_path: Path
) -> None:
    made = receipts.make(desk.office, 1)
    assert checked(desk, made, tmp_path).confirmed == "store"
    file = tmp_path / "khóa.txt"
    file.write_text(f"{fingerprint(made.public_key)}\n")
    for key in (made.key, made.key.upper(), fingerprint(made.public_key), str(file)):
        assert checked(desk, made, tmp_path, key=key, store=False).confirmed == "key"
    other = checked(desk, made, tmp_path, key=PUBLIC.hex(), store=False)
    assert (other.ok, other.confirmed, other.problems) == (False, None, (Problem(Flaw.KEY),))
    with pytest.raises(KeyUnreadable):
        checked(desk, made, tmp_path, key="abc", store=False)


def test_an_entry_voided_since_is_told_and_its_recording_stays_proved(
    desk: Desk, tmp_path: Path
) -> None:
    desk.allocate("kênh", 1_000_000_000)
    paid = desk.disburse("kênh", 1_000_000, "1/3/2024").entry
    made = receipts.make(desk.office, paid)
    voiding = desk.void(paid).entry
    found = checked(desk, made, tmp_path)
    assert (found.ok, found.problems) == (True, (Problem(Flaw.STALE, voiding),))


def test_an_entry_corrected_since_is_told(desk: Desk, tmp_path: Path) -> None:
    desk.allocate("kênh", 1_000_000_000)
    paid = desk.disburse("kênh", 1_000_000, "1/3/2024").entry
    made = receipts.make(desk.office, paid)
    correction = desk.correct(paid, amount="2 triệu").entry
    assert checked(desk, made, tmp_path).problems == (Problem(Flaw.STALE, correction),)


def test_a_receipt_without_the_entrys_last_fact_is_noticed_by_the_store(
    desk: Desk, tmp_path: Path
) -> None:
    made = receipts.make(desk.office, 1)
    short = with_(made, facts=made.facts[:-1])
    assert checked(desk, short, tmp_path, store=False).ok, "the next fact alone could tell"
    assert checked(desk, short, tmp_path).problems == (Problem(Flaw.ENTRY),)


def test_a_receipt_of_another_store_is_foreign_here(desk: Desk, tmp_path: Path) -> None:
    with closing_store(Desk(str(tmp_path / "other.db")).init()) as other:
        made = receipts.make(other.adopt("tam-ky-2024").office, 1)
    found = checked(desk, made, tmp_path)
    assert (found.ok, found.problems) == (False, (Problem(Flaw.FOREIGN),))


def test_a_receipt_signed_by_a_key_the_store_never_had_is_refused(
    desk: Desk, tmp_path: Path
) -> None:
    made = receipts.make(desk.office, 1)
    sealed = seal.read(made.seal)
    assert sealed is not None
    forged = with_(made, seal=seal.sign(sealed, KEY).note, key=PUBLIC.hex())
    assert checked(desk, forged, tmp_path, store=False).ok, "by itself nothing is wrong with it"
    assert checked(desk, forged, tmp_path).problems == (Problem(Flaw.KEY),)


def test_a_journal_cut_or_rewritten_since_the_seal_does_not_fit_the_receipt(
    desk: Desk, tmp_path: Path
) -> None:
    desk.allocate("kênh", 1_000_000_000)
    made = receipts.make(desk.office, 1)
    with desk.database.write() as conn:
        conn.exec_driver_sql(
            "UPDATE events SET leaf = (SELECT leaf FROM events WHERE position = 2)"
        )
    assert checked(desk, made, tmp_path).problems == (Problem(Flaw.DIFFERS),)
    with desk.database.write() as conn:
        conn.exec_driver_sql("DELETE FROM events WHERE position > 1")
        # The frontier of one fact is its leaf.
        conn.exec_driver_sql("UPDATE head SET position = 1, frontier = (SELECT leaf FROM events)")
    assert checked(desk, made, tmp_path).problems == (Problem(Flaw.AHEAD),)


# --- at the terminal


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("receipts")
    store = str(folder / "s.db")
    assert ntm("init", store).code == 0
    assert ntm("plan adopt tam-ky-2024 --by 'văn thư'", store).code == 0
    assert ntm(f"audit receipt 5 -o {folder}/phieu.json", store).code == 0
    return folder


def test_a_receipt_is_checked_where_no_store_is(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NTM_STORE", raising=False)
    answer = ntm(f"audit check {kept}/phieu.json")
    assert answer.code == 0
    assert "văn thư" in answer.out
    assert "CHƯA xác nhận khóa" in answer.out
    said = ntm(f"audit check {kept}/phieu.json --json --lang en").json
    assert said.keys() >= {"ok", "size", "root", "key", "facts", "problems", "first_bad"}
    assert (said["ok"], said["key_confirmed_by"], said["problems"]) == (True, None, [])
    assert all(fact["proved"] and "văn thư" in fact["sentence"] for fact in said["facts"])
    assert said["fingerprint"] in answer.out
    by_key = ntm(f"audit check {kept}/phieu.json --key {said['key']}")
    assert (by_key.code, "CHƯA" in by_key.out) == (0, False)


def test_the_store_in_the_environment_is_at_hand(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTM_STORE", str(kept / "s.db"))
    assert ntm(f"audit check {kept}/phieu.json --json").json["key_confirmed_by"] == "store"


def test_a_receipt_may_go_to_the_screen_and_into_a_pipe(kept: Path) -> None:
    printed = ntm("audit receipt 5", str(kept / "s.db"))
    assert (printed.code, holds(printed.out.encode())) == (0, True)
    about = ntm(f"audit receipt 5 -o {kept}/again.json --json", str(kept / "s.db")).json
    assert about.keys() >= {"entry", "count", "file", "size", "root", "key"}


SPOILT: list[tuple[str, Callable[[bytes], bytes], str, str]] = [
    ("cut", lambda data: data[:-40], "unreadable", "không phải phiếu"),
    ("empty", lambda data: b"", "unreadable", "không phải phiếu"),
    ("a fact edited", lambda data: data.replace(b"note", b"x").replace(b'"id": "plan/', b'"id": "plam/'), "proof", "đã bị sửa"),
    ("the key changed", lambda data: swap_key(data), "signature", "chữ ký"),
]  # fmt: skip


def swap_key(data: bytes) -> bytes:
    found = receipt.load(data)
    assert found is not None
    return receipt.write(with_(found, key=PUBLIC.hex()))


@pytest.mark.parametrize(("what", "spoil", "code", "words"), SPOILT, ids=[s[0] for s in SPOILT])
def test_a_spoilt_receipt_is_told_apart_and_fails_the_check(
    kept: Path, tmp_path: Path, what: str, spoil: Callable[[bytes], bytes], code: str, words: str
) -> None:
    file = tmp_path / "p.json"
    file.write_bytes(spoil((kept / "phieu.json").read_bytes()))
    answer = ntm(f"audit check {file}")
    assert (answer.code, words in answer.out) == (1, True), answer.out
    assert "Traceback" not in answer.err
    said = ntm(f"audit check {file} --json")
    assert (said.code, said.json["ok"]) == (1, False)
    assert code in {problem["code"] for problem in said.json["problems"]}
    assert not any(fact["sentence"] for fact in said.json["facts"] if not fact["proved"])


def test_a_file_that_is_not_there_or_a_key_that_is_none_is_told(kept: Path) -> None:
    assert ntm(f"audit check {kept}/none.json").code == 2
    assert ntm(f"audit check {kept}").code == 2
    assert ntm(f"audit check {kept}/phieu.json --key xyz").code == 2
    assert ntm("audit receipt 99999", str(kept / "s.db")).code == 3


@pytest.mark.parametrize(
    ("topic", "at", "state"),
    [
        ("NoSuchEvent", AT, b"{}"),
        ("PlanAdopted", AT, b"not json"),
        ("PlanAdopted", "yesterday", b"{}"),
        ("DayClosed", AT, b'{"effective_on":"2024-01-01","by":"x","day":"2024-01-01"}'),
        ("EntryVoided", "", b"\xff"),
        (
            "EntryVoided",
            AT,
            rb'{"effective_on":"2024-01-01","by":"\u001b[2J","entry":1,"reason":"\n\u009b"}',
        ),
    ],
)
def test_nonsense_that_somebody_sealed_is_shown_as_it_is_and_breaks_nothing(
    tmp_path: Path, topic: str, at: str, state: bytes
) -> None:
    leaf = leaf_hash(1, 1, 1, "x/\u202e", topic, at, state)
    unsigned = Seal(store_id=STORE, size=1, root=leaf, sealed_at=AT)
    fact = Proved(1, 1, 1, "x/\u202e", topic, at, state, [])
    made = Receipt(receipt.SCHEMA, STORE, 1, PUBLIC.hex(), seal.sign(unsigned, KEY).note, [fact])
    file = tmp_path / "p.json"
    file.write_bytes(receipt.write(made))
    for form in ("", "--json"):
        answer = ntm(f"audit check {file} {form}")
        assert (answer.code, answer.err) == (0, "")
        assert form or answer.out.replace("\n", "").isprintable(), (
            "a terminal obeys what it is shown"
        )


def test_the_state_of_a_fact_stands_in_the_file_as_base64() -> None:
    said = json.loads(receipt.write(GOOD))
    assert said["facts"][0]["state"] == b64encode(GOOD.facts[0].state).decode()
