"""How duties are met without anybody saying so: by the hand-over of the dossier they ask for."""

from __future__ import annotations

from functools import partial

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.dossier import DossierSubmitted
from ntm_workflow.domain.obligation import ObligationMet
from ntm_workflow.office.entry import Entry, Reaction
from ntm_workflow.projections.obligation import met_by


def trigger(dossier: str, level: str) -> str:
    """The step of a dossier that can meet a duty: which one, reaching which level."""
    return f"{dossier}/{level}"


def meet_obligations(entry: Entry, fact: Fact) -> None:
    """Every unmet duty that asks for this hand-over is met on the day its plan counts."""
    event = fact.event
    assert isinstance(event, DossierSubmitted)
    for id in met_by(entry.conn, trigger(fact.subject, event.to_level)):
        _meet(entry, id, event)


def meet_from_earlier(entry: Entry, obligation: str, trigger: str) -> None:
    """A duty adopted after the hand-over it asks for is met by it, too.

    In an entry of its own: voiding the hand-over must take back this and not the adoption.
    """
    dossier, _, level = trigger.rpartition("/")
    for step in entry.timeline(dossier).steps:
        event = step.fact.event
        if isinstance(event, DossierSubmitted) and event.to_level == level:
            entry.later.append(partial(_meet, id=obligation, event=event, cause=step.fact.entry))


def _meet(entry: Entry, id: str, event: DossierSubmitted, cause: int | None = None) -> None:
    state = entry.timeline(id).now
    if state is None:
        return
    plan = entry.timeline(f"plan/{state.assigned.plan}").now
    counted = plan.adopted.settings.counted if plan else "received_on"
    entry.derive(
        id,
        ObligationMet,
        effective_on=getattr(event, counted),
        because=cause or entry.number,
        body=event.from_,
        document=event.document,
    )


REACTIONS: dict[str, Reaction] = {"DossierSubmitted": meet_obligations}
