"""How a duty is typed that a letter or a meeting's conclusion gives: the options, and what they come to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ntm_workflow.cli.complete import PLACE, UNIT
from ntm_workflow.cli.session import option

if TYPE_CHECKING:
    from ntm_workflow.office.obligation import Letter
    from ntm_workflow.office.reading import Reading


def gives(function: Any) -> Any:
    """The options that say what is owed, by whom, by when."""
    for add in (
        option("--strength", default="must", show_default=True, metavar="S", vi="Mức độ: must, strive, requested, …", en="must, strive, requested, …"),
        option("--place", type=PLACE, metavar="P", vi="Địa bàn (mặc định của đơn vị chủ trì).", en="The place (default: that of the unit)."),
        option("--from-unit", type=UNIT, metavar="U", vi="Đơn vị giao và nhận kết quả.", en="The unit that gives it and receives the result."),
        option("--advised-by", multiple=True, type=UNIT, metavar="U", vi="Đơn vị tham mưu.", en="A unit that advises."),
        option("--with", "with_", multiple=True, type=UNIT, metavar="U", vi="Đơn vị phối hợp.", en="A unit that joins."),
        option("--clause", metavar="T", vi="Mục, điểm trong văn bản.", en="The passage of the letter."),
        option("--title", metavar="T", vi="Nội dung nhiệm vụ.", en="What is to be done."),
        option("--to", required=True, type=UNIT, metavar="U", vi="Đơn vị chủ trì.", en="The unit that owes it."),
        option("--phrase", required=True, metavar="T", vi="Câu chữ về thời hạn.", en="The words that set the deadline."),
    ):  # fmt: skip
        function = add(function)
    return function


def letter_of(reading: Reading, on: date | None, *, phrase: str, to: str, **said: Any) -> Letter:
    """The duty with its units and place found; a year its words leave out is that of the paper's day."""
    from ntm_workflow.domain.inputs import tidy
    from ntm_workflow.office.names import find_place, find_unit
    from ntm_workflow.office.obligation import Letter

    owed_by = find_unit(reading, to)
    place = said["place"] and find_place(reading, said["place"])
    return Letter(
        phrase=phrase,
        to=owed_by,
        title=said["title"] and tidy(said["title"]),
        clause=said["clause"] and tidy(said["clause"]),
        with_=tuple(find_unit(reading, each) for each in said["with_"]),
        advised_by=tuple(find_unit(reading, each) for each in said["advised_by"]),
        from_unit=said["from_unit"] and find_unit(reading, said["from_unit"]),
        place=place or reading.units[owed_by].place,
        strength=said["strength"],
        year=on.year if on else None,
    )
