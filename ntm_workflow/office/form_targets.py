"""The form of targets: one row for each, and what it came to in an assessment year."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from ntm_workflow.domain.form_words import VERDICTS
from ntm_workflow.domain.inputs import read_number
from ntm_workflow.domain.target import Target, TargetMeasured
from ntm_workflow.domain.values import Word, collation_key, format_number
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
from ntm_workflow.office.names import must_be_adopted
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.sheet_faults import CellEmpty
from ntm_workflow.office.sheet_import import Meaning, Told
from ntm_workflow.office.target import Measured, find_target, measure, target_id, targets

VALUE = Column(
    field="value", title=Word("Số đo mới", "New value"), also=("so do", "so lieu", "ket qua do", "value"), width=14,
)  # fmt: skip
VERDICT = Column(
    field="verdict", title=Word("Kết luận mới", "New verdict"), also=("ket luan", "verdict", "ket qua"),
    holds="choice", choices="verdicts", width=13,
)  # fmt: skip


#: What a row lacks that measures nothing, in a form with a column for the value and in one without.
_NOTHING = {
    True: Word("số đo mới hoặc kết luận mới", "a new value or verdict"),
    False: Word("kết luận mới hoặc bước của hồ sơ", "a new verdict or a step of the dossier"),
}


class TargetsForm(Kind):
    name = "targets"
    events = (TargetMeasured,)
    options = frozenset({"within", "plan", "what", "year"})
    once_said = frozenset({"what", "year"})
    needed = (("id", "place"), ("id", "what"), ("value", "verdict"))
    columns = (
        PLACE,
        Column(field="title", title=Word("Mục tiêu", "Target"), filled=False, width=36),
        Column(field="what", title=Word("Mã mục tiêu", "Target's id"), also=("ma", "what"), filled=False, width=20),
        Column(field="target_years", title=Word("Năm phấn đấu", "Target years"), filled=False, width=11),
        Column(field="threshold", title=Word("Ngưỡng", "Threshold"), filled=False, width=11),
        Column(field="unit", title=Word("Đơn vị tính", "Unit"), filled=False, width=12),
        Column(field="now", title=Word("Số liệu trong sổ", "Value now"), filled=False, width=12),
        Column(field="verdict_now", title=Word("Kết luận trong sổ", "Verdict now"), filled=False, width=11),
        VALUE,
        VERDICT,
        YEAR,
        DAY,
        DOCUMENT,
        NOTE,
    )  # fmt: skip

    @classmethod
    def sheet(cls, reading: Reading, chosen: Chosen) -> Sheet:
        if chosen.plan:
            must_be_adopted(reading, chosen.plan)
        names = reading.names
        found = [row for row in targets(reading) if _wanted(row, chosen)]
        found.sort(key=lambda row: (collation_key(names.get(row.place, row.place)), row.what))
        rows = [_row(reading, row) for row in found]
        about = Word("Biểu số đo, kết luận mục tiêu", "Form of targets: values and verdicts")
        return Sheet(about, rows, {"verdicts": list(VERDICTS.values())})

    def acts(self, row: Filled) -> list[Told]:
        day, document = self.day(row), self.document(row)
        place, what = self._which(row, day)
        row.insist()
        find_target(self.entry.reading, place, what)
        return [measured(self, row, place, what, day, document)]

    def meaning(self, event: Any) -> Meaning:
        return meaning_of(event)

    def _which(self, row: Filled, day: date) -> tuple[str, str]:
        said = row.text("what")
        if parts := self.parts(row, 2):
            self.same(row, "what", said, parts[1])
            return self.same_place(row, parts[0]), parts[1]
        what = row.needed("what", said or self.chosen.what)
        return self.place(row, "place", day), what or ""


def measured(
    kind: Kind, row: Filled, place: str, what: str, day: date, document: str | None
) -> Told:
    """The measurement or verdict of a row, for the year it says or that of its day."""
    value = row.as_said("value", read_number) if "value" in row.columns else None
    verdict = row.choice("verdict", VERDICTS)
    year = row.year("year") or kind.chosen.year or day.year
    note = kind.note(row)
    if value is None and verdict is None and not row.wrong:
        row.object("verdict", CellEmpty(field=_NOTHING["value" in row.columns]))
    row.insist()
    id = target_id(place, what)
    kind.once(row, "verdict", (id, year))
    row.insist()
    # Of a sheet made by hand: the unit of a form that ntm wrote is the journal's.
    unit = row.text("unit") if value is not None and "unit" in row.columns else None
    said = Measured(place, what, value=value, unit=unit, verdict=verdict, year=year)
    return Told(
        number=row.line.number,
        id=id,
        day=day,
        document=document,
        event=TargetMeasured,
        meaning=(TargetMeasured.__name__, day, year, value, verdict),
        record=partial(measure, kind.entry, id, said),
        stands=partial(_stands, kind, id, said, day),
        more={"note": note},
        details=kind.details(row, document=document, note=note),
        column=VALUE.title if value else VERDICT.title,
    )


def meaning_of(event: Any) -> Meaning:
    said = (event.assessment_year, event.value, event.verdict)
    return (type(event).__name__, event.effective_on, *said)


def _stands(kind: Kind, id: str, said: Measured, day: date) -> bool:
    """Whether that is what the target came to, as the journal has it on the day or has it now."""
    states: list[Target | None] = [kind.entry.timeline(id).at(day), kind.entry.timeline(id).now]
    lasts = [state.measure_of(said.year) for state in states if state and said.year]
    return any(m and (m.value, m.verdict) == (said.value, said.verdict) for m in lasts)


def _wanted(row: Any, chosen: Chosen) -> bool:
    return (
        chosen.holds(row.place)
        and chosen.what in (None, row.what)
        and (chosen.year is None or chosen.year in row.target_years)
        and (chosen.plan is None or any(s["plan"] == chosen.plan for s in row.statements))
    )


def _row(reading: Reading, row: Any) -> Row:
    def number(stored: str | None) -> Word | None:
        return Word(*(format_number(stored, lang) for lang in ("vi", "en"))) if stored else None

    cells = {
        "place": reading.names.get(row.place, row.place),
        "title": row.title,
        "what": row.what,
        "target_years": ", ".join(map(str, row.target_years)),
        "threshold": number(row.threshold),
        "unit": row.unit,
        "now": number(row.value),
        "verdict_now": VERDICTS.get(row.verdict or ""),
    }
    return Row(bare(row.id), cells)
