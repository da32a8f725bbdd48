"""All nouns and all events: the two lists below are the only registration a new one needs."""

from typing import Any

from ntm_workflow.domain import (
    approval,
    calendar,
    clock,
    closing,
    control,
    criteria,
    dossier,
    edition,
    entry,
    fund,
    letter,
    meeting,
    obligation,
    place,
    plan,
    recognition,
    target,
    unit,
)
from ntm_workflow.domain.base import Event, Subject

SUBJECTS: dict[str, Subject[Any]] = {
    module.SUBJECT.kind: module.SUBJECT
    for module in (
        place,
        unit,
        plan,
        criteria,
        target,
        obligation,
        dossier,
        fund,
        letter,
        closing,
        entry,
        control,
        approval,
        clock,
        calendar,
        edition,
        recognition,
        meeting,
    )
}

#: Stored under the class name, never under a file path, so that files may move for ever.
EVENTS: dict[str, type[Event]] = {
    event.__name__: event for subject in SUBJECTS.values() for event in subject.events
}


def subject_of(id: str) -> Subject[Any]:
    """The noun an id belongs to: `fund/…` is a fund item."""
    return SUBJECTS[id.partition("/")[0]]
