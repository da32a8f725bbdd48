"""A machine that was off for weeks comes to the same facts as one that closed every night."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from crash.outage import Outage, differences, live


@pytest.mark.parametrize(
    ("first", "found"),
    [
        pytest.param(date(2024, 6, 10), "ZeroDisbursementFound", id="40 days across 30/6"),
        pytest.param(date(2024, 10, 10), "ObligationMissed", id="40 days across 30/10"),
    ],
)
def test_an_outage_leaves_the_same_facts_once(first: date, found: str, tmp_path: Path) -> None:
    outage = Outage(first)
    nightly = live(str(tmp_path / "nightly.db"), outage, off=False)
    off = live(str(tmp_path / "off.db"), outage, off=True)
    assert differences(nightly, off) == []
    assert found in {f.type for f in off if first < f.event.effective_on < outage.over}
    closed = Counter(f.subject for f in off if f.type == "DayClosed")
    assert set(closed.values()) == {1}


def test_a_fact_more_or_less_is_a_difference(tmp_path: Path) -> None:
    facts = live(str(tmp_path / "off.db"), Outage(date(2024, 6, 10), days=2), off=True)
    assert differences(facts, [*facts, facts[-1]])
    assert differences(facts, facts[:-1])
