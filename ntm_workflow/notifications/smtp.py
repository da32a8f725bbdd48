"""The post that speaks SMTP: a few connections that carry letter after letter, and a server to fall back on.

Knows no letter's words and no outbox. What it cannot know it says: a connection that ends after a
letter's end and before the answer leaves that letter UNKNOWN, and whoever sends it again may double it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from ntm_workflow.notifications.connection import Answer, Connection, Heard, Lost, ServerFails
from ntm_workflow.notifications.post import Outcome, Parcel, Result
from ntm_workflow.notifications.server import (
    NoMailServer,
    Phase,
    Reply,
    Server,
    Timeouts,
    Tls,
    Trouble,
    Why,
)

#: How often in a row things may go badly before it is the server that is not well.
ENOUGH: Final = 3
#: How often, in seconds, whoever takes the results hears that a moment went by.
MOMENT: Final = 0.25
_PHASES: Final = tuple(Phase)


@dataclass(frozen=True)
class Errand:
    """A parcel on its way; `lost` once a connection has ended under it."""

    parcel: Parcel
    lost: bool = False


class Smtp:
    """Hands letters to the first of `servers` that takes them.

    `connections` of them at most are open to a server at once, each for letter after letter;
    `per_minute` letters begin, over all of them. `trouble` is what was wrong with the servers in the
    last `deliver`; the next one begins with the first server again. One `deliver` at a time.
    """

    harmless: ClassVar[bool] = False

    def __init__(
        self,
        servers: Sequence[Server],
        connections: int = 4,
        per_minute: int | None = None,
        timeouts: Timeouts | None = None,
        heard: Heard = lambda server, reply: None,
    ) -> None:
        self.servers = tuple(servers)
        self.connections = connections
        self.per_minute = per_minute
        self.timeouts = timeouts or Timeouts()
        self.heard = heard
        self.trouble: list[Trouble] = []
        # Shared by all connections and kept: certificates take longer to load than a letter to send.
        self.contexts = {s: s.context() for s in self.servers if s.tls is not Tls.NONE}
        self._round: _Round | None = None
        self._next_at = 0.0

    def ready(self) -> None:
        """Refuse to begin without a server."""
        if not self.servers:
            raise NoMailServer

    def deliver(self, parcels: Iterable[Parcel]) -> Iterator[Result | None]:
        """A result for each parcel, as they come, and None every quarter of a second.

        The network moves only while a result is asked for, in this thread, where the parcels are
        taken too. Closing the iterator closes the connections at once.
        """
        self.trouble = []
        with asyncio.Runner() as runner:
            self._round = now = _Round(self, iter(parcels), runner.get_loop())
            task = runner.get_loop().create_task(now.work())
            while results := runner.run(now.some()):
                yield from results
            runner.run(_finished(task))
        if now.failed is not None:
            raise now.failed

    def stop(self) -> None:
        """From any thread: the `deliver` under way offers nothing more, gives what is on the wire
        `timeouts.stop` seconds, and says what became of each letter.
        """
        if self._round is not None:
            with suppress(RuntimeError):  # already over
                self._round.loop.call_soon_threadsafe(self._round.stop)

    async def pace(self) -> None:
        """Wait for this letter's turn; the clock is the loop's, which nobody sets."""
        if self.per_minute is not None:
            now = asyncio.get_running_loop().time()
            at = max(now, self._next_at)
            self._next_at = at + 60 / self.per_minute
            await asyncio.sleep(at - now)


async def _finished(task: asyncio.Task[None]) -> None:
    await task


class _Round:
    """One `deliver`: the parcels that wait, the servers in turn, the results to hand out."""

    def __init__(
        self, smtp: Smtp, parcels: Iterator[Parcel], loop: asyncio.AbstractEventLoop
    ) -> None:
        self.smtp = smtp
        self.loop = loop
        self.parcels = parcels
        self.again: deque[Errand] = deque()
        self.failed: Exception | None = None
        self.stopping = self.over = False
        self.found: list[Result | None] = []
        self.news = asyncio.Event()
        self.crew: _Crew | None = None

    async def some(self) -> list[Result | None]:
        """What has come since the last time; nothing once all is over."""
        while not (self.found or self.over):
            self.news.clear()
            await self.news.wait()
        found, self.found = self.found, []
        return found

    def pass_time(self) -> None:
        self.tell(None)
        self.timer = self.loop.call_later(MOMENT, self.pass_time)

    def tell(self, result: Result | None) -> None:
        self.found.append(result)
        self.news.set()

    async def work(self) -> None:
        self.timer = self.loop.call_later(MOMENT, self.pass_time)
        try:
            for server in self.smtp.servers:
                if self.stopping or not self.waits():
                    break
                self.crew = _Crew(self, server)
                await self.crew.work()
            self._leave_the_rest()
        finally:
            self.timer.cancel()
            self.over = True
            self.news.set()

    def waits(self) -> bool:
        errand = self.take()
        if errand is not None:
            self.again.appendleft(errand)
        return errand is not None

    def take(self) -> Errand | None:
        """The next letter; None when there is none."""
        if self.again:
            return self.again.popleft()
        if self.failed is not None:
            return None
        try:
            parcel = next(self.parcels, None)
        except Exception as error:
            # What is under way ends first: nothing that left is to be forgotten.
            self.failed = error
            return None
        return None if parcel is None else Errand(parcel)

    def done(self, errand: Errand, outcome: Outcome, server: str, reply: Reply) -> None:
        said = (reply.code, reply.status, reply.said)
        self.tell(Result(errand.parcel.id, outcome, server, *said))

    def stop(self) -> None:
        self.stopping = True
        if self.crew is not None:
            self.loop.call_later(self.smtp.timeouts.stop, self.crew.cancel)

    def _leave_the_rest(self) -> None:
        trouble = self.smtp.trouble[-1] if self.smtp.trouble else None
        server, reply = (trouble.server, trouble.reply) if trouble else ("", Reply(Phase.CONNECT))
        while (errand := self.take()) is not None:
            self.done(errand, Outcome.UNTRIED, server, reply)


class _Crew:
    """The connections to one server, and what they have learnt of it.

    The first connection opens alone: a wrong password is said once, not by each of them. One that
    cannot open while others stand lets these go on, since servers allow only so many; when the last
    one cannot, the server is in trouble.
    """

    def __init__(self, round: _Round, server: Server) -> None:
        self.round = round
        self.server = server
        self.trouble: Trouble | None = None
        self.tasks: list[asyncio.Task[None]] = []
        self.connections: list[Connection] = []
        self.alive = 0
        #: How often in a row connections ended without an answer, each time opened anew.
        self.losses = 0
        self.opened = self.lost_up_to = 0
        #: How far in the dialogue a letter has come, as an index into the phases.
        self.furthest = 0
        self.suspects: list[tuple[Errand, Answer]] = []

    async def work(self) -> None:
        async with asyncio.TaskGroup() as self.group:
            self._begin()
        self._put_off()
        if self.trouble is not None:
            self.round.smtp.trouble.append(self.trouble)

    def cancel(self) -> None:
        for task in self.tasks:
            task.cancel()

    def _begin(self) -> None:
        self.alive += 1
        self.tasks.append(self.group.create_task(self._connection()))

    async def _connection(self) -> None:
        smtp = self.round.smtp
        context = smtp.contexts.get(self.server)
        connection = Connection(self.server, context, smtp.timeouts, smtp.heard)
        self.connections.append(connection)
        try:
            await self._carry(connection)
            await connection.quit()
        finally:
            connection.abort()

    async def _carry(self, connection: Connection) -> None:
        """Letter after letter, until none waits or the server is in trouble."""
        try:
            while self._goes_on() and (errand := self.round.take()) is not None:
                if not await self._carried(connection, errand):
                    break
        finally:
            self.alive -= 1

    def _goes_on(self) -> bool:
        return self.trouble is None and not self.round.stopping

    async def _carried(self, connection: Connection, errand: Errand) -> bool:
        """Whether this connection goes on; the errand has its result, or waits again."""
        try:
            await self.round.smtp.pace()
            if not (connection.is_open or await self._opened(connection)):
                self.round.again.appendleft(errand)
                return False
            await self._offer(connection, errand)
        except asyncio.CancelledError:
            outcome = Outcome.UNKNOWN if connection.phase is Phase.CONTENT else Outcome.UNTRIED
            self.round.done(errand, outcome, self.server.name, Reply(connection.phase))
            raise
        return True

    async def _opened(self, connection: Connection) -> bool:
        try:
            await connection.open()
        except ServerFails as fails:
            if self.alive == 1:
                self.trouble = fails.trouble
            return False
        self.opened += 1
        connection.number = self.opened
        while len(self.tasks) < self.round.smtp.connections:
            self._begin()
        return True

    async def _offer(self, connection: Connection, errand: Errand) -> None:
        try:
            answer = await connection.offer(errand.parcel)
        except Lost as lost:
            self._lose(connection, errand, lost)
        except ServerFails as fails:
            self.trouble = fails.trouble
            self.round.again.appendleft(errand)
        else:
            self._answered(connection, errand, answer)

    def _lose(self, connection: Connection, errand: Errand, lost: Lost) -> None:
        """A letter is tried once more on a new connection; then it waits for another day."""
        self._count_loss(connection, lost.why, lost.reply)
        if errand.lost and not lost.stale:
            self.round.done(errand, Outcome.DEFERRED, self.server.name, lost.reply)
        else:
            self.round.again.appendleft(replace(errand, lost=not lost.stale or errand.lost))

    def _count_loss(self, connection: Connection, why: Why, reply: Reply) -> None:
        # A server that is restarted ends all connections at once, which is one mishap.
        if connection.number > self.lost_up_to:
            self.losses += 1
            self.lost_up_to = self.opened
        if self.losses >= ENOUGH and self.trouble is None:
            self.trouble = Trouble(self.server.name, why, reply)

    def _answered(self, connection: Connection, errand: Errand, answer: Answer) -> None:
        if answer.outcome is Outcome.UNKNOWN:
            self._count_loss(connection, answer.why or Why.DROPPED, answer.reply)
        else:
            self.losses = 0
        phases = (answer.reply.phase, *(each.phase for each in self.connections))
        self.furthest = max(self.furthest, *map(_PHASES.index, phases))
        if answer.outcome is not Outcome.UNKNOWN and answer.why is not None:
            self.suspects.append((errand, answer))
        else:
            self.round.done(errand, answer.outcome, self.server.name, answer.reply)
        self._weigh()

    def _weigh(self) -> None:
        """Letters turned away as if the sender were unwelcome: where others came further, it was
        the letter; where nobody did, the settings are at fault and no letter is to suffer for it.
        """
        waiting, self.suspects = self.suspects, []
        for errand, answer in waiting:
            if _PHASES.index(answer.reply.phase) < self.furthest:
                self.round.done(errand, answer.outcome, self.server.name, answer.reply)
            else:
                self.suspects.append((errand, answer))
        if len(self.suspects) >= ENOUGH:
            self._turned_away()

    def _put_off(self) -> None:
        """Too few were turned away to say whose fault it is: each is tried again, and so gets old."""
        for errand, answer in self.suspects:
            if self.trouble is None:
                self.trouble = Trouble(self.server.name, answer.why or Why.SENDER, answer.reply)
            self.round.done(errand, Outcome.DEFERRED, self.server.name, answer.reply)
        self.suspects = []

    def _turned_away(self) -> None:
        _, first = self.suspects[0]
        if self.trouble is None:
            self.trouble = Trouble(self.server.name, first.why or Why.SENDER, first.reply)
        self.round.again.extend(errand for errand, _ in self.suspects)
        self.suspects = []
