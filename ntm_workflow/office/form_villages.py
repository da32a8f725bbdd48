"""The form of villages: one row for each, its verdict for a standard, and the next step of its dossier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from ntm_workflow.domain.dossier_steps import STAGE_WORDS
from ntm_workflow.domain.form_words import VERDICTS
from ntm_workflow.domain.target import TargetMeasured
from ntm_workflow.domain.values import Word, collation_key
from ntm_workflow.domain.words import in_words
from ntm_workflow.office.dossier import Which, dossier_id
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
from ntm_workflow.office.form_labels import standard_named, unit_labels
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
from ntm_workflow.office.form_targets import VERDICT, measured
from ntm_workflow.office.form_targets import meaning_of as measured_meaning
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.sheet_import import Meaning, Told
from ntm_workflow.office.target import find_target, targets
from ntm_workflow.plans.standards import known_standard, types_of

#: What a village pursues where nothing else is said.
STANDARD: Final = "thon-kieu-mau"


class VillagesForm(Kind):
    name = "villages"
    events = (TargetMeasured, *EVENTS)
    options = frozenset({"within", "standard", "year"})
    once_said = frozenset({"standard", "year"})
    needed = (("id", "place"), ("verdict", "step"))
    columns = (
        PLACE,
        Column(field="commune", title=Word("Thuộc xã", "In commune"), filled=False, width=20),
        Column(field="target_years", title=Word("Năm phấn đấu", "Target years"), filled=False, width=11),
        Column(field="track", title=Word("Diện", "Track"), filled=False, width=20),
        Column(field="verdict_now", title=Word("Kết luận trong sổ", "Verdict now"), filled=False, width=11),
        Column(field="stage", title=Word("Hồ sơ hiện nay", "Dossier now"), filled=False, width=16),
        Column(field="standard", title=Word("Danh hiệu", "Standard"), filled=False, shown=False),
        VERDICT,
        STEP,
        YEAR,
        DAY,
        DOCUMENT,
        *MORE,
        NOTE,
    )  # fmt: skip

    @classmethod
    def sheet(cls, reading: Reading, chosen: Chosen) -> Sheet:
        standard = chosen.standard or STANDARD
        known_standard(standard)
        year = chosen.year or reading.as_of.year
        aims = {row.place: row for row in targets(reading) if row.what == standard}
        dossiers = {row.id: row for row in reading.rows("dossier") if row.standard == standard}
        names = reading.names
        ids = [
            id
            for id, row in reading.places.items()
            if row.type in types_of(standard) and row.ended is None and chosen.holds(id)
        ]
        ids.sort(key=lambda id: (_of(names, reading.places[id].parent), _of(names, id)))
        rows = [
            _row(reading, id, standard, year, aims.get(id), dossiers.get(dossier_id(id, standard, year)))
            for id in ids
        ]  # fmt: skip
        word = in_words(standard)
        about = Word(f"Biểu tiến độ thôn – {word.vi}, năm {year}", f"Progress of villages: {word.en}, {year}")  # fmt: skip
        lists: dict[str, Sequence[Word | str]] = {
            "verdicts": list(VERDICTS.values()),
            "units": list(unit_labels(reading, reading.units).values()),
            "steps": list(STEP_WORDS.values()),
            "new": [STEP_WORDS[REGISTER]],
            **step_lists(),
        }
        return Sheet(about, rows, lists)

    def __init__(self, entry: Any, chosen: Chosen) -> None:
        super().__init__(entry, chosen)
        self.steps = Steps(self)

    def acts(self, row: Filled) -> list[Told]:
        day, document = self.day(row), self.document(row)
        place, standard, year = self._which(row, day)
        row.insist()
        told = []
        if row.line.has(["verdict"]) or not row.line.has(["step"]):
            find_target(self.entry.reading, place, standard)
            told.append(measured(self, row, place, standard, day, document))
        if row.line.has(["step"]):
            which = Which(place, standard, year)
            told += self.steps.told(row, self.steps.step(row), which, day, document)
        return told

    def meaning(self, event: Any) -> Meaning:
        return measured_meaning(event) if isinstance(event, TargetMeasured) else meaning_of(event)

    def _which(self, row: Filled, day: date) -> tuple[str, str, int]:
        """The village, the standard and the year of its dossier."""
        said = row.year("year") or self.chosen.year
        if parts := self.parts(row, 3):
            place, standard, year = parts[0], parts[1], self.number(parts[2])
            return self.same_place(row, place), standard, said or year
        typed = row.as_said("standard", _standard)
        standard = typed or self.chosen.standard or STANDARD
        known_standard(standard)
        return self.place(row, "place", day), standard, said or day.year


def _standard(typed: str) -> str:
    found = standard_named(typed)
    known_standard(found)
    return found


def _of(names: Any, id: str | None) -> str:
    return collation_key(names.get(id or "", id or ""))


def _row(reading: Reading, id: str, standard: str, year: int, aim: Any, dossier: Any) -> Row:
    parent = reading.places[id].parent
    cells = {
        "place": reading.names.get(id, id),
        "commune": parent and reading.names.get(parent, parent),
        "target_years": ", ".join(map(str, aim.target_years)) if aim else None,
        "track": in_words(aim.track) if aim and aim.track else None,
        "verdict_now": VERDICTS.get(aim.verdict or "") if aim else None,
        "stage": STAGE_WORDS[dossier.stage] if dossier else None,
    }
    steps = steps_of(dossier.stage, dossier.position) if dossier else "new"
    return Row(f"{id}/{standard}/{year}", cells, {"step": steps})
