"""How much a workbook may hold, and what its parts come to: room for it must be there in any program that reads it."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ntm_workflow.domain.values import Word

#: Cells of all sheets, of each from its first row and column to its last: a library makes room for all of them.
MOST_CELLS: Final = 5_000_000
#: Letters in all cells: a text that is kept once may be shown a million times.
MOST_LETTERS: Final = 1 << 28
#: Blocks of merged cells; and rows nobody sees, formulas without a result and cells with an error.
MOST_MERGED: Final = 1 << 18
MOST_REMARKS: Final = 1 << 20

#: Row and column of a cell, from 0.
Place = tuple[int, int]


class Unsafe(Exception):
    """More than a workbook can have; `why` in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.why = Word(vi, en)


class Malformed(Exception):
    """Nothing that a program for sheets has written."""


@dataclass(frozen=True)
class Beside:
    """What stands beside the cells of a sheet: rows nobody sees, from 1; formulas that were never computed; and
    cells with an error, with its word."""

    hidden: tuple[int, ...] = ()
    uncomputed: frozenset[Place] = frozenset()
    errors: Mapping[Place, str] = field(default_factory=dict)


@dataclass
class Counted:
    """What the sheets read so far come to."""

    cells: int = 0
    letters: int = 0
    merged: int = 0
    remarks: int = 0
    #: How long each text is that is kept once, and how many cells show one.
    lengths: array[int] = field(default_factory=lambda: array("Q"))
    texts: int = 0

    def reach(self, high: int, wide: int) -> None:
        """Room for one more sheet whose cells reach so far."""
        if self.cells + high * wide > MOST_CELLS:
            millions = MOST_CELLS // 1_000_000
            raise Unsafe(
                f"trang có ô rải đến dòng {high}, cột thứ {wide}; mọi trang, kể cả ô trống xen giữa, không quá {millions} triệu ô",
                f"a sheet has cells as far as row {high}, column {wide}; all sheets, with the empty cells between, may have {millions} million",
            )

    def check(self) -> None:
        if self.letters > MOST_LETTERS:
            raise too_many_letters()
        if self.merged > MOST_MERGED or self.remarks > MOST_REMARKS:
            raise Unsafe(
                "có quá nhiều ô gộp, dòng ẩn, hoặc công thức chưa tính",
                "it has too many merged cells, hidden rows, or formulas that were never computed",
            )


def too_many_letters() -> Unsafe:
    return Unsafe(
        "các ô lặp lại những đoạn chữ dài đến mức không thể là bảng người điền",
        "its cells repeat texts so long that nobody can have filled it in",
    )
