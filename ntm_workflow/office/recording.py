"""What servers made of letters: facts in the journal and states in the outbox, in one transaction.

A letter is recorded as sent once for each address, whoever else has sent it meanwhile. Knows no post.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from ntm_workflow.domain.letter import Letter, LetterFailed, LetterSent
from ntm_workflow.domain.schedule import ONE_DAY, working_days_since
from ntm_workflow.domain.values import VIETNAM
from ntm_workflow.notifications.post import Outcome, Result
from ntm_workflow.office import Work, outbox
from ntm_workflow.office.bag import Bag
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.entry import Entry, Request

#: How many working days a letter is tried before it is given up (RFC 5321 §4.5.4.1: 4 to 5 days).
GIVE_UP_AFTER: Final = 5
#: How soon a letter that was put off is tried again, and how late at most.
SOONEST: Final = timedelta(minutes=1)
LATEST: Final = timedelta(hours=4)


class Heard(NamedTuple):
    """An envelope as it was claimed, and what a server made of it."""

    envelope: Any
    result: Result


@dataclass(frozen=True)
class _End:
    """What follows: the envelope as it is now, and whether it left, never will, or waits."""

    row: Any
    heard: Heard
    outcome: Outcome


@dataclass(frozen=True)
class Recording:
    """A transaction in which a run of the relay tells what became of its envelopes by `now`."""

    work: Work
    bag: Bag
    owner: str
    now: datetime

    def record(self, heard: Sequence[Heard], request: Request) -> dict[Outcome, set[str]]:
        """Record it; the letters by how it ended for them."""
        rows = outbox.states(self.work.conn, [each.envelope.message_id for each in heard])
        known = [(row, h) for h in heard if (row := rows.get(h.envelope.message_id)) is not None]
        outbox.note(self.work.conn, [(row, each.result) for row, each in known], self.now)
        ends = list(self._ends(known))
        if told := [end for end in ends if end.outcome is not Outcome.DEFERRED]:
            self.work.entry(request, lambda entry: _tell(entry, told))
        self._settle(ends)
        return {
            outcome: {end.row.letter for end in ends if end.outcome is outcome}
            for outcome in Outcome
        }

    def _ends(self, known: Sequence[tuple[Any, Heard]]) -> Iterator[_End]:
        """What is new: one that left before, or was dropped and did not leave, adds nothing."""
        for row, heard in known:
            outcome = self._verdict(row, heard.result)
            late = outcome is Outcome.ACCEPTED and row.state != outbox.SENT
            if row.state == outbox.FROZEN or late:
                yield _End(row, heard, outcome)

    def _verdict(self, row: Any, result: Result) -> Outcome:
        if result.outcome not in (Outcome.DEFERRED, Outcome.UNKNOWN):
            return result.outcome
        return Outcome.REFUSED if self._tried_enough(outbox.since(row)) else Outcome.DEFERRED

    def _tried_enough(self, since: datetime | None) -> bool:
        if since is None or self.now - since < GIVE_UP_AFTER * ONE_DAY:
            return False
        began, today = (each.astimezone(VIETNAM).date() for each in (since, self.now))
        calendar = calendar_of(self.work.conn)
        return working_days_since(began, today, calendar) >= GIVE_UP_AFTER

    def _settle(self, ends: Sequence[_End]) -> None:
        conn = self.work.conn
        for outcome, state in (
            (Outcome.ACCEPTED, outbox.SENT),
            (Outcome.REFUSED, outbox.REFUSED),
        ):
            some = [end.row for end in ends if end.outcome is outcome]
            outbox.end(conn, [row.message_id for row in some], state, self.now)
            # An address of the settings is nobody's in the store, where no forgetting would find it.
            desks = [row.message_id for row in some if row.contact in self.bag.desks]
            outbox.erase(conn, desks)
        for end in ends:
            if end.outcome is Outcome.DEFERRED:
                outbox.put_off(conn, self.owner, end.row.message_id, self._next_try(end.row))
        outbox.settle(conn, (end.row.letter for end in ends))

    def _next_try(self, row: Any) -> datetime:
        """After as long again as it has been tried for: soon at first, then ever more seldom."""
        passed = self.now - (outbox.since(row) or self.now)
        return self.now + min(max(passed, SOONEST), LATEST)


def _tell(entry: Entry, ends: Sequence[_End]) -> None:
    entry.load([end.row.letter for end in ends])
    for end in ends:
        letter: Letter | None = entry.timeline(end.row.letter).now
        # A store that was restored may not know a letter that left, or know that it left.
        if letter is not None and end.row.message_id not in letter.gone:
            _tell_one(entry, letter, end)


def _tell_one(entry: Entry, letter: Letter, end: _End) -> None:
    about = {"message_id": end.row.message_id, "contact": end.row.contact}
    if end.outcome is Outcome.ACCEPTED:
        entry.record(end.row.letter, LetterSent, **about, **_written(end))
    elif end.row.message_id not in letter.refused:
        result = end.heard.result
        said = {"code": result.code or 0, "status": result.status}
        entry.record(end.row.letter, LetterFailed, **about, **said)


def _written(end: _End) -> dict[str, Any]:
    """The bytes that left, and the day and position they were written for."""
    as_of = end.row.as_of and date.fromisoformat(end.row.as_of)
    sha256 = hashlib.sha256(end.heard.envelope.bytes).hexdigest()
    return {"sha256": sha256, "as_of": as_of, "as_known": end.row.as_known}
