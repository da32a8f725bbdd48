"""The sums and goals of a pack as numbers, and what does not add up. Knows no place and no duty."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from ntm_workflow.domain.inputs import read_number
from ntm_workflow.plans.shapes import Sum

#: What papers count money in -> đồng.
UNITS: Final = {"đồng": 1, "triệu đồng": 10**6, "tỷ đồng": 10**9}


def dong(sum: Sum) -> int:
    """The amount in whole đồng. Raises UnreadableNumber; the unit must be known.

    A pack gives number and unit apart, so “443,500” with “tỷ đồng” has one reading only.
    """
    amount = Decimal(read_number(sum.amount)) * UNITS[sum.unit]
    return int(amount)


def exact(sum: Sum) -> bool:
    """Whether the amount is a whole number of đồng."""
    return (Decimal(read_number(sum.amount)) * UNITS[sum.unit]) % 1 == 0


def parts_of(sum: Sum, sums: dict[str, Sum]) -> list[Sum]:
    return [sums[id] for id in sum.parts if id in sums]


def circular(sums: dict[str, Sum]) -> set[str]:
    """The sums that are, over however many steps, parts of themselves."""
    below = {id: {part for part in sum.parts if part in sums} for id, sum in sums.items()}
    above: dict[str, set[str]] = {id: set() for id in sums}
    for id, parts in below.items():
        for part in parts:
            above[part].add(id)
    return _endless(below, above) & _endless(above, below)


def _endless(to: dict[str, set[str]], back: dict[str, set[str]]) -> set[str]:
    """Where one can go on for ever: what is left when all ends are taken away."""
    left = {id: len(others) for id, others in to.items()}
    ends = [id for id, count in left.items() if not count]
    while ends:
        for id in back[ends.pop()]:
            left[id] -= 1
            if not left[id]:
                ends.append(id)
    return {id for id, count in left.items() if count}


def total(sums: Iterable[Sum]) -> int:
    """Of several sums, in đồng."""
    return sum(map(dong, sums))


def decimal(text: str) -> Decimal:
    """A number as papers write it: “12,19”. Raises UnreadableNumber."""
    return Decimal(read_number(text))


def plain(number: Decimal, decimals: int = 9) -> str:
    """A number as it is stored, with no more decimals than these and no empty ones."""
    text = f"{number:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def off(stated: str, exact: Decimal, of: Iterable[str] = ()) -> bool:
    """Whether rounding does not explain the difference: of the number stated, or of each of those it adds up."""
    slack = sum(
        (Decimal(5).scaleb(-1 - len(text.partition(",")[2])) for text in of or (stated,)), Decimal()
    )
    return abs(decimal(stated) - exact) > slack
