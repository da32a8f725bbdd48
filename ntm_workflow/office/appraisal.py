"""Appraisal at the deciding desk: criterion by criterion, by the department in charge."""

from __future__ import annotations

from collections.abc import Iterable

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.dossier_events import CriteriaAppraised
from ntm_workflow.domain.edition import Edition
from ntm_workflow.office.criteria import NotItsDepartment
from ntm_workflow.office.dossier import Desk, Which
from ntm_workflow.office.editions import edition_for
from ntm_workflow.office.entry import Entry
from ntm_workflow.office.leads import Leads
from ntm_workflow.office.result_years import NotOfStandard


class NothingAppraised(Refused):
    exit_code = 2
    vi = "Chưa nêu thẩm định tiêu chí nào, hoặc mọi tiêu chí đã được thẩm định.\nThêm --criterion N, hoặc --all cho mọi tiêu chí."
    en = "No criterion was named, or all have been appraised.\nAdd --criterion N, or --all for all of them."


class AppraiserUnknown(Refused):
    exit_code = 2
    vi = "Chưa nêu cơ quan thẩm định.\nThêm --body “sở, ngành phụ trách tiêu chí”, hoặc UBND cấp quyết định nếu hội đồng thẩm định chung."
    en = "Nobody is named who appraises.\nAdd --body “the department in charge”, or the deciding committee where its council appraises."


def appraise(entry: Entry, which: Which, numbers: Iterable[int] | None, *, met: bool) -> None:
    """Criteria of the dossier's edition are appraised; None means all that are left."""
    desk = Desk(entry, which)
    state = desk.on_its_road()
    of = edition_for(desk.reading, which.place, which.standard, None, which.year)
    if entry.request.body is None:
        raise AppraiserUnknown
    # What somebody has appraised already, met or not, is appraised anew by its number only.
    left = tuple(n for n in of.numbers if n not in state.appraisals)
    chosen = left if numbers is None else tuple(sorted(dict.fromkeys(numbers)))
    if not chosen:
        raise NothingAppraised
    for number in chosen:
        if number not in of.numbers:
            about = {"set": of.set, "version": of.version, "numbers": of.numbers}
            raise NotOfStandard(number=number, **about)
    decides = state.road[-1]
    desk.record(
        CriteriaAppraised,
        desk.acting(decides) or _not_its_department(desk, decides, of, chosen),
        body=desk.body(decides),
        set=of.set,
        version=of.version,
        numbers=chosen,
        met=met,
        of=len(of.numbers),
    )


def _not_its_department(
    desk: Desk, level: str, of: Edition, numbers: tuple[int, ...]
) -> NotItsDepartment | None:
    """A criterion that papers give to another department of that desk than the one named."""
    body, reading = desk.entry.request.body, desk.reading
    if body is None or body == reading.committee(desk.which.place, level):
        return None
    leads = Leads(reading)
    for number in numbers:
        led = [
            each
            for each in leads.of(desk.which.place, of.set, of.version, number)
            if each.place in reading.places and reading.places[each.place].level == level
        ]
        if led and all(each.unit != body for each in led):
            return NotItsDepartment(
                unit=reading.names.get(body, body),
                number=number,
                set=of.set,
                place=reading.names.get(desk.which.place, desk.which.place),
                leads=[reading.names.get(each.unit, each.unit) for each in led],
                clauses=[f"{each.plan or ''} {each.clause or ''}".strip() or None for each in led],
            )
    return None
