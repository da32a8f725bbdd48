"""The rules about which year's results a dossier may rest on: data, each with its source."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from ntm_workflow.domain.result_year import YearRule

FILE: Final = "result-years.toml"


class _File(msgspec.Struct, forbid_unknown_fields=True):
    rules: tuple[YearRule, ...]


@cache
def year_rules() -> tuple[YearRule, ...]:
    text = files("ntm_workflow.plans").joinpath(FILE).read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _File).rules
