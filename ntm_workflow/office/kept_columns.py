"""How columns were understood before: kept for whoever imports, by the headings of a sheet. Knows no journal.

Nothing recorded depends on it: without the file a person says the columns once more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from ntm_workflow.domain.money_layout import Headings, name_of
from ntm_workflow.domain.values import fold
from ntm_workflow.store.files import replacing

_Kept = dict[str, dict[str, str]]


class KeptColumns:
    """One file: for each layout of headings, which heading is what."""

    def __init__(self, path: Path, what: str) -> None:
        self.path, self.what = path, what
        self.used = False

    def recall(self, headings: Headings) -> Mapping[str, str]:
        found = self._all().get(self._layout(headings), {})
        self.used = self.used or bool(found)
        return found

    def keep(self, headings: Headings, said: Mapping[str, str]) -> None:
        """Remember what was said of these headings. A folder that cannot be written keeps nothing."""
        named = {name_of(headings, headings.named(typed)): field for typed, field in said.items()}
        kept = self._all()
        key = self._layout(headings)
        if kept.get(key) == (now := {**kept.get(key, {}), **named}):
            return
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(self.path) as part:
                part.write_bytes(msgspec.json.format(msgspec.json.encode({**kept, key: now})))

    def _all(self) -> _Kept:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=_Kept)
        except (OSError, ValueError):
            return {}

    def _layout(self, headings: Headings) -> str:
        said = "\n".join([self.what, *map(fold, headings.shown)])
        return hashlib.sha256(said.encode()).hexdigest()[:16]
