"""Whom a miss may be shown to further up, by the role of the unit that owes: data, with its reason."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import msgspec

FILE: Final = "climbs.toml"


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    vi: str
    en: str


class Climb(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds for the units of some roles; `flagged` while no document has decided it."""

    roles: tuple[str, ...]
    to: Literal["coordination", "none"]
    why: Reason
    flagged: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    climbs: list[Climb]


@cache
def climbs() -> dict[str, Climb]:
    """By role of a unit; every role there is has its row."""
    text = files("ntm_workflow.plans").joinpath(FILE).read_text("utf-8")
    rows = msgspec.convert(tomllib.loads(text), _File).climbs
    return {role: each for each in rows for role in each.roles}
