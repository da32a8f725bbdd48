"""What was measured against what is asked. Exact decimals, no rounding."""

from __future__ import annotations

from decimal import Decimal

from ntm_workflow.domain.edition import Threshold


def falls_short(value: str, asked: Threshold) -> bool:
    """Whether a stored decimal lies outside what the threshold asks."""
    found = Decimal(value)
    below = asked.at_least is not None and found < Decimal(asked.at_least)
    return below or (asked.at_most is not None and found > Decimal(asked.at_most))
