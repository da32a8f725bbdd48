"""The kinds of forms there are, each found by its name."""

from __future__ import annotations

from ntm_workflow.office.form import Kind
from ntm_workflow.office.form_criteria import CriteriaForm

_KINDS: dict[str, type[Kind]] = {kind.name: kind for kind in (CriteriaForm,)}


def kind_named(name: str) -> type[Kind]:
    return _KINDS[name]
