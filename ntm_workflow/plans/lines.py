"""Where the tables and keys of a TOML text stand. Reads sound TOML only, and none of its values."""

from __future__ import annotations

import re

KEY = re.compile(
    r"""[ \t]*(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')(?:[ \t]*\.[ \t]*(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'))*[ \t]*="""
)
_HEADER = re.compile(r"[ \t]*(\[\[?)([^\]\n]*)\]\]?")
_QUOTES = ('"""', "'''", '"', "'")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")

#: A table's name, which of its kind it is (None for the head of the file), and a key in it.
Place = tuple[str, int | None, str | None]


class Lines:
    """The line, from 1, on which each table and key begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: dict[Place, int] = {}
        self._counts: dict[str, int] = {}
        self._table: tuple[str, int | None] = ("", None)
        #: Inside `[obligations.dossier]` every key belongs to this key of its table.
        self._under: str | None = None
        self._read()

    def at(self, table: str = "", n: int | None = None, key: str | None = None) -> int:
        """The line of a key (at the head, also a table of that name), else of its table, else the first."""
        key = key.partition(".")[0] if key else None
        own: list[Place] = [] if table or key is None else [(key, 0, None), (key, None, None)]
        for place in [(table, n, key), *own, (table, n, None)]:
            if place in self.found:
                return self.found[place]
        return 1

    def _read(self) -> None:
        at, line = 0, 1
        while at < len(self.text):
            end = self._statement(at, line)
            line += self.text.count("\n", at, end)
            at = end

    def _statement(self, at: int, line: int) -> int:
        """Take in the header, pair or empty line that begins at `at`; return where it ends."""
        if header := _HEADER.match(self.text, at):
            self._header(header[1] == "[[", _parts(header[2]), line)
            return self._end_of_line(header.end())
        if key := KEY.match(self.text, at):
            name = self._under or _parts(key[0])[0]
            self.found.setdefault((*self._table, name), line)
            return self._end_of_value(key.end())
        return self._end_of_line(at)

    def _header(self, repeated: bool, parts: list[str], line: int) -> None:
        name = parts[0]
        if len(parts) > 1 and name in self._counts:
            self._table, self._under = (name, self._counts[name] - 1), parts[1]
            self.found.setdefault((*self._table, self._under), line)
            return
        number = None
        if repeated:
            number = self._counts.get(name, 0)
            self._counts[name] = number + 1
        self._table, self._under = (name, number), None
        self.found.setdefault((name, number, None), line)

    def _newline(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def _end_of_line(self, at: int) -> int:
        return min(self._newline(at) + 1, len(self.text))

    def _end_of_value(self, at: int) -> int:
        """Past the value that begins at `at`, over brackets, quotes and comments, and its line."""
        depth = 0
        while at < len(self.text):
            char = self.text[at]
            if char == "\n" and depth == 0:
                return at + 1
            if char == "#":
                at = self._newline(at)
                continue
            if quote := next((q for q in _QUOTES if self.text.startswith(q, at)), None):
                at = self._end_of_quote(at + len(quote), quote)
                continue
            depth += (char in "[{") - (char in "]}")
            at += 1
        return at

    def _end_of_quote(self, at: int, quote: str) -> int:
        while at < len(self.text) and not self.text.startswith(quote, at):
            at += 2 if self.text[at] == "\\" and quote[0] == '"' else 1
        at += len(quote)
        # A text in three quotes may itself end with one or two.
        while len(quote) == 3 and self.text.startswith(quote[0], at):
            at += 1
        return at


def _parts(dotted: str) -> list[str]:
    return ["".join(part) for part in _PART.findall(dotted)] or [""]
