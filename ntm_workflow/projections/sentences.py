"""Facts as sentences, in two languages: who did what, where, on which paper, when.

Knows no table: names come from whoever reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import msgspec

from ntm_workflow.domain.base import BEGINNING, Fact
from ntm_workflow.domain.refused import Named
from ntm_workflow.domain.road import DESKS
from ntm_workflow.domain.values import OPTIONAL, VIETNAM, Sentence, Word, fold, what_is_told
from ntm_workflow.domain.words import in_words
from ntm_workflow.projections.phrasing import SENTENCES

#: What stands between < and > in a sentence, and the fields in it.
_FIELDS = re.compile(r"\{[^{}]*\}")

_TAIL = {
    "vi": (
        " · văn bản: {document}",
        " · xảy ra {effective_on}",
        " · ghi sổ {recorded_at} bởi {by}",
        ", sau {late} ngày",
    ),
    "en": (
        " · paper: {document}",
        " · happened {effective_on}",
        " · recorded {recorded_at} by {by}",
        ", {late} days later",
    ),
}


_NOTE = {"vi": " · ghi chú: {note}", "en": " · remark: {note}"}
#: What a yes or a no says, by the word after the field.
_YES_OR_NO = {
    "holds": {
        True: Word("điều kiện có xảy ra", "its condition holds"),
        False: Word("điều kiện không xảy ra", "its condition does not hold"),
    },
    "striving": {
        True: Word("ghi “phấn đấu” cho", "put down as striven for"),
        False: Word("đăng ký", "registered"),
    },
    "met": {
        True: Word("đạt", "met"),
        False: Word("chưa đạt", "not met"),
    },
    "stands": {
        True: Word("giữ nguyên", "stands"),
        False: Word("rút lại", "is withdrawn"),
    },
    "treasury": {
        True: Word("đối chiếu với Kho bạc số liệu", "reconciled with the treasury the figures"),
        False: Word(
            "đi tiếp khi Kho bạc chưa có số liệu", "went on without the treasury's figures"
        ),
    },
}
_KEPT = Word("giữ nguyên vốn, không điều chuyển", "that the money stays")


class AuditSentence(Sentence):
    """A sentence in which `{id:name}` is shown by the name its subject goes by."""

    def __init__(self, lang: str, names: Named) -> None:
        super().__init__(lang)
        self.names = names

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "word" and isinstance(value, str):
            return super().format_field(in_words(value), "")
        if format_spec == "type" and isinstance(value, str):
            return in_short(value, self.lang)
        if format_spec == "figures":
            told = (self.format("{0} {1:dong} ({2})", f.title, f.amount, f.clause) for f in value)
            return "; ".join(told)
        if format_spec == "if":
            return ""
        if format_spec == "done":
            done, not_yet = (
                Word("hoàn thành ngày {}", "done on {}"),
                Word("chưa hoàn thành", "not done"),
            )
            return self.format((done if value else not_yet)[self.lang == "en"], value)
        if format_spec == "consequences":
            told = (self.format("{0.what:word} ({0.clause})", each) for each in value)
            return "; ".join(told)
        if format_spec == "rules":
            said = (self.format("{0} {1} ({2})", r.id, str(r.plan_year), r.clause) for r in value)
            return "; ".join(said) or "–"
        if format_spec == "checks":
            return "; ".join(self.format("{0} ({1})", c.id, c.clause) for c in value)
        if format_spec in ("dossier", "standard"):
            return self._pursued(value, format_spec)
        if format_spec == "desks":
            desks = [value] if isinstance(value, str) else value
            return " → ".join(super(AuditSentence, self).format_field(DESKS.get(d, d), "") for d in desks)  # fmt: skip
        if format_spec == "files":
            return ", ".join(each.name for each in value)
        if format_spec == "edition":
            return f"{value.name} ({value.set} {value.version}; {value.decision})"
        if format_spec == "moved":
            moved = Word("điều chuyển {:dong}", "to move {:dong}")[self.lang == "en"]
            return self.format(moved, value) if value else super().format_field(_KEPT, "")
        if format_spec in _YES_OR_NO:
            return super().format_field(_YES_OR_NO[format_spec][value], "")
        if format_spec == "names":
            return super().format_field([self.names.get(id, id) for id in value], "")
        if format_spec == "name":
            shown = super().format_field(value, "")
            return self.names.get(value, shown) if isinstance(value, str) else shown
        return super().format_field(value, format_spec)

    def _pursued(self, subject: str, format_spec: str) -> str:
        """What the subject of a dossier or recognition is about: xã NTM nâng cao 2024 của xã Tam Ngọc."""
        _, place, standard, *year = [*subject.split("/"), "", ""]
        named = super().format_field(in_words(standard), "")
        if format_spec == "standard":
            return named
        of = {"vi": "{} {} của {}", "en": "{} {} of {}"}[self.lang]
        return of.format(named, "".join(year), self.names.get(place, place))


def sentence(fact: Fact, lang: str, names: Named) -> str:
    """Who did what, where, on which paper, when it happened, when and by whom it was recorded."""
    late = _days_late(fact)
    _, _, recorded, after = _TAIL[lang]
    return _filled(fact, lang, names, recorded + (after if late > 0 else ""), late=late)


def gist(fact: Fact, lang: str, names: Named) -> str:
    """What a fact would tell that is not recorded yet: what, and of which day."""
    return _filled(fact, lang, names, "", paper="")


def _filled(
    fact: Fact, lang: str, names: Named, tail: str, paper: str | None = None, **more: Any
) -> str:
    event = fact.event
    fields = {name: getattr(event, attribute) for attribute, name in _fields(type(event))}
    # A sentence that gives a name must not call its subject by it: there the id stands.
    fields |= {"self_id": fact.subject.partition("/")[2]}
    fields |= {"self": fact.subject, "recorded_at": fact.recorded_at, **more}
    fields |= {name: _both(fields, name) for name in fields if f"{name}_en" in fields}
    if "rule" in fields and isinstance(fields["rule"], msgspec.Struct):
        fields["rule"] = msgspec.structs.asdict(fields["rule"])
    on_paper, happened, *_ = _TAIL[lang]
    template = "".join(
        (
            "{body:name}: " if event.body else "",
            what_is_told(SENTENCES[fact.type][lang == "en"], fields),
            (on_paper if paper is None else paper) if event.document else "",
            _NOTE[lang] if event.note and paper is None else "",
            "" if event.effective_on == BEGINNING else happened,
            tail,
        )
    )
    return AuditSentence(lang, names).format(template, **fields)


def _both(fields: Mapping[str, Any], name: str) -> Word:
    """A text kept in both languages; one that was told in Vietnamese only stays so."""
    return Word(fields[name], fields[f"{name}_en"] or fields[name])


def in_short(type: str, lang: str) -> str:
    """What facts of a type tell, without what each of them says: “giải ngân … cho “…””."""
    template = OPTIONAL.sub("", SENTENCES[type][lang == "en"]) if type in SENTENCES else type
    bare = re.sub(r"^…:\s*| \([^)]*\)", "", _FIELDS.sub("…", template))
    return re.split(r"[:;,]", bare)[0].strip().removesuffix(" #…")


def matching(typed: str) -> list[str]:
    """The event types whose sentence begins with these words, or else has them."""
    said = {type: fold(_FIELDS.sub(" ", vi)) for type, (vi, _) in SENTENCES.items()}
    words = fold(typed)
    begin = [type for type, text in said.items() if text.startswith(words)]
    return begin or [type for type, text in said.items() if words in text]


def _fields(event: type[Any]) -> Iterable[tuple[str, str]]:
    """Attribute and name of each. `msgspec.structs.fields` would evaluate annotations each time."""
    return zip(event.__struct_fields__, event.__struct_encode_fields__, strict=True)


def _days_late(fact: Fact) -> int:
    if fact.recorded_at is None or fact.event.effective_on == BEGINNING:
        return 0
    return (recorded_on(fact) - fact.event.effective_on).days


def recorded_on(fact: Fact) -> date:
    """The calendar day in Vietnam on which the fact was recorded."""
    assert fact.recorded_at is not None, "only recorded facts have a row"
    return _in_vietnam(fact.recorded_at)


@lru_cache(maxsize=4096)
def _in_vietnam(moment: datetime) -> date:
    """The facts of an entry were all recorded at one moment."""
    return moment.astimezone(VIETNAM).date()
