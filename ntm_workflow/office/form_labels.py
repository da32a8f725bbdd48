"""Names as lists of a form show them, each told apart from another like it, and read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from ntm_workflow.domain.values import Word, fold
from ntm_workflow.domain.words import in_words
from ntm_workflow.office.reading import Reading
from ntm_workflow.plans.standards import standards


def unit_labels(reading: Reading, ids: Iterable[str]) -> dict[str, str]:
    """Unit id -> its name as a list shows it; names that two units have are told apart by their ids."""
    return _labels({id: reading.units[id].name for id in ids})


def place_labels(reading: Reading, wanted: Callable[[str], bool]) -> dict[str, str]:
    """The same of the places that are there."""
    there = (id for id, row in reading.places.items() if row.ended is None and wanted(id))
    return _labels({id: reading.names.get(id, id) for id in there})


def _labels(names: Mapping[str, str]) -> dict[str, str]:
    often = Counter(map(fold, names.values()))
    return {id: name if often[fold(name)] == 1 else f"{name} [{id}]" for id, name in names.items()}


def bracketed(typed: str) -> str:
    """The id that stands behind a name of a list, else the text."""
    name, bracket, rest = typed.rpartition(" [")
    return rest[:-1] if bracket and name and rest.endswith("]") else typed


def standard_words() -> dict[str, Word]:
    return {each: in_words(each) for each in standards()}


def standard_named(typed: str) -> str:
    """The standard, or the set of criteria of the same id, that goes by a name or an id; else the text."""
    key = fold(typed)
    named = (id for id, word in standard_words().items() if key in map(fold, (id, *word)))
    return next(named, typed)
