"""The library's factory seam: hands its application our recorder; knows no environment."""

from __future__ import annotations

from typing import NoReturn

from eventsourcing.persistence import (
    InfrastructureFactory,
    NotSupportedError,
    TrackingRecorder,
)
from eventsourcing.utils import Environment

from ntm_workflow.store.engine import Database
from ntm_workflow.store.recorder import JournalRecorder


class JournalFactory(InfrastructureFactory[TrackingRecorder]):
    """Makes the one recorder there is; snapshots, tracking and processes are not kept."""

    def __init__(self, env: Environment, database: Database) -> None:
        super().__init__(env)
        self.database = database

    def application_recorder(self) -> JournalRecorder:
        return JournalRecorder(self.database)

    def aggregate_recorder(self, purpose: str = "events") -> JournalRecorder:
        # A snapshot would be a second truth beside facts that may still be back-dated.
        if purpose != "events":
            raise NotSupportedError(f"the journal keeps no {purpose}")
        return self.application_recorder()

    def tracking_recorder(self, tracking_recorder_class: object = None) -> NoReturn:
        raise NotSupportedError("rows are written in the transaction of their facts")

    def process_recorder(self) -> NoReturn:
        raise NotSupportedError("rows are written in the transaction of their facts")
