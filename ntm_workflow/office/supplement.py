"""A returned dossier opens a duty of whoever has to hand it up once more: what is missing, by when, to whom.

The duty that asked for the first hand-over keeps what it was: met in time, and returned.
"""

from __future__ import annotations

from datetime import date, timedelta

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.calendar import WorkingDays
from ntm_workflow.domain.dates import Deadline, undated
from ntm_workflow.domain.dossier_events import DossierReturned
from ntm_workflow.domain.dossier_state import Dossier
from ntm_workflow.domain.obligation import ObligationAssigned, ObligationWaived
from ntm_workflow.domain.road import next_desk
from ntm_workflow.domain.words import in_words
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.deadline import letter_days
from ntm_workflow.office.entry import Entry, Reaction
from ntm_workflow.office.obligation import DueBeforeLetter, deadline_of, supplement_step, trigger
from ntm_workflow.projections.obligation import met_by


def open_supplement(entry: Entry, fact: Fact) -> None:
    """The duty to make good what is missing, dated where the paper that returns the dossier says by when."""
    event = fact.event
    before: Dossier | None = entry.timeline(fact.subject).before(fact)
    if not isinstance(event, DossierReturned) or before is None:
        return
    # Whoever has it back hands it to the next desk, whichever desk further up had returned it.
    level = next_desk(before.road, event.to_level) or before.desk
    rule = f"BS{event.number}-{_initials(before.standard)}-{before.year}"
    calendar, paper = calendar_of(entry.conn), event.document or rule
    deadline, day = undated(), event.effective_on
    if event.supplement:
        deadline = deadline_by(event.supplement, day, calendar)
    missing = "; ".join(event.missing)
    entry.derive(
        f"obligation/{rule}/{before.place}",
        ObligationAssigned,
        effective_on=day,
        rule=rule,
        document=event.document,
        body=event.body,
        clause=paper,
        title=f"Bổ sung hồ sơ {in_words(before.standard).vi} năm {before.year}: {missing}",
        strength="must",
        owed_by=event.to,
        owed_to=event.from_,
        place=before.place,
        trigger=trigger(fact.subject, supplement_step(level, event.number)),
        **letter_days(deadline, calendar, paper),
    )


def deadline_by(phrase: str, day: date, calendar: WorkingDays) -> Deadline:
    """By when, in the words of a paper of that day. Without a year, the next such day within half a year."""
    try:
        return deadline_of(phrase, day, calendar, day.year, event=day)
    except DueBeforeLetter:
        later = deadline_of(phrase, day, calendar, day.year + 1, event=day)
        if later.nominal_day is None or later.nominal_day - day > _HALF_A_YEAR:
            raise
        return later


def _initials(standard: str) -> str:
    """xa-nang-cao as xnc: people type the ids of duties, and lists have to hold them."""
    return "".join(word[0] for word in standard.split("-"))


def let_go(entry: Entry, fact: Fact) -> None:
    """Nobody has to supply what a dossier lacked that was taken back, rejected or closed."""
    before: Dossier | None = entry.timeline(fact.subject).before(fact)
    for back in before.returns if before else ():
        level = next_desk(before.road, back.to_level) if before else None
        step = trigger(fact.subject, supplement_step(level or "", back.number))
        for id in met_by(entry.conn, step):
            # A withdrawal has no paper of its own to have; the entry that tells it is one.
            paper = fact.event.document or f"#{entry.number}"
            told = {"document": paper, "body": fact.event.body}
            entry.derive(id, ObligationWaived, effective_on=fact.event.effective_on, **told)


_HALF_A_YEAR = timedelta(days=183)
REACTIONS: dict[str, Reaction] = {
    "DossierReturned": open_supplement,
    "DossierWithdrawn": let_go,
    "DossierRejected": let_go,
    "DossierClosed": let_go,
}
