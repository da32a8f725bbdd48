"""What a letter is about: names and days as they are handed in. Knows no store, no word and no template."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

import msgspec

#: What a line of a letter tells its reader.
Part = Literal[
    "ahead", "copy", "asked", "missed", "after", "climbed", "returned",
    "to_stop", "decided", "met", "corrected", "no_address",
]  # fmt: skip
#: What a letter is; `reminder` and `confirm` are what digests were called before there were any.
LetterKind = Literal[
    "digest", "missed", "climb", "returned", "to_stop", "decided",
    "correction", "summary", "no_address", "reminder", "confirm",
]  # fmt: skip
KINDS: Final[tuple[LetterKind, ...]] = (
    *("digest", "missed", "climb", "returned", "to_stop", "decided"),
    *("correction", "summary", "no_address"),
)
DIGESTS: Final = frozenset({"reminder", "confirm"})
LANGS: Final = ("vi", "en")
Lang = Literal["vi", "en"]


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an earlier letter that turned out wrong.

    `letter` is its id, `said` what the wrong line said, `holds` what is true now: sentences.
    """

    letter: str
    subject: str
    message_id: str | None
    day: date
    said: str
    holds: str


class LetterItem(msgspec.Struct, frozen=True, kw_only=True):
    """One duty as a letter shows it; units and places are names, the id is for commands.

    `derivation` is the steps from the clause to the day, each a sentence in the letter's language.
    `rung` is days before `act_by`, negative after it, and the level of a letter that climbed.
    `on` is the day of what a line tells (returned, decided, met, to be stopped), `told` a sentence
    about it. `denied_on`: when the receiving desk said that it has not got it. `driven_by` names a stricter plan and its day. `command` mends a missing address.
    """

    id: str
    part: Part
    title: str
    owed_by: str
    clause: str
    strength: str
    expression: str = ""
    place: str | None = None
    plan: str | None = None
    strict_day: date | None = None
    nominal_day: date | None = None
    act_by: date | None = None
    enforce_day: date | None = None
    derivation: tuple[str, ...] = ()
    rung: int = 0
    missed_on: date | None = None
    denied_on: date | None = None
    asked_on: date | None = None
    with_: tuple[str, ...] = ()
    owed_to: str | None = None
    driven_by: str | None = None
    on: date | None = None
    told: str | None = None
    command: str | None = None
    corrected: Correction | None = None

    @property
    def before(self) -> date | None:
        """The day of "trước ngày …": whoever acts before it is in time on every reading."""
        return self.strict_day and self.strict_day + timedelta(days=1)

    @property
    def due(self) -> date | None:
        """The day people note down."""
        return self.nominal_day or self.strict_day

    @property
    def last(self) -> date | None:
        """The day after which the duty is past."""
        return self.enforce_day or self.due


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """A month in numbers of duties, from `since` to `until`: done in time and late, and how the rest stands."""

    since: date
    until: date
    met: int = 0
    met_late: int = 0
    open: int = 0
    overdue: int = 0
    behind: int = 0


class LetterContext(msgspec.Struct, frozen=True, kw_only=True):
    """All that a letter is made of.

    `upward`: the reader stands above the office that sends. `sample`: the store is a rehearsal or
    a demonstration, and the letter must say so before anything else. People answer to `answer_to`,
    an address, of `office`, which keeps the journal. `optional`: its reader may do without it.
    """

    kind: LetterKind
    unit: str
    day: date
    items: tuple[LetterItem, ...]
    upward: bool = False
    sample: bool = False
    lang: Lang = "vi"
    answer_to: str | None = None
    office: str | None = None
    optional: bool = False
    counts: Counts | None = None


class AlertContext(msgspec.Struct, frozen=True, kw_only=True):
    """All that an alert may show: a clock that stepped from `before` to `after`, the first `day`
    whose closing failed, or letters that do not leave, and why; or the `names` of letters that
    nobody took, and how many `more` there are.
    """

    kind: Literal["clock", "closing", "mail", "dead", "unwritten"]
    unit: str = ""
    before: str = ""
    after: str = ""
    day: date | None = None
    trouble: str | None = None
    names: tuple[str, ...] = ()
    more: int = 0
    sample: bool = False
