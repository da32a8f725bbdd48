"""Numbers of clauses: their order, what stands between them, and where the counting goes wrong.

Knows the ways papers number: IV.7, IV.7.a, a note IV.7 (*), Phụ lục 1; a second IV.7 is IV.7 (2).
Knows no pack.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from ntm_workflow.domain.values import collation_key

_ROMAN: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_NUMERAL: Final = re.compile(r"[IVXLC]+")
_NUMBER: Final = re.compile(r"(\d+)(\D*)")
_BETWEEN: Final = re.compile(r"[.\s]+")
_AGAIN: Final = re.compile(r"\((\d+)\)")
#: Points a), b), c) of a clause: papers leave out f, j, w and z, and some leave out đ.
_LETTERS: Final = "abcdđeghiklmnopqrstuvxy"
_NUMBERED, _LETTERED, _MARKED, _WORDED = range(4)


class Part(NamedTuple):
    """One step of a clause's number. Numbers come before letters, marks of notes after, words last."""

    kind: int
    number: int
    text: str


@cache
def order(clause: str) -> tuple[Part, ...]:
    """A key by which II.2 comes before II.10, IV.1 before IV.1.a, and an annex after all of them."""
    return tuple(_part(text) for text in _BETWEEN.split(clause.strip(" .")))


def above(clause: str) -> list[tuple[Part, ...]]:
    """The keys of the clauses it lies in."""
    path = order(clause)
    return [path[:at] for at in range(1, len(path))]


def _part(text: str) -> Part:
    if again := _AGAIN.fullmatch(text):
        return Part(_MARKED, int(again[1]), "again")
    bare = text.strip("()[]")
    if not bare.strip("*"):
        return Part(_MARKED, len(bare), "*")
    if _NUMERAL.fullmatch(bare):
        return Part(_NUMBERED, _roman(bare), "")
    if number := _NUMBER.fullmatch(bare):
        return Part(_NUMBERED, int(number[1]), number[2].lower())
    if len(bare) == 1 and bare in _LETTERS:
        return Part(_LETTERED, _LETTERS.index(bare), bare)
    return Part(_WORDED, 0, collation_key(bare.lower()))


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    after = [*values[1:], 0]
    return sum(v if v >= n else -v for v, n in zip(values, after, strict=True))


def repeats(clauses: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Numbers used twice, III.7 and III.7 (2): the clause that has it, and the one that has it again."""
    seen: dict[tuple[Part, ...], str] = {}
    for clause in clauses:
        path = order(clause)
        if path[-1].text == "again":
            path = path[:-1]
        if path in seen:
            yield seen[path], clause
        seen.setdefault(path, clause)


def jumps(clauses: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Neighbours under one heading between which a number is missing, or that stand the wrong way round."""
    for children in _headings(clauses).values():
        for (one, number), (other, then) in pairwise(children.items()):
            if one.kind == other.kind in (_NUMBERED, _LETTERED) and not _next(one, other):
                yield number, then


def _headings(clauses: Iterable[str]) -> dict[tuple[Part, ...], dict[Part, str]]:
    """Under each heading its numbers in the order they come, each as it is written."""
    found: dict[tuple[Part, ...], dict[Part, str]] = defaultdict(dict)
    for clause in map(str.strip, clauses):
        ends = [gap.start() for gap in _BETWEEN.finditer(clause)] + [len(clause)]
        path = order(clause)
        for at, (part, end) in enumerate(zip(path, ends, strict=False)):
            found[path[:at]].setdefault(part, clause[:end])
    return found


def _next(one: Part, other: Part) -> bool:
    """Whether nothing is missing between two: 7, 7a, 8; and c, d, e without đ."""
    if one.kind == _LETTERED:
        steps = _LETTERS[one.number + 1 : other.number].replace("đ", "")
        return one.number < other.number and not steps
    return other.number - one.number == 1 or (one.number == other.number and one.text < other.text)
