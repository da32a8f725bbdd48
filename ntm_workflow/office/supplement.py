"""A returned dossier opens a duty of whoever has to hand it up once more: what is missing, by when, to whom.

The duty that asked for the first hand-over keeps what it was: met in time, and returned.
"""

from __future__ import annotations

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.dates import undated
from ntm_workflow.domain.dossier_events import DossierReturned
from ntm_workflow.domain.dossier_state import Dossier
from ntm_workflow.domain.obligation import ObligationAssigned
from ntm_workflow.domain.road import next_desk
from ntm_workflow.domain.words import in_words
from ntm_workflow.office.calendar import calendar_of
from ntm_workflow.office.deadline import letter_days
from ntm_workflow.office.entry import Entry, Reaction
from ntm_workflow.office.obligation import deadline_of, supplement_step, trigger


def open_supplement(entry: Entry, fact: Fact) -> None:
    """The duty to make good what is missing, dated where the paper that returns the dossier says by when."""
    event = fact.event
    before: Dossier | None = entry.timeline(fact.subject).before(fact)
    if not isinstance(event, DossierReturned) or before is None:
        return
    # Whoever has it back hands it to the next desk, whichever desk further up had returned it.
    level = next_desk(before.road, event.to_level) or before.desk
    rule = f"BS-{before.standard}-{before.year}-{before.desk}-{event.number}"
    calendar, paper = calendar_of(entry.conn), event.document or rule
    deadline, day = undated(), event.effective_on
    if event.supplement:
        deadline = deadline_of(event.supplement, day, calendar, day.year, event=day)
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


REACTIONS: dict[str, Reaction] = {"DossierReturned": open_supplement}
