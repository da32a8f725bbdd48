"""The benchmarks of money run, each total beside the bare question for the same sums."""

from __future__ import annotations

from pathlib import Path

from test_bench import bench


def test_money_is_measured_by_its_name(tmp_path: Path) -> None:
    """In a small store: that the rig runs, not how fast anything is."""
    page = bench("--only", "money", where=tmp_path)
    works = [line.split(" | ")[0].strip("| ") for line in page.splitlines() if "| " in line]
    totals = ("place", "district", "source", "kind, year", "type", "owner", "item", "month")
    assert {f"money by {per}, facts" for per in totals} <= set(works)
    assert len([work for work in works if work.startswith(("one item", "the items", "money of one"))]) == 3  # fmt: skip
