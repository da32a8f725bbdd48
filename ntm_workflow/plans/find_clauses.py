"""What a document leaves blank or open, and where its clauses, papers and offices are at odds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ntm_workflow.domain.abbreviations import SHORT
from ntm_workflow.domain.values import Word, fold
from ntm_workflow.plans.clauses import jumps, order, repeats
from ntm_workflow.plans.coverage import coverage
from ntm_workflow.plans.document import CITING, Document, named
from ntm_workflow.plans.finding import Finding
from ntm_workflow.plans.settings import NAMES

_MISSING = {
    "number": Word("số, ký hiệu", "number"),
    "issued_on": Word("ngày ban hành", "day of issue"),
    "effective_on": Word("ngày hiệu lực", "day it takes effect"),
}


def _head(of: Document) -> Iterator[Finding]:
    if of.pack.partial:
        yield Finding("partial")
    unsaid = {name for name in ("number", "issued_on") if getattr(of.pack, name) is None}
    for name in _MISSING:
        if name in unsaid | {*of.pack.assumed}:
            yield Finding("blank", None, {"missing": _MISSING[name]})
    for name in of.pack.settings.flagged:
        yield Finding("undecided", None, {"setting": NAMES.get(name, name)})


def _clauses(of: Document) -> Iterator[Finding]:
    """Listed clauses that say nothing here, and cited ones that are not listed."""
    listed = {*of.pack.clauses}
    if not listed:
        return
    for row in coverage(of.pack):
        if row.clause in listed and row.state == "silent":
            yield Finding("silent_clause", row.clause)
    cited: dict[str, dict[str, None]] = defaultdict(dict)
    for table in CITING:
        for row in getattr(of.pack, table):
            if row.clause not in listed:
                cited[row.clause][f"[[{table}]]"] = None
    for clause in sorted(cited, key=order):
        yield Finding("clause_unlisted", clause, {"tables": list(cited[clause])})


def _numbering(of: Document) -> Iterator[Finding]:
    for clause, again in repeats(of.pack.clauses):
        yield Finding("numbering_repeats", named((clause, again)), {"clause": clause})
    if not of.pack.partial:
        for before, after in jumps(of.pack.clauses):
            about = {"before": before, "after": after}
            yield Finding("numbering_jumps", f"{before}, {after}", about)


def _unbinding(of: Document) -> Iterator[Finding]:
    rules: dict[str, dict[str, None]] = defaultdict(dict)
    for duty in of.pack.obligations:
        rules[duty.clause][duty.rule] = None
    for row in of.pack.unbinding:
        if row.clause in rules:
            about = {"why": row.why, "rules": list(rules[row.clause])}
            yield Finding("unbinding_binds", row.clause, about)


def _papers(of: Document) -> Iterator[Finding]:
    for reference in of.pack.references:
        if not reference.held:
            facts = {"document": reference.document, "about": reference.about}
            yield Finding("paper_missing", reference.clause, facts)
    for remark in of.pack.remarks:
        about = f"{remark.about} (“{remark.words}”)" if remark.words else remark.about
        yield Finding("remark", remark.clause, {"about": about})


def _names(of: Document) -> Iterator[Finding]:
    """Offices under several names, and names of several offices; short forms are no other names."""
    called: dict[tuple[str | None, str], dict[str, str]] = defaultdict(dict)
    for unit in of.pack.units:
        own = {_long(name): name for name in reversed((unit.name, *unit.aliases))}
        if len(own) > 1:
            yield Finding("several_names", None, {"names": list(own.values())[::-1]})
        for key, name in own.items():
            called[unit.place, key][unit.id] = name
    for units in called.values():
        if len(units) > 1:
            about = {"name": next(iter(units.values())), "units": list(units)}
            yield Finding("one_name_two_units", None, about)


def _long(name: str) -> str:
    return " ".join(fold(SHORT.get(word, word)) for word in fold(name).split())


def _recipients(of: Document) -> Iterator[Finding]:
    """Who has duties and was not sent the plan, where its list of recipients is wholly known."""
    groups = {unit.id for unit in of.pack.units if unit.role == "group"}
    sent = {recipient.unit for recipient in of.pack.recipients}
    if not sent or None in sent or sent & groups:
        return
    owing: dict[str, dict[str, None]] = defaultdict(dict)
    for duty in of.pack.obligations:
        for unit in filter(None, (duty.owed_by, duty.owed_to)):
            if not unit.startswith("@") and unit not in groups:
                owing[unit][duty.clause] = None
    for unit, clauses in owing.items():
        if unit not in sent:
            yield Finding("not_a_recipient", named(clauses), {"unit": of.unit(unit)})


RULES = (_head, _clauses, _numbering, _unbinding, _papers, _names, _recipients)
