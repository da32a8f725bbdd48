"""Forgetting: what stood for a person is gone from the store, and the journal still proves itself."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from given import event, given
from offices import Desk, adopted, closing_store
from posts import Basket
from terminal import ntm

from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.unit import ContactForgotten, UnitContactChanged, UnitRegistered
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.notifications.mime import BadAddress
from ntm_workflow.notifications.post import Outcome, Parcel, Result
from ntm_workflow.office import contacts, letters, relay
from ntm_workflow.office.contacts import (
    DuplicateAddress,
    ForgottenWordKept,
    KeyOfForgetting,
    LettersBeyondAscii,
    NothingToForget,
    Person,
    PhoneWithoutPerson,
)
from ntm_workflow.office.entry import Request
from ntm_workflow.office.voiding import CannotVoid
from ntm_workflow.office.writing import Desk as Writer
from ntm_workflow.store.engine import Database
from ntm_workflow.store.schema import ATTEMPTS, COMMAND_KEYS, CONTACTS, ENVELOPES, PEOPLE
from ntm_workflow.store.scrub import Left, scrub

NGOC = "ubnd-tam-ngoc-tam-ky"
EMAIL, KEPT, PERSON, PHONE = "nguoi-mau@example.com", "van-phong@example.com", "Người Mẫu", "0000"
DAY = "15/10/2024"


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    """A commune with an address and a person, to which a reminder has left."""
    with closing_store(adopted(store_url, "quang-nam-2024-2025", day="05/01/2024")) as desk:
        told(desk, [EMAIL, KEPT], [Person(PERSON, PHONE)], key="k")
        desk.go(DAY)
        yield desk


def told(desk: Desk, emails: list[str] | None, people: Any = None, **said: Any) -> None:
    desk.record(lambda e: contacts.change(e, NGOC, emails, people), **said)


def sent(desk: Desk, *, full: bool = False) -> None:
    request = Request(by="test")
    with desk.office.writing() as work:
        letters.issue(work, read_date(DAY), request)
    post = Basket(failing="@" if full else "", code=452)
    relay.send(desk.office, post, request)


def forget(desk: Desk, emails: tuple[str, ...] = (EMAIL,), people: tuple[str, ...] = ()) -> int:
    done: list[int] = []
    desk.record(lambda e: done.append(contacts.forget(e, NGOC, emails, people, "đã nghỉ hưu")))
    return done[0]


def rows(desk: Desk, table: sa.Table) -> list[dict[str, Any]]:
    with desk.database.read() as conn:
        return [dict(row._mapping) for row in conn.execute(sa.select(table))]


def theirs(desk: Desk) -> dict[Any, dict[str, Any]]:
    """The envelopes of letters to the unit, by what is left of their addresses."""
    return {r["recipient"]: r for r in rows(desk, ENVELOPES) if f"/{NGOC}/" in r["letter"]}


def bytes_of(desk: Desk) -> bytes:
    """Everything in the files of a SQLite store, its connections closed."""
    path = desk.database.path
    assert path is not None
    desk.close_store()
    return files_of(path)


def files_of(store: str | Path) -> bytes:
    path = Path(store)
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_what_was_forgotten_stands_in_no_table_and_the_rest_stays(desk: Desk) -> None:
    sent(desk)
    assert forget(desk, (EMAIL,), (PERSON,)) == 1
    assert [row["email"] for row in rows(desk, CONTACTS)] == [KEPT]
    assert rows(desk, PEOPLE) == []
    assert theirs(desk).keys() == {None, KEPT}
    letter = theirs(desk)[None]
    assert (letter["state"], letter["bytes"]) == ("sent", None)
    assert letter["message_id"].startswith("<ntm.")
    assert theirs(desk)[KEPT]["bytes"]
    (row,) = [row for id, row in desk.rows("unit").items() if id == NGOC]
    assert len(row["contacts"]) == 1
    assert row["people"] == []


def test_the_journal_still_proves_itself_and_rebuilds_the_same(desk: Desk) -> None:
    sent(desk)
    before = desk.office.verify()
    forget(desk, (EMAIL,), (PERSON,))
    assert desk.office.verify().ok
    assert desk.office.verify().size == before.size + 1
    assert desk.rebuilt_equal()
    desk.office.rebuild(check_only=False)
    assert desk.rebuilt_equal()


@pytest.mark.parametrize("anew", [True, False], ids=["written anew", "no room to write it anew"])
def test_the_files_hold_no_byte_of_what_was_forgotten(tmp_path: Path, anew: bool) -> None:
    """Checked on SQLite, whose files are at hand."""
    with closing_store(Desk(str(tmp_path / "s.db"), "05/01/2024").init()) as desk:
        desk.adopt("quang-nam-2024-2025")
        told(desk, [EMAIL, KEPT], [Person(PERSON, PHONE)])
        desk.go(DAY)
        sent(desk)
        assert EMAIL.encode() in bytes_of(desk)
        forget(desk, (EMAIL,), (PERSON,))
        assert not anew or scrub(desk.database) is Left.NOTHING
        content = bytes_of(desk)
        assert EMAIL.encode() not in content
        assert PERSON.encode() not in content
        assert KEPT.encode() in content


def test_a_letter_that_waits_goes_to_whoever_is_left(desk: Desk) -> None:
    sent(desk, full=True)
    assert theirs(desk).keys() == {EMAIL, KEPT}
    forget(desk)
    assert theirs(desk)[None]["bytes"] is None
    desk.clock.at += timedelta(minutes=1)
    basket = Basket()
    relay.send(desk.office, basket, Request(by="test"))
    assert [parcel.recipient for parcel in basket.offered] == [KEPT]
    assert {to: row["state"] for to, row in theirs(desk).items()} == {None: "dropped", KEPT: "sent"}


def test_a_letter_whose_only_address_was_forgotten_waits_for_another(desk: Desk) -> None:
    told(desk, [EMAIL])
    sent(desk, full=True)
    forget(desk)
    relay.send(desk.office, Basket(), Request(by="test"))
    told(desk, ["moi@example.com"])
    assert len(relay.send(desk.office, Basket(), Request(by="test")).left) == 1


def test_what_a_server_said_of_an_address_is_forgotten_with_it(desk: Desk) -> None:
    class Talkative(Basket):
        def deliver(self, parcels: Iterable[Parcel]) -> Iterator[Result | None]:
            for parcel in parcels:
                said = f"550 5.1.1 <{parcel.recipient}> unknown"
                yield Result(parcel.id, Outcome.REFUSED, "mx", 550, "5.1.1", said)

    with desk.office.writing() as work:
        letters.issue(work, read_date(DAY), Request(by="test"))
    relay.send(desk.office, Talkative(), Request(by="test"))
    assert EMAIL in str(rows(desk, ATTEMPTS))
    forget(desk)
    assert EMAIL not in str(rows(desk, ATTEMPTS))
    assert KEPT in str(rows(desk, ATTEMPTS))
    assert sorted((row["code"], row["said"] is None) for row in rows(desk, ATTEMPTS)) == [
        (550, False),
        (550, True),
    ]


def test_an_address_forgotten_while_its_letter_was_being_written_does_not_come_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Writer.write

    def meanwhile(self: Writer, intent: Intent) -> Any:
        monkeypatch.setattr(Writer, "write", write)
        written = write(self, intent)
        with closing_store(Desk(url_of(desk), DAY)) as other:
            forget(other)
        return written

    monkeypatch.setattr(Writer, "write", meanwhile)
    sent(desk)
    assert EMAIL not in str(rows(desk, ENVELOPES))
    assert theirs(desk)[KEPT]["state"] == "sent"


def test_a_letter_that_left_for_an_address_forgotten_meanwhile_leaves_no_trace_of_it(
    desk: Desk,
) -> None:
    class Meanwhile(Basket):
        def take(self, parcel: Parcel) -> Outcome:
            if parcel.recipient == EMAIL:
                forget(desk)
            return super().take(parcel)

    with desk.office.writing() as work:
        letters.issue(work, read_date(DAY), Request(by="test"))
    relay.send(desk.office, Meanwhile(), Request(by="test"))
    assert EMAIL not in str([rows(desk, table) for table in (ENVELOPES, ATTEMPTS)])
    assert theirs(desk)[None]["state"] == "sent"
    with desk.database.read() as conn:
        left = [f for f in desk.office.journal.facts(conn) if f.type == "LetterSent"]
    assert theirs(desk)[None]["message_id"] in [fact.event.message_id for fact in left]


def url_of(desk: Desk) -> str:
    return desk.database.url.render_as_string(hide_password=False)


def test_one_address_of_two_units_is_forgotten_in_both(desk: Desk) -> None:
    thanh = "ubnd-tam-thanh-tam-ky"
    desk.record(lambda e: contacts.change(e, thanh, [EMAIL]))
    forget(desk)
    assert EMAIL not in str(rows(desk, CONTACTS))
    assert desk.rows("unit")[thanh]["contacts"] == []


def test_a_namesake_in_another_unit_is_not_forgotten(desk: Desk) -> None:
    thanh = "ubnd-tam-thanh-tam-ky"
    desk.record(lambda e: contacts.change(e, thanh, None, [Person(PERSON, "0999")]))
    forget(desk, (), (PERSON,))
    assert [(row["unit"], row["phone"]) for row in rows(desk, PEOPLE)] == [(thanh, "0999")]
    assert len(desk.rows("unit")[thanh]["people"]) == 1


def test_forgetting_leaves_no_hash_of_its_own_to_guess_against(desk: Desk) -> None:
    with pytest.raises(KeyOfForgetting):
        desk.record(lambda e: contacts.forget(e, NGOC, [EMAIL], [], "thử"), key="quên")
    assert EMAIL in str(rows(desk, CONTACTS))
    assert [row["key"] for row in rows(desk, COMMAND_KEYS)] == ["k"]


def test_the_key_of_the_command_that_told_it_holds_no_hash_to_guess_against(desk: Desk) -> None:
    before = rows(desk, COMMAND_KEYS)
    forget(desk)
    assert rows(desk, COMMAND_KEYS) != before


@pytest.mark.parametrize("said", [{"note": f"hộp thư {EMAIL.upper()}"}, {"document": EMAIL}])
def test_what_is_erased_is_not_written_into_the_journal_on_the_way(
    desk: Desk, said: dict[str, str]
) -> None:
    size = desk.office.verify().size
    with pytest.raises(ForgottenWordKept):
        desk.record(lambda e: contacts.forget(e, NGOC, [EMAIL], [], "theo đơn"), **said)
    with pytest.raises(ForgottenWordKept):
        desk.record(lambda e: contacts.forget(e, NGOC, [EMAIL], [], f"xóa {EMAIL}"))
    assert desk.office.verify().size == size
    assert EMAIL in str(rows(desk, CONTACTS))


def test_forgetting_what_is_not_there_is_refused_and_writes_nothing(desk: Desk) -> None:
    size = desk.office.verify().size
    with pytest.raises(NothingToForget):
        forget(desk, ("khong-co@example.com",))
    forget(desk)
    with pytest.raises(NothingToForget):
        forget(desk)
    assert desk.office.verify().size == size + 1


def test_forgetting_cannot_be_voided(desk: Desk) -> None:
    forget(desk)
    with pytest.raises(CannotVoid):
        desk.void(desk.office.verify().size)


def test_a_scrub_that_others_hold_up_says_so(tmp_path: Path) -> None:
    with (
        closing_store(Desk(str(tmp_path / "s.db")).init()) as desk,
        closing(Database(tmp_path / "s.db", busy_timeout=0.1)) as hurried,
    ):
        with desk.database.write():
            assert scrub(hurried) is Left.LOG
        assert scrub(hurried) is Left.NOTHING


# --- at the keyboard ------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> str:
    where = str(tmp_path / "s.db")
    assert ntm("init", where).code == 0
    assert ntm("plan adopt tam-ky-2024", where).code == 0
    return where


def test_the_command_erases_and_says_what_it_cannot_reach(store: str) -> None:
    line = f"unit contact 'UBND xã Tam Ngọc' --email {EMAIL} --person '{PERSON}' --phone '{PHONE}'"
    assert ntm(line, store).code == 0
    shown = ntm("unit show 'UBND xã Tam Ngọc' --json", store).json
    assert shown["emails"] == [EMAIL]
    assert shown["people"] == [{"name": PERSON, "phone": PHONE}]
    for lang, words in (("vi", "sao lưu"), ("en", "Backups")):
        dry = ntm(f"unit forget 'UBND xã Tam Ngọc' --email {EMAIL} --reason thu --dry-run", store)
        assert (dry.code, ntm("unit show 'UBND xã Tam Ngọc' --json", store).json["emails"]) == (
            0,
            [EMAIL],
        )
        assert words in ntm(f"unit forget --help --lang {lang}").out
    line = f"unit forget 'UBND xã Tam Ngọc' --email {EMAIL} --person '{PERSON}' --reason 'nghỉ hưu'"
    answer = ntm(line, store)
    assert answer.code == 0, answer.err
    assert "sao lưu" in answer.out
    assert EMAIL.encode() not in Path(store).read_bytes()
    assert PERSON.encode() not in Path(store).read_bytes()
    assert ntm(line, store).code == 3
    assert ntm("audit verify", store).code == 0
    assert ntm("rebuild --check", store).code == 0


FORGET = f"unit forget 'UBND xã Tam Ngọc' --email {EMAIL} --reason thu --json"


def test_what_others_hold_open_is_gone_once_they_close(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTM_BUSY_TIMEOUT", "1")
    with closing(sqlite3.connect(store)) as reader:
        assert ntm(f"unit contact 'UBND xã Tam Ngọc' --email {EMAIL}", store).code == 0
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM contacts").fetchall()
        answer = ntm(FORGET, store)
        assert (answer.code, answer.json["clean"], len(answer.json["facts"])) == (1, False, 1)
        assert "chương trình cuối cùng đóng" in answer.err
        assert EMAIL.encode() in files_of(store)
    assert EMAIL.encode() not in files_of(store)


def test_a_server_keeps_what_was_deleted_until_its_owner_says_otherwise(desk: Desk) -> None:
    url = desk.database.url.render_as_string(hide_password=False)
    answer = ntm(FORGET, url)
    assert answer.code == 0
    assert answer.json["clean"] is desk.database.sqlite
    assert (
        "VACUUM FULL contacts, people, envelopes, attempts, command_keys;" in answer.err
    ) is not answer.json["clean"]


def test_a_refused_forgetting_makes_and_rewrites_nothing(store: str, tmp_path: Path) -> None:
    foreign, nothing = tmp_path / "khác.db", tmp_path / "chưa có.db"
    with closing(sqlite3.connect(foreign)) as raw:
        raw.execute("PRAGMA secure_delete = OFF")
        raw.execute("CREATE TABLE t (x)")
        raw.execute("INSERT INTO t VALUES (?)", ("y" * 50_000,))
        raw.execute("DELETE FROM t")
        raw.commit()
    before = {path: path.read_bytes() for path in (foreign, Path(store))}
    assert ntm(FORGET, str(foreign)).code == 1
    assert ntm(FORGET, str(nothing)).code == 1
    assert ntm(FORGET, store).code == 3
    assert {path: path.read_bytes() for path in before} == before
    assert not nothing.exists()


# --- what may stand in the tables ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("van-thu@example.com", "van-thu@example.com"),
        (" Van.Thu@EXAMPLE.com ", "Van.Thu@example.com"),
        ("a@đơn-vị.test", "a@" + "đơn-vị".encode("idna").decode() + ".test"),
        (unicodedata.normalize("NFD", "a@đơn-vị.test"), "a@xn--n-v-uqa43es17k.test"),
        ("a@straße.example.com", "a@xn--strae-oqa.example.com"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert contacts.mailbox(typed) == kept
    assert kept.isascii()


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("văn-thư@example.com", LettersBeyondAscii),
        (unicodedata.normalize("NFD", "văn-thư@example.com"), LettersBeyondAscii),
        ("khong-co-a-cong", BadAddress),
        ("a@b", BadAddress),
        ("a b@example.com", BadAddress),
        ('"a b"@example.com', BadAddress),
        ("A <a@example.com>", BadAddress),
        ("a@example.com, b@example.com", BadAddress),
        ("a@example.com> RCPT TO:<evil@example.com", BadAddress),
        ("a@example.com\nBcc: b@example.com", BadAddress),
        ("a\x00b@example.com", BadAddress),
        ("a\x0b@example.com", BadAddress),
        ("a\u202e@example.com", BadAddress),
        ("a@example\u200f.com", BadAddress),
        ("a\ud800@example.com", BadAddress),
        ("😀@example.com", BadAddress),
        ("a@😀.test", BadAddress),
        ("@example.com", BadAddress),
        ("a@[192.0.2.1]", BadAddress),
        ("a@192.0.2.1", BadAddress),
        ("a@xn--zzzzzz99999.test", BadAddress),
        ("a@example.invalid", BadAddress),
        (f"{'a' * 65}@example.com", BadAddress),
        (f"{'a' * 300}@example.com", BadAddress),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(typed: str, refusal: Any) -> None:
    with pytest.raises(refusal) as error:
        contacts.mailbox(typed)
    for language in ("vi", "en"):
        said = error.value.say(language).splitlines()
        assert len(said) == 2
        assert all(line.isprintable() for line in said)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("a@example.com", "A@EXAMPLE.com"),
        ("a@example.com", " a@example.com "),
        ("a@đơn-vị.test", unicodedata.normalize("NFD", "a@ĐƠN-VỊ.test")),
        ("a@đơn-vị.test", "a@xn--n-v-uqa43es17k.TEST"),
    ],
)
def test_an_address_given_twice_is_refused(first: str, again: str) -> None:
    with pytest.raises(DuplicateAddress):
        contacts.mailboxes([first, "b@example.com", again])


def test_a_phone_goes_with_a_person() -> None:
    with pytest.raises(PhoneWithoutPerson):
        contacts.people(["A"], ["1", "2"])
    assert contacts.people(["A", "B"], []) == [Person("A"), Person("B")]


def test_people_stay_where_only_addresses_are_told_and_the_other_way_round() -> None:
    opened = event(UnitRegistered, "01/01/2024", name="UBND xã Tam Ngọc", role="ubnd")
    both = event(UnitContactChanged, "02/01/2024", contacts=("c1",), people=("p1",))
    journal = given("unit/u", opened, both)
    state = journal.when(event(UnitContactChanged, "03/01/2024", contacts=("c2",)))
    assert (state.contacts, state.people) == (("c2",), ("p1",))


def test_forgotten_ids_leave_the_unit_and_stay_in_its_past() -> None:
    opened = event(UnitRegistered, "01/01/2024", name="UBND xã Tam Ngọc", role="ubnd")
    both = event(UnitContactChanged, "02/01/2024", contacts=("c1", "c2"), people=("p1",))
    forgotten = event(ContactForgotten, "03/01/2024", contacts=("c1", "p1"), reason="thử")
    journal = given("unit/u", opened, both, forgotten)
    assert (journal.now.contacts, journal.now.people) == (("c2",), ())
    assert journal.at("02/01/2024").contacts == ("c1", "c2")
