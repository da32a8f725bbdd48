"""What is wrong with the rows of a sheet, told all at once and grouped by cause. Knows no noun."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.refused import Named
from ntm_workflow.domain.values import Word

#: Row numbers named in a sentence; the copy of the sheet has them all.
_NAMED = 5
#: Causes told; the copy of the sheet has them all.
_CAUSES = 8
_SENTENCES = re.compile(r"(?<=[.;]) ")


class CellEmpty(Refused):
    exit_code = 2
    vi = "Thiếu {field}."
    en = "It lacks {field}."


@dataclass(frozen=True)
class Fault:
    """Why one row cannot be taken, and of which column that is said, where it is of one."""

    row: int
    why: Refused
    column: Word | None = None

    @property
    def reason(self) -> Word:
        """What the refusal says and advises, but for what only helps whoever types a line."""
        vi, en = (_of_a_row(self.why.say(lang)) for lang in ("vi", "en"))
        if self.column is None:
            return Word(vi, en)
        return Word(f"cột “{self.column.vi}”: {vi}", f"column “{self.column.en}”: {en}")


def _of_a_row(sentence: str) -> str:
    first, *more = sentence.split("\n")
    advice = (part for line in more for part in _SENTENCES.split(line.strip()))
    return " ".join([first.strip(), *(part for part in advice if not _is_typed(part))])


def _is_typed(advice: str) -> bool:
    """Whether advice is an option of the typed command, or where to look; a whole command is for anybody."""
    option = "--" in advice and "ntm " not in advice and "--already-done" not in advice
    return option or advice.startswith(("Xem:", "See:"))


class Misread(Exception):
    """Cells of one row that cannot be taken: each with its column."""

    def __init__(self, wrong: Iterable[tuple[Word | None, Refused]]) -> None:
        self.wrong = tuple(wrong)


class BadSheet(Refused):
    vi = "{count} dòng có lỗi, chưa ghi gì:\n{causes}\nSửa các dòng đó rồi chạy lại; dòng đã có trong sổ không bị ghi hai lần."
    en = "{count} rows are wrong, nothing was recorded:\n{causes}\nMend them and run it again; what the journal has is not recorded twice."

    @property
    def all(self) -> list[Fault]:
        return list(self.facts["every"])


def bad_sheet(faults: Sequence[Fault], names: Named) -> BadSheet:
    """The refusal that groups the rows by cause; whatever the cause names is named."""
    named = [Fault(f.row, f.why.naming(names), f.column) for f in faults]
    named.sort(key=lambda fault: fault.row)
    by_cause: dict[type[Refused], list[Fault]] = defaultdict(list)
    for fault in named:
        by_cause[type(fault.why)].append(fault)
    largest = sorted(by_cause.values(), key=len, reverse=True)
    lines = [_cause(each) for each in largest[:_CAUSES]]
    if rest := sum(map(len, largest[_CAUSES:])):
        lines.append(Word(f"  … và {rest} dòng nữa", f"  … and {rest} rows more"))
    told = Word("\n".join(line.vi for line in lines), "\n".join(line.en for line in lines))
    count = len({fault.row for fault in named})
    return BadSheet(count=count, causes=told, every=tuple(named))


def _cause(faults: Sequence[Fault]) -> Word:
    rows = list(dict.fromkeys(str(fault.row) for fault in faults))
    numbers = ", ".join(rows[:_NAMED]) + (", …" if len(rows) > _NAMED else "")
    why = faults[0].reason
    if len({fault.reason for fault in faults}) > 1:
        # Of one kind, each in its own words: the first speaks for all.
        why = Word(f"như dòng {rows[0]}: {why.vi}", f"as row {rows[0]}: {why.en}")
    rows_en = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    return Word(f"  {len(rows)} dòng ({numbers}): {why.vi}", f"  {rows_en} ({numbers}): {why.en}")
