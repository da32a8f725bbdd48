"""How the commands about dossiers name one: the place, the standard, the assessment year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ntm_workflow.cli.common import Asked
from ntm_workflow.cli.complete import PLACE
from ntm_workflow.cli.params import YEAR
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.office.dossier import Which


def of_dossier(function: Any) -> Any:
    for add in (
        option("--year", type=YEAR, required=True, metavar="Y", vi="Năm đánh giá.", en="Assessment year."),
        option("--standard", required=True, metavar="S", vi="xa-ntm, xa-nang-cao, xa-kieu-mau, thon-kieu-mau, …", en="xa-ntm, xa-nang-cao, xa-kieu-mau, thon-kieu-mau, …"),
        option("--place", required=True, type=PLACE, metavar="P", vi="Địa bàn.", en="The place."),
    ):  # fmt: skip
        function = add(function)
    return function


def found(ask: Asked, said: dict[str, Any], *, new: bool = False) -> Which:
    """The dossier named, on the day spoken of; refuses one there is not, unless it is to be new."""
    from ntm_workflow.office.dossier import Which, must_exist
    from ntm_workflow.office.names import find_place

    office = session().office()
    with office.reading(ask.request.on) as then:
        which = Which(find_place(then, said["place"]), said["standard"], said["year"])
    if not new:
        with office.reading() as reading:
            must_exist(reading, which.place, which.standard, which.year)
    return which
