"""Closings: that a calendar day was judged. Days are closed in order, once, and never reopened."""

from __future__ import annotations

from datetime import date

import msgspec

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject


class DayClosed(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """Every live duty whose day was over has been judged; `found` is how many facts followed.

    `history`: on that day no plan had been taken on here yet.
    """

    day: date
    found: int = 0
    history: bool = False


class Closing(msgspec.Struct, frozen=True):
    day: date
    found: int
    history: bool = False


class DayNotOver(Refused):
    exit_code = 2
    vi = "Ngày {day} chưa hết (hôm nay {today}); chỉ chốt được đến {last}.\nTiếp: ntm day close --until {last}"
    en = "{day} is not over yet (today is {today}); days up to {last} can be closed.\nNext: ntm day close --until {last}"


class NothingToClose(Refused):
    vi = "Sổ chưa có kế hoạch nào để chốt số liệu.\nTiếp: ntm plan list"
    en = "The journal has no plan yet, so there is no day to close.\nNext: ntm plan list"


def rule(closing: Closing, event: Event) -> Refused | None:
    return None


def evolve(closing: Closing | None, fact: Fact) -> Closing:
    match fact.event:
        case DayClosed(day=day, found=found, history=history):
            return Closing(day, found, history)
        case other:
            raise TypeError(other)


SUBJECT = Subject[Closing]("closing", (DayClosed,), evolve, rule)
