"""Targets: what a place aims at besides a table of criteria, as plans state it and people measure it.

Statements may contradict one another: all are kept, and nobody guesses which one is meant.
"""

from __future__ import annotations

from decimal import Decimal
from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject
from ntm_workflow.domain.retelling import Gone, taken_back, told

#: What a statement says: how things stood, or how they shall be.
AIMS = ("result", "target")
#: How a village comes to its standard: built anew, raised to the new set, completed, not planned.
TRACKS = ("new", "raise", "complete", "unplanned")
#: On what terms a plan names a place: it registered, it strives, it keeps what it has, or it is
#: carried over from the year before.
COMMITMENTS = ("registered", "striving", "keeping", "carried_over")
VERDICTS = ("achieved", "not_achieved")
#: What of places is counted: that hold a standard, that come to hold it in the plan's time, that have
#: fewer than so many of its criteria, and those of a level in which no place holds it.
HOW = ("held", "new", "under", "without")


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the program counts a target: one of HOW, of a standard.

    `of` is the number of places the plan itself reckons with, `under` the number of criteria of `under`,
    `level` that of the places that are counted `without`.
    """

    how: str
    standard: str
    of: int | None = None
    under: int | None = None
    level: str | None = None


class TargetOpened(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """A place aims at `what`: a standard, or one measure (a slug)."""

    place: str
    what: str
    title: str


class TargetStated(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A clause of a plan says how it stands or shall stand in `about_year`.

    Numbers are plain decimals (“12.19”); `also` are other spellings of the place in this clause.
    `commitment` is one of COMMITMENTS; `strength` and the words it rests on are as with duties.
    """

    plan: str
    clause: str
    aim: str
    about_year: int | None = None
    target_year: int | None = None
    track: str | None = None
    words: str | None = None
    threshold: str | None = None
    unit: str | None = None
    value: str | None = None
    verdict: str | None = None
    also: tuple[str, ...] = ()
    commitment: str | None = None
    strength: str | None = None
    strength_words: str | None = None
    count: Count | None = None


class TargetWithdrawn(Event, frozen=True, kw_only=True, omit_defaults=True):
    """An amended plan no longer says what it said of the target; what it says now follows."""

    plan: str


class TargetMeasured(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody measured it, or judged it, for an assessment year."""

    assessment_year: int
    value: str | None = None
    unit: str | None = None
    verdict: str | None = None


class Statement(msgspec.Struct, frozen=True):
    plan: str
    clause: str
    aim: str
    about_year: int | None
    target_year: int | None
    track: str | None
    words: str | None
    threshold: str | None
    unit: str | None
    value: str | None
    verdict: str | None
    also: tuple[str, ...]
    entry: int
    commitment: str | None = None
    strength: str | None = None
    count: Count | None = None


class Measure(msgspec.Struct, frozen=True):
    assessment_year: int
    value: str | None
    unit: str | None
    verdict: str | None
    entry: int


class Target(msgspec.Struct, frozen=True):
    place: str
    what: str
    title: str
    said: tuple[Statement | Gone, ...] = ()
    measures: tuple[Measure, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(each for each in self.said if isinstance(each, Statement))

    @property
    def target_years(self) -> tuple[int, ...]:
        return tuple(sorted({s.target_year for s in self.statements if s.target_year}))

    @property
    def conflicting(self) -> bool:
        """Whether the statements name different years to reach it."""
        return len(self.target_years) > 1

    @property
    def units(self) -> tuple[str, ...]:
        said = [s.unit for s in self.statements] + [m.unit for m in self.measures]
        return tuple(dict.fromkeys(unit for unit in said if unit))

    @property
    def threshold(self) -> str | None:
        return next((s.threshold for s in reversed(self.statements) if s.threshold), None)

    @property
    def count(self) -> Count | None:
        return next((s.count for s in reversed(self.statements) if s.count), None)

    @property
    def track(self) -> str | None:
        return next((s.track for s in reversed(self.statements) if s.track), None)

    @property
    def commitment(self) -> str | None:
        return next((s.commitment for s in reversed(self.statements) if s.commitment), None)

    @property
    def latest(self) -> Measure | None:
        """The measurement of the latest assessment year; of one year, the last one told."""
        return max(reversed(self.measures), key=lambda m: m.assessment_year, default=None)

    def measure_of(self, year: int) -> Measure | None:
        """The last measurement told of an assessment year."""
        return next((m for m in reversed(self.measures) if m.assessment_year == year), None)

    @property
    def value(self) -> str | None:
        """The number that counts: measured, else stated."""
        if self.latest and self.latest.value:
            return self.latest.value
        stated = [s.value for s in self.statements if s.value]
        return stated[-1] if len(stated) == 1 else None

    @property
    def verdict(self) -> str | None:
        if self.latest:
            return self.latest.verdict
        return next((s.verdict for s in reversed(self.statements) if s.verdict), None)

    @property
    def reached(self) -> bool | None:
        """Whether the number is at least the threshold; None where either is unknown."""
        if self.threshold is None or self.value is None:
            return None
        return Decimal(self.value) >= Decimal(self.threshold)


class NothingMeasured(Refused):
    exit_code = 2
    vi = "Chưa nêu số đo hay kết luận của {what}.\nThêm --value “12,19” hoặc --verdict achieved|not_achieved."
    en = "Neither a number nor a verdict is given for {what}.\nAdd --value “12,19” or --verdict achieved|not_achieved."


class UnknownVerdict(Refused):
    exit_code = 2
    vi = "Không có kết luận “{verdict}”.\nCác kết luận: {known}."
    en = "There is no verdict “{verdict}”.\nVerdicts: {known}."


class OtherUnit(Refused):
    vi = "{what} của {place} tính bằng “{known}”, không phải “{unit}”.\nXem: ntm target list --what {what:arg}"
    en = "{what} of {place} is counted in “{known}”, not “{unit}”.\nSee: ntm target list --what {what:arg}"


class MeasuredAhead(Refused):
    exit_code = 2
    vi = "Ngày {day} chưa có số đo của năm đánh giá {year}.\nKiểm tra lại --year hoặc --on."
    en = "On {day} there is no measurement yet for assessment year {year}.\nCheck --year or --on."


class MeasuredAlready(Refused):
    vi = "Số đo này của {place} năm {year} đã được ghi (lần ghi #{entry}).\nXem: ntm fact show {entry}"
    en = "This measurement of {place} for {year} is already recorded (entry #{entry}).\nSee: ntm fact show {entry}"


def rule(target: Target, event: Event) -> Refused | None:
    match event:
        case TargetStated(verdict=verdict) | TargetMeasured(verdict=verdict) if (
            verdict is not None and verdict not in VERDICTS
        ):
            return UnknownVerdict(verdict=verdict, known=VERDICTS)
        case TargetMeasured():
            return _measurable(target, event)
    return None


def _measurable(target: Target, event: TargetMeasured) -> Refused | None:
    if event.value is None and event.verdict is None:
        return NothingMeasured(what=target.what)
    if event.unit and target.units and event.unit not in target.units:
        return OtherUnit(what=target.what, place=target.place, known=target.units, unit=event.unit)
    year = event.assessment_year
    if year > event.effective_on.year:
        return MeasuredAhead(day=event.effective_on, year=year)
    # What came back to an earlier value has changed since, and is told again.
    last = target.measure_of(year)
    if last and (last.value, last.verdict) == (event.value, event.verdict):
        return MeasuredAlready(place=target.place, year=year, entry=last.entry)
    return None


def evolve(target: Target | None, fact: Fact) -> Target:
    match fact.event:
        case TargetOpened(place=place, what=what, title=title):
            return Target(place, what, title)
        case TargetStated() as said:
            target = cast(Target, target)
            return replace(target, said=told(target.said, _statement(said, fact.entry)))
        case TargetWithdrawn(plan=plan):
            target = cast(Target, target)
            return replace(target, said=taken_back(target.said, plan))
        case TargetMeasured(assessment_year=year, value=value, unit=unit, verdict=verdict):
            target = cast(Target, target)
            measure = Measure(year, value, unit, verdict, fact.entry)
            return replace(target, measures=(*target.measures, measure))
        case other:
            raise TypeError(other)


def _statement(said: TargetStated, entry: int) -> Statement:
    return Statement(
        *(said.plan, said.clause, said.aim, said.about_year, said.target_year),
        *(said.track, said.words, said.threshold, said.unit, said.value, said.verdict),
        also=said.also,
        entry=entry,
        commitment=said.commitment,
        strength=said.strength,
        count=said.count,
    )


SUBJECT = Subject[Target](
    "target", (TargetOpened, TargetStated, TargetWithdrawn, TargetMeasured), evolve, rule
)
