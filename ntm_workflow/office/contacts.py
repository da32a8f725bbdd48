"""Addresses and people of units: kept in tables that can be erased; the journal holds ids only.

An id is a salted hash: it proves what was meant to whoever has it, and reveals nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.inputs import readable, tidy
from ntm_workflow.domain.unit import ContactForgotten, UnitContactChanged
from ntm_workflow.domain.values import nfc
from ntm_workflow.notifications.mime import BadAddress, check_address, visible
from ntm_workflow.office import outbox
from ntm_workflow.office.entry import Entry
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS
from ntm_workflow.store.schema import COMMAND_KEYS, CONTACTS, OUTBOX, PEOPLE


class LettersBeyondAscii(Refused):
    exit_code = 2
    vi = "Phần trước @ của “{address}” có chữ có dấu; nhiều máy chủ thư không nhận.\nDùng địa chỉ chỉ có chữ không dấu trước @."
    en = "The part before @ of “{address}” is not plain ASCII; many mail servers refuse that.\nUse an address with plain letters before the @."


class DuplicateAddress(Refused):
    exit_code = 2
    vi = "Địa chỉ {address} được nêu hai lần.\nNêu mỗi địa chỉ một lần."
    en = "The address {address} is given twice.\nGive every address once."


class PhoneWithoutPerson(Refused):
    exit_code = 2
    vi = "Mỗi số điện thoại phải đi với tên một người, nêu bằng số lần nhau.\nThêm: --person “Tên” --phone “Số”"
    en = "Each phone number goes with a person, as many of one as of the other.\nAdd: --person “Name” --phone “Number”"


class NothingToForget(Refused):
    exit_code = 3
    vi = "Sổ không (còn) giữ thông tin này của đơn vị {unit}.\nXem: ntm unit show {unit:arg}"
    en = "The store does not hold this of unit {unit} (any more).\nSee: ntm unit show {unit:arg}"


class KeyOfForgetting(Refused):
    exit_code = 2
    vi = "Lệnh xóa không nhận --key: mã băm lưu theo khóa sẽ cho người khác dò ra điều đã xóa.\nBỏ --key; chạy lại lệnh này không xóa nhầm gì thêm."
    en = "Forgetting takes no --key: the hash kept with it would let others guess what was erased.\nLeave --key out; running this again erases nothing else."


class ForgottenWordKept(Refused):
    exit_code = 2
    vi = "Lý do, ghi chú hay văn bản nhắc lại đúng điều cần xóa, mà sổ thì giữ mãi.\nGhi lý do không có tên, địa chỉ: --reason “theo đơn ngày …”."
    en = "The reason, note or paper repeats what is to be erased, and the journal keeps it for ever.\nGive one without the name or address: --reason “on request of …”."


@dataclass(frozen=True)
class Person:
    """Somebody who answers for a unit, as typed."""

    name: str
    phone: str = ""


def mailbox(typed: str) -> str:
    """An address as it is kept: ASCII, the domain in lower case and, where it is not ASCII, as xn--."""
    from email_validator import EmailNotValidError, validate_email

    address = nfc(typed.strip())
    local = address.rpartition("@")[0]
    if not local.isascii() and all(char.isascii() or char.isalpha() for char in local):
        raise LettersBeyondAscii(address=visible(address))
    try:
        # Only the spelling, no question to a name server; a store for trying out has .test addresses.
        found = validate_email(
            address,
            allow_smtputf8=False,
            strict=True,
            check_deliverability=False,
            test_environment=True,
        )
    except EmailNotValidError:
        raise BadAddress(address=visible(address)) from None
    return check_address(found.ascii_email or "")


def mailboxes(typed: Iterable[str]) -> list[str]:
    """All of them, each once."""
    found: dict[str, str] = {}
    for text in typed:
        address = mailbox(text)
        if address.casefold() in found:
            raise DuplicateAddress(address=address)
        found[address.casefold()] = address
    return list(found.values())


def people(names: Iterable[str], phones: Iterable[str]) -> list[Person]:
    names, phones = list(names), list(phones)
    if phones and len(phones) != len(names):
        raise PhoneWithoutPerson
    numbers = phones or [""] * len(names)
    return [Person(readable(tidy(n)), tidy(phone)) for n, phone in zip(names, numbers, strict=True)]


def change(
    entry: Entry,
    unit: str,
    emails: list[str] | None,
    people: list[Person] | None = None,
    summary: bool | None = None,
) -> None:
    """From now on these addresses and people, and the monthly letter or not; None leaves what there is."""
    conn = entry.conn
    state = entry.timeline(f"unit/{unit}").at(entry.request.on or entry.today)
    known = of_unit(conn, unit)
    ids = tuple(state.contacts if state else ())
    if emails is not None:
        ids = tuple(known.get(email) or _keep(conn, unit, email) for email in emails)
    answering = None if people is None else tuple(person(conn, unit, each) for each in people)
    entry.record(
        f"unit/{unit}", UnitContactChanged, contacts=ids, people=answering, summary=summary
    )
    if ids:
        # What waited for an address waits no more.
        waiting = (OUTBOX.c.unit == unit, OUTBOX.c.state == "no_address")
        conn.execute(sa.update(OUTBOX).where(*waiting).values(state="queued"))


def of_unit(conn: sa.Connection, unit: str) -> dict[str, str]:
    """Address -> contact id, of everything ever kept for a unit."""
    rows = conn.execute(sa.select(CONTACTS).where(CONTACTS.c.unit == unit))
    return {row.email: row.id for row in rows}


def addresses(conn: sa.Connection, ids: Iterable[str]) -> list[tuple[str, str]]:
    """(contact id, address) of those not erased, in the order given."""
    ids = list(ids)
    rows = conn.execute(sa.select(CONTACTS).where(CONTACTS.c.id.in_(ids)))
    found = {row.id: row.email for row in rows}
    return [(id, found[id]) for id in ids if id in found]


def kept(conn: sa.Connection, emails: Iterable[str]) -> set[str]:
    """Those of the addresses that still stand in the table."""
    found = sa.select(CONTACTS.c.email).where(CONTACTS.c.email.in_(sorted(emails)))
    return set(conn.scalars(found))


def others_at(conn: sa.Connection, unit: str, emails: Iterable[str]) -> dict[str, list[str]]:
    """Which other units have letters sent to the same addresses now: one mailbox, or a slip."""
    c, now = CONTACTS.c, VIEWS["unit"]
    same = sa.func.lower(c.email).in_(sorted(email.lower() for email in emails))
    theirs = sa.select(c.id, c.email, c.unit).where(same, c.unit != unit)
    rows = list(conn.execute(theirs))
    where = (now.now, now.table.c.id.in_([f"unit/{row.unit}" for row in rows]))
    query = sa.select(now.table.c.id, now.table.c.contacts).where(*where)
    used = {(row.id, id) for row in conn.execute(query) for id in row.contacts}
    found: dict[str, list[str]] = {}
    for row in rows:
        if (f"unit/{row.unit}", row.id) in used:
            found.setdefault(row.email, []).append(row.unit)
    return {email: sorted(units) for email, units in sorted(found.items())}


def answering(conn: sa.Connection, ids: Iterable[str]) -> list[dict[str, str]]:
    """The people of a unit who are not erased: name and phone, in the order given."""
    ids = list(ids)
    rows = conn.execute(sa.select(PEOPLE).where(PEOPLE.c.id.in_(ids)))
    found = {row.id: {"name": row.name, "phone": row.phone} for row in rows}
    return [found[id] for id in ids if id in found]


def called(conn: sa.Connection, id: str | None) -> str | None:
    """The name behind an id; empty once it was erased."""
    found = answering(conn, [id]) if id else []
    return found[0]["name"] if found else id and ""


# --- forgetting -----------------------------------------------------------------------------------


def forget(
    entry: Entry, unit: str, emails: Iterable[str], names: Iterable[str], reason: str
) -> int:
    """Erase addresses in every unit, people in this one; returns how many letters it touched.

    The journal keeps that it was done and for which ids; receipts and proofs go on holding.
    """
    if entry.request.key:
        raise KeyOfForgetting
    conn = entry.conn
    wanted = {mailbox(email).casefold() for email in emails}
    called = {tidy(name).casefold() for name in names}
    rows = [r for r in conn.execute(sa.select(CONTACTS)) if r.email.casefold() in wanted]
    # An address is one mailbox whoever uses it; a name may be that of somebody else elsewhere.
    own = conn.execute(sa.select(PEOPLE).where(PEOPLE.c.unit == unit))
    persons = [row for row in own if row.name.casefold() in called]
    if not any(row.unit == unit for row in [*rows, *persons]):
        raise NothingToForget(unit=unit)
    _must_not_repeat(wanted | called, (reason, entry.request.note, entry.request.document))
    ids = [row.id for row in [*rows, *persons]]
    for holder in dict.fromkeys(row.unit for row in [*rows, *persons]):
        gone = tuple(row.id for row in [*rows, *persons] if row.unit == holder)
        entry.record(
            f"unit/{holder}",
            ContactForgotten,
            contacts=gone,
            reason=reason,
            effective_on=entry.today,
        )
        _unlink_keys(conn, holder, gone)
    conn.execute(sa.delete(CONTACTS).where(CONTACTS.c.id.in_(ids)))
    conn.execute(sa.delete(PEOPLE).where(PEOPLE.c.id.in_(ids)))
    return outbox.forget(conn, {row.email for row in rows})


def _must_not_repeat(words: set[str], texts: Iterable[str | None]) -> None:
    kept = " ".join(tidy(text).casefold() for text in texts if text)
    if any(word in kept for word in words):
        raise ForgottenWordKept


def _unlink_keys(conn: sa.Connection, unit: str, gone: Collection[str]) -> None:
    """A key's hash of the command would let somebody try addresses and names against it."""
    types = (UnitContactChanged.__name__, ContactForgotten.__name__)
    told = (FACTS.c.subject == f"unit/{unit}", FACTS.c.type.in_(types))
    letters = VIEWS["letter"].table.c
    named = sa.or_(letters.acknowledged_by.in_(gone), letters.released_by.in_(gone))
    for entries in (
        sa.select(FACTS.c.entry).where(*told),
        sa.select(letters.known_from).where(named),
    ):
        forgotten = sa.update(COMMAND_KEYS).where(COMMAND_KEYS.c.entry.in_(entries))
        conn.execute(forgotten.values(request_sha256=secrets.token_hex(32)))


def _keep(conn: sa.Connection, unit: str, email: str) -> str:
    id, salt = _salted(email)
    conn.execute(sa.insert(CONTACTS).values(id=id, unit=unit, email=email, salt=salt))
    return id


def person(conn: sa.Connection, unit: str, person: Person) -> str:
    """The id of somebody: the same one where nothing about them changed."""
    same = (PEOPLE.c.unit == unit, PEOPLE.c.name == person.name, PEOPLE.c.phone == person.phone)
    if found := conn.scalar(sa.select(PEOPLE.c.id).where(*same)):
        return str(found)
    id, salt = _salted(f"{person.name}\n{person.phone}")
    kept: dict[str, Any] = {"name": person.name, "phone": person.phone, "salt": salt}
    conn.execute(sa.insert(PEOPLE).values(id=id, unit=unit, **kept))
    return id


def _salted(text: str) -> tuple[str, str]:
    salt = secrets.token_hex(16)
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()[:32], salt
