"""What would keep a reader of packs busy for ever: found in the bytes, before anything is read from them.

A pack is a few hundred kilobytes of short lines; what is refused here was made by mistake or to do harm.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ntm_workflow.plans.faults import Fault

#: A pack's file, in bytes. The largest plan at hand is a tenth of it.
MOST_BYTES: Final = 2_000_000
#: Faults that are told; who has made more mends these first.
MOST_FAULTS: Final = 3_000
#: Duties that the tables of a pack may come to, one a place.
MOST_DUTIES: Final = 100_000
#: Characters of a text; of one in a list; and of an id, which stands behind every place and duty.
LONGEST, LONGEST_ITEM, LONGEST_ID = 10_000, 1_000, 100
_IDS: Final = frozenset({"id", "rule", "part", "parent", "place"})

_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_KEY_PART: Final = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY: Final = re.compile(
    rf"(?<![A-Za-z0-9_-]){_KEY_PART}(?:[ \t]*+\.[ \t]*+{_KEY_PART}){{32}}"
)
_LONG_NUMBER: Final = re.compile(r"(?<!\w)[0-9]\w{1000}")
#: Above a letter of any language stand a few marks, not dozens; sorting them takes their number squared.
_MOST_MARKS: Final = 30


def decoded(content: bytes) -> tuple[str, Fault | None]:
    """The text, or the one fault for which it is not looked at any further."""
    mark = next((name for start, name in _MARKS if content.startswith(start)), None)
    if mark or b"\0" in content:
        return "", Fault("other_encoding", facts={"encoding": mark or "UTF-16?"}, line=1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", Fault("encoding", line=content.count(b"\n", 0, error.start) + 1)
    if not text.strip():
        return "", Fault("empty_file", line=1)
    return text, _endless(text)


def _endless(text: str) -> Fault | None:
    """A text whose reading would take its length squared."""
    for code, words in (("long_key", _LONG_KEY), ("long_number", _LONG_NUMBER)):
        if found := words.search(text):
            return Fault(code, line=text.count("\n", 0, found.start()) + 1)
    marked = bytes(map(bool, map(unicodedata.combining, text)))
    at = marked.find(b"\x01" * _MOST_MARKS)
    return None if at < 0 else Fault("many_marks", line=text.count("\n", 0, at) + 1)


def deepest(text: str) -> int:
    """The line on which brackets stand deeper than any table of a pack."""
    depth = 0
    for n, line in enumerate(text.split("\n"), 1):
        depth += line.count("[") + line.count("{") - line.count("]") - line.count("}")
        if depth > _MOST_MARKS:
            return n
    return 1


def too_long(key: str, value: object) -> int | None:
    """How many characters the text or texts under a key may have, where they have more."""
    if isinstance(value, str):
        most = LONGEST_ID if key in _IDS else LONGEST
        return most if len(value) > most else None
    if isinstance(value, list) and any(isinstance(v, str) and len(v) > LONGEST_ITEM for v in value):
        return LONGEST_ITEM
    return None
