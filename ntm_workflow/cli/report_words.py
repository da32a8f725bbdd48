"""A periodic report in the words of an official document: what its template may show, and nothing else.

Official documents are Vietnamese, whatever the language of the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ntm_workflow.cli.answers import cell, phrase
from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.cli.labels import word
from ntm_workflow.domain import report_days
from ntm_workflow.domain.values import format_date, grouped

if TYPE_CHECKING:
    from ntm_workflow.domain.score import Card

#: A document shows so many rows of a list, and so many names in a cell; a sheet has them all.
MOST_ROWS: Final = 40
MOST_NAMES: Final = 4
#: Role -> how the number of a document of such an office ends.
_SHORT: Final = {"ubnd": "UBND", "hdnd": "HĐND", "bcd": "BCĐ", "vpdp": "VPĐP"}
_COMMITTEE: Final = "ubnd"
#: How the line of a list of recipients begins that names nobody: where the paper is filed.
_KEPT: Final = "Lưu"


def words(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a template, all of them texts, numbers and lists of such."""
    token = LANG.set("vi")
    try:
        return {
            **_head(facts),
            "criteria": [_edition(each) for each in facts["criteria"]],
            **{name: _duties(facts[name]) for name in ("met", "missed", "next")},
            "parts": [_part(each) for each in facts["parts"]],
            "money": _money(facts["money"]),
            "dossiers": [_dossier(each) for each in facts["dossiers"]],
            "cards": _cards(facts["cards"]["unit"]),
            "communes": _cards(facts["cards"]["place"]),
            "departments": _cards(facts["cards"]["department"]),
            "causes": [_note(each, "cause") for each in facts["noted"] if each["cause"]],
            "proposals": [_note(each, "proposal") for each in facts["noted"] if each["proposal"]],
        }
    finally:
        LANG.reset(token)


def _head(facts: Mapping[str, Any]) -> dict[str, Any]:
    place, unit = facts["place"], facts["unit"]["name"]
    above, issuer = _issuer(facts)
    return {
        "above": above,
        "issuer": issuer,
        "short": _SHORT.get(facts["role"], "…"),
        "for_committee": facts["role"] == _COMMITTEE,
        "unit": unit,
        "place": place["name"] if place else "",
        "seat": facts["seat"],
        "year": facts["until"].year,
        "period": report_days.called(facts["period"], "vi"),
        "next_period": report_days.called(facts["next_period"], "vi"),
        "from_day": format_date(facts["from"]),
        "until_day": format_date(facts["until"]),
        "plans": [_plan(each) for each in facts["plans"]],
        "recipients": [name for name in facts["recipients"] if not name.startswith(_KEPT)],
        "position": facts["position"],
        "stamp": _stamp(facts),
    }


def _issuer(facts: Mapping[str, Any]) -> tuple[str, str]:
    """The two lines above a document: of a committee its kind and its place, else who it belongs to and its name."""
    if facts["role"] == _COMMITTEE and facts["place"]:
        return "ỦY BAN NHÂN DÂN", facts["place"]["name"].upper()
    above = facts["above"]["name"] if facts["above"] else ""
    return above.upper(), facts["unit"]["name"].upper()


def _plan(plan: Mapping[str, Any]) -> dict[str, str]:
    number = plan["number"] or ""
    return {
        "title": plan["title"],
        "number": number,
        "issued_on": format_date(plan["issued_on"]) if plan["issued_on"] else "",
    }


def _stamp(facts: Mapping[str, Any]) -> str:
    return phrase(
        "Số liệu {first} – {last}, theo sổ đến #{n} (ghi {at}). Lập lại bản này: --known-at #{n}",
        "Figures of {first} – {last}, by the journal up to #{n} (recorded {at}). The same again: --known-at #{n}",
        first=facts["from"],
        last=facts["until"],
        n=facts["position"],
        at=facts["recorded_at"],
    )


# --- criteria


def _edition(of: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": word(of["set"]),
        "decision": of["decision"] or "",
        "numbers": [{**each, "name": each["name"] or ""} for each in of["numbers"]],
        "places": [_results(each) for each in of["places"]],
        "newly": sum(len(each["newly"]) for each in of["places"]),
    }


def _results(row: Mapping[str, Any]) -> dict[str, Any]:
    states = ("newly", "lapsed", "not_achieved", "unknown", "conflicting")
    shown = {name: ", ".join(map(str, row[name])) for name in states}
    return {
        "place": row["place"]["name"],
        "count": len(row["achieved"]),
        "of": row["of"],
        **shown,
        "changed": _both(shown["newly"], "không còn đạt", shown["lapsed"]),
        "unclear": _both(shown["unknown"], "mâu thuẫn", shown["conflicting"]),
    }


def _both(first: str, name: str, second: str) -> str:
    """Two lists of numbers in one cell, the second under its name; what is empty is left out."""
    return "; ".join(filter(None, (first, f"{name}: {second}" if second else "")))


# --- duties


def _duties(groups: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    shown = groups[:MOST_ROWS]
    return {
        "count": sum(group["count"] for group in groups),
        "rows": [_duty(group) for group in shown],
        "more": sum(group["count"] for group in groups[MOST_ROWS:]),
    }


def _duty(group: Mapping[str, Any]) -> dict[str, Any]:
    items = group["items"]
    days = sorted({each["met_on"] for each in items if each["met_on"]})
    return {
        "title": group["title"],
        "clause": group["clause"] or "",
        "who": _names(each["owed_by"] for each in items),
        "count": group["count"],
        "day": _span(group["first_day"], group["last_day"]),
        "times": f"{group['count']} lượt" if group["count"] > 1 else "",
        "met_on": _span(days[0], days[-1]) if days else "",
        "standing": ", ".join(dict.fromkeys(word(each["standing"]) for each in items)),
    }


def _span(first: date | None, last: date | None) -> str:
    """A day, or two with what lies between."""
    days = dict.fromkeys(format_date(day) for day in (first, last) if day)
    return " – ".join(days)


def _names(refs: Iterable[Mapping[str, str] | None]) -> str:
    """Names, the first few where there are many."""
    names = list(dict.fromkeys(ref["name"] for ref in refs if ref))
    rest = len(names) - MOST_NAMES
    if rest <= 1:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_NAMES])} và {rest} nơi nữa"


def _note(item: Mapping[str, Any], key: str) -> dict[str, str]:
    return {"who": cell(item["owed_by"]), "title": item["title"], "text": item[key]}


# --- places below, money, dossiers, cards

_RECEIVED: Final = {"received": "đã nhận", "missing": "chưa nhận", None: ""}


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "place": part["place"]["name"],
        **{name: part[name] for name in ("met", "missed", "next")},
        "allocated": _millions(part["allocated"]),
        "disbursed": _millions(part["disbursed"]),
        "report": _RECEIVED[part["report"]],
    }


def _money(money: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "rows": [{"year": row["year"] or "", "source": word(row["source"] or ""), **_sums(row)} for row in money["rows"]],
        "total": _sums(money["total"]),
    }  # fmt: skip


def _sums(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("allocated", "disbursed", "disbursed_in_period")
    shown = {name: _millions(row[name]) for name in names}
    return {"items": row["items"], **shown, "rate": cell(row["rate"], "rate")}


def _millions(dong: int) -> str:
    """In million đồng, exact: 1.307,608."""
    whole, rest = divmod(abs(dong), 10**6)
    decimals = f"{rest:06d}".rstrip("0")
    sign = "-" if dong < 0 else ""
    return f"{sign}{grouped(whole, 'vi')}{',' + decimals if decimals else ''}"


def _dossier(row: Mapping[str, Any]) -> dict[str, Any]:
    from ntm_workflow.domain.dossier_steps import STAGE_WORDS

    return {
        "standard": word(row["standard"]),
        "year": row["year"],
        "stage": STAGE_WORDS[row["stage"]].vi,
        "count": row["count"],
        "places": _names(row["places"]),
    }


def _cards(cards: Sequence[tuple[str | None, Card]]) -> list[dict[str, str]]:
    """Those who owed something by a day of the period; what is counted apart only is left to the sheets."""
    from ntm_workflow.cli.score import shown

    owing = [(name, c) for name, c in cards if c.counted > sum(c.aside.values())]
    return [{"who": name or "chưa nêu ai", **shown(c)} for name, c in owing[:MOST_ROWS]]
