"""Criteria sets and standards, as data. Knows no place and no plan."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from ntm_workflow.domain.base import Refused

CATALOGUE = "sets.toml"


class CriteriaSet(msgspec.Struct, forbid_unknown_fields=True):
    """One version of a set; `level` is that of the places it is for."""

    id: str
    version: str
    level: str
    decision: str
    name: str
    criteria: list[str]

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(range(1, len(self.criteria) + 1))

    @property
    def last_year(self) -> int:
        """The year its version ends: “2021-2025” with 2025."""
        return int(self.version.rpartition("-")[2])


class UnknownStandard(Refused):
    exit_code = 3
    vi = "Không có danh hiệu “{standard}”.\nCác danh hiệu: {known}."
    en = "There is no standard “{standard}”.\nStandards: {known}."


class UnknownSet(Refused):
    exit_code = 3
    vi = "Không có bộ tiêu chí “{set}”.\nCác bộ: {known}."
    en = "There is no criteria set “{set}”.\nSets: {known}."


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(files("ntm_workflow.plans").joinpath(CATALOGUE).read_text("utf-8"))


@cache
def criteria_sets() -> dict[str, CriteriaSet]:
    return {s.id: s for s in msgspec.convert(_catalogue()["sets"], list[CriteriaSet])}


def standards() -> tuple[str, ...]:
    """Ids of what a place can pursue."""
    return tuple(_catalogue()["standards"])


@cache
def builds_on(standard: str) -> tuple[str, ...]:
    """The standards a place needs for this one, the nearest first."""
    below = _catalogue()["builds_on"].get(standard)
    return (below, *builds_on(below)) if below else ()


def ended_levels() -> dict[str, date]:
    """Levels of places there are no more -> the first day without them."""
    return dict(_catalogue()["ended"])


def known_standard(standard: str) -> None:
    """Refuses what no place can pursue, naming what there is."""
    if standard not in standards():
        raise UnknownStandard(standard=standard, known=standards())


def criteria_set(id: str) -> CriteriaSet:
    """The set of that id; refuses, naming the sets there are."""
    sets = criteria_sets()
    if id not in sets:
        raise UnknownSet(set=id, known=tuple(sets))
    return sets[id]
