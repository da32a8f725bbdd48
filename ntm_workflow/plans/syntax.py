"""A TOML text into its values, past days there are none of and keys said twice. Knows no table of a pack."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import Any

from ntm_workflow.plans.faults import Fault
from ntm_workflow.plans.guard import deepest
from ntm_workflow.plans.lines import KEY

#: Characters that are read once more, for the faults behind the first: a pack of the usual size dozens of
#: times, the largest three times.
_AGAIN = 6_000_000
_LINE = re.compile(r"at line (\d+)")
_ASIDE = re.compile(r""""[^"]*"|'[^']*'|#.*""")
_DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")


def read_toml(text: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    """The values, and what is wrong in how they are written; None where the rest cannot be read."""
    lines, faults, again = text.split("\n"), list[Fault](), _AGAIN
    while True:
        try:
            return tomllib.loads("\n".join(lines)), faults
        except RecursionError:
            return None, [*faults, Fault("too_deep", line=deepest(text))]
        except tomllib.TOMLDecodeError as error:
            found = _LINE.search(str(error))
            last = int(found[1]) if found else len(lines)
            first = _pair(lines, last)
            fault = _fault(str(error), lines[first - 1 : last], last)
            faults.append(fault)
            if not _whole(fault, first):
                return None, faults
            again -= len(text)
            if again < 0:
                return None, [*faults, Fault("more", line=last)]
            # Read on without the pair: whatever else is wrong is told in the same answer.
            lines[first - 1 : last] = [""] * (last - first + 1)


def _pair(lines: list[str], last: int) -> int:
    """The line on which the pair that ends at `last` begins."""
    return next((n for n in range(last, 0, -1) if KEY.match(lines[n - 1])), last)


def _fault(message: str, pair: list[str], line: int) -> Fault:
    key = KEY.match(pair[0])
    if day := next(filter(None, map(_no_day, _DAY.finditer(_ASIDE.sub("", pair[-1])))), None):
        return Fault("no_such_day", facts={"day": day}, line=line)
    if key and message.startswith("Cannot overwrite a value"):
        name = key[0].rstrip(" \t=").strip()
        return Fault("key_twice", facts={"key": name}, line=line - len(pair) + 1)
    return Fault("syntax", line=line)


def _no_day(match: re.Match[str]) -> str | None:
    year, month, day = match.groups()
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return f"{day}/{month}/{year}"
    return None


def _whole(fault: Fault, first: int) -> bool:
    """Whether the pair ends where the reader stopped, so that it can be left out."""
    return fault.code == "key_twice" or (fault.code == "no_such_day" and fault.line == first)
