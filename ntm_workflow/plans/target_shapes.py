"""The tables in which a plan says what it aims at: statements about places, numbers of places, how they are counted."""

from __future__ import annotations

import msgspec


class TargetCount(msgspec.Struct, forbid_unknown_fields=True):
    """How the program counts a target (domain/target.py): under so many criteria, or a level without any."""

    how: str
    standard: str
    under: int | None = None
    level: str | None = None


class StatedTarget(msgspec.Struct, forbid_unknown_fields=True):
    """A statement about a standard or a measure, the same for each of its places.

    Duties name the list of places by its `id`; `stated_count` is how many the clause says they are,
    `commitment` on what terms they are named. Numbers are text, as Vietnamese papers write them:
    “12,19”.
    """

    clause: str
    what: str
    title: str
    places: list[str]
    aim: str
    id: str | None = None
    commitment: str | None = None
    strength: str | None = None
    strength_words: str | None = None
    stated_count: int | None = None
    about_year: int | None = None
    target_year: int | None = None
    track: str | None = None
    words: str | None = None
    threshold: str | None = None
    unit: str | None = None
    value: str | None = None
    verdict: str | None = None
    also: list[str] = []
    count: TargetCount | None = None


class Goal(msgspec.Struct, forbid_unknown_fields=True):
    """A number of places a plan wants at a standard: `at_least` of them, `new` ones and `kept` ones.

    `percent` is the share the clause gives, `of` the number it is a share of; `lists` are the ids
    of the lists that name the places.
    """

    id: str
    clause: str
    title: str
    place: str
    what: str
    at_least: str
    unit: str
    at_most: str | None = None
    new: int | None = None
    kept: int | None = None
    percent: str | None = None
    of: int | None = None
    per_place: str | None = None
    lists: list[str] = []
    target_year: int | None = None
    words: str | None = None
    strength: str | None = None
    strength_words: str | None = None
