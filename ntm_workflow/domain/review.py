"""When a recognition is to be reviewed: the formal tests of Quyết định 18/2022/QĐ-TTg for withdrawing one.

Counts and decides nothing: a person does, by a decision. Whole numbers only, so that 30 % of 19 is 6.
"""

from __future__ import annotations

import msgspec


class ReviewRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Percentages of criteria not met: `alone`, or `with_key` where a key criterion is among them.

    `communes` is the percentage of a district's recognised communes that were withdrawn.
    """

    standards: tuple[str, ...]
    with_key: int
    alone: int
    source: str
    communes: int | None = None


def to_review(
    failing: frozenset[int], keys: frozenset[int], total: int, rule: ReviewRule
) -> str | None:
    """Which test the criteria that no longer hold meet: `half`, `key`, or none."""
    share = 100 * len(failing)
    if share >= rule.alone * total:
        return "half"
    if share >= rule.with_key * total and failing & keys:
        return "key"
    return None


def communes_withdrawn(withdrawn: int, recognised: int, rule: ReviewRule) -> bool:
    """Whether so many of a district's recognised communes were withdrawn that it is to be reviewed."""
    if rule.communes is None or not recognised:
        return False
    return 100 * withdrawn >= rule.communes * recognised
