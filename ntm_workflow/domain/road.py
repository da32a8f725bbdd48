"""Roads of dossiers: desks in their order, as dated data. Knows no dossier and no place."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from ntm_workflow.domain.values import Word

#: The desks there are, from the lowest up.
DESKS: Final = {
    "commune": Word("xã", "commune"),
    "district": Word("huyện", "district"),
    "province": Word("tỉnh", "province"),
    "central": Word("Trung ương", "central level"),
}
_RANK: Final = {desk: n for n, desk in enumerate(DESKS)}
#: The road meant by a dossier that was registered before there was another.
ROAD: Final = ("commune", "district", "province")


#: What of a dossier may meet a duty: reaching a desk, or what was done of it.
STEPS_OF_DUTIES: Final = (*tuple(DESKS)[1:], "opened", "verified", "recognised", "announced")


class Road(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where dossiers for some standards go from `from_` through `until`, where they are said, in one `province` or in all.

    The last desk decides. `unverified` where no paper at hand says so.
    """

    id: str
    standards: tuple[str, ...]
    from_: date | None = msgspec.field(name="from", default=None)
    until: date | None = None
    province: str | None = None
    desks: tuple[str, ...]
    decided_by: str | None = None
    announced_by: str | None = None
    source: str
    unverified: bool = False

    def holds(self, standard: str, day: date) -> bool:
        ended = self.until is not None and self.until < day
        begun = self.from_ is None or self.from_ <= day
        return standard in self.standards and begun and not ended


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an act on some roads takes; `flagged` names what nobody has sourced."""

    act: str
    roads: tuple[str, ...]
    source: str
    days: int | None = None
    papers: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What blocks a recognition beside its criteria, in one `province` or in all.

    `at_least` is a percentage, where one is sourced; `words` what is only stated, for a person to see.
    """

    what: str
    standards: tuple[str, ...]
    source: str
    at_least: int | None = None
    province: str | None = None
    words: str | None = None
    unverified: bool = False


def above(desk: str, other: str) -> bool:
    """Whether `desk` is a higher one than `other`."""
    return _RANK.get(desk, -1) > _RANK.get(other, -1)


def next_desk(road: tuple[str, ...], desk: str) -> str | None:
    """The desk a dossier goes to from `desk`; None where the road ends there."""
    return next((each for each in road if above(each, desk)), None)


def place_on(road: tuple[str, ...], desk: str) -> str:
    """Where on a road a desk is: its `home`, the `last` one, which decides, or `between`."""
    # A road of one desk, of which nobody has said who decides, begins and goes no further.
    if not road or desk == road[0]:
        return "home"
    return "last" if desk == road[-1] else "between"
