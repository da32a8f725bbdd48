"""Receipts from a store: made, compared with it, and checked at the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace as with_
from offices import Desk, closing_store
from terminal import ntm

from ntm_workflow.office import receipts, seals
from ntm_workflow.office.entry import NoSuchEntry
from ntm_workflow.office.receipts import KeyUnreadable, Verdict
from ntm_workflow.store import receipt, seal
from ntm_workflow.store.merkle import leaf_hash
from ntm_workflow.store.receipt import Flaw, Problem, Proved, Receipt
from ntm_workflow.store.seal import Seal, fingerprint
from ntm_workflow.store.verify import NotWhole

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
STORE = "0123456789abcdef" * 2
AT = "2024-11-05T02:00:00.000000Z"


def holds(data: bytes) -> bool:
    found = receipt.load(data)
    return found is not None and not list(receipt.flaws(found))


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
    assert (found.verdict, found.confirmed) == (Verdict.UNCONFIRMED, None)
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
    assert (other.verdict, other.confirmed, other.problems) == (
        Verdict.REFUTED,
        None,
        (Problem(Flaw.KEY),),
    )
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
    assert (found.verdict, found.problems) == (Verdict.PROVED, (Problem(Flaw.STALE, voiding),))


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
    assert checked(desk, short, tmp_path, store=False).holds, "the next fact alone could tell"
    assert checked(desk, short, tmp_path).problems == (Problem(Flaw.ENTRY),)


def test_a_row_edited_since_the_receipt_is_noticed_beside_it(desk: Desk, tmp_path: Path) -> None:
    made = receipts.make(desk.office, 1)
    with desk.database.write() as conn:
        conn.exec_driver_sql("UPDATE events SET topic = 'EntryVoided' WHERE position = 2")
    assert checked(desk, made, tmp_path).problems == (Problem(Flaw.DIFFERS),)


def test_a_receipt_of_another_store_is_foreign_here(desk: Desk, tmp_path: Path) -> None:
    with closing_store(Desk(str(tmp_path / "other.db")).init()) as other:
        made = receipts.make(other.adopt("tam-ky-2024").office, 1)
    found = checked(desk, made, tmp_path)
    assert (found.verdict, found.problems) == (Verdict.REFUTED, (Problem(Flaw.FOREIGN),))


def test_a_receipt_signed_by_a_key_the_store_never_had_is_refused(
    desk: Desk, tmp_path: Path
) -> None:
    made = receipts.make(desk.office, 1)
    sealed = seal.read(made.seal)
    assert sealed is not None
    forged = with_(made, seal=seal.sign(sealed, KEY).note, key=PUBLIC.hex())
    assert checked(desk, forged, tmp_path, store=False).holds, "by itself nothing is wrong with it"
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
    assert checked(desk, made, tmp_path).problems == (Problem(Flaw.REWRITTEN),)
    with desk.database.write() as conn:
        conn.exec_driver_sql("DELETE FROM events WHERE position > 1")
        # The frontier of one fact is its leaf.
        conn.exec_driver_sql("UPDATE head SET position = 1, frontier = (SELECT leaf FROM events)")
    assert checked(desk, made, tmp_path).problems == (Problem(Flaw.AHEAD),)


def test_a_journal_cut_behind_its_head_is_shorter_than_the_seal(desk: Desk, tmp_path: Path) -> None:
    last = desk.allocate("kênh", 1_000_000_000).entry
    made = receipts.make(desk.office, last)
    with desk.database.write() as conn:
        conn.exec_driver_sql(f"DELETE FROM events WHERE position >= {last}")
    assert checked(desk, made, tmp_path).problems == (Problem(Flaw.AHEAD),)


def test_a_forged_receipt_accuses_no_intact_journal(desk: Desk, tmp_path: Path) -> None:
    made = receipts.make(desk.office, 1)
    first, *rest = made.facts
    edited = with_(made, facts=[with_(first, state=b"{}"), *rest])
    said = checked(desk, edited, tmp_path).problems
    assert said == (Problem(Flaw.PROOF, 1), Problem(Flaw.DIFFERS))
    sealed = seal.read(made.seal)
    assert sealed is not None
    for lie in (replace(sealed, root=bytes(32)), replace(sealed, size=10**6)):
        for key in (made.key, PUBLIC.hex()):
            forged = with_(made, seal=seal.sign(lie, KEY).note, key=key)
            flaws = {problem.flaw for problem in checked(desk, forged, tmp_path).problems}
            assert flaws & {Flaw.KEY, Flaw.SIGNATURE}
            assert not flaws & {Flaw.REWRITTEN, Flaw.AHEAD, Flaw.DIFFERS}
    assert desk.office.verify().ok


def test_a_fact_the_store_never_had_is_no_rewriting(desk: Desk, tmp_path: Path) -> None:
    made = receipts.make(desk.office, 1)
    size = len(made.facts)
    more = with_(made.facts[-1], position=size + 1)
    said = checked(desk, with_(made, facts=[*made.facts, more]), tmp_path).problems
    assert said == (Problem(Flaw.PROOF, size + 1), Problem(Flaw.DIFFERS))


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
    key = ntm("audit key --json", str(kept / "s.db")).json["keys"][0]["key"]
    answer = ntm(f"audit check {kept}/phieu.json --key {key}")
    assert answer.code == 0
    assert "văn thư" in answer.out
    said = ntm(f"audit check {kept}/phieu.json --key {key} --json --lang en").json
    assert said.keys() >= {"ok", "verdict", "size", "root", "key", "facts", "problems", "first_bad"}
    assert (said["ok"], said["verdict"], said["key_confirmed_by"]) == (True, "proved", "key")
    assert said["problems"] == []
    assert all(fact["proved"] and "văn thư" in fact["sentence"] for fact in said["facts"])
    assert said["fingerprint"] in answer.out


def test_what_only_agrees_with_itself_is_no_proof_to_a_script(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NTM_STORE", raising=False)
    line = f"audit check {kept}/phieu.json"
    for lang, words in (("vi", "CHƯA chứng minh"), ("en", "NOTHING is proved")):
        answer = ntm(f"{line} --lang {lang}")
        assert (answer.code, words in answer.out, "--key" in answer.out) == (1, True, True)
    alone = ntm(f"{line} --json")
    assert (alone.code, alone.json["ok"], alone.json["verdict"]) == (1, False, "unconfirmed")
    taken = ntm(f"{line} --json --unconfirmed")
    assert (taken.code, taken.json["ok"], taken.json["verdict"]) == (0, True, "unconfirmed")
    assert "CHƯA xác nhận khóa" in ntm(f"{line} --unconfirmed").out
    other = ntm(f"{line} --json --unconfirmed --key {PUBLIC.hex()}")
    assert (other.code, other.json["verdict"]) == (1, "refuted")


def test_the_line_that_checks_a_receipt_is_told_whole_when_it_is_made(kept: Path) -> None:
    made = ntm(f"audit receipt 5 -o {kept}/told.json", str(kept / "s.db"))
    line = made.out.splitlines()[-1].partition("ntm ")[2]
    assert ntm(line).code == 0


def test_the_store_in_the_environment_is_at_hand(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTM_STORE", str(kept / "s.db"))
    assert ntm(f"audit check {kept}/phieu.json --json").json["key_confirmed_by"] == "store"


def test_the_store_that_knows_the_key_gives_the_facts_their_names(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NTM_STORE", raising=False)
    line = f"audit check {kept}/phieu.json"
    alone, here = ntm(line), ntm(line, str(kept / "s.db"))
    by_id, by_name = "II.1.1 giao ubnd-tam-ngoc-tam-ky", "II.1.1 giao UBND xã Tam Ngọc"
    assert (by_id in alone.out, by_name in alone.out) == (True, False)
    assert (by_id in here.out, by_name in here.out) == (False, True)


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
    assert (said.code, said.json["ok"], said.json["verdict"]) == (1, False, "refuted")
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
        answer = ntm(f"audit check {file} --key {PUBLIC.hex()} {form}")
        assert (answer.code, answer.err) == (0, "")
        assert form or answer.out.replace("\n", "").isprintable(), (
            "a terminal obeys what it is shown"
        )
