"""The kinds of forms there are, each found by its name."""

from __future__ import annotations

from ntm_workflow.office.form import Kind
from ntm_workflow.office.form_criteria import CriteriaForm
from ntm_workflow.office.form_dossiers import DossiersForm
from ntm_workflow.office.form_payments import PaymentsForm
from ntm_workflow.office.form_targets import TargetsForm
from ntm_workflow.office.form_units import UnitsForm
from ntm_workflow.office.form_villages import VillagesForm

_KINDS: dict[str, type[Kind]] = {
    kind.name: kind
    for kind in (CriteriaForm, DossiersForm, VillagesForm, TargetsForm, PaymentsForm, UnitsForm)
}


def kind_named(name: str) -> type[Kind]:
    return _KINDS[name]
