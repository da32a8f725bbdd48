"""What a clause binds somebody to: the first fact of an obligation, what an amended plan makes of it,
and the parts it has. Knows no state and no rule but the words a plan may use.
"""

from __future__ import annotations

from datetime import date

import msgspec

from ntm_workflow.domain.base import Event, Opening
from ntm_workflow.domain.derivation import Reason

#: Only `must` is ever overdue; `strive` falls behind; the rest stay open (words of the plans).
STRENGTHS = ("must", "strive", "requested", "encouraged", "permitted", "considered", "expected")
#: Events a duty may run from, which the program sees happen; any other is `told` by a person.
FUND_ALLOCATED, PLACE_MERGED, TOLD = STARTS = ("fund_allocated", "place_merged", "told")
#: What meets a duty: what happens to its item, or a report that is received.
DONE_BY = (SETTLED, REPORT) = ("settled", "report")
#: What a clause attaches to a duty that is not done. The program lists it and applies none of it.
CONSEQUENCES = (
    "responsibility",
    "criticism",
    "withdrawal",
    "no_later_period",
    "no_top_up",
    "stop",
    "reallocation",
    "local_debt",
)


class Alternative(msgspec.Struct, frozen=True):
    """The second day a clause gives for the same duty, and the words that say when it counts."""

    expression: str
    condition: str
    window_start: date | None = None
    strict_day: date | None = None
    nominal_day: date | None = None


class Consequence(msgspec.Struct, frozen=True):
    """What follows by the words of `clause`, one of CONSEQUENCES."""

    what: str
    clause: str
    words: str | None = None


class Assignment(Event, frozen=True, kw_only=True, omit_defaults=True):
    """What binds a unit. The days are derived from `expression`; `derivation` shows how.

    Without a `plan` the clause stands in a letter, which `clause` names. `trigger` is the step of a
    dossier that meets the duty, `<dossier id>/<level it reaches>`, or what happens to a fund item,
    `<item id>/<DONE_BY>`.
    `strength_words` and `stated` quote the clause; `inferred` says from where the owner was taken
    when the clause names none. `occurrence` tells the times of a recurring duty apart (2024-11);
    `paper` is the document it brings forth, `condition` the words that say when it binds at all,
    `weekend` and `entry_days` the settings chosen for this duty and not for its plan.
    Until the end of `entered_by` what was done in time may still be typed before a closing judges;
    `follows` is the duty whose result this one passes on.
    `starts_from` is the event its period runs from, one of STARTS. Where that is money given to an
    item, of one of `item_types` if any are named, this is the pattern of a duty for each `item`,
    met by what `done_by` names, one of DONE_BY; of what comes back, `report` says that it is one.
    """

    rule: str
    plan: str | None = None
    clause: str
    title: str
    strength: str
    expression: str
    kind: str
    owed_by: str
    owed_to: str | None = None
    with_: tuple[str, ...] = msgspec.field(name="with", default=())
    advised_by: tuple[str, ...] = ()
    place: str | None = None
    window_start: date | None = None
    strict_day: date | None = None
    nominal_day: date | None = None
    act_by: date | None = None
    enforce_day: date | None = None
    entered_by: date | None = None
    derivation: tuple[Reason, ...] = ()
    trigger: str | None = None
    strength_words: str | None = None
    stated: str | None = None
    inferred: str | None = None
    occurrence: str | None = None
    paper: str | None = None
    condition: str | None = None
    alternative: Alternative | None = None
    consequences: tuple[Consequence, ...] = ()
    weekend: str | None = None
    entry_days: int | None = None
    follows: str | None = None
    starts_from: str | None = None
    item_types: tuple[str, ...] = ()
    item: str | None = None
    done_by: str | None = None


class ObligationAssigned(Assignment, Opening, frozen=True, kw_only=True, omit_defaults=True):
    """A clause binds a unit."""


class ObligationAmended(Assignment, frozen=True, kw_only=True, omit_defaults=True):
    """An amended version of the plan says this of the duty from `effective_on` on, all of it anew."""


class ObligationDropped(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The version of its plan in force from this day on does not hold the duty any more."""

    plan: str
