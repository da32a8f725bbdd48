"""Every fund item by what a row of a sheet may call it: read once, for many rows. Knows no file."""

from __future__ import annotations

from collections import defaultdict

from ntm_workflow.domain.values import fold, nfc
from ntm_workflow.office.fund import UnknownItem
from ntm_workflow.office.names import meant, near
from ntm_workflow.office.reading import Reading, bare

#: Misses for which near names are looked for; a sheet of another office has nothing near.
_SEARCHED = 50


class Items:
    """The items of a reading, and those that are opened meanwhile."""

    def __init__(self, reading: Reading) -> None:
        #: Name -> place.
        self.places: dict[str, str] = {}
        self.folded: dict[str, list[str]] = defaultdict(list)
        self.coded: dict[str, list[str]] = defaultdict(list)
        #: Place, year and folded name -> the names that are there.
        self.alike: dict[tuple[str, int | None, str], list[str]] = defaultdict(list)
        self.missed: dict[str, UnknownItem] = {}
        for row in reading.rows("fund", only=("id", "place", "year", "code")):
            self.add(bare(row.id), row.place, row.year, row.code)

    def add(self, name: str, place: str, year: int | None, code: str | None = None) -> None:
        self.places[name] = place
        self.folded[fold(name)].append(name)
        self.alike[place, year, fold(name)].append(name)
        if code:
            self.coded[fold(code)].append(name)

    def named(self, typed: str) -> str:
        """The one item of that name, with its accents or without. Raises UnknownItem."""
        text = nfc(" ".join(typed.split()))
        if text in self.places:
            return text
        found = self.folded.get(fold(text), [])
        if len(found) == 1:
            return found[0]
        if text not in self.missed:
            search = len(self.missed) < _SEARCHED
            close = meant(found) if found else near(text, self.places if search else ())
            self.missed[text] = UnknownItem(item=text, near=close)
        raise self.missed[text]

    def of_code(self, typed: str) -> list[str]:
        """The items with that project code: the money of one work, each of its own source, kind and year."""
        return self.coded.get(fold(typed), [])
