"""Letters in their final words: subject, plain text, HTML, and a short text to paste into a chat.

Knows no address, no header and no rule: who hears what is `ladder.py`, the bytes are `mime.py`.
Templates lie in `templates/`, by language; what an office put in their place is `trusted.py`.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from msgspec.structs import asdict

from ntm_workflow.domain.values import format_date
from ntm_workflow.notifications import view, wording
from ntm_workflow.notifications.context import AlertContext, LetterContext
from ntm_workflow.notifications.mime import one_line
from ntm_workflow.notifications.plain import clean, paragraphs, plain
from ntm_workflow.notifications.shown import Derivation, Group, Letter, Line, Tally, Words

#: A large mail service shows no more than 102 KB of HTML and hides the rest behind a link.
MOST_HTML: Final = 100_000
#: What a message in the chat people use here may hold, in characters.
MOST_CHAT: Final = 2_000
#: The parts every kind of letter says in its own words.
BLOCKS: Final = ("subject", "opening", "closing")
LAYOUTS: Final = ("layout.txt", "layout.html", "zalo.txt")
_FOLDER: Final = Path(__file__).parent / "templates"


class Rendering(msgspec.Struct, frozen=True):
    """A letter in words: the subject on one line, the body as plain text and as HTML."""

    subject: str
    text: str
    html: str


@cache
def bundled() -> dict[str, str]:
    """The templates that come with the program, by name: `vi/digest.txt`."""
    files = (path for end in ("txt", "html") for path in _FOLDER.rglob(f"*.{end}"))
    return {path.relative_to(_FOLDER).as_posix(): path.read_text("utf-8") for path in sorted(files)}


def manual() -> dict[str, str]:
    """The bundled templates to change, and a guide that lists every name they may show."""
    return {"README.md": (_FOLDER / "README.md").read_text("utf-8"), **bundled()}


class Templates:
    """The bundled templates, with `replaced` in place of those of the same name.

    What is not ours runs in a sandbox, which keeps it from everything but the letter; it must have
    been checked before, since a sandbox does not stop what runs for ever.
    """

    def __init__(self, replaced: Mapping[str, str] | None = None) -> None:
        self.sources = {**bundled(), **(replaced or {})}
        kind = _Sandbox if replaced else Environment
        self._environment = kind(
            loader=_Sources(self.sources),
            autoescape=lambda name: name is None or name.endswith(".html"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        self._environment.globals = {"range": safe_range}

    def render(self, context: LetterContext) -> Rendering:
        """A letter without items or of a part its clause does not allow is a ValueError."""
        letter = view.letter(context)
        words = self.words(letter, self.written(letter))
        text = plain(self.filled("layout.txt", letter=letter, words=words))
        return Rendering(words.subject, text, self._html(letter, words))

    def chat(self, context: LetterContext) -> str:
        """A short text of the letter, with as many of its lines as there is room for."""
        letter = view.letter(context)
        words, most = self.words(letter, self.written(letter)), len(letter.lines)

        def with_lines(kept: int) -> str:
            some, left = view.first_lines(letter, kept), most - kept
            return plain_chat(self.filled("zalo.txt", letter=some, words=words, left_out=left))

        fitting = bisect(range(1, most + 1), MOST_CHAT, key=lambda kept: len(with_lines(kept)))
        return with_lines(fitting)[:MOST_CHAT]

    def alert(self, context: AlertContext) -> tuple[str, str]:
        """Subject and body in Vietnamese, and below the same in English."""
        (subject, vi), (_, en) = (
            self.alert_in(f"{lang}/alert.txt", context) for lang in ("vi", "en")
        )
        return subject, f"{vi}\n-- \n\n{en}"

    def alert_in(self, name: str, context: AlertContext) -> tuple[str, str]:
        """Subject and body of an alert by one template, whose first line is the subject."""
        alert = {name: _said(value) for name, value in asdict(context).items()}
        # Every value stands on one line.
        subject, _, body = self.filled(name, alert=alert).partition("\n")
        return subject.strip(), body.strip() + "\n"

    def written(self, letter: Letter) -> dict[str, str]:
        """What the template of the letter's kind says, by block, as it stands."""
        template = self.template(f"{letter.lang}/{letter.kind}.txt")
        said = template.new_context({"letter": letter})
        return {name: "".join(template.blocks[name](said)) for name in BLOCKS}

    def words(self, letter: Letter, written: Mapping[str, str]) -> Words:
        mark = wording.SAMPLE_MARK.fill(letter.lang, {}) if letter.sample else ""
        return Words(
            subject=mark + one_line(written["subject"]),
            opening=paragraphs(written["opening"]),
            closing=paragraphs(written["closing"]),
        )

    def template(self, name: str) -> Template:
        return self._environment.get_template(name)

    def filled(self, name: str, **said: Any) -> str:
        template = self.template(name)
        return "".join(template.root_render_func(template.new_context(said)))

    def _html(self, letter: Letter, words: Words) -> str:
        name = "layout.html"
        html = self.filled(name, letter=letter, words=words)
        if len(html.encode()) > MOST_HTML and letter.derivations:
            short = view.without_derivations(letter)
            return self.filled(name, letter=short, words=words)
        return html


_SHOWN: Final = {
    kind: frozenset(kind.__struct_fields__)
    for kind in (Letter, Group, Line, Derivation, Tally, Words)
}


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, where a power is no number either: one of a few signs keeps a machine busy."""

    intercepted_binops = frozenset({"**"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        # What a letter shows is texts and numbers; asking the sandbox of each takes twice the time.
        if attribute in _SHOWN.get(type(obj), ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError("** is not for letters")


class _Sources(BaseLoader):
    """Templates by name and from nowhere else; the name is what an error calls the file."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, None]:
        if template not in self._sources:
            raise TemplateNotFound(template)
        return self._sources[template], template, None


@cache
def ours() -> Templates:
    """The templates as they come with the program."""
    return Templates()


def render(context: LetterContext) -> Rendering:
    """The letter by the bundled templates; see `Templates.render`."""
    return ours().render(context)


def zalo(context: LetterContext) -> str:
    """The letter as a short text to paste into a chat, by the bundled templates."""
    return ours().chat(context)


def render_alert(context: AlertContext) -> tuple[str, str]:
    """Subject and body of an alert, by the bundled templates."""
    return ours().alert(context)


def plain_chat(text: str) -> str:
    """A chat breaks lines by itself; an empty line costs as much room as a word."""
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def _said(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(map(_said, value))
    return format_date(value) if isinstance(value, date) else value
