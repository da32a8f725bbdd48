"""The form of units: one row for each with where its letters go; new units are registered below.

Addresses and people are kept as `ntm unit contact` keeps them: in tables that can be erased, in the same
transaction as the entry, which holds ids only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.form_words import YES_OR_NO
from ntm_workflow.domain.unit import ROLES, Unit, UnitContactChanged, UnitRegistered
from ntm_workflow.domain.values import Word, collation_key
from ntm_workflow.office import contacts
from ntm_workflow.office.form import (
    DAY,
    DOCUMENT,
    ID,
    NOTE,
    PLACE,
    Chosen,
    Column,
    Filled,
    Kind,
    Line,
    Row,
    Sheet,
)
from ntm_workflow.office.form_labels import place_labels
from ntm_workflow.office.names import NotFound, find_unit, words
from ntm_workflow.office.place import slug
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.sheet_import import Meaning, Told
from ntm_workflow.office.unit import register

#: Rows left for units that are new.
_BLANK = 50
_ROLE_WORDS = {role: Word(*word) for role, word in ROLES.items()}
_NAME = Column(field="name", title=Word("Tên đơn vị", "Unit"), also=("don vi", "name"), filled=False, width=38)  # fmt: skip
_EMAILS = Column(field="emails", title=Word("Địa chỉ thư mới (cách nhau bằng ;)", "New e-mail (divided by ;)"), also=("email", "e mail", "dia chi thu", "thu dien tu"), width=32)  # fmt: skip


class UnitOtherwise(Refused):
    vi = "{unit} đã có trong sổ với {field}: {known}; biểu này không đổi điều đó.\nXóa ô, hoặc đặt tên khác nếu là đơn vị mới; đổi tên gọi khác: ntm unit alias."
    en = "{unit} is in the journal already, with {field}: {known}; this form does not change that.\nEmpty the cell, or give another name if the unit is a new one; other names: ntm unit alias."


class UnitsForm(Kind):
    name = "units"
    events = (UnitRegistered,)
    options = frozenset({"within"})
    needed = (("id", "name"),)
    columns = (
        _NAME,
        PLACE.choosing("places"),
        Column(field="role", title=Word("Vai trò", "Role"), also=("role",), holds="choice", choices="roles", filled=False, width=20),
        Column(field="aliases", title=Word("Tên gọi khác (cách nhau bằng ;)", "Other names (divided by ;)"), also=("ten goi khac", "aliases"), filled=False, width=26),
        Column(field="emails_now", title=Word("Địa chỉ thư hiện nay", "E-mail now"), filled=False, private=True, width=30),
        _EMAILS,
        Column(field="people", title=Word("Người phụ trách mới (cách nhau bằng ;)", "New people (divided by ;)"), also=("nguoi phu trach", "people"), width=26),
        Column(field="phones", title=Word("Điện thoại (cùng thứ tự)", "Telephones (in the same order)"), also=("dien thoai", "so dien thoai", "phone"), width=20),
        Column(field="summary", title=Word("Nhận thư tổng hợp tháng", "Monthly summary"), holds="choice", choices="yes", width=12),
        DAY,
        DOCUMENT,
        NOTE,
    )  # fmt: skip

    @classmethod
    def sheet(cls, reading: Reading, chosen: Chosen) -> Sheet:
        units = {id: row for id, row in reading.units.items() if chosen.holds(row.place)}
        ids = sorted(units, key=lambda id: (collation_key(units[id].name), id))
        rows = [_row(reading, id, units[id]) for id in ids]
        about = Word("Biểu đơn vị và địa chỉ nhận thư", "Form of units and their addresses")
        lists: dict[str, Sequence[Word | str]] = {
            "places": list(place_labels(reading, chosen.holds).values()),
            "roles": list(_ROLE_WORDS.values()),
            "yes": list(YES_OR_NO.values()),
        }
        return Sheet(about, rows, lists, blank=_BLANK)

    def __init__(self, entry: Any, chosen: Chosen) -> None:
        super().__init__(entry, chosen)
        self.given: dict[str, list[str]] = {}

    def read(self, line: Line) -> list[Told]:
        # A row that was written below is that of a new unit, whatever else it says.
        if ID not in line.cells and line.has([_NAME.field]):
            row = Filled(line, self.by_field)
            told = self.acts(row)
            row.insist()
            return told
        return super().read(line)

    def acts(self, row: Filled) -> list[Told]:
        emails = row.as_said("emails", lambda text: contacts.mailboxes(_divided(text)))
        people = self._people(row)
        summary = row.choice("summary", YES_OR_NO)
        wants = None if summary is None else summary == "yes"
        name, id = row.text("name"), self._known(row)
        row.needed("name", name or id)
        row.insist()
        said = (emails, people, wants)
        if id is None:
            return [self._new(row, name or "", said)]
        if ID not in row.line.cells:
            self._must_be_so(row, id)
        self.once(row, "name", id)
        row.insist()
        if all(each is None for each in said) and not self._registers(row.line):
            self.untouched += 1
            return []
        record = partial(self._change, id, *said)
        return [self._told(row, f"unit/{id}", record, partial(self._stands, id, said), ())]

    def meaning(self, event: Any) -> Meaning:
        return (type(event).__name__, event.name, event.place)

    @staticmethod
    def _registers(line: Line) -> bool:
        """Whether a row says what only the row of a new unit does."""
        return ID not in line.cells and line.has(["role", "aliases"])

    def _must_be_so(self, row: Filled, id: str) -> None:
        """Refuses what a row says of a unit there is, where the journal has it otherwise."""
        there = self.entry.reading.units[id]
        role, aliases = row.choice("role", _ROLE_WORDS), _divided(row.text("aliases") or "")
        names = {words(each, "unit") for each in (there.name, *there.aliases)}
        if role is not None and role != there.role:
            self._object(row, "role", there.name, _ROLE_WORDS[there.role])
        if any(words(each, "unit") not in names for each in aliases):
            self._object(row, "aliases", there.name, "; ".join(there.aliases) or "–")

    def _object(self, row: Filled, name: str, unit: str, known: Word | str) -> None:
        row.object(name, UnitOtherwise(unit=unit, field=self.by_field[name].title, known=known))

    def _people(self, row: Filled) -> list[contacts.Person] | None:
        phones = _divided(row.text("phones") or "")
        named = row.text("people")
        if named is None and not phones:
            return None
        try:
            return contacts.people(_divided(named or ""), phones)
        except Refused as refusal:
            row.object("phones", refusal)
            return None

    def _known(self, row: Filled) -> str | None:
        """The unit the row is about, as the form was written or by its name; None where it is a new one."""
        if id := row.text(ID):
            return self.same_unit(row, id)
        place = self._place(row)

        def find(typed: str) -> str | None:
            try:
                return find_unit(self.entry.reading, typed, place)
            except NotFound:
                if place is None:
                    raise
                return None

        return row.as_said("name", find)

    def _place(self, row: Filled) -> str | None:
        if not row.line.has(["place"]):
            return None
        return self.place(row, "place", row.day("day") or self.entry.today) or None

    def _new(self, row: Filled, name: str, said: tuple[Any, ...]) -> Told:
        place = row.needed("place", self._place(row)) or ""
        role = row.choice("role", _ROLE_WORDS) or "unit"
        aliases = _divided(row.text("aliases") or "")
        row.insist()
        # The tables do not know yet what the same sheet registers.
        for called in dict.fromkeys(words(each, "unit") for each in (name, *aliases)):
            self.once(row, "name", (place, called))
        row.insist()

        def record() -> None:
            id = register(self.entry, name, place, role, aliases)
            if any(each is not None for each in said):
                self._change(id, *said)

        return self._told(row, f"unit/{slug(name) or name}", record, None, ("new", name, place))

    def _change(
        self,
        id: str,
        emails: list[str] | None,
        people: list[contacts.Person] | None,
        wants: bool | None,
    ) -> None:
        contacts.change(self.entry, id, emails, people, wants)
        there = contacts.others_at(self.entry.conn, id, emails or ())
        shared = {email.lower(): units for email, units in there.items()}
        for email in emails or ():
            # The tables do not know yet what the same sheet says of others.
            units = self.given.setdefault(email.lower(), [])
            if others := sorted({*shared.get(email.lower(), ()), *units} - {id}):
                self.shared[email] = others
            units.append(id)

    def _told(
        self,
        row: Filled,
        id: str,
        record: Callable[[], object],
        stands: Callable[[], bool] | None,
        meaning: Meaning,
    ) -> Told:
        note = row.text("note")
        new = bool(meaning)
        more: dict[str, Any] = {"note": note or self.entry.request.note}
        day, document = row.day("day") or self.chosen.day, self.document(row)
        row.insist()
        return Told(
            number=row.line.number,
            id=id,
            day=day,
            document=document,
            event=UnitRegistered if new else UnitContactChanged,
            meaning=meaning or ("contact", row.line.number),
            record=record,
            stands=stands or (lambda: False),
            more=more,
            column=_NAME.title if new else _EMAILS.title,
        )

    def _stands(self, id: str, said: tuple[Any, ...]) -> bool:
        """Whether the journal says so already of how the unit is reached."""
        state: Unit | None = self.entry.timeline(f"unit/{id}").now
        if state is None:
            return False
        emails, people, wants = said
        conn = self.entry.conn
        now = [email for _, email in contacts.addresses(conn, state.contacts)]
        answering = [
            (each["name"], each["phone"]) for each in contacts.answering(conn, state.people)
        ]
        same_people = people is None or [(p.name, p.phone) for p in people] == answering
        return (emails in (None, now)) and same_people and wants in (None, state.summary)


def _divided(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"[;\n]", text) if each.strip()]


def _row(reading: Reading, id: str, row: Any) -> Row:
    emails = [email for _, email in contacts.addresses(reading.conn, row.contacts)]
    cells = {
        "name": row.name,
        "place": reading.names.get(row.place, row.place) if row.place else None,
        "role": _ROLE_WORDS.get(row.role, row.role),
        "aliases": "; ".join(row.aliases),
        "emails_now": "; ".join(emails),
    }
    return Row(id, cells)
