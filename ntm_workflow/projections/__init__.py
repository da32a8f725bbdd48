"""What people look at: each file holds one noun's columns, its row and its questions."""

from typing import Any

from ntm_workflow.projections import (
    approval,
    calendar,
    clock,
    closing,
    control,
    criteria,
    dossier,
    edition,
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
from ntm_workflow.projections.slices import View

VIEWS: dict[str, View[Any]] = {
    module.VIEW.kind: module.VIEW
    for module in (
        *(place, unit, plan, criteria, target, obligation, dossier, fund, letter, closing),
        *(control, approval, clock, calendar, edition, recognition, meeting),
    )
}
