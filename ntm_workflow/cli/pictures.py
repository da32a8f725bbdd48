"""`--svg` and `--png`: the files a command draws its rows into, the very same picture in both."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ntm_workflow.cli.answers import phrase, say
from ntm_workflow.cli.params import PNG, SVG
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.office.reading import Reading


#: More rows than this are no picture.
MOST: Final = 1000


@dataclass(frozen=True)
class Pictures:
    """Where the picture is to be written; nowhere, where nobody asked."""

    svg: Path | None
    png: Path | None

    @property
    def asked(self) -> bool:
        return bool(self.svg or self.png)

    def write(self, picture: str) -> None:
        """The picture into each file asked for; none is written unless all can be drawn."""
        from ntm_workflow.cli.files import whole

        drawn = [(self.svg, picture.encode())] if self.svg else []
        if self.png:
            from ntm_workflow.cli.png import png

            drawn.append((self.png, png(picture)))
        with ExitStack() as both:
            # All of them or none.
            for file, content in drawn:
                both.enter_context(whole(file)).write(content)
        for file, _ in drawn:
            say("Đã ghi: {file}", "Written: {file}", file=str(file))


def pictures(vi: str, en: str) -> Callable[[Any], Any]:
    """The options of a reading command that can be drawn; stands above `reads`, and hands on `pictures`.

    `vi` and `en` say what is drawn: “biểu đồ cột”, “a bar chart”.
    """

    def add(function: Any) -> Any:
        @functools.wraps(function)
        def command(*, svg: Path | None, png: Path | None, **said: Any) -> Any:
            asked = Pictures(svg, png)
            if asked.asked and any(said[form] for form in ("as_json", "as_csv", "as_xlsx")):
                raise click.UsageError(phrase("--svg, --png không đi với --json, --csv, --xlsx.", "--svg and --png go without --json, --csv and --xlsx."))  # fmt: skip
            return function(pictures=asked, **said)

        for each in (
            option("--png", type=PNG, metavar="FILE", vi=f"Ghi {vi} vào tệp PNG.", en=f"Write {en} to a PNG file."),
            option("--svg", type=SVG, metavar="FILE", vi=f"Ghi {vi} vào tệp SVG.", en=f"Write {en} to an SVG file."),
        ):  # fmt: skip
            command = each(command)
        return command

    return add


def as_known(reading: Reading) -> str:
    """The line under a title that says which look at the journal was drawn, and whether it is a rehearsal's."""
    line = phrase(
        "Tình trạng cuối ngày {day}, theo sổ đến vị trí {n}.",
        "As of the end of {day}, journal up to position {n}.",
        day=reading.as_of,
        n=reading.known,
    )
    if session().office().info.rehearsal:
        line += phrase(" TỔNG DƯỢT, ngày giả lập.", " A REHEARSAL, its days simulated.")
    return line


def titled(title: str, *narrowed: str | None) -> str:
    """A title with what the rows were narrowed to, where they were."""
    said = ", ".join(each for each in narrowed if each)
    return f"{title} – {said}" if said else title


def must_fit(rows: int, options: str) -> None:
    """Refuses a picture of more rows than anybody reads, naming the `options` that narrow it."""
    if rows > MOST:
        text = phrase("Biểu đồ có {n} dòng, nhiều nhất {most}; thu hẹp bằng {options}.", "The chart has {n} rows, and {most} at most; narrow it with {options}.", n=rows, most=MOST, options=options)  # fmt: skip
        raise click.UsageError(text)
