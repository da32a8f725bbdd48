"""Seals: their bytes, when they are made, and what they find that the journal alone cannot."""

from __future__ import annotations

import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from offices import Desk, closing_store
from terminal import ntm

from ntm_workflow.office import seals
from ntm_workflow.store import keys, seal
from ntm_workflow.store.engine import Database, StoreOlder
from ntm_workflow.store.files import replacing
from ntm_workflow.store.keys import (
    SealKeyForeign,
    SealKeyInPlace,
    SealKeyMissing,
    SealKeyUnreadable,
    SealKeyUnwritable,
)
from ntm_workflow.store.schema import META
from ntm_workflow.store.seal import Seal, fingerprint, signed_by
from ntm_workflow.store.verify import Fault, NotWhole

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
STORE = "0123456789abcdef" * 2
UNSIGNED = Seal(
    store_id=STORE, size=7, root=sha256(b"root").digest(), sealed_at="2024-11-05T02:00:00.000000Z"
)
SEALED = seal.sign(UNSIGNED, KEY)


# --- the note


def test_a_seal_is_a_checkpoint_in_a_signed_note_to_the_byte() -> None:
    name = f"ntm-workflow/{STORE}"
    root = b64encode(sha256(b"root").digest()).decode()
    text = f"{name}\n7\n{root}\n2024-11-05T02:00:00.000000Z\n"
    which = sha256(name.encode() + b"\n\x01" + PUBLIC).digest()[:4]
    signature = b64encode(which + KEY.sign(text.encode())).decode()
    assert SEALED.note == f"{text}\n— {name} {signature}\n"


def test_the_seal_of_a_rehearsal_says_so_under_the_signature() -> None:
    rehearsal = seal.sign(replace(UNSIGNED, rehearsal=True), KEY)
    assert rehearsal.text == SEALED.text + "rehearsal\n"
    passed_off = seal.read(rehearsal.note.replace("rehearsal\n", ""))
    assert passed_off is not None
    assert not signed_by(passed_off, PUBLIC)


@given(st.integers(0, 10**17), st.binary(min_size=32, max_size=32), st.booleans())
def test_a_seal_is_read_as_it_was_written(size: int, root: bytes, rehearsal: bool) -> None:
    made = seal.sign(replace(UNSIGNED, size=size, root=root, rehearsal=rehearsal), KEY)
    assert seal.read(made.note) == made
    assert signed_by(made, PUBLIC)


@given(st.integers(0, len(SEALED.note) - 1), st.characters())
def test_a_seal_with_another_letter_anywhere_is_not_believed(at: int, letter: str) -> None:
    note = SEALED.note[:at] + letter + SEALED.note[at + 1 :]
    found = seal.read(note)
    assert note == SEALED.note or found is None or not signed_by(found, PUBLIC)


@pytest.mark.parametrize(
    "note",
    ["", SEALED.text, SEALED.note + "\n", SEALED.note[:-1], SEALED.note * 2, b"note", None, 7],
)
def test_what_is_not_exactly_a_seal_is_not_read(note: object) -> None:
    assert seal.read(note) is None


def test_the_same_bytes_in_another_spelling_of_base64_are_not_a_seal() -> None:
    # The last letter before "=" carries two bits that mean nothing.
    root = b64encode(UNSIGNED.root).decode()
    other = next(
        root[:-2] + letter + "="
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        if letter != root[-2] and b64decode(root[:-2] + letter + "=") == UNSIGNED.root
    )
    assert seal.read(SEALED.note.replace(root, other)) is None


def test_another_key_did_not_sign_it() -> None:
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert not signed_by(SEALED, other)
    assert not signed_by(SEALED, b"")
    # The four bytes are a hint only: with the right hint the signature still decides.
    hinted = replace(SEALED, signature=seal.key_id(SEALED.name, other) + SEALED.signature[4:])
    assert not signed_by(hinted, other)


def test_a_fingerprint_is_half_of_the_hash_of_the_key() -> None:
    digits = sha256(PUBLIC).hexdigest()[:32]
    assert fingerprint(PUBLIC).replace(" ", "") == digits
    assert {len(group) for group in fingerprint(PUBLIC).split()} == {4}


# --- keys


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(Desk(store_url).init()) as opened:
        yield opened.adopt("tam-ky-2024")


def key_file(desk: Desk) -> Path:
    return keys.path_of(desk.database, desk.office.info.store_id)


def test_a_new_store_has_a_key_only_its_owner_may_read_and_no_table_holds_it(desk: Desk) -> None:
    path = key_file(desk)
    assert path.stat().st_mode & 0o777 == 0o600
    private = keys.load(path)
    with desk.database.read() as conn:
        assert keys.public(conn) == [private.public_key().public_bytes_raw()]
        held = "".join(conn.scalars(sa.select(META.c.value)))
    assert private.private_bytes_raw().hex() not in held
    if desk.database.path:
        assert path == desk.database.path.with_name(desk.database.path.name + ".key")
        content = desk.database.path.read_bytes()
        assert private.private_bytes_raw() not in content
        assert b"PRIVATE KEY" not in content


def test_another_place_for_the_key_may_be_named(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTM_SEAL_KEY", str(tmp_path / "usb" / "khóa.pem"))
    with closing_store(Desk(store_url).init()) as desk:
        assert key_file(desk) == tmp_path / "usb" / "khóa.pem"
        assert seals.now(desk.office).size == 0


def test_a_key_that_lies_there_is_used_and_never_replaced(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "sổ.db.key"
    made = keys.make(path).public_key().public_bytes_raw()
    with closing_store(Desk(sqlite_url).init()) as desk, desk.database.read() as conn:
        assert keys.public(conn) == [made]


def test_without_its_key_a_store_closes_its_days_and_says_that_they_are_not_sealed(
    desk: Desk,
) -> None:
    key_file(desk).unlink()
    done = desk.close("31/1/2024")
    assert len(done.days) == 31
    assert isinstance(done.seal, SealKeyMissing)
    with pytest.raises(SealKeyMissing):
        seals.now(desk.office)
    assert desk.office.verify().ok


@pytest.mark.parametrize("content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAA==\n"])
def test_a_file_that_is_no_key_is_refused(desk: Desk, content: bytes) -> None:
    key_file(desk).write_bytes(content)
    with pytest.raises(SealKeyUnreadable):
        seals.now(desk.office)


def test_a_key_of_another_kind_is_refused(desk: Desk) -> None:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    other = X25519PrivateKey.generate()
    pem = other.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    key_file(desk).write_bytes(pem)
    with pytest.raises(SealKeyUnreadable):
        seals.now(desk.office)


def test_the_key_of_another_store_does_not_seal_this_one(desk: Desk) -> None:
    key_file(desk).unlink()
    keys.make(key_file(desk))
    with pytest.raises(SealKeyForeign):
        seals.now(desk.office)


def test_a_lost_key_is_followed_by_a_new_one_and_old_seals_stay_good(desk: Desk) -> None:
    old = seals.now(desk.office)
    with pytest.raises(SealKeyInPlace):
        seals.new_key(desk.database)
    key_file(desk).unlink()
    public = seals.new_key(desk.database)
    desk.close("31/1/2024")
    with desk.database.read() as conn:
        new = seals.every(conn)[-1]
    assert signed_by(new, public)
    assert not signed_by(old, public)
    found = desk.office.verify(old)
    assert (found.ok, found.seals) == (True, 2)
    assert seals.key_state(desk.database).trouble is None


def test_where_no_key_can_be_written_the_store_is_made_and_the_next_step_told(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("NTM_SEAL_KEY", str(tmp_path / "file" / "key"))
    with pytest.raises(SealKeyUnwritable):
        Desk(sqlite_url).init()
    monkeypatch.delenv("NTM_SEAL_KEY")
    with closing_store(Desk(sqlite_url)) as desk:
        seals.new_key(desk.database)
        assert seals.now(desk.office).size == 0


# --- sealing


def test_a_closing_seals_the_journal_as_its_last_day_left_it(desk: Desk) -> None:
    done = desk.close("31/3/2024")
    found = desk.office.verify()
    assert isinstance(done.seal, Seal)
    assert (done.seal.size, done.seal.root) == (found.size, found.root)
    assert done.seal.store_id == desk.office.info.store_id
    with desk.database.read() as conn:
        # 91 days in transactions of 60: one seal, at the end.
        assert seals.every(conn) == [done.seal]


def test_a_closing_that_finds_no_open_day_makes_no_seal(desk: Desk) -> None:
    first = desk.close("31/1/2024").seal
    desk.allocate("kênh", 1_000_000)
    assert desk.close("31/1/2024").seal is None
    with desk.database.read() as conn:
        assert seals.every(conn) == [first]


def test_a_closing_only_tried_out_makes_no_seal(desk: Desk) -> None:
    from ntm_workflow.domain.inputs import read_date
    from ntm_workflow.office import closing as use
    from ntm_workflow.office.entry import Request

    tried = use.close(desk.office, read_date("31/1/2024"), Request(by="test", dry_run=True))
    assert tried.seal is None
    with desk.database.read() as conn:
        assert seals.every(conn) == []


def test_sealing_an_unchanged_journal_again_gives_the_same_seal(desk: Desk) -> None:
    first = seals.now(desk.office)
    desk.go("06/11/2024")
    assert seals.now(desk.office) == first
    desk.allocate("kênh", 1_000_000)
    assert seals.now(desk.office).size > first.size


def test_a_journal_that_does_not_continue_its_newest_seal_is_not_sealed(desk: Desk) -> None:
    seals.now(desk.office)
    leaf = "UPDATE events SET leaf = (SELECT leaf FROM events WHERE position = 1)"
    with desk.database.write() as conn:
        conn.exec_driver_sql(leaf + " WHERE position = 2")
    desk.allocate("kênh", 1_000_000)
    with pytest.raises(NotWhole):
        seals.now(desk.office)
    # What the days hold is found all the same; only the signature is withheld.
    done = desk.close("31/1/2024")
    assert len(done.days) == 31
    assert isinstance(done.seal, NotWhole)
    found = desk.office.verify()
    assert done.seal.facts == {"position": found.first_bad, "reason": found.words}


def test_a_seal_kept_outside_is_continued_by_the_journal_of_later_days(desk: Desk) -> None:
    kept = seals.now(desk.office)
    desk.close("31/1/2024")
    assert desk.office.verify(kept).ok


def test_a_seal_of_another_store_is_told_apart(desk: Desk, tmp_path: Path) -> None:
    with closing_store(Desk(str(tmp_path / "other.db")).init()) as other:
        foreign = seals.now(other.office)
    found = desk.office.verify(foreign)
    assert (found.ok, found.reason) == (False, Fault.FOREIGN)


def test_a_copy_restored_from_before_the_seal_is_found_to_be_short(
    sqlite_url: str, tmp_path: Path
) -> None:
    with closing_store(Desk(sqlite_url).init()) as desk:
        desk.adopt("tam-ky-2024")
        with closing(sqlite3.connect(str(desk.database.path))) as raw:
            raw.execute("VACUUM INTO ?", (str(tmp_path / "old.db"),))
        size = desk.office.verify().size
        desk.allocate("kênh", 1_000_000)
        kept = seals.now(desk.office)
    with closing_store(Desk(str(tmp_path / "old.db"))) as old:
        assert old.office.verify().ok
        found = old.office.verify(kept)
        assert (found.reason, found.first_bad, found.seal) == (
            Fault.SEAL_AHEAD,
            size + 1,
            kept.size,
        )


# --- stores made before there were seals


def older(url: str) -> None:
    """The store as a program of format 1 left it: without the seals and their key."""
    with closing(Database(url)) as database, database.write() as conn:
        conn.exec_driver_sql("DROP TABLE seals")
        conn.exec_driver_sql("DELETE FROM meta WHERE key = 'seal_key'")
        conn.exec_driver_sql("UPDATE meta SET value = '1' WHERE key = 'format'")


def test_an_older_store_is_migrated_and_then_sealed_like_any_other(store_url: str) -> None:
    with closing_store(Desk(store_url).init()) as desk:
        before = desk.adopt("tam-ky-2024").office.verify()
        key_file(desk).unlink()
    older(store_url)
    for line in ("audit verify", "obligation list", "day close --until 1/1/2024", "audit seal"):
        answer = ntm(line, store_url)
        assert (answer.code, "ntm migrate" in answer.err) == (1, True), line
    with closing(Database(store_url)) as database, pytest.raises(StoreOlder):
        database.check()
    assert ntm("migrate", store_url).code == 0
    assert ntm("migrate", store_url).code == 0
    assert ntm("audit seal --json", store_url).json["size"] == before.size
    verified = ntm("audit verify --json", store_url).json
    assert (verified["root"], verified["seals"]) == (before.root.hex(), 1)


# --- at the terminal


@pytest.fixture
def store(tmp_path: Path) -> str:
    path = str(tmp_path / "s.db")
    assert ntm("init", path).code == 0
    assert ntm("plan adopt tam-ky-2024", path).code == 0
    return path


def test_init_names_the_fingerprint_to_write_down(tmp_path: Path) -> None:
    said = ntm("init", str(tmp_path / "s.db")).out
    shown = ntm("audit key --json", str(tmp_path / "s.db")).json
    assert shown["keys"][0]["fingerprint"] in said
    assert shown["private_key"] == str(tmp_path / "s.db.key")
    assert shown["usable"] is True


def test_a_seal_is_written_to_a_file_and_compared_with_it_later(store: str, tmp_path: Path) -> None:
    file = tmp_path / "dấu.txt"
    made = ntm(f"audit seal -o '{file}' --json", store).json
    assert file.read_text(encoding="utf-8") == made["note"]
    done = ntm("day close --until 31/1/2024 --json", store).json
    closed = made["size"] + len(done["closed"]) + len(done["facts"])
    assert (done["sealed"], len(done["closed"])) == (closed, 31)
    items = ntm("audit seals --json", store).json["items"]
    assert [item["size"] for item in items] == [made["size"], closed]
    assert ntm("audit seals", store).out.count("\n") == 3
    assert ntm("audit seals", store).out.startswith("Số việc\tĐóng dấu lúc\tMã băm gốc\n")
    rows = ntm("audit seals --csv", store).out.splitlines()
    assert [row.partition(",")[0] for row in rows] == ["size", *(str(i["size"]) for i in items)]
    assert ntm(f"audit seals --xlsx '{tmp_path}/dau.xlsx'", store).code == 0
    assert (tmp_path / "dau.xlsx").stat().st_size
    known = ntm(f"audit seals --json --known-at '#{made['size']}'", store).json["items"]
    assert {item["size"] for item in known} <= {made["size"]}
    answer = ntm(f"audit verify --seal '{file}'", store)
    assert (answer.code, f"{made['size']} việc" in answer.out) == (0, True)


def test_the_seal_of_another_store_says_nothing_against_this_one(
    store: str, tmp_path: Path
) -> None:
    other, file = str(tmp_path / "other.db"), tmp_path / "dau.txt"
    assert ntm("init", other).code == 0
    assert ntm(f"audit seal -o {file}", other).code == 0
    answer = ntm(f"audit verify --seal {file}", store)
    assert (answer.code, "không phải của sổ này" in answer.out) == (1, True)
    assert "KHÔNG nguyên vẹn" not in answer.out
    assert ntm(f"audit verify --seal {file} --json", store).json["reason"] == "foreign"


def test_a_file_cut_short_is_not_sent_back_to_the_command_that_found_it(store: str) -> None:
    path = Path(store)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    answer = ntm("audit verify", store)
    assert answer.code == 1
    assert "ntm restore" in answer.err
    assert "ntm audit verify" not in answer.err


@pytest.mark.parametrize("content", ["", "not a seal\n", "\x00\xff"])
def test_a_file_that_is_no_seal_is_told(store: str, tmp_path: Path, content: str) -> None:
    file = tmp_path / "dau.txt"
    file.write_bytes(content.encode("latin-1"))
    answer = ntm(f"audit verify --seal {file}", store)
    assert (answer.code, str(file) in answer.err) == (2, True)
    assert ntm(f"audit verify --seal {tmp_path}", store).code == 2
    assert ntm(f"audit verify --seal {tmp_path}/none", store).code == 2


def test_a_file_takes_the_place_of_an_older_one_whole_or_not_at_all(tmp_path: Path) -> None:
    file, plain = tmp_path / "dau.txt", tmp_path / "plain.txt"
    plain.touch()
    with replacing(file) as part:
        part.write_bytes(b"older")
    with suppress(KeyboardInterrupt), replacing(file) as part:
        part.write_bytes(b"ha")
        raise KeyboardInterrupt
    assert file.read_bytes() == b"older"
    with replacing(file) as part:
        part.write_bytes(b"newer")
    assert file.read_bytes() == b"newer"
    assert file.stat().st_mode == plain.stat().st_mode
    assert sorted(tmp_path.iterdir()) == [file, plain]


def test_a_seal_that_cannot_be_written_is_told_and_leaves_no_file(
    store: str, tmp_path: Path
) -> None:
    answer = ntm(f"audit seal -o {tmp_path}/nowhere/dau.txt", store)
    assert (answer.code, "nowhere" in answer.err) == (1, True)
    assert ntm(f"audit seal -o {tmp_path}", store).code == 1
    assert not list(tmp_path.glob(".*"))


def test_a_closing_without_a_key_says_so_beside_the_answer(store: str) -> None:
    Path(store + ".key").unlink()
    answer = ntm("day close --until 1/1/2024 --json", store)
    assert (answer.code, answer.json["sealed"]) == (0, None)
    assert "ntm audit key --new" in answer.err
    assert ntm("audit key --json", store).json["usable"] is False
    assert ntm("audit key --new", store).code == 0
    assert len(ntm("audit key --json", store).json["keys"]) == 2
    assert ntm("audit seal", store).code == 0
