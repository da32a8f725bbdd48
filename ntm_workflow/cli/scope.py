"""`--within`: the option by which a list is narrowed to a place and what lies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ntm_workflow.cli.complete import PLACE
from ntm_workflow.cli.session import option

if TYPE_CHECKING:
    from ntm_workflow.office.reading import Reading

in_place: Final = option(
    "--within", type=PLACE, metavar="P", vi="Chỉ trong địa bàn này.", en="Only inside this place."
)


def narrowed(reading: Reading, within: str | None) -> set[str] | None:
    """The ids of the place named and of all in it; None where no place was."""
    from ntm_workflow.office.names import find_place

    return None if within is None else reading.within(find_place(reading, within))
