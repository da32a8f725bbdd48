"""What a sheet shows otherwise than a program reads it: heads that mean another thing in this list, and codes in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ntm_workflow.cli.bilingual import both, pick

if TYPE_CHECKING:
    from ntm_workflow.domain.values import Word


class Look(NamedTuple):
    """Column -> its head, and column -> code -> words."""

    heads: Mapping[str, Any] = {}
    words: Mapping[str, Mapping[str, Word]] = {}

    def head(self, name: str) -> str | None:
        return pick(self.heads[name]) if name in self.heads else None

    def said(self, items: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The items with the codes of these columns in words."""
        for item in items:
            spoken = {
                name: _said(codes[item[name]])
                for name, codes in self.words.items()
                if item.get(name) in codes
            }
            yield {**item, **spoken}


def _said(word: Word) -> str:
    return pick(both(word.vi, word.en)) or ""


_DAYS_LEFT = both("Còn (ngày)", "Days left")
_SCORES = {
    "ended": both("Kế hoạch bỏ nhiệm vụ", "Dropped by the plan"),
    "history": both("Quá hạn trước khi vào sổ", "Missed before taken on"),
}


def look_of(schema: str) -> Look:
    """How the sheet of a list looks; most look as their keys are called everywhere."""
    if schema == "day.year":
        from ntm_workflow.cli.year import HEADS

        return Look({**HEADS, "days": both("Số ngày trong tháng", "Days in it")})
    if schema == "today":
        return Look({"what": both("Việc", "What"), "days": _DAYS_LEFT, "section": both("Mục", "List")})  # fmt: skip
    if schema in ("score.list", "score.show"):
        return Look(_SCORES)
    if schema.startswith("dossier."):
        from ntm_workflow.domain.dossier_steps import STAGE_WORDS
        from ntm_workflow.domain.road import DESKS

        return Look(words={"stage": STAGE_WORDS, "desk": DESKS})
    if schema == "fund.total":
        from ntm_workflow.domain.values import Word

        return Look(words={"row": {"group": Word("nhóm", "group"), "total": Word("cộng", "total")}})
    if schema == "place.changes":
        from ntm_workflow.office.known_changes import STATES

        return Look(words={"state": STATES})
    return Look()
