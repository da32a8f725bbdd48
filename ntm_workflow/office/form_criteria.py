"""The form of criteria: one row for each criterion of each commune, ticked as met or not met."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any, ClassVar

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.criteria_events import CriterionAchieved, CriterionLapsed
from ntm_workflow.domain.criteria_state import ACHIEVED, NOT_ACHIEVED, Criteria
from ntm_workflow.domain.edition import Edition
from ntm_workflow.domain.form_words import KINDS, STATUSES, VERDICTS
from ntm_workflow.domain.inputs import tidy
from ntm_workflow.domain.values import Word, collation_key
from ntm_workflow.domain.words import in_words
from ntm_workflow.office.criteria import Table, mark_in, table
from ntm_workflow.office.editions import edition_for, editions
from ntm_workflow.office.form import (
    DAY,
    DOCUMENT,
    NOTE,
    PLACE,
    YEAR,
    Chosen,
    Column,
    Filled,
    Kind,
    Row,
    Sheet,
)
from ntm_workflow.office.form_faults import ChoiceMissing, FieldsOfMetOnly, NoCriterion
from ntm_workflow.office.form_labels import standard_named
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.sheet_import import Meaning, Told

_RESULT = Column(
    field="result", title=Word("Kết quả mới", "New result"), also=("ket qua", "result", "danh gia"),
    holds="choice", choices="verdicts", width=14,
)  # fmt: skip


class SetMissing(Refused):
    exit_code = 2
    vi = "Thiếu bộ tiêu chí, và dòng không có mã ẩn của biểu.\nChép nguyên một dòng có sẵn của biểu rồi sửa, hoặc thêm cột “Bộ tiêu chí”; bảng tự lập thì nêu --set."
    en = "It lacks the criteria set, and has no hidden id of the form.\nCopy a whole row of the form and change it, or add a column “Criteria set”; for a sheet made by hand say --set."


class CriteriaForm(Kind):
    name = "criteria"
    events = (CriterionAchieved, CriterionLapsed)
    options = frozenset({"within", "set", "edition", "year"})
    once_said = frozenset({"set", "edition", "year"})
    needed = (("id", "place"), ("id", "number"), ("result",))
    columns = (
        PLACE,
        Column(field="number", title=Word("TC số", "No."), also=("tieu chi so", "so tieu chi", "tieu chi", "criterion"), filled=False, width=7),
        Column(field="name", title=Word("Tên tiêu chí", "Criterion"), filled=False, width=42),
        Column(field="now", title=Word("Hiện nay trong sổ", "In the journal now"), filled=False, width=12),
        Column(field="set", title=Word("Bộ tiêu chí", "Criteria set"), also=("bo", "set"), filled=False, shown=False),
        Column(field="edition", title=Word("Phiên bản", "Edition"), filled=False, shown=False),
        Column(field=YEAR.field, title=YEAR.title, also=YEAR.also, holds="year", filled=False, shown=False),
        _RESULT,
        DAY,
        DOCUMENT,
        Column(field="fields", title=Word("Lĩnh vực nổi trội (cách nhau bằng ;)", "Outstanding fields (divided by ;)"), also=("linh vuc noi troi", "linh vuc", "fields"), width=24),
        NOTE,
    )  # fmt: skip
    _events: ClassVar[dict[str, type[Any]]] = {
        ACHIEVED: CriterionAchieved,
        NOT_ACHIEVED: CriterionLapsed,
    }

    @classmethod
    def sheet(cls, reading: Reading, chosen: Chosen) -> Sheet:
        if chosen.set is None:
            known = dict.fromkeys(row.set for row in reading.rows("criteria", only=("set",)))
            raise ChoiceMissing(
                kind=KINDS[cls.name], option="--set", known=list(known or ("xa-ntm", "xa-nang-cao"))
            )
        year = chosen.year or reading.as_of.year
        there = editions(reading).named(chosen.set, chosen.edition) if chosen.edition else None
        places = list(_places(reading, chosen, year, there))
        rows = [row for at in places for row in _rows(*at, year)]
        word = in_words(chosen.set)
        about = Word(
            f"Biểu chấm tiêu chí {word.vi}, năm đánh giá {year}",
            f"Form of criteria, {word.en}, assessment year {year}",
        )
        asks = any(each.fields for _, _, of in places for each in of.criteria)
        without = frozenset() if asks else frozenset({"fields"})
        return Sheet(about, rows, {"verdicts": list(VERDICTS.values())}, without=without)

    def __init__(self, entry: Any, chosen: Chosen) -> None:
        super().__init__(entry, chosen)
        self.tables: dict[Any, Table | Refused] = {}

    def acts(self, row: Filled) -> list[Told]:
        day, document = self.day(row), self.document(row)
        result = row.needed("result", row.choice("result", VERDICTS))
        place, set, version, year, number = self._about(row, day)
        said = row.text("fields") or ""
        fields = tuple(dict.fromkeys(tidy(each) for each in said.split(";") if each.strip()))
        if fields and result == NOT_ACHIEVED:
            row.object("fields", FieldsOfMetOnly())
        note = self.note(row)
        row.insist()
        at = self._table(place, set, version, year, day, document)
        self.once(row, "result", (at.id, at.year, number))
        row.insist()
        event = self._events[result or ""]
        more: dict[str, Any] = {"fields": fields} if event is CriterionAchieved else {}
        return [
            Told(
                number=row.line.number,
                id=at.id,
                day=day,
                document=document,
                event=event,
                meaning=(event.__name__, number, at.year, day),
                record=partial(mark_in, at, number, event, **more),
                stands=partial(self._stands, at, number, result or "", day),
                more={"note": note},
                details=self.details(row, document=document, note=note, **more),
                column=_RESULT.title,
            )
        ]

    def meaning(self, event: Any) -> Meaning:
        return (type(event).__name__, event.number, event.assessment_year, event.effective_on)

    def _stands(self, at: Table, number: int, result: str, day: date) -> bool:
        state: Criteria | None = self.entry.timeline(at.id).at(day)
        mark = state and (state.result(number, at.year) or state.marks.get(number))
        if not mark or (result == ACHIEVED and mark.assessment_year != at.year):
            return False
        return mark.status == result

    def _about(self, row: Filled, day: date) -> tuple[str, str, str | None, int, int]:
        """The place, set, version, year and number: as the form was written, else by its columns."""
        found = row.as_said("number", _number)
        if parts := self.parts(row, 5):
            place, set, version, *numbers = parts
            year, number = map(self.number, numbers)
            self.same(row, "number", found, number)
            return self.same_place(row, place), set, version, year, number
        typed_set = row.as_said("set", standard_named) or self.chosen.set
        if typed_set is None and not row.wrong:
            row.object("set", SetMissing())
        year_said = row.year("year") or self.chosen.year or day.year
        row.needed("number", found)
        version_said = row.text("edition") or self.chosen.edition
        return self.place(row, "place", day), typed_set or "", version_said, year_said, found or 0

    def _table(
        self, place: str, set: str, version: str | None, year: int, day: date, document: str | None
    ) -> Table:
        key = (place, set, version, year, day)
        if key not in self.tables:
            try:
                with self.entry.saying(day, document):
                    self.tables[key] = table(self.entry, place, set, version, year)
            except Refused as refusal:
                self.tables[key] = refusal
        found = self.tables[key]
        if isinstance(found, Refused):
            raise found
        return found


def _number(text: str) -> int:
    found = re.fullmatch(r"(?:tiêu chí (?:số )?|tc\.? ?)?([0-9]{1,3})", text.lower())
    if found is None:
        raise NoCriterion(text=text)
    return int(found[1])


def _places(
    reading: Reading, chosen: Chosen, year: int, there: Edition | None
) -> Iterator[tuple[Reading, str, Edition]]:
    """The places a set is for, each with its edition of the year, in the order of their names."""
    set = chosen.set or ""
    fitting = there or editions(reading).find(set, year) or editions(reading).of(set)[-1]
    ids = [
        id
        for id, row in reading.places.items()
        if row.ended is None and row.left_on is None and chosen.holds(id)
        if row.level == fitting.level and (not fitting.types or row.type in fitting.types)
    ]
    names = reading.names
    for id in sorted(ids, key=lambda id: (collation_key(names.get(id, id)), id)):
        yield reading, id, there or edition_for(reading, id, set, None, year)


def _rows(reading: Reading, place: str, of: Edition, year: int) -> Iterator[Row]:
    now = _statuses(reading).get((place, of.set, of.version), {})
    for each in of.criteria:
        cells = {
            "place": reading.names.get(place, place),
            "number": each.number,
            "name": each.name or Word("(chưa có tên)", "(name not known)"),
            "now": STATUSES[now.get(each.number, "unknown")],
        }
        yield Row(f"{place}/{of.set}/{of.version}/{year}/{each.number}", cells)


def _statuses(reading: Reading) -> dict[tuple[str, str, str], dict[int, str]]:
    """The status of each number in every table, worked out once for all places."""
    if "statuses" not in reading.kept:
        reading.kept["statuses"] = {
            (row.place, row.set, row.version): {
                n: status for status in STATUSES for n in getattr(row, status)
            }
            for row in reading.rows("criteria")
        }
    found: dict[tuple[str, str, str], dict[int, str]] = reading.kept["statuses"]
    return found
