"""One sentence per event type, in two languages: who did what, where, on which paper, when.

Knows no table: names come from whoever reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from ntm_workflow.domain.base import BEGINNING, Fact
from ntm_workflow.domain.refused import Named
from ntm_workflow.domain.values import VIETNAM, Sentence, Word, fold
from ntm_workflow.domain.words import in_words

#: Event -> what happened, in Vietnamese and English. `{x:name}` is a place, unit or plan by name,
#: `{x:word}` a code in words; `<, tại {x}>` is left out where there is no x.
SENTENCES: dict[str, tuple[str, str]] = {
    "PlaceRegistered": (
        "đưa địa bàn “{type:word} {name}” vào sổ< (mã {code})>",
        "registered the place “{name}” ({type:word})<, code {code}>",
    ),
    "PlaceRenamed": (
        "địa bàn {self_id} từ ngày này tên là “{name}”",
        "the place {self_id} is called “{name}” from this day on",
    ),
    "PlaceRetyped": (
        "{self:name}: từ ngày này là {type:word}",
        "{self:name} is a {type:word} from this day on",
    ),
    "PlaceMoved": (
        "{self:name}: từ ngày này thuộc {parent:name}",
        "{self:name} belongs to {parent:name} from this day on",
    ),
    "PlaceCodeAssigned": ("{self:name}: mã hành chính {code}", "{self:name}: official code {code}"),
    "PlacesMerged": (
        "{self:name} nhận sáp nhập<: toàn bộ {sources:names}><; một phần {parts:names}>",
        "{self:name} takes in<: the whole of {sources:names}><; a part of {parts:names}>",
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
    "UnitAssigned": (
        "{self:name} phụ trách bộ tiêu chí {set:word}<, tiêu chí {numbers}><, lĩnh vực {fields}><, theo {clause}>",
        "{self:name} leads the criteria of {set:word}<, numbers {numbers}><, fields {fields}><, by {clause}>",
    ),
    "UnitReleased": (
        "“{plan:name}” thôi nêu phần phụ trách của {self:name}",
        "“{plan:name}” takes back what it said {self:name} leads",
    ),
    "PlanAdopted": (
        "đưa vào áp dụng “{title}” của {issuer}<, phần về {within:name}>",
        "adopted “{title}” of {issuer}<, what concerns {within:name}>",
    ),
    "PlanAmended": (
        "đưa vào áp dụng bản sửa đổi, phần mở rộng của “{title}”<, phần về {within:name}>",
        "adopted an amended version, or more, of “{title}”<, what concerns {within:name}>",
    ),
    "UnitRenamed": (
        "đơn vị {self_id} từ ngày này tên là “{name}”",
        "the unit {self_id} is called “{name}” from this day on",
    ),
    "UnitAliasesChanged": (
        "{self:name}: tên gọi khác: {aliases}",
        "{self:name} also goes by: {aliases}",
    ),
    "ContactForgotten": (
        "xóa thông tin liên hệ của {self:name}: {reason}",
        "erased contact data of {self:name}: {reason}",
    ),
    "MoneyRuleAdopted": (
        "đưa vào áp dụng quy tắc vốn năm {rule[plan_year]} của “{self:name}” ({rule[clause]}), số liệu đến hết {rule[day]}",
        "adopted the money rule for {rule[plan_year]} of “{self:name}” ({rule[clause]}), figures up to {rule[day]}",
    ),
    "MoneyRulesRestated": (
        "“{self:name}” nay có các quy tắc vốn: {rules:rules}",
        "“{self:name}” now has the money rules: {rules:rules}",
    ),
    "FiguresStated": (
        "“{self:name}” nêu các khoản tiền: {figures:figures}",
        "“{self:name}” states sums: {figures:figures}",
    ),
    "CriteriaOpened": (
        "mở bảng tiêu chí {set:word} ({version}) của {place:name}",
        "opened the {set:word} ({version}) criteria of {place:name}",
    ),
    "CriteriaStated": (
        "{self:name}: “{plan:name}” ({clause}) nêu năm {assessment_year}<: đạt tiêu chí {achieved}><; chưa đạt tiêu chí {not_achieved}>",
        "{self:name}: “{plan:name}” ({clause}) states for {assessment_year}<: met {achieved}><; not met {not_achieved}>",
    ),
    "CriteriaTargeted": (
        "{self:name}: “{plan:name}” ({clause}) đặt mục tiêu năm {year}<: đạt tiêu chí {achieved}><; chưa đạt tiêu chí {not_achieved}>",
        "{self:name}: “{plan:name}” ({clause}) aims in {year}<: met {achieved}><; not met {not_achieved}>",
    ),
    "CriteriaWithdrawn": (
        "“{plan:name}” thôi nêu kết quả, mục tiêu của {self:name}",
        "“{plan:name}” takes back what it said of {self:name}",
    ),
    "CriterionAchieved": (
        "{self:name}: đạt tiêu chí {number} ({set:word}), năm đánh giá {assessment_year}",
        "{self:name}: criterion {number} ({set:word}) achieved, assessment year {assessment_year}",
    ),
    "CriterionLapsed": (
        "{self:name}: không còn đạt tiêu chí {number} ({set:word}), năm đánh giá {assessment_year}",
        "{self:name}: criterion {number} ({set:word}) lapsed, assessment year {assessment_year}",
    ),
    "CriterionConfirmed": (
        "{self:name}: xác nhận tiêu chí {number} ({set:word}) đạt, năm đánh giá {assessment_year}",
        "{self:name}: confirmed criterion {number} ({set:word}), assessment year {assessment_year}",
    ),
    "TargetOpened": (
        "mở mục tiêu “{title}” của {place:name}",
        "opened the target “{title}” of {place:name}",
    ),
    "TargetStated": (
        "“{plan:name}” ({clause}) nêu {self:name}<, năm {target_year}><, {track:word}><, {commitment:word}><, {words}><, tối thiểu {threshold:number}><, số liệu {value:number}>< {unit}><: {verdict:word}>",
        "“{plan:name}” ({clause}) states {self:name}<, in {target_year}><, {track:word}><, {commitment:word}><, {words}><, at least {threshold:number}><, value {value:number}>< {unit}><: {verdict:word}>",
    ),
    "TargetWithdrawn": (
        "“{plan:name}” thôi nêu {self:name} như trước",
        "“{plan:name}” takes back what it said of {self:name}",
    ),
    "TargetMeasured": (
        "{self:name}: ghi kết quả năm {assessment_year}, số đo {value:number}",
        "{self:name}: result of {assessment_year} recorded, measured {value:number}",
    ),
    "ObligationAssigned": (
        "{clause} giao {owed_by:name} ({strength:word}): {title}<, {condition}><; thời hạn “{expression}”>< (hạn chốt {enforce_day})>",
        "{clause} binds {owed_by:name} ({strength:word}): {title}<, {condition}><; “{expression}”>< (enforced {enforce_day})>",
    ),
    "ObligationAmended": (
        "kế hoạch sửa đổi, {clause} giao {owed_by:name} ({strength:word}): {title}<, {condition}><; thời hạn “{expression}”>< (hạn chốt {enforce_day})>",
        "amended plan, {clause} binds {owed_by:name} ({strength:word}): {title}<, {condition}><; “{expression}”>< (enforced {enforce_day})>",
    ),
    "ObligationDropped": (
        "“{plan:name}” sửa đổi không còn nhiệm vụ {self:name}",
        "the amended “{plan:name}” holds {self:name} no more",
    ),
    "ObligationMet": ("hoàn thành nhiệm vụ {self:name}", "met {self:name}"),
    "ObligationMissed": (
        "đến hết ngày {enforce_day} chưa hoàn thành nhiệm vụ {self:name}<; việc trước đó {follows:name}, {handed_over_on:done}><; điều khoản nêu: {consequences:consequences}><{history:if}; ngày đó là trước khi đưa kế hoạch vào sổ>",
        "{self:name} was not done by the end of {enforce_day}<; before it {follows:name}, {handed_over_on:done}><; the clause attaches: {consequences:consequences}><{history:if}; that day was before the plan was taken on here>",
    ),
    "ObligationRescheduled": (
        "tính lại hạn của nhiệm vụ {self:name}<: hết ngày {enforce_day}>",
        "set the days of {self:name} anew<: to the end of {enforce_day}>",
    ),
    "OpeningMoved": (
        "nhiệm vụ {self:name} bắt đầu từ ngày {opens}, khi việc trước đó hết hạn",
        "{self:name} opens on {opens}, when the duty before it is due",
    ),
    "ObligationStarted": (
        "sự kiện để tính hạn nhiệm vụ {self:name} xảy ra ngày {event_on}<; hạn: hết ngày {enforce_day}>",
        "the event from which {self:name} runs happened on {event_on}<; due by the end of {enforce_day}>",
    ),
    "AlternativeTaken": (
        "nhiệm vụ {self:name} tính theo hạn thứ hai của điều khoản<: hết ngày {enforce_day}>",
        "the second deadline of the clause counts for {self:name}<: to the end of {enforce_day}>",
    ),
    "ConditionSettled": (
        "xác định cho nhiệm vụ {self:name}: {holds:holds}",
        "settled for {self:name}: {holds:holds}",
    ),
    "ObligationWaived": ("miễn nhiệm vụ {self:name}", "waived {self:name}"),
    "ObligationExtended": (
        "gia hạn nhiệm vụ {self:name} đến hết ngày {until}<, lý do: {reason}>",
        "extended {self:name} to the end of {until}<, why: {reason}>",
    ),
    "ObligationSuspended": (
        "tạm dừng nhiệm vụ {self:name}<, đến hết ngày {until}>",
        "suspended {self:name}<, to the end of {until}>",
    ),
    "ObligationResumed": ("tiếp tục nhiệm vụ {self:name}", "resumed {self:name}"),
    "ObligationNoted": (
        "ghi ý kiến về nhiệm vụ {self:name}<: nguyên nhân: {cause}><; kiến nghị: {proposal}>",
        "a note on {self:name}<: cause: {cause}><; proposal: {proposal}>",
    ),
    "DossierRegistered": (
        "đăng ký hồ sơ {standard:word} năm {year} của {place:name}",
        "registered the {standard:word} {year} dossier of {place:name}",
    ),
    "DossierSubmitted": (
        "{from:name} trình hồ sơ của {self:name} lên {to:name}: văn bản ngày {document_on}, gửi {sent_on}, nhận {received_on}",
        "{from:name} submitted the dossier of {self:name} to {to:name}: paper {document_on}, sent {sent_on}, received {received_on}",
    ),
    "FundItemOpened": (
        "mở mục vốn “{item}” ({type:word}) tại {place:name}",
        "opened fund item “{item}” ({type:word}) in {place:name}",
    ),
    "FundAllocated": (
        "giao {amount:dong} vốn năm {plan_year} (nguồn {source:word}, vốn {kind:word}) cho “{item}”<, theo {decision}>",
        "allocated {amount:dong} of {plan_year} ({source:word}, {kind:word}) to “{item}”<, by {decision}>",
    ),
    "FundDisbursed": (
        "giải ngân {amount:dong} cho “{item}”<, đơn vị nhận: {payee}>",
        "disbursed {amount:dong} on “{item}”<, to {payee}>",
    ),
    "ZeroDisbursementFound": (
        "{self:name}: số liệu đến {figures_up_to} chưa giải ngân đồng nào ({clause})",
        "{self:name}: nothing disbursed, figures up to {figures_up_to} ({clause})",
    ),
    "ReallocationCaseOpened": (
        "{self:name}: mở đề nghị ({kind:word}, {clause}), chờ người có thẩm quyền xem xét",
        "{self:name}: case opened ({kind:word}, {clause}) for those who may decide it",
    ),
    "LetterIssued": (
        "lập thư {kind:word} ngày {day} gửi {unit:name}<, về {about}>",
        "issued a {kind:word} letter of {day} to {unit:name}<, about {about}>",
    ),
    "UnitClimbSet": (
        "đặt nơi báo lên khi {self:name} chưa hoàn thành<: {to:names}>",
        "set whom a miss of {self:name} is shown to<: {to:names}>",
    ),
    "LetterReleased": (
        "cho gửi thư đến {self:name}",
        "let the letter to {self:name} go out",
    ),
    "LetterFailed": (
        "thư gửi {self:name} bị máy chủ thư từ chối (mã {code}< {status}>)",
        "the letter to {self:name} was refused by the mail server ({code}< {status}>)",
    ),
    "LetterBounced": (
        "thư gửi {self:name} bị trả lại< (mã {status})>",
        "the letter to {self:name} came back< ({status})>",
    ),
    "LetterAcknowledged": (
        "{self:name} nhận trả lời thư",
        "{self:name} acknowledged the letter",
    ),
    "ReceiptDenied": (
        "nơi nhận báo chưa nhận {self:name}",
        "the receiving desk has not received {self:name}",
    ),
    "ReminderAcknowledged": (
        "đơn vị nhận việc được nhắc: {self:name}",
        "the unit takes on what it was reminded of: {self:name}",
    ),
    "ReminderSnoozed": (
        "tạm ngừng nhắc {self:name} đến hết ngày {until}: {reason}",
        "reminders of {self:name} put off until the end of {until}: {reason}",
    ),
    "ReminderDisputed": (
        "đơn vị có ý kiến khác về {self:name}, xem xét đến hết ngày {until}: {reason}",
        "the unit disputes {self:name}, to be looked into until the end of {until}: {reason}",
    ),
    "LetterSent": (
        "thư gửi {self:name} đã đi (mã thư {message_id})",
        "the letter to {self:name} left ({message_id})",
    ),
    "DayClosed": (
        "chốt số liệu ngày {day}: {found} việc phát sinh<{history:if}; ngày đó là trước khi đưa kế hoạch vào sổ>",
        "closed {day}: {found} facts followed<{history:if}; that day was before any plan was taken on here>",
    ),
    "CalendarAnnounced": (
        "công bố lịch làm việc<: nghỉ ngày {off}><; làm việc ngày {worked}>",
        "announced the calendar<: off on {off}><; worked on {worked}>",
    ),
    "ClockConfirmed": (
        "xác nhận đồng hồ máy đúng lúc {clock}<, lần ghi cuối trước đó {last}>",
        "vouched for the machine's clock at {clock}<, the last record before it of {last}>",
    ),
    "ClockStepSeen": (
        "đồng hồ máy nhảy {seconds} giây: lẽ ra {before}, lại chỉ {after} (so với {witness:word})",
        "the machine's clock stepped by {seconds} s: {before} by its {witness:word}, it said {after}",
    ),
    "ClockStepVouched": (
        "xác nhận đồng hồ máy sau lần nhảy #{self_id}",
        "vouched for the clock that stepped (#{self_id})",
    ),
    "EntryVoided": ("hủy lần ghi #{entry}: {reason}", "voided entry #{entry}: {reason}"),
    "TwoPersonRuleSet": (
        "đặt quy tắc hai người; các việc: {types:type}<; mọi việc ghi muộn quá {late_days} ngày>",
        "set the two-person rule; for: {types:type}<; for facts told more than {late_days} days late>",
    ),
    "ActProposed": (
        "đề nghị, chờ người thứ hai: “{summary}”",
        "proposed, waiting for a second person: “{summary}”",
    ),
    "ActApproved": (
        "duyệt đề nghị #{proposal} của {proposed_by}, ghi thành lần ghi #{act}",
        "approved proposal #{proposal} of {proposed_by}, recorded as entry #{act}",
    ),
    "ActRejected": (
        "không duyệt đề nghị #{proposal}: {reason}",
        "rejected proposal #{proposal}: {reason}",
    ),
}

#: What stands between < and > in a sentence, and the fields in it.
_OPTIONAL = re.compile(r"<([^<>]*)>")
_FIELD = re.compile(r"\{(\w+)\b(?!:done)")
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


_HOLDS = {
    True: Word("điều kiện có xảy ra", "its condition holds"),
    False: Word("điều kiện không xảy ra", "its condition does not hold"),
}


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
        if format_spec == "holds":
            return super().format_field(_HOLDS[value], "")
        if format_spec == "names":
            return super().format_field([self.names.get(id, id) for id in value], "")
        if format_spec == "name":
            shown = super().format_field(value, "")
            return self.names.get(value, shown) if isinstance(value, str) else shown
        return super().format_field(value, format_spec)


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
            _told(SENTENCES[fact.type][lang == "en"], fields),
            (on_paper if paper is None else paper) if event.document else "",
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
    template = _OPTIONAL.sub("", SENTENCES[type][lang == "en"]) if type in SENTENCES else type
    bare = re.sub(r"^…:\s*| \([^)]*\)", "", _FIELDS.sub("…", template))
    return re.split(r"[:;,]", bare)[0].strip().removesuffix(" #…")


def _told(template: str, fields: Mapping[str, Any]) -> str:
    """The template without the parts about what this fact does not say."""

    def kept(part: re.Match[str]) -> str:
        told = (fields[name] for name in _FIELD.findall(part[1]))
        missing = any(value is False or value in (None, "", ()) for value in told)
        return "" if missing else part[1]

    return _OPTIONAL.sub(kept, template)


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
    return fact.recorded_at.astimezone(VIETNAM).date()
