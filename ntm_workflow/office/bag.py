"""What a run of the relay takes along: whose name letters leave in, where they go, and until when."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ntm_workflow.domain.schedule import Hours
from ntm_workflow.office import Clock, Office
from ntm_workflow.office.alarm import KIND as ALERT
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.style import OURS, Style

#: How long an envelope is its relay's alone: longer than a server may take for one letter (ten
#: minutes for the last answer, RFC 5321 §4.5.3.2.6, and what comes before), and no longer than a
#: letter may wait whose relay was killed.
CLAIM: Final = timedelta(minutes=20)

#: A name, the id under which the journal knows the address, and the address.
To = tuple[str, str, str]
#: Where the letters of a unit go; None while it has no address.
Addressed = Callable[[Reading, str], "To | None"]


@dataclass(frozen=True)
class Sender:
    """Whose letters they are; bounces come to a variant of `bounce_to` for each (VERP)."""

    name: str
    address: str
    bounce_to: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


#: The sender of letters while nobody has set up a mail server: a reserved domain.
NOBODY: Final = Sender("Sổ theo dõi nông thôn mới", "ntm@example.com", "ntm@example.com")


@dataclass(frozen=True)
class Bag:
    """What a run of the relay takes with it: `desks` are the addresses the settings give by role.

    `kinds` are the letters it takes; all, unless told. `addressed` says where they go in place of the
    units' contacts. Outside `hours` only alerts leave. `clock` tells how long envelopes wait, where the
    office's stands still.
    """

    desks: Mapping[str, str] = field(default_factory=dict)
    kinds: Collection[str] | None = None
    addressed: Addressed | None = None
    sender: Sender = NOBODY
    style: Style = OURS
    hours: Hours | None = None
    clock: Clock | None = None
    claim: timedelta = CLAIM
    going_on: Callable[[], bool] = lambda: True

    def now(self, office: Office) -> datetime:
        """The time by which envelopes wait and claims end."""
        return (self.clock or office.clock).now()

    @property
    def any_clock(self) -> bool:
        """Alerts leave while the clock is in doubt: they are about it."""
        return self.kinds is not None and set(self.kinds) <= {ALERT}


ALL: Final = Bag()
