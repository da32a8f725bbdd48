"""The audit trail: one row per fact to find it by, one sentence per event type to read it by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.base import BEGINNING, Fact, Named, Timeline
from ntm_workflow.domain.place import TYPES
from ntm_workflow.domain.values import VIETNAM, Sentence
from ntm_workflow.projections.slices import (
    METADATA,
    BigInt,
    Day,
    Json,
    PlainText,
    View,
    insert_rows,
    stored,
)

FACTS = sa.Table(
    "facts",
    METADATA,
    sa.Column("position", BigInt, primary_key=True, autoincrement=False),
    sa.Column("entry", BigInt, nullable=False),
    sa.Column("subject", PlainText, nullable=False, index=True),
    sa.Column("type", PlainText, nullable=False),
    sa.Column("place", PlainText, index=True),
    sa.Column("effective_on", Day, nullable=False, index=True),
    sa.Column("recorded_on", Day, nullable=False),
    sa.Column("by", PlainText, nullable=False),
    sa.Column("body", PlainText),
    sa.Column("document", PlainText),
    sa.Column("because", BigInt, index=True),
    sa.Column("replaces", BigInt),
    sa.Column("against", Json, nullable=False),
    sa.Column("voided_by", BigInt),
    sa.Index("ix_facts_entry", "entry"),
)

#: Event -> what happened, in Vietnamese and English. `{x:name}` is a place, unit or plan by name.
SENTENCES: dict[str, tuple[str, str]] = {
    "PlaceRegistered": ("đưa địa bàn “{name}” vào sổ", "registered the place “{name}”"),
    "PlaceRenamed": (
        "{self:name}: từ ngày này tên là “{name}”",
        "{self:name} is called “{name}” from this day on",
    ),
    "PlaceRetyped": (
        "{self:name}: từ ngày này là {type:placetype}",
        "{self:name} is a {type:placetype} from this day on",
    ),
    "PlaceMoved": (
        "{self:name}: từ ngày này thuộc {parent:name}",
        "{self:name} belongs to {parent:name} from this day on",
    ),
    "PlaceCodeAssigned": ("{self:name}: mã hành chính {code}", "{self:name}: official code {code}"),
    "PlacesMerged": (
        "{self:name} nhận toàn bộ: {sources:names}; nhận một phần: {parts:names}",
        "{self:name} takes in the whole of: {sources:names}; a part of: {parts:names}",
    ),
    "PlaceMergedInto": (
        "{self:name} nhập vào {into:name}",
        "{self:name} was merged into {into:name}",
    ),
    "PlaceSplit": (
        "{self:name} được chia thành {into:names}",
        "{self:name} was divided into {into:names}",
    ),
    "PlacePartCeded": (
        "một phần {self:name} về {into:names}",
        "a part of {self:name} went to {into:names}",
    ),
    "PlaceLeft": (
        "{self:name} không còn thuộc chương trình",
        "{self:name} left the programme",
    ),
    "PlaceAbolished": ("{self:name} giải thể", "{self:name} was abolished"),
    "UnitRegistered": ("đưa đơn vị “{name}” vào sổ", "registered the unit “{name}”"),
    "UnitContactChanged": (
        "đổi địa chỉ nhận thư của {self:name}",
        "changed where {self:name} receives letters",
    ),
    "UnitRenamed": (
        "{self:name}: từ ngày này tên là “{name}”",
        "{self:name} is called “{name}” from this day on",
    ),
    "UnitAliasesChanged": (
        "{self:name}: tên gọi khác: {aliases}",
        "{self:name} also goes by: {aliases}",
    ),
    "ContactForgotten": (
        "xóa thông tin liên hệ của {self:name}: {reason}",
        "erased contact data of {self:name}: {reason}",
    ),
    "PlanAdopted": ("đưa vào áp dụng “{title}”", "adopted “{title}”"),
    "MoneyRuleAdopted": (
        "đưa vào áp dụng quy tắc {rule[id]} về vốn năm {rule[plan_year]} ({rule[clause]})",
        "adopted rule {rule[id]} on the money of {rule[plan_year]} ({rule[clause]})",
    ),
    "CriteriaOpened": (
        "mở bảng tiêu chí {set} ({version}) của {place:name}",
        "opened the {set} ({version}) criteria of {place:name}",
    ),
    "CriteriaStated": (
        "{plan:name} ({clause}) nêu năm {assessment_year}: đạt {achieved}; chưa đạt {not_achieved}",
        "{plan:name} ({clause}) states for {assessment_year}: met {achieved}; not met {not_achieved}",
    ),
    "CriteriaTargeted": (
        "{plan:name} ({clause}) đặt mục tiêu năm {year}: đạt {achieved}; chưa đạt {not_achieved}",
        "{plan:name} ({clause}) aims in {year} at: met {achieved}; not met {not_achieved}",
    ),
    "CriterionAchieved": (
        "{self:name}: tiêu chí {number} ({set}) đạt, năm đánh giá {assessment_year}",
        "{self:name}: criterion {number} ({set}) achieved, assessment year {assessment_year}",
    ),
    "CriterionLapsed": (
        "{self:name}: tiêu chí {number} ({set}) không còn đạt, năm đánh giá {assessment_year}",
        "{self:name}: criterion {number} ({set}) lapsed, assessment year {assessment_year}",
    ),
    "UnitAssigned": (
        "{self:name}: phụ trách bộ {set}, tiêu chí: {numbers}; lĩnh vực: {fields}",
        "{self:name}: leads {set}, criteria: {numbers}; themes: {fields}",
    ),
    "ObligationAssigned": (
        "{clause} giao {owed_by:name}: {title} ({expression})",
        "{clause} binds {owed_by:name}: {title} ({expression})",
    ),
    "ObligationMet": ("{self:name}: hoàn thành nhiệm vụ", "{self:name}: obligation met"),
    "ObligationMissed": (
        "{self:name}: đến hết ngày {enforce_day} chưa hoàn thành",
        "{self:name}: not done by the end of {enforce_day}",
    ),
    "ObligationWaived": ("{self:name}: được miễn", "{self:name}: waived"),
    "DossierRegistered": (
        "đăng ký hồ sơ {standard} năm {year} của {place:name}",
        "registered the {standard} {year} dossier of {place:name}",
    ),
    "DossierSubmitted": (
        "{from:name} trình hồ sơ lên {to:name}: văn bản ngày {document_on}, gửi {sent_on}, nhận {received_on}",
        "{from:name} submitted the dossier to {to:name}: paper {document_on}, sent {sent_on}, received {received_on}",
    ),
    "FundItemOpened": (
        "mở mục vốn “{item}” tại {place:name}",
        "opened fund item “{item}” in {place:name}",
    ),
    "FundAllocated": (
        "giao {amount:dong} vốn năm {plan_year} cho “{item}”",
        "allocated {amount:dong} of {plan_year} to “{item}”",
    ),
    "FundDisbursed": (
        "giải ngân {amount:dong} cho “{item}”",
        "disbursed {amount:dong} on “{item}”",
    ),
    "ZeroDisbursementFound": (
        "{self:name}: số liệu đến {figures_up_to} chưa giải ngân đồng nào ({clause})",
        "{self:name}: nothing disbursed, figures up to {figures_up_to} ({clause})",
    ),
    "ReallocationCaseOpened": (
        "{self:name}: mở đề nghị điều chuyển ({kind}, {clause}), chờ người có thẩm quyền xem xét",
        "{self:name}: reallocation case opened ({kind}, {clause}) for those who may decide it",
    ),
    "LetterIssued": ("lập thư {kind} gửi {unit:name}", "issued a {kind} letter to {unit:name}"),
    "LetterSent": ("thư {message_id} đã gửi", "letter {message_id} was sent"),
    "DayClosed": (
        "chốt số liệu ngày {day}: {found} việc phát sinh",
        "closed {day}: {found} facts followed",
    ),
    "EntryVoided": ("hủy lần ghi #{entry}: {reason}", "voided entry #{entry}: {reason}"),
}

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


class AuditSentence(Sentence):
    """A sentence in which `{id:name}` is shown by the name its subject goes by."""

    def __init__(self, lang: str, names: Named) -> None:
        super().__init__(lang)
        self.names = names

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "placetype":
            return TYPES[value][1] if value in TYPES else str(value)
        if format_spec == "names":
            return super().format_field([self.names.get(id, id) for id in value], "")
        if format_spec == "name":
            shown = super().format_field(value, "")
            return self.names.get(value, shown) if isinstance(value, str) else shown
        return super().format_field(value, format_spec)


def sentence(fact: Fact, lang: str, names: Named) -> str:
    """Who did what, where, on which paper, when it happened, when and by whom it was recorded."""
    event = fact.event
    fields = {name: getattr(event, attribute) for attribute, name in _fields(type(event))}
    fields |= {"self": fact.subject, "recorded_at": fact.recorded_at}
    if "rule" in fields and isinstance(fields["rule"], msgspec.Struct):
        fields["rule"] = msgspec.structs.asdict(fields["rule"])
    late = _days_late(fact)
    paper, happened, recorded, after = _TAIL[lang]
    template = "".join(
        (
            "{body:name}: " if event.body else "",
            SENTENCES[fact.type][lang == "en"],
            paper if event.document else "",
            "" if event.effective_on == BEGINNING else happened,
            recorded,
            after if late > 0 else "",
        )
    )
    return AuditSentence(lang, names).format(template, late=late, **fields)


def _fields(event: type[Any]) -> list[tuple[str, str]]:
    return [(f.name, f.encode_name) for f in msgspec.structs.fields(event)]


def _days_late(fact: Fact) -> int:
    if fact.recorded_at is None or fact.event.effective_on == BEGINNING:
        return 0
    return (recorded_on(fact) - fact.event.effective_on).days


def recorded_on(fact: Fact) -> date:
    """The calendar day in Vietnam on which the fact was recorded."""
    assert fact.recorded_at is not None, "only recorded facts have a row"
    return fact.recorded_at.astimezone(VIETNAM).date()


class FactWriter:
    """Adds the rows of an entry's facts, and marks the entries it voids."""

    def __init__(self, conn: sa.Connection, views: Mapping[str, View[Any]]) -> None:
        self.conn = conn
        self.views = views
        self.rows: list[tuple[Any, ...]] = []
        self.voids: list[tuple[int, int]] = []

    def add(self, facts: Iterable[Fact], timelines: Mapping[str, Timeline[Any]]) -> None:
        for fact in facts:
            e = fact.event
            place = self._place(timelines[fact.subject])
            values = (
                *(fact.position, fact.entry, fact.subject, fact.type, place, e.effective_on),
                *(recorded_on(fact), e.by, e.body, e.document, e.because, e.replaces, e.against),
            )
            self.rows.append((*map(stored, values), None))
            if fact.type == "EntryVoided":
                self.voids.append((fact.entry, int(fact.subject.partition("/")[2])))

    def flush(self) -> None:
        insert_rows(self.conn, FACTS, self.rows)
        for voided_by, entry in self.voids:
            # The void inside a correction stays in force when the correction is voided.
            counted = sa.and_(FACTS.c.entry == entry, FACTS.c.type != "EntryVoided")
            self.conn.execute(sa.update(FACTS).where(counted).values(voided_by=voided_by))
        self.rows, self.voids = [], []

    def _place(self, timeline: Timeline[Any]) -> str | None:
        kind, _, rest = timeline.id.partition("/")
        if kind == "place":
            return rest
        view = self.views.get(kind)
        return view.place(timeline.now) if view and timeline.now is not None else None


def entries_because_of(conn: sa.Connection, entry: int) -> list[int]:
    """Live entries, other than itself, that were derived from an entry."""
    query = (
        sa.select(FACTS.c.entry)
        .where(FACTS.c.because == entry, FACTS.c.entry != entry, FACTS.c.voided_by.is_(None))
        .distinct()
        .order_by(FACTS.c.entry)
    )
    return list(conn.scalars(query))
