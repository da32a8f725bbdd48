"""A filled form taken in as one entry: the one check of a dry run and of the real one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ntm_workflow.office.entry import Entry
from ntm_workflow.office.form import Chosen, Line
from ntm_workflow.office.form_file import Form
from ntm_workflow.office.sheet_import import Imported, Progress, Rows, SheetImport


@dataclass(frozen=True)
class Taken:
    """What an import came to, the rows nobody had filled in, and addresses that other units have, too."""

    imported: Imported
    untouched: int
    shared: Mapping[str, Sequence[str]]


def take_in(form: Form, chosen: Chosen, progress: Progress) -> Callable[[Entry], Taken]:
    """The verb that records what the form says and the journal does not."""

    def verb(entry: Entry) -> Taken:
        kind = form.kind(entry, chosen)
        rows: Rows[Line] = kind
        imported = SheetImport(entry, rows).run(form.lines, progress)
        return Taken(imported, kind.untouched, kind.shared)

    return verb
