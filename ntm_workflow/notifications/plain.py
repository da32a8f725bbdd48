"""Plain text as mail readers show it best: narrow lines, one empty line between paragraphs.

Knows no letter; cleans and shortens the values of one. A line that goes on is indented further than any line that begins, so that no long
value can look like a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from ntm_workflow.notifications.mime import one_line

WIDTH: Final = 79
#: Deeper than any line of a bundled template but the steps of a derivation, which go on deeper.
_GOES_ON: Final = 5
_TURNS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LABEL: Final = re.compile(r"\d+\. |[^.:]{1,20}: |■ |\[")


def plain(text: str) -> str:
    """The text in lines of at most `WIDTH` characters, commands and long words left whole."""
    lines = "\n".join(map(_folded, text.split("\n")))
    # A pattern would take as long as writing the letter.
    while "\n\n\n" in lines:
        lines = lines.replace("\n\n\n", "\n\n")
    return lines.strip("\n") + "\n"


def paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs stand apart by an empty line; how their lines are broken does not matter."""
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())


@lru_cache(maxsize=16_384)
def _folded(line: str) -> str:
    """The line in as many as it needs. Letters of one morning have most lines in common."""
    line = line.rstrip()
    # A command stays whole, so that it can be copied.
    whole = len(line) <= WIDTH or line.lstrip().startswith("ntm ")
    return line if whole else "\n".join(_rows(line))


def _rows(line: str) -> Iterator[str]:
    words = line.lstrip(" ").split(" ")
    row = " " * (len(line) - len(line.lstrip(" "))) + words[0]
    indent = " " * _indent(line)
    for word in words[1:]:
        # A word too long for any line stays where it is: a number or a label never stands alone.
        if len(row) + 1 + len(word) > WIDTH >= len(indent) + len(word):
            yield row
            row = indent + word
        else:
            row += f" {word}"
    yield row


def _indent(line: str) -> int:
    here = len(line) - len(line.lstrip(" "))
    if here or _LABEL.match(line):
        return max(_GOES_ON, here + 2)
    return 0


# --- values ---------------------------------------------------------------------------------------


@lru_cache(maxsize=16_384)
def clean(text: str | None) -> str:
    """A value on one line, in NFC, without marks that turn the direction of what follows."""
    return one_line(_TURNS.sub("", text)) if text else ""


def cut(text: str, most: int) -> str:
    """The beginning of a text that is too long, up to the end of a word."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    return f"{kept.rpartition(' ')[0] or kept}…"


@lru_cache(maxsize=4096)
def middle_cut(name: str, most: int) -> str:
    """A name that is too long without its middle: what tells units apart stands at both ends."""
    if len(name) <= most:
        return name
    words, head, tail = name.split(" "), "", ""
    for word in reversed(words):
        longer = f"{word} {tail}".strip()
        if len(longer) > most // 2:
            break
        tail = longer
    head = cut(name, most - len(tail) - 1)
    return f"{head} {tail}".strip() if tail else cut(name, most)
