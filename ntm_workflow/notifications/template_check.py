"""Whether templates make sound letters: each is tried with every kind of letter there is.

This runs what an office wrote, which may never end: `template_child.py` does it with little time and
memory. Knows no folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, Final

from jinja2 import (
    Environment,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
    meta,
    nodes,
)

from ntm_workflow.notifications import template_samples as samples
from ntm_workflow.notifications import view, wording
from ntm_workflow.notifications.context import KINDS, LANGS, AlertContext, LetterContext
from ntm_workflow.notifications.letters import (
    BLOCKS,
    LAYOUTS,
    MOST_CHAT,
    Templates,
    bundled,
    plain_chat,
)
from ntm_workflow.notifications.plain import plain
from ntm_workflow.notifications.shown import Letter, Words
from ntm_workflow.notifications.template_faults import Fault
from ntm_workflow.notifications.template_page import Page

#: Characters of a letter with sixty duties; a sound one has a third of it.
MOST_CHARACTERS: Final = 300_000
MOST_SUBJECT: Final = 150

#: The name in what Jinja says of one that is not there.
_UNKNOWN: Final = re.compile(r"'([^']+)'(?: is undefined)?$")

#: What Jinja says of the mistakes most made, and the codes under which they are told.
_SYNTAX: Final = {
    "unknown_tag": re.compile(r"Encountered unknown tag '([^']+)'"),
    "left_open": re.compile(r"Unexpected end of template\..* to be closed is '([^']+)'"),
    "unknown_filter": re.compile(r"No filter named '([^']+)'"),
    "twice": re.compile(r"block '([^']+)' defined twice"),
}

#: Told which template is being tried, for whoever must end it.
Progress = Callable[[str], None]
#: What stands around each trial; a limit of time, where there is one.
Within = Callable[[], AbstractContextManager[None]]


class RanAway(Exception):
    """A template took longer than any sound one."""


def check(
    replaced: Mapping[str, str],
    progress: Progress = lambda name: None,
    within: Within = nullcontext,
) -> list[Fault]:
    """What is wrong with the templates once `replaced` stand in place of ours; all of it at once."""
    trial = _Trial(replaced, progress, within)
    trial.read()
    for context in samples.contexts():
        trial.letter(context)
    for alert in samples.alerts():
        trial.alert(alert)
    return sorted(trial.faults)


class _Trial:
    """Tries every letter, and leaves alone what already failed to end."""

    def __init__(self, replaced: Mapping[str, str], progress: Progress, within: Within) -> None:
        self.replaced = replaced
        self.templates = Templates(replaced)
        self.progress, self.within = progress, within
        self.faults: set[Fault] = set()
        self.given_up: set[str] = set()

    def read(self) -> None:
        """Templates that cannot be read, letters that lack a part, files nobody asks for."""
        for name in self.replaced:
            template = self._made(name, partial(self.templates.template, name))
            lacking = set(BLOCKS) - template.blocks.keys() if template else set()
            if template is None or (lacking and _kind(name) in KINDS):
                # It would fail again in every letter.
                self.given_up.add(name)
            if _kind(name) in KINDS:
                self.faults |= {Fault.of(name, "missing_block", name=each) for each in lacking}
                self.faults |= {Fault.of(name, "outside", n) for n in _outside(self.replaced[name])}
        used = {name for text in self.replaced.values() for name in _referenced(text)}
        for name in self.replaced.keys() - bundled().keys() - used:
            beside = (each for each in bundled() if _folder(each) == _folder(name))
            self.faults.add(Fault.of(name, "unknown_file", known=", ".join(beside)))

    def letter(self, context: LetterContext) -> None:
        letter = view.letter(context)
        kind = f"{letter.lang}/{letter.kind}.txt"
        look = _Look(self, context, letter)
        written = self._made(kind, partial(self.templates.written, letter))
        if written is None:
            return
        words = self.templates.words(letter, written)
        look.subject(kind, written["subject"], words)
        said: dict[str, Any] = {"letter": letter, "words": words}
        for name in LAYOUTS:
            extra = {"left_out": 0} if name == "zalo.txt" else {}
            made = self._made(name, partial(self.templates.filled, name, **said, **extra))
            if made is not None:
                look.layout(name, made)
        self._without_lines(letter, words)

    def alert(self, alert: AlertContext) -> None:
        for lang in LANGS:
            name = f"{lang}/alert.txt"
            said = self._made(name, partial(self.templates.alert_in, name, alert))
            if said is not None and not said[0]:
                self.faults.add(Fault.of(name, "empty_subject"))

    def _without_lines(self, letter: Letter, words: Words) -> None:
        """The chat text with every line left out must still fit."""
        said = {"letter": view.first_lines(letter, 0), "words": words, "left_out": 1}
        made = self._made("zalo.txt", partial(self.templates.filled, "zalo.txt", **said))
        found = len(plain_chat(made)) if made else 0
        if found > MOST_CHAT:
            self.faults.add(Fault.of("zalo.txt", "chat_long", found=found, most=MOST_CHAT))

    def _made(self, name: str, make: Callable[[], Any]) -> Any:
        """What a template makes; None, and a fault, where it makes nothing."""
        if name in self.given_up:
            return None
        self.progress(name)
        try:
            with self.within():
                return make()
        except Exception as error:
            self.faults.add(_failed(error, name))
            if isinstance(error, RanAway | MemoryError):
                self.given_up.add(name)
            return None


class _Look:
    """Looks at one letter as templates made it."""

    def __init__(self, trial: _Trial, context: LetterContext, letter: Letter) -> None:
        self.trial, self.of, self.lang = trial, letter, letter.lang
        self.tame = samples.tame(context)
        self.calm = all(item.strength != wording.MUST for item in context.items)

    def subject(self, kind: str, written: str, words: Words) -> None:
        if not written.strip():
            self._fault(kind, "empty_subject")
        if "\n" in written.strip():
            self._fault(kind, "subject_lines")
        if len(words.subject) > MOST_SUBJECT:
            self._fault(kind, "long_subject", found=len(words.subject), most=MOST_SUBJECT)
        self._tone(kind, " ".join((words.subject, *words.opening, *words.closing)))

    def layout(self, name: str, made: str) -> None:
        if len(made) > MOST_CHARACTERS:
            self._fault(name, "too_long", most=MOST_CHARACTERS)
            return
        shown = self._page(name, Page(made)) if name.endswith(".html") else plain(made)
        self._shows(name, " ".join(shown.split()))
        self._tone(name, shown)

    def _shows(self, name: str, shown: str) -> None:
        if not shown:
            self._fault(name, "no_text")
            return
        chat = name == "zalo.txt"
        if any(" ".join(title.split()) not in shown for title in self._titles(chat)):
            self._fault(name, "no_title")
        if self.of.notice not in shown:
            self._fault(name, "no_notice", text=self.of.notice)
        if self.of.sample not in shown and not chat:
            self._fault(name, "no_sample", text=self.of.sample)
        if self.of.upward and wording.REPORTING[self.lang] not in shown.lower():
            self._fault(name, "no_report")

    def _titles(self, chat: bool) -> list[str]:
        return [line.short if chat else line.title for line in self.of.lines]

    def _tone(self, name: str, said: str) -> None:
        if not self.tame:
            return
        if word := wording.never_said(said, self.lang):
            self._word(name, "never", word)
        if self.calm and (word := wording.said_of_must_alone(said, self.lang)):
            self._word(name, "only_must", word)

    def _page(self, name: str, page: Page) -> str:
        if self.tame:
            for what in page.foreign:
                self._fault(name, "foreign", self._line(name, what), what=what)
            for tag in page.open[-1:]:
                self._fault(name, "unclosed", tag=tag)
        if samples.FORGED in page.tags or samples.FORGED in page.keys:
            self._fault(name, "unescaped")
        return page.text

    def _word(self, name: str, code: str, word: str) -> None:
        """A word is told at the template it stands in, which may be another than made the text."""
        own = (name, f"{self.lang}/{self.of.kind}.txt", f"{self.lang}/labels.txt")
        for place in (*own, *self.trial.replaced):
            if line := self._line(place, word):
                self._fault(place, code, line, word=word)
                return
        self._fault(name, code, word=word)

    def _line(self, name: str, words: str) -> int:
        source = self.trial.replaced.get(name, "").lower()
        at = source.find(words.lower())
        return source.count("\n", 0, at) + 1 if at >= 0 else 0

    def _fault(self, name: str, code: str, line: int = 0, **facts: object) -> None:
        self.trial.faults.add(Fault.of(name, code, line, **facts))


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _kind(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".txt")


def _outside(text: str) -> Iterator[int]:
    """The lines of text that no part of a letter holds: of these templates only the parts are used."""
    try:
        body = Environment().parse(text).body
    except (TemplateError, RecursionError):
        return
    for node in (node for each in body for node in _printed(each)):
        text = node.data if isinstance(node, nodes.TemplateData) else "x"
        if text.strip():
            yield node.lineno + text[: -len(text.lstrip())].count("\n")


def _printed(node: nodes.Node) -> Iterator[nodes.Node]:
    """What a node prints by itself, its own blocks left out."""
    if isinstance(node, nodes.Output):
        yield from node.nodes
    elif not isinstance(node, nodes.Block):
        for child in node.iter_child_nodes():
            yield from _printed(child)


def _referenced(text: str) -> Iterator[str]:
    try:
        yield from filter(None, meta.find_referenced_templates(Environment().parse(text)))
    except (TemplateError, RecursionError):
        return


def _failed(error: Exception, name: str) -> Fault:
    """Why a template made nothing, at the line it failed on."""
    file, line = _place(error, name)
    if isinstance(error, RanAway | RecursionError):
        return Fault.of(file, "endless", line)
    if isinstance(error, MemoryError):
        return Fault.of(file, "memory", line)
    why = str(error).partition("\n")[0][:300] or type(error).__name__
    if isinstance(error, TemplateSyntaxError):
        return _misspelt(file, line, why)
    code = "unknown_name" if isinstance(error, UndefinedError) else "error"
    name_found = _UNKNOWN.search(why) if code == "unknown_name" else None
    return Fault.of(file, code, line, why=name_found[1] if name_found else why)


def _misspelt(file: str, line: int, why: str) -> Fault:
    for code, words in _SYNTAX.items():
        if said := words.match(why):
            return Fault.of(file, code, line, name=said[1])
    return Fault.of(file, "syntax", line, why=why)


def _place(error: Exception, name: str) -> tuple[str, int]:
    if isinstance(error, TemplateSyntaxError):
        return error.name or name, error.lineno
    found, trace = (name, 0), error.__traceback__
    while trace:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            found = template.name, template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return found
