"""What every command that tells something of a fund item shares: its option, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ntm_workflow.cli.common import Asked
from ntm_workflow.cli.complete import ITEM
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.office.entry import Entry

one_item = option("--item", type=ITEM, required=True, metavar="I", vi="Mục vốn.", en="The item.")


def told(ask: Asked, verb: str, act: Callable[[Entry], object]) -> None:
    """Run `act` as one entry, and say what was recorded."""
    office = session().office()
    ask.told(f"fund.{verb}", office, office.record(ask.request, act))
