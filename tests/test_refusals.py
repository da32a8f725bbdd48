"""Every sentence the program refuses or remembers with: whole, in two languages, and always fillable."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
import string
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent

import ntm_workflow
from ntm_workflow.domain.base import Fact, Refused
from ntm_workflow.domain.subjects import EVENTS
from ntm_workflow.projections.phrasing import SENTENCES
from ntm_workflow.projections.sentences import sentence
from ntm_workflow.store.codec import FactMapper

LANGS = ("vi", "en")
EACH_LANG = pytest.mark.parametrize("lang", LANGS)


def modules() -> list[ModuleType]:
    """Every module of the package but the one that runs it."""
    found = pkgutil.walk_packages(ntm_workflow.__path__, "ntm_workflow.")
    names = [m.name for m in found if not m.name.endswith("__main__")]
    return [importlib.import_module(name) for name in ("ntm_workflow", *names)]


def subclasses(of: type[Refused]) -> Iterator[type[Refused]]:
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


MODULES = modules()
REFUSALS = sorted(
    {kind for kind in subclasses(Refused) if kind.__module__.startswith("ntm_workflow")},
    key=lambda kind: (kind.__module__, kind.__name__),
)
EACH_REFUSAL = pytest.mark.parametrize("refusal", REFUSALS, ids=lambda kind: kind.__qualname__)


def template(refusal: type[Refused], lang: str) -> str:
    return refusal.en if lang == "en" else refusal.vi


def fields(text: str) -> set[tuple[str, str]]:
    """The fields of a sentence, each with how it is shown."""
    parsed = string.Formatter().parse(text)
    return {(name, shown or "") for _, name, shown, _ in parsed if name is not None}


# --- every refusal --------------------------------------------------------------------------------


def test_the_whole_package_is_looked_at() -> None:
    assert {"ntm_workflow.domain.fund", "ntm_workflow.store.engine"} <= {
        module.__name__ for module in MODULES
    }
    assert len(REFUSALS) > 50


@EACH_REFUSAL
def test_a_refusal_has_a_sentence_of_its_own_in_both_languages(refusal: type[Refused]) -> None:
    assert refusal.vi.strip() == refusal.vi
    assert refusal.en.strip() == refusal.en
    assert "" not in {refusal.vi, refusal.en}
    assert refusal.vi != refusal.en
    for lang in LANGS:
        inherited = {
            template(base, lang) for base in refusal.__mro__[1:] if issubclass(base, Refused)
        }
        assert template(refusal, lang) not in inherited


@EACH_REFUSAL
def test_both_languages_tell_the_same_facts_in_the_same_way(refusal: type[Refused]) -> None:
    assert fields(refusal.vi) == fields(refusal.en)
    assert all(name.isidentifier() for name, _ in fields(refusal.vi))


@EACH_LANG
@EACH_REFUSAL
def test_a_refusal_takes_at_most_three_lines(refusal: type[Refused], lang: str) -> None:
    lines = template(refusal, lang).split("\n")
    assert len(lines) <= 3
    assert all(line == line.rstrip() != "" for line in lines)


@EACH_REFUSAL
def test_both_languages_name_the_same_commands(refusal: type[Refused]) -> None:
    def commands(lang: str) -> list[str]:
        words = template(refusal, lang).replace(".", " ").split()
        return [" ".join(words[i : i + 3]) for i, word in enumerate(words) if word == "ntm"]

    assert len(commands("vi")) == len(commands("en"))


@EACH_REFUSAL
def test_a_refusal_ends_the_program_with_a_code_of_the_agreed_ones(refusal: type[Refused]) -> None:
    assert refusal.exit_code in {1, 2, 3, 4}


@EACH_REFUSAL
def test_sentences_are_in_the_one_form_text_is_stored_in(refusal: type[Refused]) -> None:
    for lang in LANGS:
        assert unicodedata.is_normalized("NFC", template(refusal, lang))


# --- filled with what may be said -----------------------------------------------------------------

PLAUSIBLE: tuple[Any, ...] = (
    "Tam Ngọc",
    1_500_000_000,
    0,
    date(2024, 10, 30),
    date.min,
    datetime(2024, 10, 30, 2, tzinfo=UTC),
    ("1", "2", "3"),
    [],
    None,
)
#: Where the sentence says how a field is shown, the values that can be shown so.
NUMBERS = {"dong": (1, 1_500_000_000), "g": (30, 0.5)}


@EACH_LANG
@EACH_REFUSAL
def test_a_refusal_can_be_said_with_any_plausible_facts(refusal: type[Refused], lang: str) -> None:
    asked = fields(refusal.vi)
    for n in range(len(PLAUSIBLE)):
        facts = {
            name: (NUMBERS.get(shown) or PLAUSIBLE)[n % len(NUMBERS.get(shown) or PLAUSIBLE)]
            for name, shown in asked
        }
        said = refusal(**facts).say(lang)
        assert said.count("\n") == template(refusal, lang).count("\n")
        assert not {"None", "datetime"} & set(said.replace("(", " ").split())


@EACH_REFUSAL
def test_a_refusal_that_lacks_a_fact_fails_where_it_is_raised(refusal: type[Refused]) -> None:
    if fields(refusal.vi):
        with pytest.raises(KeyError):
            refusal()
    else:
        assert refusal().say("vi") == refusal.vi


def uses(module: ModuleType) -> Iterator[tuple[type[Refused], set[str] | None, int]]:
    """Where a module makes a refusal by name: the facts it gives, None if they are not written out."""
    tree = ast.parse(inspect.getsource(module))
    called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    for name in (node for node in ast.walk(tree) if isinstance(node, ast.Name)):
        kind = getattr(module, name.id, None)
        if not (isinstance(kind, type) and issubclass(kind, Refused)):
            continue
        if call := called.get(id(name)):
            given = {keyword.arg for keyword in call.keywords}
            said = None if None in given else {arg for arg in given if arg}
            yield kind, said, name.lineno
        elif name in raised:
            yield kind, set(), name.lineno


USES = [(module, *use) for module in MODULES for use in uses(module)]


@pytest.mark.parametrize(
    ("module", "refusal", "said", "line"),
    USES,
    ids=[f"{module.__name__}:{line}-{kind.__name__}" for module, kind, _, line in USES],
)
def test_whoever_refuses_says_every_fact_of_the_sentence(
    module: ModuleType, refusal: type[Refused], said: set[str] | None, line: int
) -> None:
    asked = {name for name, _ in fields(refusal.vi)}
    assert said is None or asked <= said


# --- every fact remembered ------------------------------------------------------------------------

FILE = Path(__file__).with_name("stored_events.jsonl")
RECORDED_AT = datetime(2025, 7, 1, 2, 30, tzinfo=UTC)


def stored_facts() -> list[Fact]:
    mapper = FactMapper(EVENTS)
    with FILE.open(encoding="utf-8") as file:
        parsed = [json.loads(line) for line in file]
    events = [
        mapper.to_domain_event(StoredEvent("x/1", 1, line["topic"], line["state"].encode())).event
        for line in parsed
    ]
    return [Fact("x/1", 1, event, n, n, RECORDED_AT) for n, event in enumerate(events, 1)]


FACTS = stored_facts()
EACH_FACT = pytest.mark.parametrize("fact", FACTS, ids=lambda f: f"{f.position}-{f.type}")


def test_every_event_has_its_sentences_and_no_sentence_lacks_its_event() -> None:
    assert set(SENTENCES) == set(EVENTS)


@pytest.mark.parametrize("type", EVENTS)
def test_the_sentences_of_an_event_tell_the_same_facts_in_both_languages(type: str) -> None:
    vi, en = SENTENCES[type]
    assert "" not in {vi, en}
    assert vi != en
    assert fields(vi) == fields(en)
    assert unicodedata.is_normalized("NFC", vi + en)


@EACH_LANG
@EACH_FACT
def test_every_stored_fact_can_be_told(fact: Fact, lang: str) -> None:
    told = sentence(fact, lang, {})
    assert "01/07/2025 09:30" in told
    assert fact.event.by in told
    assert fact.event.document is None or fact.event.document in told
    assert not set("{}") & set(told)
    assert "None" not in told
    assert "01/01/0001" not in told


@EACH_LANG
@EACH_FACT
def test_a_told_fact_shows_names_for_ids(fact: Fact, lang: str) -> None:
    template = SENTENCES[fact.type][lang == "en"]
    ids = {
        fact.subject if name == "self" else getattr(fact.event, "from_" if name == "from" else name)
        for name, shown in fields(template)
        if shown == "name"
    }
    names = {id: f"‹{n}›" for n, id in enumerate(sorted(ids - {None}))}
    told = sentence(fact, lang, names)
    assert all(name in told for name in names.values())


def test_a_fact_learnt_late_tells_how_late() -> None:
    fact = next(fact for fact in FACTS if fact.type == "FundDisbursed")
    late = (date(2025, 7, 1) - fact.event.effective_on).days
    assert f"sau {late} ngày" in sentence(fact, "vi", {})
    assert f"{late} days later" in sentence(fact, "en", {})


def test_a_fact_of_the_same_day_tells_no_delay() -> None:
    fact = next(fact for fact in FACTS if fact.type == "FundDisbursed")
    at_once = Fact("x/1", 1, fact.event, 1, 1, datetime(2024, 5, 15, 16, 59, tzinfo=UTC))
    assert "sau" not in sentence(at_once, "vi", {})
    # An hour later the day is over in Vietnam, though not in UTC.
    next_day = Fact("x/1", 1, fact.event, 1, 1, datetime(2024, 5, 15, 17, 0, tzinfo=UTC))
    assert sentence(next_day, "vi", {}).endswith("sau 1 ngày")
