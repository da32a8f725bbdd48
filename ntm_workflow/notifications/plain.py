"""Plain text as mail readers show it best: narrow lines, one empty line between paragraphs.

Knows no letter. A line that goes on is indented further than any line that begins, so that no long
value can look like a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

WIDTH: Final = 78
#: Deeper than any line of a bundled template but the steps of a derivation, which go on deeper.
_GOES_ON: Final = 5
_LABEL: Final = re.compile(r"\d+\. |[^.:]{1,20}: |■ |\[")
_GAPS: Final = re.compile(r"\n{3,}")


def plain(text: str) -> str:
    """The text in lines of at most `WIDTH` characters, commands and long words left whole."""
    lines = "\n".join(map(_folded, text.split("\n")))
    return _GAPS.sub("\n\n", lines).strip("\n") + "\n"


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
