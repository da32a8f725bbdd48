"""How this office's letters are written, as its settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_workflow.cli.session import session

if TYPE_CHECKING:
    from ntm_workflow.office.style import Style


def style() -> Style:
    """Whose templates, which language, and who is answered to."""
    from ntm_workflow.office.style import Style

    said = session().settings
    return Style(
        templates=said["letters.templates"],
        lang=said["letters.lang"],
        answer_to=said["letters.answer_to"],
        office=said["letters.office"],
    )
