"""How many letters went to whom, of which kinds, and on which rungs of the ladder their lines stood."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from ntm_workflow.cli.answers import say, table
from ntm_workflow.cli.bilingual import both, pick
from ntm_workflow.domain.values import collation_key

if TYPE_CHECKING:
    from ntm_workflow.notifications.ladder import Intent

#: Columns beside the rungs, by the part of a line.
_PARTS: Final = {
    "copy": both("để biết", "copies"),
    "asked": both("hỏi nhận", "asked"),
    "missed": both("chưa xong", "missed"),
    "after": both("sau hạn", "after"),
    "climbed": both("báo lên", "climbed"),
    "decided": both("quyết định", "decided"),
    "corrected": both("đính chính", "corrected"),
}
#: Units shown before the rest are added up.
_MOST: Final = 12
Counted = Counter[str]


def show(letters: Iterable[Intent], name: Callable[[str], str]) -> None:
    """A table: a row a unit, the busiest first; lines ahead by days before the last working day."""
    tally = _tally(letters)
    rungs = sorted({key for row in tally.values() for key in row if key.isdecimal()}, key=int)
    columns = [*reversed(rungs), *(p for p in _PARTS if any(row[p] for row in tally.values()))]
    units = sorted(tally, key=lambda unit: (-tally[unit]["letters"], collation_key(name(unit))))
    rows = [_row(name(unit), tally[unit], columns) for unit in units[:_MOST]]
    rest = sum((tally[unit] for unit in units[_MOST:]), Counter())
    if rest:
        more = pick(both("và {n} đơn vị khác", "and {n} more units")) or ""
        rows.append(_row(more.format(n=len(units) - _MOST), rest, columns))
    total: Counted = sum(tally.values(), Counter())
    rows.append(_row(pick(both("Cộng", "All")) or "", total, columns))
    say(
        "Thư đã lập: {n} thư gửi {units} đơn vị. Cột số: nhắc trước hạn bấy nhiêu ngày.",
        "Letters written: {n} to {units} units. Numbered columns: reminders so many days ahead.",
        n=total["letters"],
        units=len(units),
    )
    heads = [both("Đơn vị", "Unit"), both("Thư", "Letters")]
    parts = [pick(_PARTS[c]) or "" if c in _PARTS else c for c in columns]
    table([*(pick(head) or "" for head in heads), *parts], rows)


def _tally(letters: Iterable[Intent]) -> dict[str, Counted]:
    found: defaultdict[str, Counted] = defaultdict(Counter)
    for letter in letters:
        found[letter.unit]["letters"] += 1
        for line in letter.lines:
            found[letter.unit][str(line.rung) if line.part == "ahead" else line.part] += 1
    return dict(found)


def _row(name: str, counted: Counted, columns: list[str]) -> list[str]:
    return [name, *(str(counted[each] or "–") for each in ("letters", *columns))]
