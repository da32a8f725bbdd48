"""The words of a letter: a subject and a plain body in Vietnamese, from a context and a template.

Knows no address, no header and no rule: who hears what is `ladder.py`, the bytes are `mime.py`.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from ntm_workflow.domain.values import format_date
from ntm_workflow.notifications.mime import one_line

#: The letters there are words for.
Kind = Literal["reminder", "confirm"]


class LetterItem(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation as a letter shows it; units and places are names, the id is for commands.

    `derivation` is the steps from the clause to the day, each a sentence.
    """

    id: str
    title: str
    owed_by: str
    place: str | None
    clause: str
    plan: str | None
    strength: str
    expression: str
    strict_day: date
    nominal_day: date | None
    act_by: date
    enforce_day: date | None
    derivation: tuple[str, ...] = ()

    @property
    def before(self) -> date:
        """The day of "trước ngày …": whoever acts before it is in time on every reading."""
        return self.strict_day + timedelta(days=1)


class LetterContext(msgspec.Struct, frozen=True, kw_only=True):
    """All that a template may show.

    `upward`: the reader stands above the office that sends. `sample`: the store is a rehearsal
    or a demonstration, and the letter must say so before anything else.
    """

    unit: str
    day: date
    items: tuple[LetterItem, ...]
    upward: bool = False
    sample: bool = False


class AlertContext(msgspec.Struct, frozen=True, kw_only=True):
    """All that an alert may show: a clock that stepped from `before` to `after`, or the first `day`
    whose closing failed and why.
    """

    kind: Literal["clock", "closing"]
    unit: str = ""
    before: str = ""
    after: str = ""
    day: date | None = None
    trouble: str | None = None
    sample: bool = False


def render_alert(context: AlertContext) -> tuple[str, str]:
    """Subject and body in Vietnamese, and below the same in English."""
    (subject, vi), (_, en) = (
        _split(_environment().get_template(name).render(alert=context))
        for name in ("alert.txt", "alert.en.txt")
    )
    return subject, f"{vi}\n-- \n\n{en}"


def render(intent_kind: Kind, context: LetterContext) -> tuple[str, str]:
    """Subject and plain body. An empty letter is the caller's mistake: ValueError."""
    if not context.items:
        raise ValueError("a letter without items is not sent")
    return _split(_template(intent_kind).render(letter=context))


def _split(rendered: str) -> tuple[str, str]:
    # The first line of a template is its subject; `_shown` keeps every value on one line.
    subject, _, body = rendered.partition("\n")
    return subject.strip(), body.strip() + "\n"


@cache
def _template(kind: Kind) -> Template:
    return _environment().get_template(f"{kind}.txt")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ntm_workflow.notifications"),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["ahead"] = ahead
    return environment


def _shown(value: Any) -> Any:
    """A day as people write it, a text on one line; so no value can forge a line of the letter."""
    if isinstance(value, date):
        return format_date(value)
    return one_line(value) if isinstance(value, str) else value


def ahead(act_by: date, day: date) -> str:
    """How far `act_by` lies ahead of `day`, in words."""
    days = (act_by - day).days
    return {0: "hôm nay", 1: "ngày mai"}.get(days, f"còn {days} ngày")
