"""The calendar of a store: what the program brought along, and what was announced to the journal since.

Whoever derives a day in a store asks here.
"""

from __future__ import annotations

import sqlalchemy as sa

from ntm_workflow.domain.calendar import VietnamCalendar
from ntm_workflow.office.reading import Reading
from ntm_workflow.plans.calendar import bundled_rules
from ntm_workflow.projections.calendar import VIEW, announced, announced_in


def calendar_of(conn: sa.Connection) -> VietnamCalendar:
    """As it is now, with every entry before the one that is being recorded."""
    return VietnamCalendar((*bundled_rules(), *announced(conn)))


def calendar_for(reading: Reading) -> VietnamCalendar:
    """The same, asked for once by all that one entry derives; `reading` is the entry's."""
    if "calendar" not in reading.kept:
        reading.kept["calendar"] = calendar_of(reading.conn)
    found: VietnamCalendar = reading.kept["calendar"]
    return found


def calendar_at(reading: Reading) -> VietnamCalendar:
    """As it stood on the day looked at, and was known."""
    told = announced_in(reading.conn, VIEW.at(reading.as_of, reading.known))
    brought = (rule for rule in bundled_rules() if rule.announced_on <= reading.as_of)
    return VietnamCalendar((*brought, *told))
