"""The changes of places that are known: data, each with its paper and its source. Knows no journal."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import msgspec

from ntm_workflow.domain.base import Refused

FILE: Final = "place-changes.toml"


class UnknownChange(Refused):
    exit_code = 3
    vi = "Không có thay đổi địa bàn “{id}” (có: {known}).\nXem: ntm place changes"
    en = "There is no known change of places “{id}” (there are: {known}).\nSee: ntm place changes"


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of places, by their names: `merge` and `retype` of some, `end_level` of all of a level.

    `also` are merged into it where the journal has them; names are looked for `within` that district, else in
    the whole province. `type` and `code` are those of a successor which
    is a new place; without `into` nobody has sourced what came of it.
    """

    act: Literal["merge", "retype", "end_level"]
    of: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    within: str | None = None
    into: str | None = None
    type: str | None = None
    code: str | None = None
    level: str | None = None


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One paper; of one whose day is `day_unsure` only the month of `on` is known."""

    id: str
    on: date
    province: str
    paper: str
    source: str
    acts: tuple[Act, ...]
    unverified: bool = False
    day_unsure: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    changes: tuple[Change, ...]


@cache
def known_changes() -> tuple[Change, ...]:
    """In the order of their days."""
    text = files("ntm_workflow.plans").joinpath(FILE).read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _File).changes


def known_change(id: str) -> Change:
    for each in known_changes():
        if each.id == id:
            return each
    raise UnknownChange(id=id, known=[each.id for each in known_changes()])
