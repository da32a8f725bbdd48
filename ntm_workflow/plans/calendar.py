"""The announced days off and days worked that this version of the program brings along, as data."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from ntm_workflow.domain.calendar import DayRule, VietnamCalendar

FILE = "calendar.toml"


class Row(msgspec.Struct, forbid_unknown_fields=True):
    """One decision, with the days it names."""

    document: str
    announced_on: date
    off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()

    def rules(self) -> Iterator[DayRule]:
        for day in self.off:
            yield DayRule(day, False, self.document, self.announced_on)
        for day in self.worked:
            yield DayRule(day, True, self.document, self.announced_on)


def read(text: str) -> tuple[DayRule, ...]:
    rows = msgspec.convert(tomllib.loads(text)["rows"], list[Row])
    return tuple(rule for row in rows for rule in row.rules())


@cache
def bundled_rules() -> tuple[DayRule, ...]:
    return read(files("ntm_workflow.plans").joinpath(FILE).read_text("utf-8"))


@cache
def bundled_calendar() -> VietnamCalendar:
    """The calendar where there is no store, and so nothing an office announced."""
    return VietnamCalendar(bundled_rules())
