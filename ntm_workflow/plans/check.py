"""What is wrong in a pack whose tables can be read: names nobody knows, days nobody can read.

Whatever a pack uses stands in it, so that nothing fails half-way through an adoption.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import get_args

import msgspec
from msgspec.inspect import is_struct_type

from ntm_workflow.domain.dates import Kind
from ntm_workflow.domain.edition import Edition
from ntm_workflow.domain.inputs import FIRST_YEAR, LAST_YEAR
from ntm_workflow.domain.obligation import CONSEQUENCES, STRENGTHS
from ntm_workflow.domain.place import LEVELS as PLACE_LEVELS
from ntm_workflow.domain.place import TYPES
from ntm_workflow.domain.plan import RELATIONS, Reminders
from ntm_workflow.domain.recurrence import most_times
from ntm_workflow.domain.road import ROAD, STEPS_OF_DUTIES
from ntm_workflow.domain.target import AIMS, COMMITMENTS, TRACKS, VERDICTS
from ntm_workflow.domain.unit import ROLES
from ntm_workflow.plans.check_events import events, read
from ntm_workflow.plans.check_figures import goals, sums
from ntm_workflow.plans.check_money import money_checks, money_rules, money_settings
from ntm_workflow.plans.checked import (
    ID,
    RULE,
    Checked,
    number,
    one_of,
    places_known,
    readable,
    twice,
    unit_known,
)
from ntm_workflow.plans.editions import bundle, versions
from ntm_workflow.plans.faults import LEVELS, Fault
from ntm_workflow.plans.guard import MOST_DUTIES, MOST_FAULTS
from ntm_workflow.plans.loader import Draft, TooManyFaults, fields_of
from ntm_workflow.plans.settings import CHOICES, CLIMBS, NAMES, NUMBERS, REMINDER_NUMBERS, RUNGS
from ntm_workflow.plans.shapes import REASONS, Duty, NamedPlace
from ntm_workflow.plans.standards import standards
from ntm_workflow.plans.target_shapes import StatedTarget
from ntm_workflow.plans.times import given_instead

#: Compulsory lists that may be empty: of nineteen criteria all or none may be met.
NONE_ALLOWED = ("achieved", "not_achieved")
#: Levels that issue plans.
ISSUERS = tuple(level for level in LEVELS if level != "village")
#: What a document may leave blank.
BLANKS = ("number", "issued_on", "effective_on")
SETTINGS = {name: tuple(choices) for name, choices in CHOICES.items()}


def check(draft: Draft) -> list[Fault]:
    """Every fault of meaning, table by table; a key that could not be read has its fault already."""
    of = Checked(draft)
    found = (fault for rule in _RULES for fault in rule(of))
    told = [fault for fault in islice(found, MOST_FAULTS) if fault.where not in draft.unread]
    if next(found, None):
        raise TooManyFaults(draft.faults + told)
    return told


def _head(of: Checked) -> Iterator[Fault]:
    head = of.draft.head
    if head is None:
        return
    if not ID.fullmatch(head.id):
        yield Fault("bad_id", key="id", facts={"id": head.id})
    yield from one_of(Fault("", key="level"), head.level, ISSUERS)
    if of.level(head.place) not in (None, head.level) and head.level in ISSUERS:
        yield Fault("level_differs", key="level", facts={"level": head.level, "place": head.place})
    yield from places_known(of, Fault("", key="place"), [head.place])
    first, last = head.period
    if first > last:
        yield Fault("bad_period", key="period", facts={"first": first, "last": last})
    for missing in head.assumed:
        yield from one_of(Fault("", key="assumed"), missing, BLANKS)
    at = Fault("", key="settings")
    for name, known in SETTINGS.items():
        yield from one_of(at.under(name), getattr(head.settings, name), known)
    for name in NUMBERS:
        yield from _in_range(at, name, getattr(head.settings, name))
    yield from _reminders(at.under("reminders"), head.settings.reminders)
    yield from money_settings(at.under("money"), head.settings.money)
    for name in head.settings.flagged:
        yield from one_of(at.under("flagged"), name, tuple(NAMES))


def _reminders(at: Fault, said: Reminders) -> Iterator[Fault]:
    yield from one_of(at.under("climbs"), said.climbs, CLIMBS)
    for name, limits in REMINDER_NUMBERS.items():
        yield from _in_range(at, name, getattr(said, name), limits)
    for rung, count in Counter(said.rungs).items():
        yield from _in_range(at, "rungs", rung, RUNGS)
        if count > 1:
            yield at.under("rungs").of("number_twice", found=rung, count=count)


def _in_range(
    at: Fault, name: str, value: int | None, limits: tuple[int, int] | None = None
) -> Iterator[Fault]:
    least, most = limits or NUMBERS[name]
    if value is not None and not least <= value <= most:
        yield at.under(name).of("out_of_range", found=value, least=least, most=most)


def _places(of: Checked) -> Iterator[Fault]:
    yield from twice("places", [(n, p.id) for n, p in of.rows("places") if p.id], "id")
    for n, place in of.rows("places"):
        at = Fault("", "places", n)
        if place.id and not ID.fullmatch(place.id):
            yield Fault("bad_id", "places", n, "id", {"id": place.id})
        yield from one_of(at.under("type"), place.type, tuple(TYPES))
        if place.parent:
            yield from places_known(of, at.under("parent"), [place.parent])
            yield from _parent(of, at.under("parent"), place)


def _parent(of: Checked, at: Fault, place: NamedPlace) -> Iterator[Fault]:
    if _lies_in_itself(of, place):
        yield at.of("circle", place=place.id)
        return
    order = tuple(LEVELS)
    mine, above = of.level(place.id), of.level(place.parent)
    if mine and above and order.index(above) >= order.index(mine):
        yield at.of("low_parent", place=place.id, parent=place.parent)


def _lies_in_itself(of: Checked, place: NamedPlace) -> bool:
    at = place.parent
    for _ in PLACE_LEVELS:  # A longer circle has a place in one of no higher level.
        if at == place.id:
            return True
        at = of.places[at].parent if at in of.places else None
    return False


def _units(of: Checked) -> Iterator[Fault]:
    yield from twice("units", of.draft.said("units", "id"), "id")
    for n, unit in of.rows("units"):
        at = Fault("", "units", n)
        yield from one_of(at.under("role"), unit.role, tuple(ROLES))
        if unit.place is not None:
            yield from places_known(of, at.under("place"), [unit.place])


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
        for key in ("rule", "part"):
            if (text := getattr(duty, key)) and not RULE.fullmatch(text):
                yield at.under(key).of("bad_rule", rule=text)
        yield from places_known(of, at.under("places"), duty.places)
        yield from one_of(at.under("strength"), duty.strength, STRENGTHS)
        yield from _duty_units(of, at, duty)
        yield from _duty_days(of, at, duty)
        if duty.dossier:
            where = at.under("dossier")
            yield from one_of(where.under("standard"), duty.dossier.standard, standards())
            yield from one_of(where.under("to"), duty.dossier.to, STEPS_OF_DUTIES)
        for attached in duty.consequences:
            where = at.under("consequences").under("what")
            yield from one_of(where, attached.what, CONSEQUENCES)


def duty_id(duty: Duty, place: str, occurrence: str | None = None) -> str:
    """A duty's id for one of its places: rule, part and occurrence where there are any, place.

    As `D166@2024-11/quang-nam`.
    """
    rule = "-".join(filter(None, (duty.rule, duty.part)))
    return f"{rule}@{occurrence}/{place}" if occurrence else f"{rule}/{place}"


def _duty_units(of: Checked, at: Fault, duty: Duty) -> Iterator[Fault]:
    named = {"owed_by": [duty.owed_by], "with": duty.with_, "advised_by": duty.advised_by}
    named["owed_to"] = [duty.owed_to] if duty.owed_to else []
    for key, units in named.items():
        for unit in units:
            if not unit.startswith("@"):
                yield from unit_known(of, at.under(key), unit)
                continue
            yield from one_of(at.under(key), unit, tuple(f"@{level}" for level in ROAD))
            for place in duty.places:
                if unit[1:] in ROAD and not of.committee(place, unit[1:]):
                    facts = {"level": LEVELS[unit[1:]], "place": place}
                    yield at.under(key).of("nobody", **facts)


def _duty_days(of: Checked, at: Fault, duty: Duty) -> Iterator[Fault]:
    if duty.expression == "":
        yield at.under("expression").of("says_nothing", key="expression")
    elif duty.expression is not None and not given_instead(duty):
        yield from readable(of, at.under("expression"), duty.expression)
    if duty.alternative:
        where = at.under("alternative").under("expression")
        yield from readable(of, where, duty.alternative.expression)
    others = {"after": [duty.after] if duty.after is not None else [], "needs": duty.needs}
    for key, rules in others.items():
        for other in rules:
            if other not in of.rules:
                yield at.under(key).of("unknown_rule", rule=other)
    yield from events(of, at, duty)
    for key in ("boundary", "weekend"):
        if choice := getattr(duty, key):
            yield from one_of(at.under(key).under("value"), choice.value, SETTINGS[key])
    for key in NUMBERS:
        if number := getattr(duty, key):
            yield from _in_range(at.under(key), key, number.value)
    if duty.days:
        if duty.days.kind is not None:
            yield from one_of(at.under("days").under("kind"), duty.days.kind, get_args(Kind))
        given = (duty.days.window_start, duty.days.strict_day, duty.days.nominal_day)
        days = [day for day in given if day]
        if days != sorted(days):
            yield at.under("days").of("days_out_of_order")


def _multiplied(of: Checked) -> Iterator[Fault]:
    """Where the duties of a pack come to too many, with their places and the times they come back."""
    period, count = of.period, 0
    for n, duty in of.rows("obligations"):
        count += len(duty.places) * _comes_back(duty.expression or "", period)
        if count > MOST_DUTIES:
            at = Fault("", "obligations", n, "expression")
            yield at.of("too_many_duties", most=MOST_DUTIES)
            return


def _comes_back(phrase: str, period: tuple[int, int]) -> int:
    """How many times a phrase comes back at most, which is once for all but what recurs."""
    found = read(phrase, period)
    every = found.recurrence if found else None
    return most_times(every, period[1] - period[0] + 1) if every and every.freq else 1


def _leads(of: Checked) -> Iterator[Fault]:
    for n, lead in of.rows("leads"):
        at = Fault("", "leads", n)
        yield from unit_known(of, at.under("unit"), lead.unit)
        yield from one_of(at.under("set"), lead.set, standards())
        year = of.draft.head.period[0] if of.draft.head else 0
        yield from _numbers(at.under("numbers"), bundle().find(lead.set, year), lead.numbers)


def _criteria(of: Checked) -> Iterator[Fault]:
    for table in ("criteria", "criteria_targets"):
        for n, row in of.rows(table):
            at = Fault("", table, n)
            yield from places_known(of, at.under("place"), [row.place])
            yield from one_of(at.under("set"), row.set, bundle().sets)
            found, level = bundle().find(row.set, row.of_year), of.level(row.place)
            if found is None and row.set in bundle().sets:
                there = versions(bundle().of(row.set))
                facts = {"set": row.set, "year": row.of_year, "known": there}
                yield at.under("set").of("no_edition", **facts)
            yield from _numbers(at.under("achieved"), found, row.achieved)
            yield from _numbers(at.under("not_achieved"), found, row.not_achieved)
            if found and level and found.level != level:
                facts = {"set": row.set, "level": LEVELS[found.level], "place": row.place}
                yield at.under("place").of("wrong_level", **facts)


def _numbers(at: Fault, edition: Edition | None, numbers: list[int]) -> Iterator[Fault]:
    outside = [n for n in numbers if edition and n not in edition.numbers]
    if edition and outside:
        yield at.of("outside_set", set=edition.set, numbers=outside)


def _targets(of: Checked) -> Iterator[Fault]:
    yield from twice("targets", [(n, t.id) for n, t in of.rows("targets") if t.id], "id")
    for n, target in of.rows("targets"):
        at = Fault("", "targets", n)
        yield from places_known(of, at.under("places"), target.places)
        if not ID.fullmatch(target.what):
            yield at.under("what").of("bad_id", id=target.what)
        yield from _target_words(at, target)
        for key in ("threshold", "value"):
            yield from number(at.under(key), getattr(target, key))


def _target_words(at: Fault, target: StatedTarget) -> Iterator[Fault]:
    known_words = {"aim": AIMS, "track": TRACKS, "verdict": VERDICTS, "commitment": COMMITMENTS}
    for key, known in (known_words | {"strength": STRENGTHS}).items():
        if value := getattr(target, key):
            yield from one_of(at.under(key), value, known)


def _papers(of: Checked) -> Iterator[Fault]:
    for n, reference in of.rows("references"):
        at = Fault("", "references", n)
        yield from one_of(at.under("relation"), reference.relation, RELATIONS)
    for n, recipient in of.rows("recipients"):
        if recipient.unit:
            yield from unit_known(of, Fault("", "recipients", n, "unit"), recipient.unit)
    for n, clause in of.rows("unbinding"):
        yield from one_of(Fault("", "unbinding", n, "why"), clause.why, REASONS)
    head = of.draft.head
    for key in ("implements", "amends"):
        if head and head.id and head.id in getattr(head, key):
            yield Fault("amends_itself", key=key)


def _filled(of: Checked) -> Iterator[Fault]:
    """Texts that say nothing, lists that name nobody and years nobody can mean, in every table."""
    head = [(0, of.draft.head)] if of.draft.head else []
    for table, rows in {"": head, **of.draft.tables}.items():
        for n, row in rows:
            yield from _values(Fault("", table, n if table else None), row)


def _values(at: Fault, row: msgspec.Struct) -> Iterator[Fault]:
    for key, name, needed, inner in _told(row.__class__):
        value = getattr(row, name)
        if inner:
            for each in value if isinstance(value, list) else filter(None, (value,)):
                yield from _values(at.under(key), each)
        elif needed and value in ("", []):
            where = at.under(key)
            yield where.of("says_nothing", key=where.key)
        elif "year" in key or key == "period":
            for year in value if isinstance(value, list | tuple) else [value]:
                if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
                    where = at.under(key)
                    yield where.of("no_year", key=where.key, year=year)


@cache
def _told(kind: type[msgspec.Struct]) -> list[tuple[str, str, bool, bool]]:
    """The keys to look at: each with its field, whether it must say something, whether it is a table."""
    told = []
    for key, each in fields_of(kind).items():
        inner = any(map(is_struct_type, (each.type, *get_args(each.type))))
        needed = each.required and key not in NONE_ALLOWED
        if inner or needed or "year" in key:
            told.append((key, each.name, needed, inner))
    return told


_RULES: tuple[Callable[[Checked], Iterator[Fault]], ...] = (
    *(_filled, _head, _places, _units, _duties, _multiplied, _leads, _criteria, _targets),
    *(goals, sums, money_rules, money_checks, _papers),
)
