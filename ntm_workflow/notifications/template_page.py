"""An HTML letter taken apart as a mail reader takes it: what it shows, loads and leaves open. Judges nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

#: What a letter may not hold: mail readers block it, and a letter with it looks like a fraud.
FOREIGN: Final = frozenset(
    (
        *("script", "img", "link", "iframe", "object", "embed", "form", "input", "button"),
        *("video", "audio", "svg", "base", "frame"),
    )
)
_LOADING: Final = frozenset(("src", "background", "srcset", "data"))
_LOADING_STYLE: Final = re.compile(r"url\(|@import|expression\(", re.IGNORECASE)
#: What must be closed for the rest of the letter to keep its shape.
_FRAME: Final = frozenset(("table", "tr", "td", "div", "b", "strong", "a", "span"))
_UNSEEN: Final = frozenset(("head", "style", "script", "title"))


class Page(HTMLParser):
    """`tags` are all it begins, `keys` all attributes; `foreign` is what it may not hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.keys: set[str] = set()
        self.foreign: set[str] = set()
        self.open: list[str] = []
        self._unseen = 0
        self._shown: list[str] = []
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """What a reader sees, in its order."""
        return " ".join(self._shown)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.foreign |= {tag} & FOREIGN
        self._unseen += tag in _UNSEEN
        if tag in _FRAME:
            self.open.append(tag)
        for key, value in attrs:
            self.keys.add(key)
            if key in _LOADING or key.startswith("on"):
                self.foreign.add(key)
            if key == "style" and (found := _LOADING_STYLE.search(value or "")):
                self.foreign.add(found[0])

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN
        if tag in self.open:
            self.open.reverse()
            self.open.remove(tag)
            self.open.reverse()

    def handle_data(self, data: str) -> None:
        if self._unseen <= 0:
            self._shown.append(data)
