"""Measures whole commands, each a fresh process; the limit is a Python that does nothing."""

from __future__ import annotations

from collections.abc import Callable

from child import python
from measure import Budget, Result, Turns, compare, timed
from reading import commune
from stores import Run

HEAVY = ("sqlalchemy", "apscheduler", "jinja2", "aiosmtplib", "babel", "rich", "eventsourcing")


def start_help(run: Run) -> Result:
    heavy = ", ".join(sorted(loaded("--help").intersection(HEAVY))) or "none"
    note = f"of the heavy modules it loads {heavy}"
    return _start("ntm --help", lambda: ["--help"], Budget(ms=100), note)


def cli_show(run: Run) -> Result:
    """One duty of the middle, with its derivation and history."""
    id = _bare(run.store.duty(run.store.known // 2, run.store.clock.day).subject)
    line = ["obligation", "show", id, "--store", run.store.url]
    return _start("one read: ntm obligation show", lambda: line, Budget(ms=300))


def cli_list(run: Run) -> Result:
    """The duties of one commune."""
    line = ["obligation", "list", "--within", commune(run.store), "--store", run.store.url]
    return _start("one read: ntm obligation list --within", lambda: line, Budget(ms=300))


def cli_record(run: Run) -> Result:
    duties = run.store.assigned(10)
    run.store.record(duties)
    ids = map(_bare, [fact.subject for fact in duties])

    def line() -> list[str]:
        return ["obligation", "meet", next(ids), "--on", "1/2/2024", "--store", run.store.url]

    return _start("one record: ntm obligation meet", line, Budget(ms=300))


def _bare(subject: str) -> str:
    return subject.removeprefix("obligation/")


def _start(work: str, line: Callable[[], list[str]], budget: Budget, note: str = "") -> Result:
    """The best of five: what a process waits for besides is not the program's."""
    python("-m", "ntm_workflow", "--version")
    turns = Turns(timed(lambda: python("-m", "ntm_workflow", *line())), timed(_nothing))
    return compare(work, 1, turns, 5, budget, middle=min, note=note)


def _nothing() -> None:
    python("-c", "pass")


def loaded(*words: str) -> set[str]:
    """The top-level modules that the command line imports."""
    lines = python("-X", "importtime", "-m", "ntm_workflow", *words, stderr=True).splitlines()
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
