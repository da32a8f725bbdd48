"""A money sheet taken in as one entry: all of its rows or none, and none twice.

Each row is judged by the rules of a typed command. Knows rows of cells; the file is the caller's.
"""

from __future__ import annotations

from ntm_workflow.domain.money_headings import ALLOCATIONS
from ntm_workflow.domain.money_table import Table
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.fund_rows import Allocations, Common, Payments, Rows
from ntm_workflow.office.sheet_faults import BadSheet as BadSheet
from ntm_workflow.office.sheet_import import Imported as Imported
from ntm_workflow.office.sheet_import import Progress, SheetImport


def import_sheet(
    entry: Entry, table: Table, common: Common, progress: Progress = lambda done, total: None
) -> Imported:
    """Record what the journal does not have yet, in the order of its days. Refuses bad rows all at once."""
    kind: type[Rows] = Allocations if common.what == ALLOCATIONS else Payments
    return SheetImport(entry, kind(entry, table, common)).run(table.lines, progress)
