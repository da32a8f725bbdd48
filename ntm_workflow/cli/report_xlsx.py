"""A periodic report as a workbook: a sheet for each part, all of each list, and the chart that Excel can edit."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from ntm_workflow.cli.answers import phrase
from ntm_workflow.cli.bilingual import both, pick
from ntm_workflow.cli.labels import heading
from ntm_workflow.cli.money_chart import add_chart
from ntm_workflow.cli.score import flat
from ntm_workflow.cli.xlsx import MADE, Page
from ntm_workflow.office.report_duties import LISTS

_RESULTS: Final = ["set", "place", "achieved", "newly", "lapsed", "not_achieved", "unknown", "conflicting"]  # fmt: skip
_NUMBERS: Final = ["set", "number", "name", "achieved", "not_achieved", "unknown", "conflicting"]
_DUTY: Final = ["list", "title", "owed_by", "owed_to", "place", "plan", "clause", "reporting_period", "last_day", "met_on", "standing", "cause", "proposal", "id"]  # fmt: skip
_PART: Final = [
    "place",
    *(f"{name}_count" for name in LISTS),
    "allocated",
    "disbursed",
    "report_state",
]
_MONEY: Final = ["year", "source", "items", "allocated", "disbursed", "disbursed_in_period", "rate"]
_DOSSIER: Final = ["standard", "year", "stage", "count", "places"]
_LISTS: Final = {
    "met": both("hoàn thành", "done"),
    "missed": both("đến hạn, chưa hoàn thành", "past its day"),
    "aside": both("được miễn, tạm dừng, chưa xác định", "put aside"),
    "next": both("kỳ tới", "next period"),
}
_CARDS: Final = {
    "unit": both("Đúng hạn theo đơn vị", "On time by unit"),
    "place": both("Đúng hạn theo xã", "On time by commune"),
    "department": both("Đúng hạn theo phụ trách", "On time by lead"),
}


def workbook(facts: Mapping[str, Any]) -> bytes:
    """The whole file; the same facts are the same bytes."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, safe) as book:
        book.set_properties({"created": MADE})
        _sheet(book, both("Báo cáo", "Report"), ["about", "held"], _about(facts))
        _sheet(book, both("Tiêu chí theo nơi", "Criteria by place"), _RESULTS, _results(facts))
        _sheet(book, both("Theo tiêu chí", "By criterion"), _NUMBERS, _numbers(facts))
        _sheet(book, both("Nhiệm vụ", "Duties"), _DUTY, _duties(facts))
        if facts["parts"]:
            _sheet(book, both("Theo địa bàn", "By place"), _PART, _parts(facts))
        money = _sheet(book, both("Giải ngân", "Money"), _MONEY, facts["money"]["rows"])
        if facts["money"]["rows"]:
            chart = add_chart(book, facts["money"]["rows"])
            chart.set_size({"width": 760, "height": 360})
            money.insert_chart(len(facts["money"]["rows"]) + 2, 0, chart)
        _sheet(book, both("Hồ sơ", "Dossiers"), _DOSSIER, facts["dossiers"])
        for per, title in _CARDS.items():
            _cards(book, title, facts["cards"][per])
    return file.getvalue()


def _sheet(book: Any, title: Any, columns: Sequence[str], items: Iterable[Mapping[str, Any]]) -> Any:  # fmt: skip
    page = Page(book, pick(title) or "", columns)
    for item in items:
        page.add([item.get(name) for name in columns])
    page.finish()
    return page.sheet


def _about(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    known = {**facts, "reporting_period": facts["period"], "figures_from": facts["from"], "figures_until": facts["until"]}  # fmt: skip
    for name in ("unit", "place", "reporting_period", "figures_from", "figures_until", "position", "recorded_at", "closed_until", "recipients"):  # fmt: skip
        yield {"about": heading(name), "held": known[name]}
    for plan in facts["plans"]:
        yield {"about": heading("plan"), "held": plan["title"]}


def _parts(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The unit's own level first, then what lies right below."""
    states = {"received": phrase("đã nhận", "received"), "missing": phrase("chưa nhận", "missing")}
    for part in facts["parts"]:
        counts = {f"{name}_count": part[name] for name in LISTS}
        place, state = part["place"] or facts["unit"], states.get(part["report"] or "")
        yield {**part, **counts, "place": place, "report_state": state}


def _results(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for edition in facts["criteria"]:
        for row in edition["places"]:
            yield {"set": edition["set"], **row, "achieved": phrase("{n}/{of}", "{n}/{of}", n=len(row["achieved"]), of=row["of"])}  # fmt: skip


def _numbers(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for edition in facts["criteria"]:
        for row in edition["numbers"]:
            yield {"set": edition["set"], **row}


def _duties(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name in LISTS:
        for group in facts[name]:
            for item in group["items"]:
                yield {"list": pick(_LISTS[name]), **group, **item}


def _cards(book: Any, title: Any, cards: Sequence[tuple[str | None, Any]]) -> None:
    """A sheet where there is anything to show."""
    if not cards:
        return
    rows = [{"who": name or phrase("(chưa nêu ai)", "(nobody named)"), **flat(card)} for name, card in cards]  # fmt: skip
    _sheet(book, title, ["who", *flat(cards[0][1])], rows)
