"""Posts for the tests: baskets that keep what they are given and answer as they are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ntm_workflow.notifications.post import Outcome, Parcel, Result
from ntm_workflow.notifications.server import Trouble


class Basket:
    """Takes every letter, or answers `outcome` for recipients with `failing` in their address."""

    harmless = True

    def __init__(
        self,
        *,
        failing: str = "",
        outcome: Outcome = Outcome.DEFERRED,
        code: int | None = None,
        status: str | None = None,
    ) -> None:
        self.letters: list[tuple[str, bytes]] = []
        self.offered: list[Parcel] = []
        self.reached: list[str] = []
        self.failing = failing
        self.outcome = outcome
        self.said = (code, status)
        self.stopped = False
        self.trouble: list[Trouble] = []

    def ready(self) -> None:
        pass

    def stop(self) -> None:
        self.stopped = True

    def deliver(self, parcels: Iterable[Parcel]) -> Iterator[Result | None]:
        for parcel in parcels:
            self.offered.append(parcel)
            outcome = self.take(parcel)
            said = (None, None) if outcome is Outcome.ACCEPTED else self.said
            yield Result(parcel.id, outcome, "basket", *said)

    def take(self, parcel: Parcel) -> Outcome:
        if self.failing and self.failing in parcel.recipient:
            return self.outcome
        self.letters.append((parcel.id, parcel.content))
        self.reached.append(parcel.recipient)
        return Outcome.ACCEPTED

    @property
    def contents(self) -> list[bytes]:
        return [content for _, content in self.letters]
