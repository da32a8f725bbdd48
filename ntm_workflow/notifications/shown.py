"""What a template may show of a letter, and nothing else. Knows no template and no rule.

Every text is one line of NFC without marks that turn its direction, and "" where there is nothing to
say, so that no value forges a line and none is printed as None.
"""

from __future__ import annotations

import msgspec

from ntm_workflow.notifications.context import Lang


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One duty as a template shows it; `tone` of `left` is late, soon or calm."""

    n: int
    id: str
    part: str
    strength: str
    title: str
    short: str
    asks: str
    left: str
    tone: str
    place: str
    owed_by: str
    owed_to: str
    joint: str
    act_by: str
    due: str
    due_label: str
    enforced: str
    clause: str
    plan: str
    expression: str
    driven_by: str
    why: int
    said: str
    holds: str


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Lines under one heading; `note` stands below it, `command` is to be typed as it is."""

    part: str
    heading: str
    note: str
    answer: str
    command: str
    lines: tuple[Line, ...]


class Derivation(msgspec.Struct, frozen=True, kw_only=True):
    """Steps from a clause to a day, told once for all the `lines` they are the same for."""

    n: int
    lines: str
    steps: tuple[str, ...]


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    label: str
    number: int


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What every template is handed as `letter`."""

    kind: str
    lang: Lang
    unit: str
    short_unit: str
    day: str
    as_of: str
    notice: str
    sample: str
    upward: bool
    optional: bool
    summary: str
    about: str
    period: str
    desk: str
    wrong_days: str
    tallies: tuple[Tally, ...]
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    derivations: tuple[Derivation, ...]


class Words(msgspec.Struct, frozen=True):
    """What a kind of letter says besides its lines, handed to a layout as `words`."""

    subject: str
    opening: tuple[str, ...]
    closing: tuple[str, ...]
