"""What happens to the criteria of a place. Every result names (set, version, number)."""

from __future__ import annotations

from datetime import date

import msgspec

from ntm_workflow.domain.base import Event, Opening


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file of the dossier, by name and SHA-256; the file itself stays with its office.

    `valid_from` and `valid_until` are the first and last day on which it proves anything, where it says so.
    """

    name: str
    sha256: str
    valid_from: date | None = None
    valid_until: date | None = None


class CriteriaOpened(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """A place is assessed against a set with these criterion numbers."""

    place: str
    set: str
    version: str
    numbers: tuple[int, ...]


class CriteriaStated(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A plan's own table says which criteria stand; its total is kept even where it is wrong."""

    plan: str
    clause: str
    assessment_year: int
    achieved: tuple[int, ...]
    not_achieved: tuple[int, ...]
    stated_total: int | None = None
    target_year: int | None = None


class CriteriaTargeted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A plan's own table says which criteria are to hold at the end of `year`, and which not yet.

    `target_year` is the year the plan gives for the whole set, which may be later.
    """

    plan: str
    clause: str
    year: int
    achieved: tuple[int, ...]
    not_achieved: tuple[int, ...] = ()
    stated_total: int | None = None
    target_year: int | None = None


class CriteriaWithdrawn(Event, frozen=True, kw_only=True, omit_defaults=True):
    """An amended plan no longer says what its tables said; what they say now follows."""

    plan: str


class CriterionAchieved(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A criterion is met for an assessment year, on this evidence, in these outstanding fields."""

    set: str
    version: str
    number: int
    assessment_year: int
    evidence: tuple[Evidence, ...] = ()
    fields: tuple[str, ...] = ()


class CriterionLapsed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A criterion once met no longer holds."""

    set: str
    version: str
    number: int
    assessment_year: int


class CriterionConfirmed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The department in charge (`body`) confirms that a criterion recorded as achieved is met."""

    set: str
    version: str
    number: int
    assessment_year: int


class EvidenceAdded(Event, frozen=True, kw_only=True, omit_defaults=True):
    """More evidence for a result that is recorded; a file of the same name is its next version."""

    set: str
    version: str
    number: int
    assessment_year: int
    evidence: tuple[Evidence, ...]


class IndicatorMeasured(Event, frozen=True, kw_only=True, omit_defaults=True):
    """What an indicator came to for an assessment year; `value` is a stored decimal."""

    set: str
    version: str
    indicator: str
    assessment_year: int
    value: str
    unit: str | None = None
    evidence: tuple[Evidence, ...] = ()


class CriteriaGrouped(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A paper says which group's thresholds the place is measured by from this day on."""

    set: str
    version: str
    group: str
