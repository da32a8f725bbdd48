"""What happens to a dossier on its road. Every step names who did it (`body`) and its paper."""

from __future__ import annotations

from datetime import date

import msgspec

from ntm_workflow.domain.base import Event, Opening
from ntm_workflow.domain.road import ROAD


class DossierRegistered(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """A place is on a list for a standard and an assessment year. Its road begins at `desk`.

    `striving`: the list says phấn đấu, not đăng ký. `road` are the desks in force on that day.
    """

    place: str
    standard: str
    year: int
    desk: str = ROAD[0]
    striving: bool = False
    road: tuple[str, ...] = ROAD


class DossierOpened(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The place begins to put its dossier together (xác lập hồ sơ)."""


class DossierSubmitted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A dossier is handed up. Three dates: on the paper, when sent, when received."""

    from_: str = msgspec.field(name="from")
    to: str
    to_level: str
    document_on: date
    sent_on: date
    received_on: date


class DossierReturned(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A desk gives the dossier back down, with what is missing; by when, where the paper says it.

    `number` tells the returns of a dossier apart, in the order they were recorded.
    """

    from_: str = msgspec.field(name="from")
    to: str
    to_level: str
    missing: tuple[str, ...]
    supplement: str | None = None
    number: int = 1


class DossierVerified(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A desk on the way has verified the dossier (thẩm tra) and found it in order."""


class CriteriaAppraised(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A department at the deciding desk appraises criteria (thẩm định): met, or not.

    `of` is how many criteria the edition has.
    """

    set: str
    version: str
    numbers: tuple[int, ...]
    met: bool
    of: int


class SurveyRecorded(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Residents were asked whether they are satisfied; `about` is a content asked of by itself."""

    asked: int
    satisfied: int
    about: str | None = None


class DossierRecognised(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The deciding body recognises the place; the label's year is the dossier's own."""

    decision_on: date


class DossierRejected(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The deciding body does not recognise the place."""

    reason: str


class DossierAnnounced(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The recognition is announced (công bố)."""


class DossierWithdrawn(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The place takes its dossier back."""

    reason: str | None = None


class DossierClosed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The place ended or left the programme, and a decision ends the dossier; `into` is the one that is made instead."""

    into: str | None = None


class DossierRerouted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """From this day on the dossier takes another road, and lies where the paper puts it."""

    road: tuple[str, ...]
    desk: str
    holder: str | None = None


class ResultAdmitted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A paper lets the dossier rest on the result of a criterion of an earlier assessment year."""

    number: int
    assessment_year: int
