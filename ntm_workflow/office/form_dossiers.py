"""The form of dossiers: one row for each, and the next step of its road; new ones are registered below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ntm_workflow.domain.dossier_steps import STAGE_WORDS
from ntm_workflow.domain.form_words import VERDICTS
from ntm_workflow.domain.values import Word, collation_key
from ntm_workflow.domain.words import in_words
from ntm_workflow.office.dossier import Which, next_due
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
from ntm_workflow.office.form_faults import RowUnknown
from ntm_workflow.office.form_labels import place_labels, standard_words, unit_labels
from ntm_workflow.office.form_steps import (
    EVENTS,
    MORE,
    REGISTER,
    STEP,
    STEP_WORDS,
    Steps,
    meaning_of,
    step_lists,
    steps_of,
)
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.sheet_import import Meaning, Told
from ntm_workflow.plans.standards import known_standard, standards

#: Rows left for dossiers that are new.
_BLANK = 30

STANDARD = Column(
    field="standard", title=Word("Danh hiệu", "Standard"), also=("standard",),
    holds="choice", choices="standards", filled=False, width=20,
)  # fmt: skip


class DossiersForm(Kind):
    name = "dossiers"
    events = EVENTS
    options = frozenset({"within", "standard", "year"})
    once_said = frozenset({"standard", "year"})
    needed = (("id", "place"), ("step",))
    columns = (
        PLACE.choosing("places"),
        STANDARD,
        YEAR.showing(),
        Column(field="stage", title=Word("Bước hiện nay", "Stage now"), filled=False, width=16),
        Column(field="holder", title=Word("Đang ở", "Lies with"), filled=False, width=22),
        Column(field="since", title=Word("Từ ngày", "Since"), holds="day", filled=False, width=12),
        Column(field="next_due", title=Word("Hạn tiếp theo", "Next due"), holds="day", filled=False, width=12),
        STEP,
        DAY,
        DOCUMENT,
        *MORE,
        NOTE,
    )  # fmt: skip

    @classmethod
    def sheet(cls, reading: Reading, chosen: Chosen) -> Sheet:
        if chosen.standard:
            known_standard(chosen.standard)
        found = [
            row
            for row in reading.rows("dossier")
            if chosen.holds(row.place)
            and chosen.standard in (None, row.standard)
            and chosen.year in (None, row.year)
        ]
        names = reading.names
        found.sort(
            key=lambda row: (collation_key(names.get(row.place, row.place)), row.year, row.standard)
        )
        due = next_due(reading)
        rows = [_row(reading, row, due.get(row.id)) for row in found]
        about = Word("Biểu theo dõi các bước của hồ sơ", "Form of the steps of dossiers")
        lists: dict[str, Sequence[Word | str]] = {
            "places": list(place_labels(reading, chosen.holds).values()),
            "standards": list(standard_words().values()),
            "units": list(unit_labels(reading, reading.units).values()),
            "verdicts": list(VERDICTS.values()),
            "steps": list(STEP_WORDS.values()),
            "new": [STEP_WORDS[REGISTER]],
            **step_lists(),
        }
        return Sheet(about, rows, lists, blank=_BLANK, blank_lists={"step": "new"})

    def __init__(self, entry: Any, chosen: Chosen) -> None:
        super().__init__(entry, chosen)
        self.steps = Steps(self)

    def acts(self, row: Filled) -> list[Told]:
        day, document = self.day(row), self.document(row)
        which = self._which(row, day)
        step = self.steps.step(row)
        row.insist()
        return self.steps.told(row, step, which, day, document)

    def meaning(self, event: Any) -> Meaning:
        return meaning_of(event)

    def _which(self, row: Filled, day: date) -> Which:
        standard_said, year_said = row.choice("standard", standard_words()), row.year("year")
        if parts := self.parts(row, 3):
            place, standard, year = parts[0], parts[1], self.number(parts[2])
            if standard not in standards():
                raise RowUnknown(kind=self.name)
            self.same(
                row, "standard", standard_said and in_words(standard_said), in_words(standard)
            )
            self.same(row, "year", year_said, year)
            return Which(self.same_place(row, place), standard, year)
        standard_said = standard_said or self.chosen.standard
        year_said = year_said or self.chosen.year
        row.needed("standard", standard_said)
        row.needed("year", year_said)
        return Which(self.place(row, "place", day), standard_said or "", year_said or 0)


def _row(reading: Reading, row: Any, due: date | None) -> Row:
    cells = {
        "place": reading.names.get(row.place, row.place),
        "standard": in_words(row.standard),
        "year": row.year,
        "stage": STAGE_WORDS[row.stage],
        "holder": row.holder and reading.names.get(row.holder, row.holder),
        "since": row.since,
        "next_due": due,
    }
    return Row(bare(row.id), cells, {"step": steps_of(row.stage, row.position)})
