"""How letters of an office are written: by whose templates, in which language, and who is answered to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ntm_workflow.notifications.context import Lang


@dataclass(frozen=True)
class Style:
    """`templates` is a folder that replaces ours; people answer to `answer_to`, an address, of `office`."""

    templates: str | None = None
    lang: Lang = "vi"
    answer_to: str | None = None
    office: str | None = None


OURS: Final = Style()
