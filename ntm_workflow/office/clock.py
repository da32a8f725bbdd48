"""Vouching for the machine's clock, and asking for it before what cannot be taken back."""

from __future__ import annotations

from datetime import timedelta

from ntm_workflow.domain import clock
from ntm_workflow.domain.clock import ClockConfirmed
from ntm_workflow.office import Office, Receipt
from ntm_workflow.office.entry import Entry, Request


def confirm(office: Office, request: Request) -> Receipt:
    """Record that the clock is right as it stands, which lets writing go on."""
    now = office.clock.now()
    with office.writing(any_clock=True) as work:
        last = office.journal.head(work.conn).recorded_at

        def verb(entry: Entry) -> None:
            entry.record(f"clock/{entry.number}", ClockConfirmed, clock=now, last=last)

        return work.entry(request, verb)


def must_not_be_ahead(office: Office, most: timedelta) -> None:
    """Refuse to close or send when nothing was recorded for so long; a rehearsal moves its own clock."""
    if office.info.rehearsal:
        return
    with office.database.read() as conn:
        last = office.journal.head(conn).recorded_at
    if refusal := clock.ahead(office.clock.now(), last, most):
        raise refusal
