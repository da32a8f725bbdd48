"""The table of money in a file: on the sheet named, or on the first that has one. Knows no journal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.money_layout import Recall, TableMissing, UnknownColumn, find_layout
from ntm_workflow.domain.money_table import Table, must_be_decided, read_table
from ntm_workflow.office.sheet_reading import Page, read_pages


def find_table(
    path: Path,
    name: str | None,
    what: str,
    said: Mapping[str, str],
    recall: Recall,
    unit: int | None,
) -> tuple[Page, Table]:
    """`unit` is what is said of amounts without one, in đồng. Raises the refusal of the first sheet."""
    first: Refused | None = None
    for page in read_pages(path, name):
        try:
            layout = find_layout(page.lines, what, said, recall)
        except (TableMissing, UnknownColumn) as refusal:
            first = first or refusal
            continue
        must_be_decided(page.lines, layout)
        return page, read_table(page.lines, layout, page.merged, unit)
    assert first is not None
    raise first
