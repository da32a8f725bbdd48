"""A plan's amended version beside the one in force: whether it is one, from when, and what it changes.

Records nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import msgspec

from ntm_workflow.domain.base import Event, Refused, Timeline
from ntm_workflow.domain.criteria_events import CriteriaStated, CriteriaTargeted, CriteriaWithdrawn
from ntm_workflow.domain.obligation import Assignment, Obligation, ObligationAmended
from ntm_workflow.domain.plan import MoneyRule, Plan, PlanSaid
from ntm_workflow.domain.target import TargetStated, TargetWithdrawn
from ntm_workflow.domain.unit import UnitAssigned, UnitReleased
from ntm_workflow.domain.values import format_date
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.packed import Bound, Fields, Said
from ntm_workflow.plans.pack import Pack

#: The days of a deadline that an amendment may move.
DAYS = ("strict_day", "nominal_day", "act_by", "enforce_day")
_ENVELOPE = frozenset(Event.__struct_fields__)
#: What follows from the words beside it and is no change by itself.
_WORKED_OUT = frozenset({"derivation", "kind"})
_STATED = (UnitAssigned, CriteriaStated, CriteriaTargeted, TargetStated)
_WITHDRAWN = (UnitReleased, CriteriaWithdrawn, TargetWithdrawn)


class AlreadyAdopted(Refused):
    vi = "Kế hoạch “{plan}” đã áp dụng từ trước.\nXem: ntm plan show {plan} --as-of {day}"
    en = "The plan “{plan}” was adopted before.\nSee: ntm plan show {plan} --as-of {day}"


class AmendedEarlier(Refused):
    exit_code = 2
    vi = "Bản đang áp dụng của “{plan}” có hiệu lực từ {since}; bản sửa đổi không thể có hiệu lực trước đó ({day}).\nKiểm tra lại --on. Xem: ntm plan show {plan}"
    en = "The version of “{plan}” in force began on {since}; an amended one cannot begin before it ({day}).\nCheck --on. See: ntm plan show {plan}"


class NarrowerArea(Refused):
    vi = "Kế hoạch “{plan}” đang áp dụng cho {area}; chỉ mở rộng được, không thu hẹp hay đổi sang nơi khác.\nBỏ --within, hoặc nêu một địa bàn chứa cả phần đang áp dụng."
    en = "The plan “{plan}” is in force for {area}; that can be widened, not narrowed or moved elsewhere.\nLeave --within out, or name a place that holds all of it."


def must_be_new(entry: Entry, known: Plan, whole: Pack, pack: Pack) -> None:
    """Refuse the same text for an area that is covered already, and an area that leaves some out."""
    last = known.versions[-1]
    if pack.sha256 == last.sha256 and _lies_in(whole, pack.within, last.within):
        first = known.versions[0].since
        raise AlreadyAdopted(plan=pack.id, day=max(first, entry.today))
    if not _lies_in(whole, last.within, pack.within):
        area = entry.reading.names.get(last.within or pack.place, pack.place)
        raise NarrowerArea(plan=pack.id, area=area)


def _lies_in(pack: Pack, inner: str | None, outer: str | None) -> bool:
    """Whether a part of the plan holds another; None is all of it."""
    parents = {place.id: place.parent for place in pack.places}
    at = inner
    while at is not None and at != outer:
        at = parents.get(at)
    return outer is None or at is not None


def envelope(entry: Entry, known: Plan, pack: Pack) -> Fields:
    """The day from which the version counts, and the paper that says so.

    The same text for a wider area counts there since it counts at all.
    """
    last, request = known.versions[-1], entry.request
    day = request.on
    if day is None and pack.sha256 == last.sha256:
        day = last.since
    elif day is None and pack.issued_on and pack.issued_on > last.since:
        day = pack.issued_on
    day = day or max(entry.today, last.since)
    if day < last.since:
        raise AmendedEarlier(plan=pack.id, since=last.since, day=day)
    return {"effective_on": day, "document": request.document or _own_paper(pack)}


def _own_paper(pack: Pack) -> str | None:
    """The document the pack is of, cited by its number and day."""
    if pack.number is None or pack.issued_on is None:
        return pack.number
    return f"{pack.number}, {format_date(pack.issued_on)}"


def money_rules(
    old: Sequence[MoneyRule], new: Sequence[MoneyRule], closed: date | None
) -> tuple[MoneyRule, ...]:
    """The rules from now on: a rule whose day is closed stays what it was, and none is new on such a day."""

    def over(rule: MoneyRule | None) -> bool:
        return rule is not None and closed is not None and rule.day <= closed

    judged = {rule.judges: rule for rule in old if over(rule)}
    kept = [judged.pop(rule.judges, rule) for rule in new]
    in_order = [rule for rule in kept if not over(rule) or rule in old]
    return (*in_order, *judged.values())


# --- what differs ---------------------------------------------------------------------------------


def fields(said: Assignment) -> Fields:
    """What an assignment says, without the day, the paper and who typed it."""
    return {
        name: getattr(said, name) for name in Assignment.__struct_fields__ if name not in _ENVELOPE
    }


def differing(old: Assignment, new: Fields) -> dict[str, tuple[Any, Any]]:
    """Field -> what it was and what it is to be."""
    anew = fields(ObligationAmended(effective_on=old.effective_on, by="", **new))
    return {k: (was, anew[k]) for k, was in fields(old).items() if was != anew[k]}


def said_before(timeline: Timeline[Any], plan: str) -> list[Event]:
    """What a plan says of the subject, as it stands."""
    said: list[Event] = []
    for step in timeline.steps:
        event = step.fact.event
        if isinstance(event, _WITHDRAWN) and event.plan == plan:
            said = []
        elif isinstance(event, _STATED) and event.plan == plan:
            said.append(event)
    return said


def same(old: Sequence[Event], new: Sequence[Said]) -> bool:
    return len(old) == len(new) and all(map(_says, old, new))


def _says(old: Event, new: Said) -> bool:
    event, said = new
    return type(old) is event and _content(old, said) == _content(_made(old, new), said)


def _made(old: Event, new: Said) -> Event:
    event, said = new
    return event(effective_on=old.effective_on, by=old.by, **said)


def _content(event: Event, said: Fields) -> Fields:
    own = [name for name in event.__struct_fields__ if name not in _ENVELOPE or name in said]
    return {name: getattr(event, name) for name in own}


@dataclass(frozen=True, kw_only=True)
class Move:
    """A duty whose days are others now. `extended_until` is the later day of a paper, which holds."""

    id: str
    title: str
    clause: str
    old_expression: str
    new_expression: str
    old_strict_day: date | None
    new_strict_day: date | None
    old_nominal_day: date | None
    new_nominal_day: date | None
    old_enforce_day: date | None
    new_enforce_day: date | None
    extended_until: date | None
    changes: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A duty that comes or goes."""

    id: str
    title: str
    clause: str
    expression: str
    strict_day: date | None
    nominal_day: date | None
    enforce_day: date | None


@dataclass(frozen=True, kw_only=True)
class Change:
    """Anything else that is said otherwise: field -> what it was and what it is."""

    id: str
    title: str
    clause: str | None
    changes: dict[str, tuple[Any, Any]]


def line(id: str, said: Fields) -> Line:
    names = ("title", "clause", "expression", "strict_day", "nominal_day", "enforce_day")
    return Line(id=_bare(id), **{name: said[name] for name in names})


def _bare(id: str) -> str:
    return id.removeprefix("obligation/")


@dataclass
class Changes:
    """What an amended version changes, moved dates first. Nothing for a plan that is new."""

    moved: list[Move] = field(default_factory=list)
    added: list[Line] = field(default_factory=list)
    dropped: list[Line] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    head: bool = False

    def of_duty(
        self, bound: Bound, old: Obligation, new: Obligation, differ: dict[str, tuple[Any, Any]]
    ) -> None:
        """A duty that is back counts as added; one with other days as moved."""
        if old.ended_on is not None:
            self.added.append(line(bound.id, bound.fields))
            return
        others = {k: pair for k, pair in differ.items() if k not in (*DAYS, *_WORKED_OUT)}
        now = new.assigned
        about: Fields = {"id": _bare(bound.id), "title": now.title, "clause": now.clause}
        if differ.keys().isdisjoint(DAYS):
            self.changed.append(Change(**about, changes=others or differ))
            return
        others.pop("expression", None)
        self.moved.append(Move(**about, **_days(old, new), changes=others))

    def of_head(self, id: str, known: Plan, head: Fields) -> None:
        old: PlanSaid = known.adopted
        differ = {
            name: (getattr(old, name), value)
            for name, value in head.items()
            if name != "pack_sha256" and getattr(old, name) != value
        }
        # All of a plan's own place is all of the plan.
        if (old.within or old.place) == (head["within"] or head["place"]):
            differ.pop("within", None)
        self.head = bool(differ)
        if differ:
            self.changed.append(Change(id=id, title=head["title"], clause=None, changes=differ))

    def of_plan(self, id: str, title: str, name: str, old: Any, new: Any) -> None:
        self.changed.append(Change(id=id, title=title, clause=None, changes={name: (old, new)}))

    def of_statements(self, id: str, state: Any, old: Sequence[Event], new: Sequence[Said]) -> None:
        """A single statement is compared field by field, several as a whole."""
        made = [event(effective_on=date.min, by="", **said) for event, said in new]
        if len(old) == len(made) == 1 and type(old[0]) is type(made[0]):
            was, now = _told(old[0]), _told(made[0])
            differ = {
                k: (was.get(k), now.get(k)) for k in {**was, **now} if was.get(k) != now.get(k)
            }
        else:
            differ = {"statements": (_all_told(old), _all_told(made))}
        clauses = dict.fromkeys(getattr(event, "clause", None) for event in made or old)
        title = getattr(state, "title", None) or getattr(state, "name", None) or id
        clause = ", ".join(filter(None, clauses))
        self.changed.append(Change(id=id, title=title, clause=clause, changes=differ))

    def as_dict(self) -> dict[str, list[dict[str, Any]]]:
        """As JSON shows them: `moved`, `added`, `dropped`, `changed`."""
        kinds: dict[str, Iterable[Any]] = {
            "moved": self.moved,
            "added": self.added,
            "dropped": self.dropped,
            "changed": self.changed,
        }
        return {kind: [asdict(each) for each in found] for kind, found in kinds.items()}


def _days(old: Obligation, new: Obligation) -> Fields:
    """The words and days of the clause before and after, and the paper's day that outlasts them."""
    names = ("expression", "strict_day", "nominal_day", "enforce_day")
    pairs = {f"old_{name}": getattr(old.assigned, name) for name in names}
    pairs |= {f"new_{name}": getattr(new.assigned, name) for name in names}
    return {**pairs, "extended_until": new.holding[-1].event.until if new.holding else None}


def _told(event: Event) -> Fields:
    """What a statement says, and no more."""
    own = {f.encode_name: getattr(event, f.name) for f in msgspec.structs.fields(type(event))}
    aside = _ENVELOPE - {"note"} | {"plan"}
    return {k: v for k, v in own.items() if k not in aside and v not in (None, ())}


def _all_told(events: Iterable[Event]) -> list[Fields]:
    return [_told(event) for event in events]
