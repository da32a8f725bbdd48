"""Measures reading deadlines in words, on phrases that no reading before has seen."""

from __future__ import annotations

from measure import Budget, Result, Turns, compare, timed
from stores import Run

from ntm_workflow.domain.dates import read_phrase

FORMS = (
    "trước ngày {d}/{m}/{y}",
    "đến hết ngày {d}/{m} năm {y}",
    "trước 17h00 ngày {d}/{m}/{y}",
    "trong tháng {m}/{y}",
    "trước tháng {m} năm {y}",
    "đến cuối năm {y}",
    "trước ngày {d}/{m} hằng năm",
    "ngày {d} hằng tháng",
    "hoàn thành hồ sơ trước ngày {d}/{m}/{y}",
    "không quá {d} ngày làm việc kể từ ngày {d}/{m}/{y}",
)


def phrases_read(run: Run) -> Result:
    """Each form on each day of the first 28 of a month, over three years."""
    said = [
        form.format(d=d, m=m, y=y)
        for form in FORMS
        for y in (2024, 2025, 2026)
        for m in range(1, 13)
        for d in range(1, 29)
    ]

    def ours() -> None:
        for phrase in said:
            read_phrase(phrase, (2024, 2025))

    note = f"{len(FORMS)} forms"
    budget = Budget(rate=50_000)
    return compare("deadlines read", len(said), Turns(timed(ours)), run.rounds, budget, note=note)
