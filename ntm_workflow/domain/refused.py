"""Refusals: why not, told to whoever asked. Apart from `base.py`, since whatever fails needs no fact."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from ntm_workflow.domain.values import Sentence, Word


class Named(Protocol):
    """Whatever knows names by id; a dict does."""

    def get(self, id: str, default: str, /) -> str: ...


class Refused(Exception):
    """A rule does not allow this. Subclasses carry the user's sentence in both languages.

    `vi` and `en` are one to three lines: the fact, where it stands, the next command.
    """

    exit_code: ClassVar[int] = 1
    vi: ClassVar[str] = "Không được phép."
    en: ClassVar[str] = "Not allowed."

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.say("en"))

    def naming(self, names: Named) -> Refused:
        """The same refusal with place and units by name; the rules themselves know ids only."""
        ids = {key: self.facts.get(key) for key in ("place", "unit", "body")}
        named = {key: names.get(id, id) for key, id in ids.items() if id}
        return type(self)(**{**self.facts, **named}) if named else self

    def say(self, lang: str) -> str:
        """The sentence in `lang` (vi or en), dates as dd/mm/yyyy, money in đồng."""
        return Sentence(lang).format(self.en if lang == "en" else self.vi, **self.facts)

    @property
    def fact(self) -> Word:
        """Its first line alone, for a list that says itself where it is and what to do."""
        return Word(*(self.say(lang).partition("\n")[0] for lang in ("vi", "en")))
