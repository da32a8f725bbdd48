"""Every way of changing the file behind the program's back, and what finds it.

The table in docs/audit.md is this list; the last tests keep them equal.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from manipulations import ALL, END, EVENTS, HEAD, MIDDLE, Manipulation, consistent
from offices import Desk, closing_store
from terminal import ntm

from ntm_workflow.domain.base import Refused
from ntm_workflow.office import contacts, letters, seals
from ntm_workflow.office.entry import Request
from ntm_workflow.projections.rebuild import digest
from ntm_workflow.projections.slices import METADATA
from ntm_workflow.store.engine import Database
from ntm_workflow.store.schema import METADATA as STORE
from ntm_workflow.store.seal import Seal
from ntm_workflow.store.verify import WORDS, Fault, NotWhole, Verified

AUDIT = Path(__file__).parent.parent / "docs" / "audit.md"
UNIT = "ubnd-tam-ngoc-tam-ky"


@dataclass(frozen=True)
class Sound:
    """An untouched store, the seal kept outside it, and how long its journal is."""

    path: Path
    outside: Seal
    size: int


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    """A journal of more than one tile, sealed twice, with something in every table."""
    path = tmp_path_factory.mktemp("sound") / "s.db"
    with closing_store(Desk(str(path), "05/01/2024").init()) as desk:
        desk.adopt("quang-nam-2024-2025", "tam-ky-2024")
        desk.record(lambda entry: contacts.change(entry, UNIT, ["a@example.com"]), key="một")
        desk.allocate("kênh", 1_000_000_000, on="5/1/2024")
        desk.go("15/10/2024").close("31/7/2024")
        with desk.office.writing() as work:
            letters.issue(work, desk.office.today, Request(by="test"))
        # With such a size the journal without its last row has as many peaks in its tree.
        while (size := position(desk)) % 4 != 2:
            address = [f"a{size}@example.com"]
            desk.record(lambda entry, to=address: contacts.change(entry, UNIT, to))
        outside = seals.now(desk.office)
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert outside.size > 256 + 10
    return Sound(path, outside, outside.size)


def position(desk: Desk) -> int:
    with desk.database.read() as conn:
        return desk.office.journal.head(conn).position


@pytest.fixture
def store(sound: Sound, tmp_path: Path) -> Path:
    for suffix in ("", ".key"):
        shutil.copy(f"{sound.path}{suffix}", f"{tmp_path / 's.db'}{suffix}")
    return tmp_path / "s.db"


# --- each is found by what the list says, and by nothing before it


def verified(path: Path, outside: Seal | None = None) -> Verified:
    with closing_store(Desk(str(path))) as desk:
        return desk.office.verify(outside)


def found_by(way: str) -> pytest.MarkDecorator:
    chosen = [each for each in ALL if way in each.found_by.split(", ")]
    return pytest.mark.parametrize("how", chosen, ids=lambda each: each.what)


def place(how: Manipulation, sound: Sound) -> int | None:
    near_the_end = how.at is not None and how.at > END // 2
    return sound.size + how.at - END if near_the_end and how.at else how.at


@found_by("verify")
def test_verify_finds_and_names(how: Manipulation, store: Path, sound: Sound) -> None:
    how.do(store)
    found = verified(store)
    assert (found.ok, found.reason, found.first_bad) == (False, how.said, place(how, sound))
    with closing_store(Desk(str(store))) as desk, pytest.raises(NotWhole):
        desk.office.rebuild(check_only=True)


@found_by("seal kept outside")
def test_only_a_seal_kept_outside_finds(how: Manipulation, store: Path, sound: Sound) -> None:
    how.do(store)
    assert verified(store).ok
    found = verified(store, sound.outside)
    assert (found.ok, found.reason, found.first_bad) == (False, how.said, place(how, sound))


@found_by("opening")
def test_a_store_so_changed_is_not_opened(how: Manipulation, store: Path) -> None:
    how.do(store)
    with pytest.raises(Refused) as refused:
        verified(store)
    assert type(refused.value).__name__ == how.said
    answer = ntm("audit verify", str(store))
    assert (answer.code, answer.out, "Traceback" in answer.err) == (1, "", False)


@found_by("rebuild --check")
def test_rebuilding_finds_and_verify_does_not(how: Manipulation, store: Path, sound: Sound) -> None:
    how.do(store)
    assert verified(store, sound.outside).ok
    with closing_store(Desk(str(store))) as desk:
        if how.said == "≠":
            assert not desk.rebuilt_equal()
            return
        with pytest.raises(Refused) as refused:
            desk.rebuilt_equal()
        assert type(refused.value).__name__ == how.said


@found_by("nothing")
def test_nothing_finds(how: Manipulation, store: Path, sound: Sound) -> None:
    """Said plainly, so that nobody relies on it; a seal kept outside stays good all the same."""
    how.do(store)
    assert verified(store, sound.outside).ok
    with closing_store(Desk(str(store))) as desk:
        assert desk.rebuilt_equal()


def test_an_untouched_store_is_whole(store: Path, sound: Sound) -> None:
    found = verified(store, sound.outside)
    assert (found.ok, found.size, found.seals) == (True, sound.size, 2)
    with closing_store(Desk(str(store))) as desk:
        assert desk.rebuilt_equal()


def test_every_column_of_the_journals_own_tables_is_on_the_list() -> None:
    said = " ".join(each.what for each in ALL)
    for name in ("events", "head", "merkle_tiles", "seals"):
        missing = [c.name for c in STORE.tables[name].c if f"{name}.{c.name} " not in said]
        assert missing == []
    letters = {"outbox", "envelopes", "attempts", "contacts"}
    others = letters | {"command_keys", "people", "meta", "heartbeats", "clocks"}
    assert set(STORE.tables) == {"events", "head", "merkle_tiles", "seals"} | others
    assert all(name in said for name in others)


def test_every_cell_of_every_table_of_readings_counts_in_the_digest(store: Path) -> None:
    with closing(Database(store)) as database, database.write() as conn:
        before = digest(conn)
        for table in METADATA.sorted_tables:
            first = conn.scalar(sa.text(f'SELECT rowid FROM "{table.name}" LIMIT 1'))
            for column in table.c if first is not None else ():
                with conn.begin_nested() as undo:
                    change = f'UPDATE "{table.name}" SET "{column.name}" = {other(column)}'
                    conn.exec_driver_sql(f"{change} WHERE rowid = {first}")
                    assert digest(conn) != before, f"{table.name}.{column.name}"
                    undo.rollback()
        assert digest(conn) == before


def other(column: sa.Column[Any]) -> str:
    """Another value of the column's own type, in SQL."""
    if isinstance(column.type, sa.Boolean):
        return f'1 - "{column.name}"'
    if isinstance(column.type, sa.Integer):
        return f'coalesce("{column.name}", 0) + 7777'
    return f"'x' || coalesce(\"{column.name}\", '')"


# --- and what a writer does with it

BURIED = {
    "head.entry edited",
    "head.recorded_at edited",
    "head.position raised",
    "head.position lowered",
}
BURIED |= {"last row deleted", "all rows deleted", "a row inserted after the last"}


def named(some: set[str]) -> pytest.MarkDecorator:
    chosen = [each for each in ALL if each.what in some]
    assert len(chosen) == len(some)
    return pytest.mark.parametrize("how", chosen, ids=lambda each: each.what)


@named(BURIED)
def test_a_writer_buries_no_evidence(how: Manipulation, store: Path, sound: Sound) -> None:
    how.do(store)
    before = verified(store)
    for line in (
        "day close --until 31/10/2024",
        "audit seal",
        f"fact void {sound.size} --reason x",
    ):
        answer = ntm(line, str(store))
        assert (answer.code, "ntm audit verify" in answer.err) == (1, True), answer.err
    assert verified(store) == before


@found_by("sealing")
def test_a_closing_without_its_seal_says_what_verify_says_and_that_it_was_done(
    how: Manipulation, store: Path, sound: Sound
) -> None:
    how.do(store)
    answer = ntm("day close --until 31/10/2024", str(store))
    assert answer.code == 0
    found = verified(store)
    assert (found.size > sound.size, found.ok) == (True, False)
    assert found.first_bad is None or f"vị trí: {found.first_bad}" in answer.err
    assert found.words.vi in answer.err
    assert "Chưa làm gì" not in answer.err


@found_by("sealing")
def test_nothing_is_sealed_that_its_own_tiles_do_not_lead_to(
    how: Manipulation, store: Path, sound: Sound
) -> None:
    """Also where no seal was made before, with which the new one is compared; nor one again."""
    how.do(store)
    again = ntm("audit seal", str(store))
    with closing(sqlite3.connect(store)) as raw:
        raw.execute("DELETE FROM seals")
        raw.commit()
    first = ntm("audit seal", str(store))
    assert (again.code, first.code) == (1, 1)
    assert again.err == first.err
    assert verified(store).words.vi in first.err


TILES_ONLY = [each for each in ALL if each.said == "tile"]


@pytest.mark.parametrize("how", TILES_ONLY, ids=lambda each: each.what)
def test_tiles_are_mended_from_the_rows_by_the_command_that_is_named(
    how: Manipulation, store: Path, sound: Sound
) -> None:
    how.do(store)
    for line in ("audit verify", "audit seal", "doctor"):
        answer = ntm(line, str(store))
        assert "ntm rebuild" in answer.out + answer.err, line
    mended = ntm("rebuild", str(store))
    assert (mended.code, "mã băm trung gian" in mended.out) == (0, True)
    assert verified(store, sound.outside).ok
    assert ntm("audit seal", str(store)).code == 0
    assert "mã băm trung gian" not in ntm("rebuild", str(store)).out


def test_tiles_that_a_seal_contradicts_stay_as_evidence(store: Path) -> None:
    """Rows and head rewritten, tiles left: the seals show that not the tiles are wrong."""
    with closing(sqlite3.connect(store)) as raw:
        before = raw.execute("SELECT * FROM merkle_tiles").fetchall()
        consistent(raw)
        raw.execute("DELETE FROM merkle_tiles")
        raw.executemany("INSERT INTO merkle_tiles VALUES (?, ?, ?)", before)
        raw.commit()
    assert verified(store).reason is Fault.TILE
    assert ntm("rebuild", str(store)).code == 1
    with closing(sqlite3.connect(store)) as raw:
        assert raw.execute("SELECT * FROM merkle_tiles").fetchall() == before


# --- what is said


SAID = [each for each in ALL if each.found_by.startswith("verify") and each.said]


@pytest.mark.parametrize("how", {each.said: each for each in SAID}.values(), ids=lambda e: e.said)
def test_the_terminal_names_the_place_and_the_reason_in_both_languages(
    how: Manipulation, store: Path, sound: Sound
) -> None:
    how.do(store)
    for lang, word in zip(("vi", "en"), WORDS[Fault(how.said)], strict=True):
        answer = ntm(f"audit verify --lang {lang}", str(store))
        assert answer.code == 1
        assert word.partition("{")[0] in answer.out
        at = place(how, sound)
        assert at is None or f" {at}:" in answer.out
    refused = ntm("rebuild --check", str(store))
    assert (refused.code, "KHÔNG nguyên vẹn" in refused.err) == (1, True)


@pytest.mark.parametrize("fault", Fault)
def test_reasons_are_said_in_each_language_only(fault: Fault) -> None:
    vi, en = WORDS[fault]
    assert en.isascii()
    assert not vi.isascii()
    english = {"row", "seal", "edited", "lost", "journal", "hash", "table"}
    assert not english & set(vi.replace("(", " ").replace(")", " ").split())


def test_other_commands_refuse_a_damaged_head_in_words(store: Path) -> None:
    for how in HEAD:
        if how.said != "head":
            continue
        copy = store.with_name("copy.db")
        shutil.copy(store, copy)
        how.do(copy)
        for line in ("fact list", "audit seal", "day status"):
            answer = ntm(line, str(copy))
            assert "Lỗi không lường trước" not in answer.err, (how.what, line)


@pytest.mark.parametrize("how", EVENTS, ids=lambda each: each.what)
def test_reading_a_changed_journal_never_ends_in_an_unexpected_error(
    how: Manipulation, store: Path
) -> None:
    how.do(store)
    for line in (f"fact show {MIDDLE}", f"audit receipt {MIDDLE}", "day status", "rebuild"):
        answer = ntm(line, str(store))
        assert "Lỗi không lường trước" not in answer.err, (line, answer.err)


# --- the documentation


def rows_of(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of docs/audit.md."""
    text = AUDIT.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_documented_table_is_the_tested_list() -> None:
    tested = [[each.what, each.found_by, f"`{each.said}`" if each.said else "–"] for each in ALL]
    assert rows_of("What finds what") == tested


def test_the_documented_words_are_the_ones_that_are_said() -> None:
    said = [[f"`{fault}`", *WORDS[fault]] for fault in Fault if fault]
    assert rows_of("What is said") == said


def test_a_seal_made_before_a_forgery_outlives_all_of_it(sound: Sound) -> None:
    other = replace(sound.outside, root=bytes(32))
    assert verified(sound.path, sound.outside).ok
    assert verified(sound.path, other).reason is Fault.SEAL_FORGED
