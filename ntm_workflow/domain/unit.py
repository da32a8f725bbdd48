"""Units: the offices that owe, receive and are written to. Duties name offices, never persons.

Addresses and people are known here by ids only; what the ids stand for can be erased.
"""

from __future__ import annotations

from typing import cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject
from ntm_workflow.domain.retelling import Gone, taken_back, told

#: Role -> what such an office is called. A plan that names another role has it added here.
ROLES: dict[str, tuple[str, str]] = {
    "ubnd": ("Ủy ban nhân dân", "people's committee"),
    "hdnd": ("Hội đồng nhân dân", "people's council"),
    "dang-uy": ("cấp ủy Đảng", "Party committee"),
    "bcd": ("Ban Chỉ đạo", "steering committee"),
    "vpdp": ("Văn phòng Điều phối", "coordination office"),
    "bql": ("Ban quản lý", "management board"),
    "bo": ("bộ", "ministry"),
    "so": ("sở", "provincial department"),
    "phong": ("phòng", "district office"),
    "ban": ("ban", "board"),
    "van-phong": ("văn phòng", "office"),
    "thanh-tra": ("thanh tra", "inspectorate"),
    "kho-bac": ("Kho bạc Nhà nước", "state treasury"),
    "kiem-toan": ("Kiểm toán Nhà nước", "state audit"),
    "ngan-hang": ("ngân hàng", "bank"),
    "cong-an": ("công an", "police"),
    "quan-su": ("quân sự", "military"),
    "mttq": ("Mặt trận Tổ quốc", "Fatherland Front"),
    "hoi": ("hội, đoàn thể", "association"),
    "bao-dai": ("báo, đài", "press"),
    "cong-chuc": ("công chức, cán bộ xã", "commune official"),
    "ban-phat-trien": ("Ban phát triển thôn", "village development board"),
    "group": ("nhóm cơ quan, chưa nêu từng tên", "offices named together, not one by one"),
    "unit": ("đơn vị khác", "other unit"),
}


class UnitRegistered(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """An office exists. `role` says what it is to its place, e.g. `ubnd` for the committee."""

    name: str
    role: str
    place: str | None = None
    aliases: tuple[str, ...] = ()


class UnitRenamed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The office is called otherwise from this day on."""

    name: str


class UnitAliasesChanged(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The other names the office goes by, all of them."""

    aliases: tuple[str, ...]


class UnitContactChanged(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Where an office receives letters. `contacts` are ids; the addresses can be erased.

    `people` are ids of those who answer for it, `summary` whether it wants the monthly letter; None
    where nothing was said of them.
    """

    contacts: tuple[str, ...]
    people: tuple[str, ...] | None = None
    summary: bool | None = None


class ContactForgotten(Event, frozen=True, kw_only=True, omit_defaults=True):
    """What these ids of addresses and people stood for was erased for ever."""

    contacts: tuple[str, ...]
    reason: str


class UnitAssigned(Event, frozen=True, kw_only=True, omit_defaults=True):
    """An office leads these criteria of a set for its place, by a clause of a plan or a paper.

    `fields` are themes a paper names without a number, such as an outstanding field. Without a
    `version` the numbers are those of 2021-2025.
    """

    set: str
    numbers: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    plan: str | None = None
    clause: str | None = None
    version: str | None = None


class UnitReleased(Event, frozen=True, kw_only=True, omit_defaults=True):
    """An amended plan no longer says what the office leads by it; what it says now follows."""

    plan: str


class UnitClimbSet(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Whom a miss of the unit may be shown to further up, by a paper; nobody where `to` is empty."""

    to: tuple[str, ...] = ()


class Lead(msgspec.Struct, frozen=True):
    """What a unit answers for in one set, and the entry that says so."""

    set: str
    numbers: tuple[int, ...]
    fields: tuple[str, ...]
    clause: str | None
    entry: int
    plan: str | None = None
    version: str | None = None


class Unit(msgspec.Struct, frozen=True):
    name: str
    role: str
    place: str | None
    aliases: tuple[str, ...]
    contacts: tuple[str, ...] = ()
    said: tuple[Lead | Gone, ...] = ()
    people: tuple[str, ...] = ()
    summary: bool = True
    climbs_to: tuple[str, ...] | None = None

    @property
    def leads(self) -> tuple[Lead, ...]:
        return tuple(each for each in self.said if isinstance(each, Lead))


class SameContacts(Refused):
    vi = "Thông tin liên hệ của đơn vị này đã đúng như vậy trong sổ; không ghi thêm.\nXem: ntm unit list"
    en = "The journal says so already of how the unit is reached; nothing to record.\nSee: ntm unit list"


class ClimbNeedsPaper(Refused):
    exit_code = 2
    vi = "Việc báo lên của một đơn vị phải theo văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Whom a unit's misses are shown to rests on a paper.\nAdd --document “number, date, issuer”."


class SameClimb(Refused):
    vi = "Sổ đã ghi như vậy cho {name}; không ghi thêm.\nXem: ntm unit show {name:arg}"
    en = "The journal says so of {name} already; nothing to record.\nSee: ntm unit show {name:arg}"


class ClimbsToItself(Refused):
    exit_code = 2
    vi = "{name} không thể báo lên chính mình.\nNêu đơn vị khác, hoặc --nobody."
    en = "{name} cannot be shown its own misses as somebody further up.\nName another unit, or --nobody."


class SameNames(Refused):
    vi = "Tên của {name} đã đúng như vậy trong sổ; không ghi thêm.\nXem: ntm unit show {name:arg}"
    en = "The journal already has these names of {name}; nothing to record.\nSee: ntm unit show {name:arg}"


class UnknownRole(Refused):
    exit_code = 2
    vi = "Không có vai trò “{role}”.\nCác vai trò: {known}."
    en = "There is no role “{role}”.\nRoles: {known}."


def known_role(role: str) -> str:
    """`role` itself; refuses one that is not in the table."""
    if role not in ROLES:
        raise UnknownRole(role=role, known=tuple(ROLES))
    return role


def rule(unit: Unit, event: Event) -> Refused | None:
    match event:
        case UnitContactChanged(contacts=contacts, people=people, summary=summary):
            same = contacts == unit.contacts and people in (None, unit.people)
            return SameContacts() if same and summary in (None, unit.summary) else None
        case UnitClimbSet(document=None):
            return ClimbNeedsPaper()
        case UnitClimbSet(to=to) if to == unit.climbs_to:
            return SameClimb(name=unit.name)
        case UnitRenamed(name=name) if name == unit.name:
            return SameNames(name=name)
        case UnitAliasesChanged(aliases=aliases) if aliases == unit.aliases:
            return SameNames(name=unit.name)
    return None


def evolve(unit: Unit | None, fact: Fact) -> Unit:
    if isinstance(fact.event, UnitRegistered):
        e = fact.event
        return Unit(e.name, e.role, e.place, e.aliases)
    return _changed(cast(Unit, unit), fact)


def _changed(unit: Unit, fact: Fact) -> Unit:
    match fact.event:
        case UnitRenamed(name=name):
            return replace(unit, name=name)
        case UnitAliasesChanged(aliases=aliases):
            return replace(unit, aliases=aliases)
        case UnitContactChanged() as said:
            return _reached(unit, said)
        case ContactForgotten(contacts=gone):
            return replace(
                unit, contacts=_without(unit.contacts, gone), people=_without(unit.people, gone)
            )
        case UnitAssigned() as said:
            led = (said.set, said.numbers, said.fields, said.clause, fact.entry, said.plan)
            lead = Lead(*led, said.version)
            return replace(unit, said=told(unit.said, lead))
        case UnitClimbSet(to=to):
            return replace(unit, climbs_to=to)
        case UnitReleased(plan=plan):
            return replace(unit, said=taken_back(unit.said, plan))
        case other:
            raise TypeError(other)


def _reached(unit: Unit, said: UnitContactChanged) -> Unit:
    people = unit.people if said.people is None else said.people
    summary = unit.summary if said.summary is None else said.summary
    return replace(unit, contacts=said.contacts, people=people, summary=summary)


def _without(ids: tuple[str, ...], gone: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(id for id in ids if id not in gone)


SUBJECT = Subject[Unit](
    "unit",
    (
        UnitRegistered,
        UnitRenamed,
        UnitAliasesChanged,
        UnitContactChanged,
        ContactForgotten,
        UnitAssigned,
        UnitReleased,
        UnitClimbSet,
    ),
    evolve,
    rule,
)
