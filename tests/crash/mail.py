"""Kills relays at a mail server that misbehaves: every letter arrives, and only a known window doubles one.

Two relays send the mornings' letters of a plan to a server in a process of its own, which remembers what
it took. It greylists, puts off, refuses some for good, drops, stalls, closes, takes a letter and does not
say so; in spells it wants another password, offers no encryption or is not there. Relays are killed
at any moment. At the end what the server took is compared with what the outbox and the journal say.
"""

from __future__ import annotations

import json
import multiprocessing
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count, islice
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from random import Random
from signal import SIGKILL
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from crash.mailing import Named, Relay, send
from crash.told import FileClock, Told, opened
from mailserver import DROP, STALL, TAKE_AND_DROP, TAKE_AND_STALL, Apart, Fault, apart, closed_port

from ntm_workflow.domain.letter import LetterFailed, LetterSent
from ntm_workflow.notifications.server import Tls
from ntm_workflow.office import adoption, contacts, letters
from ntm_workflow.office.bag import CLAIM
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.plans.pack import Pack, read
from ntm_workflow.store.codec import instant, stamp
from ntm_workflow.store.schema import ATTEMPTS, ENVELOPES, OUTBOX

RELAYS = 2
#: So much faster than ours goes the rig's clock: a letter put off for a minute is due in 3 seconds,
#: and a claim lasts one minute, longer than a busy machine lets a living relay wait.
FASTER = 20
#: The first morning: a Monday, in a month without holidays.
BEGINS = date(2024, 7, 1)
#: Communes whose mailbox does not exist.
DEAD = "khong-co"
PATIENCE = 900.0

#: More than one letter in five meets one of these.
STORM = (
    Fault("greeting", "421 4.3.2 Busy", rate=0.05),
    Fault("ehlo", DROP, rate=0.03),
    Fault("mail", "421 4.3.2 Going down", rate=0.01),
    Fault("mail", "451 4.3.0 Later", rate=0.02),
    Fault("rcpt", "450 4.7.1 Greylisted", rate=0.1),
    Fault("rcpt", "550 5.1.1 No such user", to=DEAD),
    Fault("rcpt", STALL, rate=0.0005),
    Fault("data", DROP, rate=0.01),
    Fault("data", "452 4.3.1 No room", rate=0.02),
    Fault("dot", "451 4.3.0 Later", rate=0.04),
    Fault("dot", DROP, rate=0.01),
    Fault("dot", STALL, rate=0.0005),
    Fault("dot", TAKE_AND_DROP, rate=0.015),
    Fault("dot", TAKE_AND_STALL, rate=0.0005),
)

_HEAD = """
id = "thu-mau"
title = "Kế hoạch mẫu"
issuer = "UBND huyện Mẫu"
level = "district"
place = "mau"
period = [2024, 2024]
issued_on = 2024-06-03
settings = {{ reminders = {{ rungs = [{rungs}] }} }}

[[places]]
id = "mau"
name = "Mẫu"
type = "huyen"
"""
_COMMUNE = """
[[places]]
id = "{id}"
name = "Xã Mẫu {n}"
type = "xa"
parent = "mau"
"""
_DUTY = """
[[obligations]]
rule = "R1"
clause = "I"
title = "Báo cáo tiến độ xây dựng nông thôn mới (mẫu)"
expression = "trước ngày {day:%d/%m/%Y}"
strength = "must"
owed_by = "@commune"
owed_to = "@district"
places = [{places}]
"""


@dataclass(frozen=True)
class Plan:
    """So many communes, each written to on so many mornings, while relays are killed."""

    communes: int
    mornings: int
    kills: int
    seed: int
    spells: int = 4

    @property
    def letters(self) -> int:
        return self.communes * self.mornings


@dataclass
class Result:
    """What came of it. A letter may be taken more than once where a server gave no answer, or a relay
    was killed between hearing it and recording it; otherwise it is `unexplained`.
    """

    letters: int = 0
    taken: int = 0
    faults: int = 0
    attempts: int = 0
    kills: int = 0
    in_the_middle: int = 0
    failed_relays: int = 0
    spells: Counter[str] = field(default_factory=Counter)
    dead: int = 0
    told_again: int = 0
    lost: int = 0
    doubled: int = 0
    unanswered: int = 0
    taken_and_dropped: int = 0
    window: int = 0
    unexplained: int = 0
    other_bytes: int = 0
    recorded_otherwise: int = 0
    unsettled: int = 0
    verify: bool = False
    rebuilt_equal: bool = False
    seconds: float = 0

    @property
    def ok(self) -> bool:
        wrong = (self.lost, self.unexplained, self.other_bytes, self.recorded_otherwise)
        return not any((*wrong, self.unsettled, self.failed_relays)) and (
            self.verify and self.rebuilt_equal and self.letters > 0
        )

    def __str__(self) -> str:
        return (
            f"{self.letters} letters, {self.taken} taken, {self.attempts} attempts met {self.faults} faults;"
            f" {self.kills} kills, {self.in_the_middle} of them between taken and recorded;"
            f" spells {dict(self.spells)}\n"
            f"lost {self.lost}; {self.dead} dead, all of them marked; {self.told_again} told by the next"
            f" morning's letter instead; doubled {self.doubled}"
            f" (no answer {self.unanswered}, killed {self.window}, unexplained {self.unexplained});"
            f" taken in silence {self.taken_and_dropped}; other bytes {self.other_bytes};"
            f" not recorded exactly once {self.recorded_otherwise}; unsettled {self.unsettled}\n"
            f"verify {self.verify}, rebuilt equal {self.rebuilt_equal}, relays that failed"
            f" {self.failed_relays}; {self.seconds:.0f} s, {self.taken / max(self.seconds, 1):.0f} letters/s"
        )


def run(url: str, plan: Plan, folder: Path) -> Result:
    began = monotonic()
    prepare(url, plan)
    with (
        apart(folder / "server.log", STORM, plan.seed) as server,
        apart(folder / "other.log", login="ntm:mat-khau") as other,
    ):
        torment = _Torment(url, plan, folder, server, other)
        found = torment.run()
        judge(url, folder, server, torment.window, found)
    found.seconds = monotonic() - began
    return found


# --- before


def sample(plan: Plan) -> Pack:
    """A duty for each commune that is told on every working morning."""
    last = BEGINS + timedelta(days=2 * plan.mornings + 7)
    rungs = ", ".join(str(n) for n in range((last - BEGINS).days + 1))
    ids = list(communes(plan))
    text = [
        _HEAD.format(rungs=rungs),
        *(_COMMUNE.format(id=id, n=n) for n, id in enumerate(ids)),
        _DUTY.format(day=last, places=", ".join(f'"{id}"' for id in ids)),
    ]
    return read("".join(text).encode(), "thu-mau.toml")


def communes(plan: Plan) -> Iterator[str]:
    """One in a hundred has a mailbox that does not exist."""
    for n in range(plan.communes):
        yield f"xa-{DEAD}-{n}" if n % 100 == 7 else f"xa-{n}"


def prepare(url: str, plan: Plan) -> None:
    """A store in which every commune has an address."""
    with opened(url, Told(morning(BEGINS - timedelta(days=20)))) as office:
        office.create(office.database)
        office.record(Request(by="rig"), partial(adoption.adopt, pack=sample(plan)))

        def addresses(entry: Entry) -> None:
            for id in communes(plan):
                contacts.change(entry, f"ubnd-{id}", [f"{id}@example.com"])

        office.record(Request(by="rig"), addresses)


def days(plan: Plan) -> list[date]:
    """The mornings: working days one after another."""
    every = (BEGINS + timedelta(days=n) for n in count())
    return list(islice((day for day in every if day.weekday() < 5), plan.mornings))


def morning(day: date) -> datetime:
    return datetime.combine(day, time(1), UTC)


# --- meanwhile


class _Child:
    """A relay and its process."""

    def __init__(self, context: ForkServerContext, job: Relay) -> None:
        self.context = context
        self.job = job
        self.process: ForkServerProcess
        self.start()

    def start(self) -> None:
        self.process = self.context.Process(target=send, args=(self.job,))
        self.process.start()

    def kill(self) -> bool:
        """Whether it was there to be killed."""
        self.process.kill()
        self.process.join()
        return self.process.exitcode == -SIGKILL


class _Torment:
    def __init__(self, url: str, plan: Plan, folder: Path, server: Apart, other: Apart) -> None:
        self.url = url
        self.plan = plan
        self.folder = folder
        self.server = server
        self.other = other
        self.random = Random(plan.seed)
        self.clock = FileClock(folder / "clock")
        self.began = monotonic()
        self.start = morning(BEGINS)
        self.taken = Taken(server.log)
        #: Of letters taken and not recorded when a relay was killed, how often they were taken by then.
        self.window: dict[str, set[int]] = defaultdict(set)
        self.found = Result()
        self.spell_ends = 0.0

    def run(self) -> Result:
        self.tick()
        Named(self.server.port).put(self.folder)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crash.mailing", "ntm_workflow.office.relay", "psycopg"])
        with opened(self.url, self.clock) as self.office:
            self.crew = [_Child(context, Relay(self.url, self.folder, n)) for n in range(RELAYS)]
            try:
                for n in range(self.plan.mornings):
                    self.issue(n)
                    self.send_most(n)
                self.end()
            finally:
                for child in self.crew:
                    child.process.kill()
        return self.found

    def tick(self) -> None:
        """The clock goes on; it is set to the next morning by `issue`."""
        passed = monotonic() - self.began
        self.clock.put(self.start + timedelta(seconds=passed * FASTER))

    def issue(self, n: int) -> None:
        """The next working morning's letters. Nobody sends while the clock is set: a claim would end."""
        for child in self.crew:
            self.kill(child)
        self.jump(morning(days(self.plan)[n]))
        with self.office.writing() as work:
            issued = letters.issue(work, self.office.today, Request(by="rig"))
        self.found.letters += len(issued)
        for child in self.crew:
            child.start()

    def jump(self, to: datetime) -> None:
        self.start, self.began = max(to, self.clock.now()), monotonic()
        self.tick()

    def send_most(self, n: int) -> None:
        """Kill now and then, until most of the letters have left."""
        kills = self.plan.kills // self.plan.mornings
        if n == self.plan.mornings - 1:
            kills = self.plan.kills - n * kills
        until = monotonic() + PATIENCE
        while monotonic() < until and (kills > 0 or self.waiting(due=True)):
            self.pause(self.random.uniform(0.05, self.longest))
            if kills > 0:
                child = self.random.choice(self.crew)
                self.kill(child)
                child.start()
                kills -= 1
            self.spell(begins=kills > 0)

    @property
    def longest(self) -> float:
        """How long a relay lives at most: long enough for the letters to last as long as the kills."""
        return max(0.4, min(3.0, self.plan.letters / max(self.plan.kills, 1) / 60))

    def pause(self, seconds: float) -> None:
        until = monotonic() + seconds
        while monotonic() < until:
            self.tick()
            sleep(0.02)

    def waiting(self, *, due: bool = False) -> int:
        """Letters that have not left; `due` leaves out what was put off or is somebody's."""
        queued = sa.select(sa.func.count()).where(OUTBOX.c.state == "queued")
        frozen = sa.select(sa.func.count()).where(ENVELOPES.c.state == "frozen")
        if due:
            frozen = frozen.where(ENVELOPES.c.due_at <= stamp(self.clock.now()))
        with self.office.database.read() as conn:
            return (conn.scalar(queued) or 0) + (conn.scalar(frozen) or 0)

    def kill(self, child: _Child) -> None:
        killed = child.kill()
        self.found.kills += killed
        self.found.failed_relays += not killed
        # What it was handing over may still be arriving.
        self.pause(0.15)
        taken = self.taken.so_far()
        with self.office.database.read() as conn:
            claimed = sa.select(ENVELOPES.c.message_id).where(ENVELOPES.c.claimed_by.is_not(None))
            unrecorded = [id for (id,) in conn.execute(claimed) if id in taken]
        self.found.in_the_middle += bool(unrecorded)
        for id in unrecorded:
            self.window[id].add(taken[id])

    def spell(self, *, begins: bool) -> None:
        """Now and then the settings name another server for a second; then this one again."""
        if monotonic() < self.spell_ends:
            return
        here = Named(self.server.port)
        chance = self.plan.spells / max(self.plan.kills, 1)
        if begins and self.random.random() < chance:
            kind = self.random.choice(("login", "tls", "unreachable"))
            self.found.spells[kind] += 1
            self.spell_ends = monotonic() + 1
            here = {
                "login": Named(self.other.port, user="ntm", password="sai"),
                "tls": Named(self.server.port, Tls.STARTTLS),
                "unreachable": Named(closed_port()),
            }[kind]
        here.put(self.folder)

    def end(self) -> None:
        """Let new relays finish what those that were killed had claimed; then each ends."""
        Named(self.server.port).put(self.folder)
        for child in self.crew:
            self.kill(child)
        self.jump(self.clock.now() + CLAIM)
        for child in self.crew:
            child.start()
        until = monotonic() + PATIENCE
        while self.waiting() and monotonic() < until:
            self.pause(0.3)
            self.skip()
        for child in self.crew:
            self.found.failed_relays += not child.kill()

    def skip(self) -> None:
        """Where nobody has a letter and all were put off, it is the next one's time."""
        with self.office.database.read() as conn:
            open_ = sa.select(sa.func.min(ENVELOPES.c.due_at)).where(ENVELOPES.c.state == "frozen")
            claimed = conn.scalar(open_.where(ENVELOPES.c.claimed_by.is_not(None)))
            due = conn.scalar(open_)
        if due and not claimed and instant(due) > self.clock.now():
            self.jump(instant(due))


class Taken:
    """How often the server took each letter, as its log grows."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.at = 0
        self.copies: Counter[str] = Counter()

    def so_far(self) -> Counter[str]:
        with self.log.open("rb") as file:
            file.seek(self.at)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self.at += len(line)
                if b"sha256" in line:
                    self.copies[json.loads(line)["message_id"]] += 1
        return self.copies


# --- after


def judge(
    url: str, folder: Path, server: Apart, window: dict[str, set[int]], found: Result
) -> None:
    """Compare what the server took with what the store says."""
    copies: dict[str, list[str]] = defaultdict(list)
    for each in server.accepted():
        copies[each.message_id].append(each.sha256)
    found.taken = sum(map(len, copies.values()))
    found.faults = sum(server.struck().values())
    found.other_bytes = sum(len(set(hashes)) > 1 for hashes in copies.values())
    found.taken_and_dropped = sum(1 for _ in _taken_in_silence(server.log))
    with opened(url, FileClock(folder / "clock")) as office:
        with office.database.read() as conn:
            envelopes = conn.execute(sa.select(ENVELOPES)).all()
            tries = conn.execute(sa.select(ATTEMPTS)).all()
            facts = list(office.journal.facts(conn))
        found.verify = office.verify().ok
        found.rebuilt_equal = office.rebuild(check_only=True).equal
    found.attempts = sum(1 for each in tries if each.server)
    # Tries of which a killed relay told nothing are counted by the window.
    unknown = Counter((t.letter, t.contact) for t in tries if t.outcome == "unknown" and t.server)
    sent: dict[str, list[str]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact.event, LetterSent):
            sent[fact.event.message_id].append(fact.event.sha256)
    failed = {f.event.message_id for f in facts if isinstance(f.event, LetterFailed)}
    ended = (row for row in envelopes if row.message_id in copies or row.state == "refused")
    last = _last(row.letter for row in ended)
    for row in envelopes:
        taken = copies.get(row.message_id, [])
        of, _, day = row.letter.rpartition("/")
        if row.state == "dropped" and not taken and day < last.get(of, ""):
            found.told_again += 1
            continue
        if row.state == "refused":
            found.dead += 1
            found.lost += DEAD not in row.letter or bool(taken) or row.message_id not in failed
            continue
        found.unsettled += row.state != "sent"
        found.lost += not taken
        found.recorded_otherwise += sent[row.message_id] != taken[:1]
        if len(taken) > 1:
            silent, killed = unknown[(row.letter, row.contact)], window.get(row.message_id, ())
            found.doubled += 1
            found.unanswered += silent > 0
            found.window += bool(killed) and not silent
            found.unexplained += len(taken) - 1 > silent + len(killed)


def _last(letters: Iterable[str]) -> dict[str, str]:
    """The day of the last of these letters, by unit and kind."""
    found: dict[str, str] = {}
    for letter in letters:
        of, _, day = letter.rpartition("/")
        found[of] = max(day, found.get(of, ""))
    return found


def _taken_in_silence(log: Path) -> Iterator[str]:
    """The letters the server took without saying so: the fault stands in the log just before them."""
    before: dict[str, Any] = {}
    with log.open(encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            silence = before.get("fault") in _SILENT
            if silence and line.get("recipient") == before["to"]:
                yield line["message_id"]
            before = line


_SILENT = (f"dot {TAKE_AND_DROP}", f"dot {TAKE_AND_STALL}")
