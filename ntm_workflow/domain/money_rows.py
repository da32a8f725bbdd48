"""How rows of a sheet hang together: cells merged over several, and running numbers of several depths.

Knows no amount.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ntm_workflow.domain.money_layout import Layout
from ntm_workflow.domain.sheet_cells import Block, Cell, is_empty, shown

Rows = list[tuple[int, Sequence[Cell]]]

#: Columns of which a blank cell may stand for what is above it.
_REPEATED: Final = frozenset(
    {"item", "code", "place", "year", "source", "kind", "type", "decision", "owner"}
)
#: Columns of which a cell of its own shows that a row is a fact, and no unnamed sum.
_OF_ITS_OWN: Final = ("day", "document", "payee", "decision")
_NUMBERING: Final = re.compile(r"[(\[]?([0-9]{1,2}|[A-Z])[)\]]?(?: ?=.*)?")
#: From so deep on a row may only tell what the one above it is made of.
DETAIL: Final = 4.0
_DEPTHS: Final = (
    (re.compile("[A-H]"), 0.0),
    (re.compile("[IVXL]+"), 1.0),
    (re.compile("[0-9]+"), 2.0),
    (re.compile("[a-zđ]"), DETAIL),
    (re.compile("[-+*•]"), 5.0),
)
_BEFORE_NAME: Final = re.compile(r"([IVX]+|[A-H])\s*[.)/]\s*\S")


def filled(lines: Sequence[Sequence[Cell]], layout: Layout, merged: Sequence[Block] | None) -> Rows:
    """The rows under the headings that hold anything, with their numbers from 1.

    Headings that come again with each page are left out. A merged cell is said of each row it covers; a format that tells of no merging leaves blanks, which
    are filled where the row is plainly a fact. Amounts are never repeated.
    """
    below = layout.headings.below
    headings = lines[layout.headings.first]
    repeated = [at for name, at in layout.columns.items() if name in _REPEATED]
    rows: Rows = [
        (number, list(line))
        for number, line in enumerate(lines[below:], below + 1)
        if not all(map(is_empty, line)) and line != headings
    ]
    if merged is None:
        return _from_above(rows, layout, repeated)
    blocks = [each for each in merged if each[1][0] > each[0][0] and each[0][1] in repeated]
    return _unmerged(rows, blocks, lines)


def _unmerged(rows: Rows, blocks: Sequence[Block], lines: Sequence[Sequence[Cell]]) -> Rows:
    says = {
        (row + 1, left): lines[top][left]
        for (top, left), (bottom, _) in blocks
        for row in range(top + 1, bottom + 1)
    }
    columns = sorted({at for _, at in says})
    return [
        (number, [says.get((number, at), cell) if at in columns else cell for at, cell in enumerate(row)])
        for number, row in rows
    ] if says else rows  # fmt: skip


def _from_above(rows: Rows, layout: Layout, repeated: Sequence[int]) -> Rows:
    own = [layout.columns[name] for name in _OF_ITS_OWN if name in layout.columns]
    last: dict[int, Cell] = {}
    done: Rows = []
    for number, row in rows:
        told = list(row)
        if any(at < len(told) and not is_empty(told[at]) for at in own):
            for at in repeated:
                if at < len(told) and is_empty(told[at]):
                    told[at] = last.get(at)
        last |= {at: told[at] for at in repeated if at < len(told) and not is_empty(told[at])}
        done.append((number, told))
    return done


def is_numbers(row: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns: A, B, 1, 2, 3=1+2. A row of an item never counts like that."""
    found = [_NUMBERING.fullmatch(shown(cell)) for cell in row if not is_empty(cell)]
    if len(found) < 2 or not all(found):
        return False
    marks = [match[1] for match in found if match]
    letters = [mark for mark in marks if mark.isalpha()]
    numbers = [mark for mark in marks if mark.isdigit()]
    counts = numbers == [str(n) for n in range(1, len(numbers) + 1)]
    spelled = letters == [chr(65 + n) for n in range(len(letters))]
    return counts and spelled and (marks[0] == "A" or not letters)


def rank_of(order: Cell, label: str) -> float | None:
    """How deep a row stands by its running number, or by one before its name; None where it has none."""
    text = shown(order).strip(" .)/").replace(",", ".")
    if not text:
        before = _BEFORE_NAME.match(label)
        text = before[1] if before else ""
    first, *deeper = text.split(".")
    for pattern, rank in _DEPTHS:
        if pattern.fullmatch(first):
            return rank + len(deeper) / 4
    return None
