"""Finds the place or unit somebody typed; lists candidates where it is not one, and never guesses.

A name is looked up on the day of the reading: old papers find the names of their day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.abbreviations import INITIAL, SHORT
from ntm_workflow.domain.base import BEGINNING, Refused
from ntm_workflow.domain.inputs import readable
from ntm_workflow.domain.place import place_name
from ntm_workflow.domain.values import Word, fold, format_date, nfc
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS

#: How alike (0 to 100) two folded names must be for one to be suggested for the other.
ALIKE = 80

#: A word of a name: its letters without case or accents, and its accents wherever they stand.
Spelled = tuple[str, str]


class NotFound(Refused):
    exit_code = 3
    vi = "Không tìm thấy “{typed}” trong sổ (ngày {day}).{near}\nXem: ntm {noun} list"
    en = "“{typed}” is not in the journal (on {day}).{near}\nSee: ntm {noun} list"


class Ambiguous(Refused):
    exit_code = 3
    vi = "“{typed}” là {count} tên trong sổ (ngày {day}):\n{candidates}\nGõ có dấu, hoặc dùng mã ở cột đầu."
    en = "“{typed}” names {count} in the journal (on {day}):\n{candidates}\nType the accents, or the id in the first column."


class OtherDay(Refused):
    exit_code = 3
    vi = "Ngày {day} không có tên “{typed}”; tên đó có vào ngày khác:\n{spans}\nNói ngày khác (--on, --as-of), hoặc dùng mã ở cột đầu; mã của nơi không còn chỉ để xem."
    en = "On {day} nothing is called “{typed}”; on other days it is:\n{spans}\nSpeak of another day (--on, --as-of), or use the id in the first column; that of a place that is gone is for looking only."


@dataclass(frozen=True)
class Candidate:
    """Something with a name: its id, its official code and the names it goes by."""

    id: str
    code: str | None
    names: tuple[str, ...]


@dataclass(frozen=True)
class Noun:
    """How places, or units, are called: the names of a row, its first one, and its line in a list."""

    kind: str
    names: Callable[[Any], tuple[str, ...]]
    line: Callable[[Reading, str, Any], str]

    def candidate(self, id: str, row: Any) -> Candidate:
        return Candidate(id, getattr(row, "code", None), self.names(row))


PLACE = Noun(
    "place",
    lambda row: (place_name(row), row.name),
    lambda reading, id, row: (
        f"  {id}  {place_name(row)}  {reading.names.get(row.parent or '', '')}".rstrip()
    ),
)
UNIT = Noun(
    "unit",
    lambda row: (row.name, *row.aliases),
    lambda reading, id, row: f"  {id}  {row.name}",
)


def find_place(reading: Reading, typed: str, within: str | None = None) -> str:
    """Id of the one place meant. Refuses with the candidates, other days, or near names.

    An id is permanent and finds its place on every day; a name or a code only where it holds.
    """
    scope = reading.within(within) if within else None
    standing = {
        id: row
        for id, row in reading.places.items()
        if row.ended is None and (scope is None or id in scope)
    }
    return typed if typed in reading.places else _choose(reading, PLACE, typed, standing)


def find_once(reading: Reading, typed: str) -> str:
    """A place as `find_place` finds it, or one that is gone by the day of the reading, by its last name."""
    try:
        return find_place(reading, typed)
    except OtherDay:
        ends = {row.ended for row in reading.places.values() if row.ended}
        for day in sorted(ends, reverse=True):
            with suppress(NotFound, OtherDay):
                id = find_place(reading.on(day - timedelta(days=1)), typed)
                if reading.places[id].ended:
                    return id
        raise


def find_unit(reading: Reading, typed: str, within: str | None = None) -> str:
    """Id of the one unit meant, by id, name, alias or their usual short forms."""
    scope = reading.within(within) if within else None
    units = {id: row for id, row in reading.units.items() if scope is None or row.place in scope}
    return typed if typed in reading.units else _choose(reading, UNIT, typed, units)


def _choose(reading: Reading, noun: Noun, typed: str, rows: dict[str, Any]) -> str:
    text = nfc(" ".join(readable(typed).split()))
    candidates = [noun.candidate(id, row) for id, row in rows.items()]
    for n, matches in enumerate(_ways(text, noun)):
        # What was called so to the letter, and is gone, is not taken for something nearly called so.
        if n == _EXACT and (spans := _on_other_days(reading, noun, text, gone=True)):
            raise OtherDay(typed=typed, day=reading.as_of, spans=spans)
        found = [c for c in candidates if matches(c)]
        if len(found) == 1:
            return found[0].id
        if found:
            lines = sorted(noun.line(reading, c.id, rows[c.id]) for c in found)
            said = {"typed": typed, "count": len(found), "day": reading.as_of}
            raise Ambiguous(**said, candidates="\n".join(lines))
    if spans := _on_other_days(reading, noun, text):
        raise OtherDay(typed=typed, day=reading.as_of, spans=spans)
    names = dict.fromkeys(name for c in candidates for name in c.names)
    raise NotFound(typed=typed, day=reading.as_of, noun=noun.kind, near=near(text, names))


#: So many of the ways to be meant are exact.
_EXACT: Final = 2


def _spelled_so(text: str, noun: Noun) -> Callable[[Candidate], bool]:
    """Whether something is called just so, with these accents and no others, whatever the case."""
    typed = words(text, noun.kind)
    return lambda c: any(typed == words(name, noun.kind) for name in c.names)


def _ways(text: str, noun: Noun) -> list[Callable[[Candidate], bool]]:
    """From exact to loose. A word typed without accents fits any, one typed with them only its own.

    So "Tam Ngoc" finds Tam Ngọc, and "Tam Thành" never finds Tam Thanh. Where the tone stands in a
    syllable (Hoá, Hóa), where spaces stand (Axan, A Xan) and short forms make no difference.
    """
    typed = words(text, noun.kind)
    packed = _packed(typed)
    return [
        lambda c: text in (c.id, c.code),
        lambda c: text in c.names,
        lambda c: any(fits(typed, words(name, noun.kind)) for name in c.names),
        lambda c: any(fits(packed, _packed(words(name, noun.kind))) for name in c.names),
    ]


def fits(typed: tuple[Spelled, ...], name: tuple[Spelled, ...]) -> bool:
    """Whether a name is what was typed: a word without accents fits any spelling of it."""
    return len(name) == len(typed) and all(
        letters == said and (not marks or marks == written)
        for (letters, marks), (said, written) in zip(typed, name, strict=True)
    )


def _packed(name: tuple[Spelled, ...]) -> tuple[Spelled, ...]:
    """A name as if it were written without spaces."""
    marks = sorted("".join(marks for _, marks in name))
    return (("".join(letters for letters, _ in name), "".join(marks)),)


@lru_cache(maxsize=65536)
def words(name: str, noun: str = "") -> tuple[Spelled, ...]:
    """A name word by word, the same whatever its case, Unicode form or short forms."""
    full = re.sub(r"\bP\.\s*", INITIAL.get(noun, "P "), name.replace("&", " và "))
    spelled: list[Spelled] = []
    for word in map(_spelled, _split(full)):
        long = SHORT.get(word[0])
        spelled += map(_spelled, _split(long)) if long else [word]
    return tuple(spelled)


def _split(text: str) -> list[str]:
    bar = "\u0335"  # đ is a letter of its own: give its stroke a mark like the others'
    decomposed = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d" + bar)
    return re.findall(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*", decomposed)


@lru_cache(maxsize=65536)
def _spelled(word: str) -> Spelled:
    return fold(word), "".join(sorted(filter(unicodedata.combining, word)))


def _on_other_days(reading: Reading, noun: Noun, text: str, *, gone: bool = False) -> Word | None:
    """A line for each subject that is called so on some other day; None where there is none.

    `gone`: those only that were called so to the letter, and are not any more.
    """
    called = partial(_called_exactly if gone else _called, noun, text)
    table = VIEWS[noun.kind].table
    known = (table.c.known_from <= reading.known, table.c.known_to > reading.known)
    query = sa.select(table).where(*known).order_by(table.c.id, table.c.valid_from)
    rows = [row for row in reading.conn.execute(query) if getattr(row, "ended", None) is None]
    lines = []
    there = {"place": reading.places, "unit": reading.units}[noun.kind]
    for id, slices in groupby(rows, key=lambda row: bare(row.id)):
        now = there.get(id)
        if gone and now is not None and getattr(now, "ended", None) is None and called(now):
            continue
        named = [row for row in slices if called(row)]
        if named:
            lines.append(_span(reading, noun, id, named))
    return Word(*map("\n".join, zip(*lines, strict=True))) if lines else None


def _called(noun: Noun, text: str, row: Any) -> bool:
    candidate = noun.candidate(bare(row.id), row)
    return any(matches(candidate) for matches in _ways(text, noun)[:3])


def _called_exactly(noun: Noun, text: str, row: Any) -> bool:
    return _spelled_so(text, noun)(noun.candidate(bare(row.id), row))


def _span(reading: Reading, noun: Noun, id: str, named: list[Any]) -> tuple[str, str]:
    """The days of a name, and what became of it by the day of the reading."""
    first, last = named[0], named[-1]
    vi, en = f"  {id}  {noun.names(first)[0]}", f"  {id}  {noun.names(first)[0]}"
    if first.valid_from != BEGINNING:
        vi, en = (
            f"{vi} từ {format_date(first.valid_from)}",
            f"{en} from {format_date(first.valid_from)}",
        )
    if last.valid_to.year != 9999:
        until = format_date(last.valid_to - timedelta(days=1))
        vi, en = f"{vi} đến {until}", f"{en} until {until}"
    now = {"place": reading.places, "unit": reading.units}[noun.kind].get(id)
    if now is None:
        return vi, en
    called = ", ".join(reading.names.get(s, s) for s in getattr(now, "successors", []))
    if getattr(now, "ended", None) is None:
        return f"{vi}; nay: {noun.names(now)[0]}", f"{en}; now: {noun.names(now)[0]}"
    return f"{vi}; nay: {called or 'không còn'}", f"{en}; now: {called or 'gone'}"


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
