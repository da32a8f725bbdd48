"""The benchmarks run, every one, and leave a page, figures and a chart that can be read."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

REPOSITORY = Path(__file__).parents[1]


def test_every_measurement_runs_and_leaves_its_line_its_figures_and_a_chart(tmp_path: Path) -> None:
    """In a small store: that the rig runs, not how fast anything is."""
    page = bench("--write", str(tmp_path), where=tmp_path)
    lines = [line for line in page.splitlines() if line.startswith("| ") and "| work |" not in line]
    assert lines
    assert {line.count("|") for line in lines} == {9}

    written = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert all(line in written for line in lines)
    with open(tmp_path / "benchmarks.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {(row["size"], row["database"]) for row in rows} == {("6000", "sqlite")}
    assert [row["work"] for row in rows] == every_measurement()
    assert len(lines) == len(rows)
    chart = ElementTree.parse(tmp_path / "benchmarks.svg").getroot()
    drawn = {text.text for text in chart.iter("{http://www.w3.org/2000/svg}text")}
    assert {"inclusion proof", "append 1 a transaction, through the office"} <= drawn


def every_measurement() -> list[str]:
    """What the rig measures, by name, in its order."""
    code = "import run; print(*(each.__name__ for each in (*run.GROWING, *run.ONCE)))"
    line, env = [sys.executable, "-c", code], {"PYTHONPATH": str(REPOSITORY / "tests" / "bench")}
    said = subprocess.run(line, env=os.environ | env, check=True, capture_output=True, text=True)
    return said.stdout.split()


def bench(*words: str, where: Path) -> str:
    """What the benchmarks print about a store of 6000 facts, of which the plans are most; its file stands in `where`."""
    line = [sys.executable, str(REPOSITORY / "tests" / "bench" / "run.py"), "--quick"]
    line += ["--events", "6000", "--database", "sqlite", *words]
    env = os.environ | {"PYTHONPATH": str(REPOSITORY), "TMPDIR": str(where)}
    return subprocess.run(line, env=env, check=True, capture_output=True, text=True).stdout
