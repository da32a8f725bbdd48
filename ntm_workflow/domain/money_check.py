"""A plan's rules about money, each as data with its clause; what each finds is found by one function.

Knows no plan by name and no figure: percentages, amounts and days come from the rule.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

#: What a rule asks for, and so which function looks for what does not meet it.
CHECKS: Final = (
    *("milestone", "assigned", "contracted", "settled", "unsettled", "pace", "request"),
    *("support", "at_least", "old_debt", "debt_first", "new_debt", "carried", "ratio"),
    *("figures", "priority", "stated"),
)
#: The kind of a rule about money of which nothing is spent, which a closing looks for.
UNSPENT: Final = "unspent"


class MoneyCheck(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A rule about money of some years; `check` is one of CHECKS.

    `words` are the clause's own for its day, `day` the last one in time and `strict_day` the last on
    every reading. A request is made from `opens_on` to `day` and done by `complete_by`. Of no
    `years`, `sources`, `kinds` or `types` are meant all; without `carried_from` the money of a year
    is what is not carried over. `amount` is đồng for each place, `percent` of what was given,
    `months` a term. `standard` is what the places pursue, `order` who comes first.
    `open` is what the clause leaves open and nobody has decided.
    """

    id: str
    clause: str
    check: str
    title: str
    strength: str
    words: str | None = None
    day: date | None = None
    strict_day: date | None = None
    opens_on: date | None = None
    complete_by: date | None = None
    years: tuple[int, ...] = ()
    carried_from: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    level: str | None = None
    standard: str | None = None
    percent: int | None = None
    amount: int | None = None
    months: int | None = None
    order: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
