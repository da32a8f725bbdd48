"""The benchmarks run and leave a page, figures and a chart that can be read."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

REPOSITORY = Path(__file__).parents[1]


def test_a_measurement_leaves_its_line_its_figures_and_a_chart(tmp_path: Path) -> None:
    """One cheap one, in a small store: that the rig runs, not how fast anything is."""
    page = bench("--only", "inclusion", "--write", str(tmp_path), where=tmp_path)

    line = next(line for line in page.splitlines() if line.startswith("| inclusion proof"))
    assert line.count("|") == 9
    assert line in (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    with open(tmp_path / "benchmarks.csv", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["size"], row["database"], row["work"]) == ("6000", "sqlite", "inclusion")
    assert float(row["rate"]) > 0
    chart = ElementTree.parse(tmp_path / "benchmarks.svg").getroot()
    assert "inclusion proof" in [
        text.text for text in chart.iter("{http://www.w3.org/2000/svg}text")
    ]


def bench(*words: str, where: Path) -> str:
    """What the benchmarks print about a store of 6000 facts, of which the plans are most; its file stands in `where`."""
    line = [sys.executable, str(REPOSITORY / "tests" / "bench" / "run.py"), "--quick"]
    line += ["--events", "6000", "--database", "sqlite", *words]
    env = os.environ | {"PYTHONPATH": str(REPOSITORY), "TMPDIR": str(where)}
    return subprocess.run(line, env=env, check=True, capture_output=True, text=True).stdout
