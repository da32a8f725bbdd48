"""Standards: what a place can pursue, and which come first. Knows no place, no plan and no criterion."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ntm_workflow.domain.base import Refused

CATALOGUE = "standards.toml"


class UnknownStandard(Refused):
    exit_code = 3
    vi = "Không có danh hiệu “{standard}”.\nCác danh hiệu: {known}."
    en = "There is no standard “{standard}”.\nStandards: {known}."


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(files("ntm_workflow.plans").joinpath(CATALOGUE).read_text("utf-8"))


def standards() -> tuple[str, ...]:
    """Ids of what a place can pursue."""
    return tuple(_catalogue()["standards"])


@cache
def builds_on(standard: str) -> tuple[str, ...]:
    """The standards a place needs for this one, the nearest first."""
    below = _catalogue()["builds_on"].get(standard)
    return (below, *builds_on(below)) if below else ()


def types_of(standard: str) -> tuple[str, ...]:
    """The types of place a standard is for."""
    return tuple(_catalogue()["types"][standard])


def ended_levels() -> dict[str, date]:
    """Levels of places there are no more -> the first day without them."""
    return dict(_catalogue()["ended"])


def known_standard(standard: str) -> None:
    """Refuses what no place can pursue, naming what there is."""
    if standard not in standards():
        raise UnknownStandard(standard=standard, known=standards())
