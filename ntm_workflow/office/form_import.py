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
    """What an import came to, the rows nobody had filled in, and addresses that other units have, too.

    `moved` are rows about what the journal has told more of since the form was written.
    """

    imported: Imported
    untouched: int
    shared: Mapping[str, Sequence[str]]
    moved: Sequence[int] = ()


def take_in(form: Form, chosen: Chosen, progress: Progress) -> Callable[[Entry], Taken]:
    """The verb that records what the form says and the journal does not."""

    def verb(entry: Entry) -> Taken:
        kind = form.kind(entry, chosen)
        rows: Rows[Line] = kind
        imported = SheetImport(entry, rows).run(form.lines, progress)
        moved = _moved(entry, imported, form.about.position)
        return Taken(imported, kind.untouched, kind.shared, moved)

    return verb


def _moved(entry: Entry, imported: Imported, since: int | None) -> list[int]:
    """The rows recorded of what was told of after the form was written, and before it came back."""
    if since is None:
        return []
    told = range(since + 1, entry.number)
    facts = {id: entry.timeline(id).steps for id in {*imported.subjects.values()}}
    moved = {id for id, steps in facts.items() if any(s.fact.position in told for s in steps)}
    return sorted(row for row, id in imported.subjects.items() if id in moved)
