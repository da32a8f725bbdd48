"""The roads there are, with what their steps take and what blocks a recognition: data, each with its source."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.review import ReviewRule
from ntm_workflow.domain.road import Condition, Road, Step
from ntm_workflow.domain.values import fold

FILE: Final = "roads.toml"


class NoRoad(Refused):
    vi = "Ngày {day} không có đường đi nào của hồ sơ {standard:word} được dẫn nguồn (có: {known}).\nXem: ntm dossier road --standard {standard}"
    en = "On {day} no sourced road for dossiers of {standard:word} is in force (there are: {known}).\nSee: ntm dossier road --standard {standard}"


class MergerRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it is written what becomes of titles when places merge."""

    source: str
    unverified: bool = False


class _File(msgspec.Struct, forbid_unknown_fields=True):
    roads: tuple[Road, ...]
    steps: tuple[Step, ...]
    conditions: tuple[Condition, ...]
    reviews: tuple[ReviewRule, ...]
    grounds: tuple[Condition, ...]
    merger: MergerRule


@cache
def _file() -> _File:
    text = files("ntm_workflow.plans").joinpath(FILE).read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _File)


def roads(standard: str | None = None) -> tuple[Road, ...]:
    """All roads, or those of a standard, in the order of the file."""
    return tuple(r for r in _file().roads if standard is None or standard in r.standards)


def road_of(standard: str, day: date, provinces: Iterable[str] = ()) -> Road:
    """The road in force on a day for places of these provinces; a province's own goes first."""
    near = {fold(name) for name in provinces}
    fitting = [
        each
        for each in roads(standard)
        if each.holds(standard, day) and (each.province is None or fold(each.province) in near)
    ]
    if not fitting:
        known = [each.id for each in roads(standard)]
        raise NoRoad(standard=standard, day=day, known=known)
    return max(fitting, key=lambda each: each.province is not None)


def steps(road: Road) -> tuple[Step, ...]:
    return tuple(each for each in _file().steps if road.id in each.roads)


def review_rule(standard: str) -> ReviewRule | None:
    return next((each for each in _file().reviews if standard in each.standards), None)


def merger_rule() -> MergerRule:
    return _file().merger


def conditions(standard: str, provinces: Iterable[str] | None = None) -> tuple[Condition, ...]:
    """The conditions of a standard, for places of these provinces; without any, all that are written down."""
    return _fitting(_file().conditions, standard, provinces)


def grounds(standard: str, provinces: Iterable[str] | None = None) -> tuple[Condition, ...]:
    """On what grounds of plans a recognition may be withdrawn besides those of the formal tests."""
    return _fitting(_file().grounds, standard, provinces)


def _fitting(
    all_: Iterable[Condition], standard: str, provinces: Iterable[str] | None
) -> tuple[Condition, ...]:
    near = None if provinces is None else {fold(name) for name in provinces}
    return tuple(
        each
        for each in all_
        if standard in each.standards
        and (near is None or each.province is None or fold(each.province) in near)
    )
