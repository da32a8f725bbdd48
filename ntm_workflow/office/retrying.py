"""Letters tried again because somebody asks: dead ones, late ones, and those that could not be written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from ntm_workflow.domain.base import Refused
from ntm_workflow.office import Office, hold, outbox
from ntm_workflow.office.letters import NoLetter, letter_id
from ntm_workflow.projections import letter as letters
from ntm_workflow.store.schema import OUTBOX

_BADLY_ENDED: Final = (outbox.FAILED, outbox.FROZEN, outbox.UNWRITTEN)


class NothingToRetry(Refused):
    vi = "Thư “{id}”: {state:word}, không có gì để gửi lại.\nXem: ntm letter show {id:arg}"
    en = "The letter “{id}” is “{state:word}”; there is nothing to send again.\nSee: ntm letter show {id:arg}"


def retry(office: Office, ids: Iterable[str] | None) -> list[str]:
    """Have these letters, or all that ended badly or are late, tried from now on.

    To the same address the same bytes leave again, to a new one the letter is written anew; one
    that says nothing true any more is dropped then.
    """
    with office.database.write() as conn:
        office.journal.lock_head(conn)
        hold.must_not_be(conn)
        if ids is None:
            chosen = [row.id for row in outbox.letters(conn, _BADLY_ENDED)]
        else:
            chosen = [_asked(conn, id) for id in dict.fromkeys(ids)]
        outbox.again(conn, chosen, office.clock.now())
    return chosen


def _asked(conn: sa.Connection, id: str) -> str:
    """The id, if there is anything to try again: one that came back may have a new address."""
    id = letter_id(id)
    row = conn.execute(sa.select(OUTBOX.c.state).where(OUTBOX.c.id == id)).one_or_none()
    issued = letters.issued(conn, id)
    if row is None or issued is None:
        raise NoLetter(id=id)
    if row.state not in (*_BADLY_ENDED, *outbox.WAITING) and issued.state != "bounced":
        raise NothingToRetry(id=id, state=row.state)
    return id
