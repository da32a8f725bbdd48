"""Offices for the tests: a clock that is told the time, and the verbs in one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any

from begun import begin

from ntm_workflow.domain.dossier_events import DossierVerified
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.office import Office, Receipt, adoption, closing, dossier, fund, voiding
from ntm_workflow.office.entry import Entry, Request
from ntm_workflow.office.names import find_place
from ntm_workflow.office.reading import bare
from ntm_workflow.plans.pack import load
from ntm_workflow.store.engine import Database

NOW = datetime(2024, 11, 5, 2, tzinfo=UTC)


class ToldClock:
    """A clock that stands where it was put."""

    def __init__(self, now: datetime = NOW) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at

    def go(self, day: str) -> None:
        self.at = datetime.combine(read_date(day), time(2), UTC)


@contextmanager
def closing_store(desk: Desk) -> Iterator[Desk]:
    try:
        yield desk
    finally:
        desk.close_store()


def adopted(
    store: str, *plans: str, day: str = "05/11/2024", within: str | None = "Tam Kỳ"
) -> Desk:
    """The desk of a new store that has taken these plans on."""

    def taken_on(new: str) -> None:
        with closing_store(Desk(new, day).init()) as desk:
            desk.adopt(*plans, within=within)

    begin(store, taken_on, "adopted", plans, day, within)
    return Desk(store, day)


class Desk:
    """An office and somebody at its keyboard."""

    def __init__(self, store: str, day: str = "05/11/2024") -> None:
        self.database = Database(store)
        self.clock = ToldClock()
        self.clock.go(day)
        self.office = Office(self.database, self.clock)

    def init(self) -> Desk:
        Office.create(self.database, rehearsal=True)
        return self

    def close_store(self) -> None:
        self.database.close()

    def go(self, day: str) -> Desk:
        self.clock.go(day)
        return self

    def record(
        self, verb: Callable[[Entry], object], on: str | None = None, **said: Any
    ) -> Receipt:
        request = Request(by="test", on=read_date(on) if on else None, **said)
        return self.office.record(request, verb)

    def adopt(self, *plans: str, within: str | None = "Tam Kỳ") -> Desk:
        for plan in plans:
            self.record(lambda entry, plan=plan: adoption.adopt(entry, load(plan), within))  # type: ignore[misc]
        return self

    def allocate(self, item: str, amount: int, place: str = "Tam Ngọc", **more: Any) -> Receipt:
        on = more.pop("on", "20/2/2024")
        said = {"year": 2024, "source": "provincial", "kind": "investment", **more}
        with self.office.reading() as reading:
            given = fund.Allocation(
                item=item, place=find_place(reading, place), amount=amount, **said
            )
            return self.record(lambda entry: fund.allocate(entry, given), on)

    def disburse(self, item: str, amount: int, on: str, **said: Any) -> Receipt:
        return self.record(lambda entry: fund.disburse(entry, item, amount, None), on, **said)

    def submit(self, place: str, on: str, to: str = "district", **dates: str) -> Receipt:
        days = {name: read_date(text) for name, text in dates.items()}
        with self.office.reading() as reading:
            which = dossier.Which(find_place(reading, place), "xa-nang-cao", 2024)
        handed = dossier.HandUp(to_level=to, **days)
        return self.record(lambda entry: dossier.submit(entry, which, handed), on)

    def verify(self, place: str, on: str) -> Receipt:
        with self.office.reading() as reading:
            which = dossier.Which(find_place(reading, place), "xa-nang-cao", 2024)
        return self.record(lambda entry: dossier.step(entry, which, DossierVerified), on)

    def close(self, until: str) -> closing.Closed:
        return closing.close(self.office, read_date(until), Request(by="test"))

    def void(self, number: int, *, with_dependents: bool = False) -> Receipt:
        return self.record(
            lambda entry: voiding.void(entry, number, "thử", with_dependents=with_dependents),
            document="BB 01",
        )

    def correct(self, number: int, on: str | None = None, **fields: str) -> Receipt:
        day = read_date(on) if on else None
        return self.record(
            lambda entry: voiding.correct(
                entry, number, "thử", voiding.Change(on=day, fields=fields)
            )
        )

    def rows(
        self, kind: str, as_of: date | None = None, known_at: Any = None
    ) -> dict[str, dict[str, Any]]:
        """What the tables say, without where each slice stands."""
        frame = {"id", "known_from", "known_to", "valid_from", "valid_to"}
        with self.office.reading(as_of, known_at) as reading:
            return {
                bare(row.id): {k: v for k, v in row.as_dict().items() if k not in frame}
                for row in reading.rows(kind)
            }

    def all_rows(self, **times: Any) -> dict[str, Any]:
        from ntm_workflow.projections import VIEWS

        return {kind: self.rows(kind, **times) for kind in VIEWS if kind != "closing"}

    def rebuilt_equal(self) -> bool:
        return self.office.rebuild(check_only=True).equal
