"""Contradictions and gaps in a plan, found by rules that hold for every pack. Repairs nothing.

Errors are the pack's own (`check.py`); what stands here is what the document says, or leaves unsaid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from ntm_workflow.domain.calendar import WorkingDays
from ntm_workflow.domain.dates import Deadline, read_phrase, undated
from ntm_workflow.domain.values import Sentence, Word
from ntm_workflow.plans.sets import criteria_sets
from ntm_workflow.plans.settings import NAMES
from ntm_workflow.plans.shapes import Duty, Pack, StatedCriteria, StatedTarget, TargetedCriteria

WARNING, INFO = "warning", "info"

#: Code -> severity and the sentence, in Vietnamese and English.
FINDINGS: dict[str, tuple[str, str, str]] = {
    "both_sides": (WARNING, "{place}, {set}: tiêu chí {numbers} vừa ghi đạt vừa ghi chưa đạt", "{place}, {set}: criteria {numbers} stand as met and as not met"),
    "total_differs": (WARNING, "{place}, {set}: bảng ghi tổng {stated}, đếm được {counted}", "{place}, {set}: the table's total is {stated}, {counted} are listed"),
    "on_neither_side": (WARNING, "{place}, {set}: bảng không nhắc đến tiêu chí {numbers}", "{place}, {set}: the table does not mention criteria {numbers}"),
    "two_target_years": (WARNING, "{place}, {what}: các điều khoản nêu năm khác nhau: {years}", "{place}, {what}: clauses name different years: {years}"),
    "words_differ": (INFO, "{place}, {what}: {clauses} mô tả khác nhau", "{place}, {what}: {clauses} describe it differently"),
    "spelt_otherwise": (WARNING, "{place} còn được ghi là “{also}”", "{place} is also written “{also}”"),
    "count_differs": (WARNING, "{place}, {what} ({track}): bảng ghi {stated}, đếm được {counted}", "{place}, {what} ({track}): the table says {stated}, {counted} are listed"),
    "year_outside": (INFO, "{place}, {what}: năm phấn đấu {year} nằm ngoài giai đoạn của kế hoạch", "{place}, {what}: the target year {year} is outside the plan's period"),
    "blank": (WARNING, "văn bản để trống: {missing}", "the document leaves blank: {missing}"),
    "partial": (WARNING, "gói chỉ chứa một phần văn bản", "the pack holds only part of the document"),
    "undecided": (INFO, "chưa có văn bản quyết định thiết lập: {setting}", "no paper decides the setting: {setting}"),
    "no_day": (INFO, "{rule}: không nêu thời hạn: {title}", "{rule}: no day is stated: {title}"),
    "recurs_without_day": (WARNING, "{rule}: định kỳ nhưng không nêu ngày: {title}", "{rule}: recurs, but no day is stated: {title}"),
    "owner_inferred": (INFO, "{rule}: điều khoản không nêu đơn vị; suy ra từ: {source}", "{rule}: the clause names no unit; inferred from: {source}"),
    "days_given": (WARNING, "{rule}: ngày không lấy thẳng từ câu chữ: {reason}", "{rule}: its days do not follow from the words alone: {reason}"),
    "one_act_two_days": (WARNING, "cùng một việc có hai thời hạn: {clauses} ({phrases})", "one act has two deadlines: {clauses} ({phrases})"),
    "day_off": (INFO, "{rule}: “{phrase}” rơi vào ngày nghỉ {day}", "{rule}: “{phrase}” falls on a day off, {day}"),
    "paper_missing": (INFO, "chưa có văn bản được viện dẫn: {document} ({about})", "a paper it leans on is not at hand: {document} ({about})"),
    "parent_unverified": (INFO, "chưa tìm thấy nguồn cho địa bàn cấp trên của: {places}", "no source was found for the parents of: {places}"),
    "other_plan_other_day": (WARNING, "{place}: “{phrase}”, còn {plan} ({at}) ghi “{theirs}” cho cùng việc: {title}", "{place}: “{phrase}”, while {plan} ({at}) says “{theirs}” of the same act: {title}"),
    "other_plan_other_year": (WARNING, "{place}, {what}: ở đây là năm {year}, còn {plan} ghi {theirs}", "{place}, {what}: {year} here, {theirs} in {plan}"),
    "remark": (INFO, "{about}", "{about}"),
}  # fmt: skip

_MISSING = {
    "number": Word("số, ký hiệu", "number"),
    "issued_on": Word("ngày ban hành", "day of issue"),
    "effective_on": Word("ngày hiệu lực", "day it takes effect"),
}
_TRACKS = {
    "new": Word("xây dựng mới", "new"),
    "raise": Word("nâng chuẩn", "raised"),
    "complete": Word("hoàn thiện", "completed"),
    "unplanned": Word("chưa có phương án", "no plan yet"),
}


@dataclass(frozen=True)
class Finding:
    """One thing a person should know before relying on the plan."""

    code: str
    clause: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> str:
        return FINDINGS[self.code][0]

    def say(self, lang: str) -> str:
        _, vi, en = FINDINGS[self.code]
        return Sentence(lang).format(en if lang == "en" else vi, **self.facts)


def findings(pack: Pack, calendar: WorkingDays) -> list[Finding]:
    """What the pack's document contradicts, leaves out or leaves open, rule by rule."""
    of = _Of(pack, calendar)
    found = (finding for rule in _RULES for finding in rule(of))
    # A duty written as several tables, one a place, is found once.
    return list({(f.code, f.clause, f.say("vi")): f for f in found}.values())


class _Of:
    """A pack with its names at hand."""

    def __init__(self, pack: Pack, calendar: WorkingDays) -> None:
        self.pack = pack
        self.calendar = calendar
        self.names = {place.id: place.name for place in pack.places}
        self.parents = {place.id: place.parent for place in pack.places}

    def deadline(self, duty: Duty) -> Deadline:
        said = duty.expression
        return undated() if said is None else read_phrase(said, self.pack.period)

    def stated(self) -> dict[tuple[str, str], list[StatedTarget]]:
        """Every place's statements about one standard or measure."""
        found: dict[tuple[str, str], list[StatedTarget]] = defaultdict(list)
        for target in self.pack.targets:
            for place in target.places:
                found[place, target.what].append(target)
        return found

    def inside(self, place: str, outer: str) -> bool:
        at = self.parents.get(place)
        while at is not None and at != outer:
            at = self.parents.get(at)
        return at == outer


def _head(of: _Of) -> Iterator[Finding]:
    if of.pack.partial:
        yield Finding("partial")
    for name in of.pack.assumed:
        yield Finding("blank", None, {"missing": _MISSING.get(name, name)})
    for name in of.pack.settings.flagged:
        yield Finding("undecided", None, {"setting": NAMES.get(name, name)})
    unverified = [p.name for p in of.pack.places if p.parent_source == "unverified"]
    if unverified:
        yield Finding("parent_unverified", None, {"places": unverified})


def _tables(of: _Of) -> Iterator[Finding]:
    tables: list[StatedCriteria | TargetedCriteria] = [*of.pack.criteria]
    for table in [*tables, *of.pack.criteria_targets]:
        about = {"place": of.names[table.place], "set": criteria_sets()[table.set].name}
        yield from _table(table, about)


def _table(table: StatedCriteria | TargetedCriteria, about: dict[str, Any]) -> Iterator[Finding]:
    yes, no = set(table.achieved), set(table.not_achieved)
    unsaid = set(criteria_sets()[table.set].numbers) - yes - no
    if yes & no:
        yield Finding("both_sides", table.clause, {**about, "numbers": sorted(yes & no)})
    if table.stated_total not in (None, len(yes)):
        counts = {"stated": table.stated_total, "counted": len(yes)}
        yield Finding("total_differs", table.clause, {**about, **counts})
    if unsaid:
        yield Finding("on_neither_side", table.clause, {**about, "numbers": sorted(unsaid)})


def _targets(of: _Of) -> Iterator[Finding]:
    for (place, _), said in of.stated().items():
        about = {"place": of.names[place], "what": said[0].title}
        clauses = ", ".join(dict.fromkeys(s.clause for s in said))
        years = sorted({s.target_year for s in said if s.target_year})
        if len(years) > 1:
            yield Finding("two_target_years", clauses, {**about, "years": years})
        if len({s.words for s in said if s.words}) > 1:
            yield Finding("words_differ", clauses, {**about, "clauses": clauses})
        for s in said:
            for also in s.also:
                yield Finding("spelt_otherwise", s.clause, {**about, "also": also})
            if s.target_year and not of.pack.period[0] <= s.target_year <= of.pack.period[1]:
                yield Finding("year_outside", s.clause, {**about, "year": s.target_year})


def _counts(of: _Of) -> Iterator[Finding]:
    """A table's own count of places on a track, against the places it lists."""
    stated = of.stated()
    for (outer, what), said in stated.items():
        for total in (s for s in said if s.track and s.value):
            listed = [
                place
                for (place, other), statements in stated.items()
                if other == what
                and of.inside(place, outer)
                and any(_same_column(s, total) for s in statements)
            ]
            if str(len(listed)) != total.value:
                facts = {
                    "place": of.names[outer],
                    "what": total.title,
                    "track": _TRACKS[total.track or "unplanned"],
                    "stated": total.value,
                    "counted": len(listed),
                }
                yield Finding("count_differs", total.clause, facts)


def _same_column(row: StatedTarget, total: StatedTarget) -> bool:
    return (row.clause, row.track, row.value) == (total.clause, total.track, None)


def _duties(of: _Of) -> Iterator[Finding]:
    for duty in of.pack.obligations:
        about = {"rule": "-".join(filter(None, (duty.rule, duty.part))), "title": duty.title}
        deadline = of.deadline(duty)
        every = deadline.recurrence
        if every and every.day is None and every.weekday is None and deadline.kind == "recur":
            yield Finding("recurs_without_day", duty.clause, about)
        elif not (every or deadline.strict_day or (duty.days and duty.days.strict_day)):
            yield Finding("no_day", duty.clause, about)
        if duty.owner_from:
            yield Finding("owner_inferred", duty.clause, {**about, "source": duty.owner_from})
        if duty.days:
            yield Finding("days_given", duty.clause, {**about, "reason": duty.days.reason})
        day = deadline.nominal_day
        # The end of a month, quarter or year is a boundary; a day named outright was chosen.
        named = deadline.kind in ("before_date", "by_date")
        if day and named and not of.calendar.is_working(day):
            yield Finding("day_off", duty.clause, {**about, "phrase": duty.expression, "day": day})


def _acts(of: _Of) -> Iterator[Finding]:
    """Duties that ask for the same act by different days, once for each pair of clauses."""
    asked = [(act, duty) for duty in of.pack.obligations for act in duty.acts]
    told: set[tuple[str, ...]] = set()
    for _, pairs in groupby(sorted(asked, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        by_clause = {duty.clause: duty.expression for _, duty in pairs}
        clauses = tuple(by_clause)
        if len(set(by_clause.values())) > 1 and clauses not in told:
            told.add(clauses)
            phrases = [f"“{phrase}”" for phrase in by_clause.values()]
            facts = {"clauses": clauses, "phrases": phrases}
            yield Finding("one_act_two_days", ", ".join(clauses), facts)


def _papers(of: _Of) -> Iterator[Finding]:
    for reference in of.pack.references:
        if not reference.held:
            facts = {"document": reference.document, "about": reference.about}
            yield Finding("paper_missing", reference.clause, facts)
    for remark in of.pack.remarks:
        about = f"{remark.about} (“{remark.words}”)" if remark.words else remark.about
        yield Finding("remark", remark.clause, {"about": about})


_RULES: tuple[Callable[[_Of], Iterator[Finding]], ...] = (
    *(_head, _tables, _targets, _counts, _duties, _acts, _papers),
)
