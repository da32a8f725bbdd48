"""Cells in which a program wrote that it could not compute them (#N/A, #REF!): a library reads them as empty."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from ntm_workflow.office.sheet_package import _DAMAGED, _column, _parts

#: What stands in such a cell, also where somebody pasted it as text.
ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)
_CELL: Final = re.compile(rb"<(?:\w+:)?c\s([^<>]*[^<>/])>")
_ERROR: Final = re.compile(rb"""\bt\s*=\s*["']e["']""")
_AT: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_VALUE: Final = re.compile(rb"<(?:\w+:)?v>([^<]{0,40})</")
#: Its value stands so near behind a cell's tag, its formula between them.
_NEAR: Final = 9000


def cell_errors(path: Path) -> dict[str, Mapping[tuple[int, int], str]]:
    """Of each sheet by its name: row and column from 0, and the word; nothing of a file of another format."""
    if not zipfile.is_zipfile(path):
        return {}
    found: dict[str, Mapping[tuple[int, int], str]] = {}
    with suppress(*_DAMAGED), zipfile.ZipFile(path) as package:
        for name, part in _parts(package).items():
            found[name] = dict(_errors(package.read(part)))
    return found


def _errors(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    if not _ERROR.search(xml):
        return
    for cell in _CELL.finditer(xml):
        if _ERROR.search(cell[1]) and (at := _AT.search(cell[1])):
            value = _VALUE.search(xml, cell.end(), cell.end() + _NEAR)
            word = value[1].decode("utf-8", "replace") if value else "#N/A"
            yield (int(at[2]) - 1, _column(at[1]) - 1), word
