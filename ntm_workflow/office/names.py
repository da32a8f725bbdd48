"""Finds the place or unit somebody typed; lists candidates where it is not one, and never guesses."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.place import TYPES
from ntm_workflow.domain.values import Word, fold, nfc
from ntm_workflow.office.reading import Reading

#: How alike (0 to 100) two folded names must be for one to be suggested for the other.
ALIKE = 80


class NotFound(Refused):
    exit_code = 3
    vi = "Không tìm thấy “{typed}” trong sổ (ngày {day}).{near}\nXem: ntm {noun} list"
    en = "“{typed}” is not in the journal (on {day}).{near}\nSee: ntm {noun} list"


class Ambiguous(Refused):
    exit_code = 3
    vi = "“{typed}” là {count} tên trong sổ (ngày {day}):\n{candidates}\nGõ có dấu, hoặc dùng mã ở cột đầu."
    en = "“{typed}” names {count} in the journal (on {day}):\n{candidates}\nType the accents, or the id in the first column."


class Candidate:
    """Something with a name: its id, the names it goes by, and a line to tell it apart."""

    def __init__(self, id: str, names: Iterable[str], code: str | None, line: str) -> None:
        self.id, self.names, self.code, self.line = id, tuple(names), code, line


def find_place(reading: Reading, typed: str, within: str | None = None) -> str:
    """Id of the one place meant. Refuses with the candidates, or with near names."""
    scope = reading.within(within) if within else None
    candidates = [
        _place(reading, id, row)
        for id, row in reading.places.items()
        if scope is None or id in scope
    ]
    return _choose(reading, "place", typed, candidates)


def find_unit(reading: Reading, typed: str) -> str:
    """Id of the one unit meant, by id, name or alias."""
    candidates = [
        Candidate(id, (row.name, *row.aliases), None, f"  {id}  {row.name}")
        for id, row in reading.units.items()
    ]
    return _choose(reading, "unit", typed, candidates)


def _place(reading: Reading, id: str, row: Any) -> Candidate:
    word = TYPES[row.type][1]
    above = reading.names.get(row.parent or "", "")
    line = f"  {row.code or id}  {word} {row.name}  {above}".rstrip()
    return Candidate(id, (row.name, f"{word} {row.name}"), row.code, line)


def _choose(reading: Reading, noun: str, typed: str, candidates: list[Candidate]) -> str:
    text = nfc(" ".join(typed.split()))
    for matches in _ways(text):
        found = [c for c in candidates if matches(c)]
        if len(found) == 1:
            return found[0].id
        if found:
            lines = "\n".join(sorted(c.line for c in found))
            raise Ambiguous(typed=typed, count=len(found), day=reading.as_of, candidates=lines)
    names = dict.fromkeys(name for c in candidates for name in c.names)
    raise NotFound(typed=typed, day=reading.as_of, noun=noun, near=near(text, names))


def _ways(text: str) -> list[Callable[[Candidate], bool]]:
    """From exact to loose. A word typed without accents fits any, one typed with them only its own.

    So "Tam Ngoc" finds Tam Ngọc, and "Tam Thành" never finds Tam Thanh. Where the tone stands in a
    syllable (Hoá, Hóa) makes no difference.
    """
    words, packed = _words(text), fold(text).replace(" ", "")
    ways: list[Callable[[Candidate], bool]] = [
        lambda c: text in (c.id, c.code),
        lambda c: text in c.names,
        lambda c: any(_fits(words, name) for name in c.names),
    ]
    if not any(marks for _, marks in words):
        ways.append(lambda c: packed in (fold(n).replace(" ", "") for n in c.names))
    return ways


def _fits(typed: list[tuple[str, str]], name: str) -> bool:
    words = _words(name)
    return len(words) == len(typed) and all(
        letters == said and (not marks or marks == written)
        for (letters, marks), (said, written) in zip(typed, words, strict=True)
    )


def _words(name: str) -> list[tuple[str, str]]:
    """Each word's letters without case or accents, and its accents wherever in it they stand."""
    bar = "\u0335"  # đ is a letter of its own: give its stroke a mark like the others'
    words = unicodedata.normalize("NFD", name.casefold()).replace("đ", "d" + bar).split()
    return [(fold(w), "".join(sorted(filter(unicodedata.combining, w)))) for w in words]


def must_be_adopted(reading: Reading, plan: str) -> None:
    """Refuse the id of a plan the journal does not have."""
    adopted = [row.id.partition("/")[2] for row in reading.rows("plan")]
    if plan not in adopted:
        raise NotFound(typed=plan, day=reading.as_of, noun="plan", near=meant(adopted))


def near(text: str, names: Iterable[str]) -> Word:
    """A line that asks whether up to three names that look like `text` were meant; else nothing."""
    from rapidfuzz import fuzz, process

    found = process.extract(
        text, list(names), scorer=fuzz.WRatio, processor=fold, limit=3, score_cutoff=ALIKE
    )
    return meant([name for name, _, _ in found])


def meant(names: list[str]) -> Word:
    """The line “did you mean …?”, or nothing."""
    listed = ", ".join(names)
    return Word(f"\nCó phải: {listed}?", f"\nDid you mean: {listed}?") if names else Word("", "")
