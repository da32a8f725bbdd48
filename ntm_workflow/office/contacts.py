"""Addresses of units: kept in a table that can be erased; the journal holds an id and a hash only."""

from __future__ import annotations

import hashlib
import secrets

import sqlalchemy as sa

from ntm_workflow.domain.unit import UnitContactChanged
from ntm_workflow.office.entry import Entry
from ntm_workflow.store.schema import CONTACTS


def change(entry: Entry, unit: str, emails: list[str]) -> None:
    """Letters for a unit go to these addresses from now on."""
    known = of_unit(entry.conn, unit)
    ids = [known.get(email) or _keep(entry.conn, unit, email) for email in emails]
    entry.record(f"unit/{unit}", UnitContactChanged, contacts=tuple(ids))


def of_unit(conn: sa.Connection, unit: str) -> dict[str, str]:
    """Address -> contact id, of everything ever kept for a unit."""
    rows = conn.execute(sa.select(CONTACTS).where(CONTACTS.c.unit == unit))
    return {row.email: row.id for row in rows}


def addresses(conn: sa.Connection, ids: list[str]) -> list[tuple[str, str]]:
    """(contact id, address) of those not erased, in the order given."""
    rows = conn.execute(sa.select(CONTACTS).where(CONTACTS.c.id.in_(ids)))
    found = {row.id: row.email for row in rows}
    return [(id, found[id]) for id in ids if id in found]


def _keep(conn: sa.Connection, unit: str, email: str) -> str:
    """The id is a salted hash: it proves which address was meant, and reveals none."""
    salt = secrets.token_hex(16)
    id = hashlib.sha256(f"{salt}{email}".encode()).hexdigest()[:32]
    conn.execute(sa.insert(CONTACTS).values(id=id, unit=unit, email=email, salt=salt))
    return id
