"""What is wrong in a pack whose tables can be read: names nobody knows, days nobody can read.

Whatever a pack uses stands in it, so that nothing fails half-way through an adoption.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, get_args

import msgspec

from ntm_workflow.domain.dates import Kind, UnreadablePhrase, read_phrase
from ntm_workflow.domain.dossier import ROAD
from ntm_workflow.domain.inputs import FIRST_YEAR, LAST_YEAR, UnreadableNumber, read_number
from ntm_workflow.domain.obligation import STRENGTHS
from ntm_workflow.domain.place import TYPES
from ntm_workflow.domain.target import AIMS, TRACKS, VERDICTS
from ntm_workflow.domain.unit import ROLES
from ntm_workflow.plans.faults import LEVELS, Fault
from ntm_workflow.plans.loader import Draft, fields_of
from ntm_workflow.plans.sets import criteria_sets, standards
from ntm_workflow.plans.settings import CHOICES
from ntm_workflow.plans.shapes import Duty, NamedPlace, StatedTarget

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Compulsory lists that may be empty: of nineteen criteria all or none may be met.
NONE_ALLOWED = ("achieved", "not_achieved")
MONEY_TYPES = ("work", "project", "model", "content")
#: What a document may leave blank.
BLANKS = ("number", "issued_on", "effective_on")
SETTINGS = {name: tuple(choices) for name, choices in CHOICES.items()}


def check(draft: Draft) -> list[Fault]:
    """Every fault of meaning, table by table; a key that could not be read has its fault already."""
    found = (fault for rule in _RULES for fault in rule(Checked(draft)))
    return [fault for fault in found if fault.where not in draft.unread]


class Checked:
    """A draft with its names at hand. What could not be read is the empty text, and nobody's name."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.places: dict[str, NamedPlace] = {p.id: p for _, p in draft.tables["places"] if p.id}
        self.place_ids = self._said("places", "id")
        self.unit_ids = self._said("units", "id") | {f"ubnd-{id}" for id in self.place_ids}
        self.rules = self._said("obligations", "rule")

    def _said(self, table: str, key: str) -> set[str]:
        return {text for _, text in self.draft.said(table, key)}

    def rows(self, table: str) -> list[tuple[int, Any]]:
        return self.draft.tables[table]

    def level(self, place: str | None) -> str | None:
        """The level of a place; None where nobody can say."""
        row = self.places.get(place or "")
        return TYPES[row.type][0] if row and row.type in TYPES else None

    def committee(self, place: str, level: str) -> bool:
        """Whether a place lies in one of that level, as far as the pack can tell."""
        seen: set[str] = set()
        at: str | None = place
        while at is not None and at not in seen:
            if at not in self.places or self.level(at) in (level, None):
                return True
            seen.add(at)
            at = self.places[at].parent
        return False


def _head(of: Checked) -> Iterator[Fault]:
    head = of.draft.head
    if head is None:
        return
    if not ID.fullmatch(head.id):
        yield Fault("bad_id", key="id", facts={"id": head.id})
    yield from _one_of(Fault("", key="level"), head.level, tuple(LEVELS))
    yield from _places_known(of, Fault("", key="place"), [head.place])
    first, last = head.period
    if first > last:
        yield Fault("bad_period", key="period", facts={"first": first, "last": last})
    for missing in head.assumed:
        yield from _one_of(Fault("", key="assumed"), missing, BLANKS)
    at = Fault("", key="settings")
    for name, known in SETTINGS.items():
        yield from _one_of(at.under(name), getattr(head.settings, name), known)
    for name in head.settings.flagged:
        yield from _one_of(at.under("flagged"), name, tuple(SETTINGS))


def _places(of: Checked) -> Iterator[Fault]:
    yield from _twice("places", of.draft.said("places", "id"), "id")
    for n, place in of.rows("places"):
        at = Fault("", "places", n)
        if not ID.fullmatch(place.id):
            yield Fault("bad_id", "places", n, "id", {"id": place.id})
        yield from _one_of(_key(at, "type"), place.type, tuple(TYPES))
        if place.parent:
            yield from _places_known(of, _key(at, "parent"), [place.parent])
            yield from _parent(of, _key(at, "parent"), place)


def _parent(of: Checked, at: Fault, place: NamedPlace) -> Iterator[Fault]:
    if _lies_in_itself(of, place):
        yield _fault("circle", at, place=place.id)
        return
    order = tuple(LEVELS)
    mine, above = of.level(place.id), of.level(place.parent)
    if mine and above and order.index(above) >= order.index(mine):
        yield _fault("low_parent", at, place=place.id, parent=place.parent)


def _lies_in_itself(of: Checked, place: NamedPlace) -> bool:
    at, seen = place.parent, {place.id}
    while at is not None and at in of.places:
        if at in seen:
            return True
        seen.add(at)
        at = of.places[at].parent
    return False


def _units(of: Checked) -> Iterator[Fault]:
    yield from _twice("units", of.draft.said("units", "id"), "id")
    for n, unit in of.rows("units"):
        at = Fault("", "units", n)
        yield from _one_of(_key(at, "role"), unit.role, tuple(ROLES))
        yield from _places_known(of, _key(at, "place"), [unit.place])


def _duties(of: Checked) -> Iterator[Fault]:
    rows = of.rows("obligations")
    # The empty text is a part nobody could read: whether its duty is another one's is not known.
    told = [(n, duty) for n, duty in rows if duty.rule and duty.part != ""]
    names = [(n, duty_id(duty, place)) for n, duty in told for place in duty.places]
    counted = Counter(name for _, name in names)
    for n, name in names:
        if counted[name] > 1:
            yield Fault("twice", "obligations", n, "rule", {"id": name, "count": counted[name]})
            counted[name] = 0
    for n, duty in rows:
        at = Fault("", "obligations", n)
        yield from _places_known(of, _key(at, "places"), duty.places)
        yield from _one_of(_key(at, "strength"), duty.strength, STRENGTHS)
        yield from _duty_units(of, at, duty)
        yield from _duty_days(of, at, duty)
        if duty.dossier:
            where = _key(at, "dossier")
            yield from _one_of(where.under("standard"), duty.dossier.standard, standards())
            yield from _one_of(where.under("to"), duty.dossier.to, ROAD[1:])


def duty_id(duty: Duty, place: str) -> str:
    """A duty's id for one of its places: rule, part where there is one, place."""
    return "-".join(filter(None, (duty.rule, duty.part, place)))


def _duty_units(of: Checked, at: Fault, duty: Duty) -> Iterator[Fault]:
    named = {"owed_by": [duty.owed_by], "with": duty.with_, "advised_by": duty.advised_by}
    named["owed_to"] = [duty.owed_to] if duty.owed_to else []
    for key, units in named.items():
        for unit in units:
            if not unit.startswith("@"):
                yield from _unit_known(of, _key(at, key), unit)
                continue
            yield from _one_of(_key(at, key), unit, tuple(f"@{level}" for level in ROAD))
            for place in duty.places:
                if unit[1:] in ROAD and not of.committee(place, unit[1:]):
                    facts = {"level": LEVELS[unit[1:]], "place": place}
                    yield _fault("nobody", _key(at, key), **facts)


def _duty_days(of: Checked, at: Fault, duty: Duty) -> Iterator[Fault]:
    if duty.expression is not None:
        yield from _readable(of, _key(at, "expression"), duty.expression)
    if duty.after is not None and duty.after not in of.rules:
        yield _fault("unknown_rule", _key(at, "after"), rule=duty.after)
    for key in ("boundary", "weekend"):
        if choice := getattr(duty, key):
            yield from _one_of(_key(at, key).under("value"), choice.value, SETTINGS[key])
    if duty.days:
        if duty.days.kind is not None:
            yield from _one_of(_key(at, "days").under("kind"), duty.days.kind, get_args(Kind))
        given = (duty.days.window_start, duty.days.strict_day, duty.days.nominal_day)
        days = [day for day in given if day]
        if days != sorted(days):
            yield _fault("days_out_of_order", _key(at, "days"))


def _readable(of: Checked, at: Fault, phrase: str) -> Iterator[Fault]:
    if of.draft.head is None:
        return
    try:
        read_phrase(phrase, of.draft.head.period)
    except UnreadablePhrase as refused:
        yield _fault("unreadable_phrase", at, words=refused.facts["words"], text=phrase)


def _leads(of: Checked) -> Iterator[Fault]:
    for n, lead in of.rows("leads"):
        at = Fault("", "leads", n)
        yield from _unit_known(of, _key(at, "unit"), lead.unit)
        yield from _one_of(_key(at, "set"), lead.set, standards())
        yield from _numbers(_key(at, "numbers"), lead.set, lead.numbers)


def _criteria(of: Checked) -> Iterator[Fault]:
    for table in ("criteria", "criteria_targets"):
        for n, row in of.rows(table):
            at = Fault("", table, n)
            yield from _places_known(of, _key(at, "place"), [row.place])
            yield from _one_of(_key(at, "set"), row.set, tuple(criteria_sets()))
            yield from _numbers(_key(at, "achieved"), row.set, row.achieved)
            yield from _numbers(_key(at, "not_achieved"), row.set, row.not_achieved)
            found, level = criteria_sets().get(row.set), of.level(row.place)
            if found and level and found.level != level:
                facts = {"set": row.set, "level": LEVELS[found.level], "place": row.place}
                yield _fault("wrong_level", _key(at, "place"), **facts)


def _numbers(at: Fault, set_id: str, numbers: list[int]) -> Iterator[Fault]:
    known = criteria_sets().get(set_id)
    outside = [n for n in numbers if known and n not in known.numbers]
    if outside:
        yield _fault("outside_set", at, set=set_id, numbers=outside)


def _targets(of: Checked) -> Iterator[Fault]:
    for n, target in of.rows("targets"):
        at = Fault("", "targets", n)
        yield from _places_known(of, _key(at, "places"), target.places)
        if not ID.fullmatch(target.what):
            yield _fault("bad_id", _key(at, "what"), id=target.what)
        yield from _target_words(at, target)
        for key in ("threshold", "value"):
            yield from _number(_key(at, key), getattr(target, key))


def _target_words(at: Fault, target: StatedTarget) -> Iterator[Fault]:
    for key, known in {"aim": AIMS, "track": TRACKS, "verdict": VERDICTS}.items():
        if value := getattr(target, key):
            yield from _one_of(_key(at, key), value, known)


def _number(at: Fault, text: str | None) -> Iterator[Fault]:
    try:
        if text is not None:
            read_number(text)
    except UnreadableNumber:
        yield _fault("unreadable_number", at, text=text)


def _money(of: Checked) -> Iterator[Fault]:
    yield from _twice("money_rules", of.draft.said("money_rules", "id"), "id")
    for n, rule in of.rows("money_rules"):
        at = Fault("", "money_rules", n)
        yield from _readable(of, _key(at, "expression"), rule.expression)
        for key in ("stop_types", "reallocate_types"):
            for value in getattr(rule, key):
                yield from _one_of(_key(at, key), value, MONEY_TYPES)


def _filled(of: Checked) -> Iterator[Fault]:
    """Texts that say nothing, lists that name nobody and years nobody can mean, in every table."""
    head = [(0, of.draft.head)] if of.draft.head else []
    for table, rows in {"": head, **of.draft.tables}.items():
        for n, row in rows:
            yield from _values(Fault("", table, n if table else None), row)


def _values(at: Fault, row: msgspec.Struct) -> Iterator[Fault]:
    for key, each in fields_of(row.__class__).items():
        value = getattr(row, each.name)
        if isinstance(value, msgspec.Struct):
            yield from _values(at.under(key), value)
        else:
            yield from _value(at.under(key), value, each.required)


def _value(at: Fault, value: Any, required: bool) -> Iterator[Fault]:
    key = at.key or ""
    if required and key not in NONE_ALLOWED and value in ("", []):
        yield _fault("says_nothing", at, key=key)
    if "year" in key or key == "period":
        years = value if isinstance(value, list | tuple) else [value]
        for year in years:
            if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
                yield _fault("no_year", at, key=at.key, year=year)


_RULES: tuple[Callable[[Checked], Iterator[Fault]], ...] = (
    *(_filled, _head, _places, _units, _duties, _leads, _criteria, _targets, _money),
)


def _key(at: Fault, key: str) -> Fault:
    return Fault("", at.table, at.n, key)


def _fault(code: str, at: Fault, **facts: Any) -> Fault:
    return Fault(code, at.table, at.n, at.key, facts)


def _one_of(at: Fault, value: str, known: tuple[str, ...]) -> Iterator[Fault]:
    if value not in known:
        yield _fault("not_one_of", at, key=at.key, value=value, known=known)


def _places_known(of: Checked, at: Fault, places: Iterable[str]) -> Iterator[Fault]:
    for place in places:
        if place not in of.place_ids:
            yield _fault("unknown_place", at, place=place)


def _unit_known(of: Checked, at: Fault, unit: str) -> Iterator[Fault]:
    if unit not in of.unit_ids:
        yield _fault("unknown_unit", at, unit=unit)


def _twice(table: str, ids: list[tuple[int, str]], key: str) -> Iterator[Fault]:
    """A fault at the second table of an id."""
    counted, seen = Counter(id for _, id in ids), set[str]()
    for n, id in ids:
        if id in seen and counted[id] > 1:
            yield Fault("twice", table, n, key, {"id": id, "count": counted[id]})
            counted[id] = 0
        seen.add(id)
