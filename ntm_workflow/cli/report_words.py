"""A periodic report in the words of an official document: what its template may show, and nothing else.

Official documents are Vietnamese, whatever the language of the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
_SIGNED_FOR: Final = {"ubnd": "TM. ỦY BAN NHÂN DÂN", "bcd": "TM. BAN CHỈ ĐẠO"}
_COMMITTEE: Final = "ubnd"
#: How the line of a list of recipients begins that names nobody: where the paper is filed.
_KEPT: Final = "Lưu"


@contextmanager
def in_vietnamese() -> Iterator[None]:
    token = LANG.set("vi")
    try:
        yield
    finally:
        LANG.reset(token)


def words(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a template, all of them texts, numbers and lists of such."""
    with in_vietnamese():
        return {
            **_head(facts),
            "criteria": [_edition(each) for each in facts["criteria"]],
            **{name: _duties(facts[name]) for name in ("met", "missed", "aside", "next")},
            "kinds": facts["kinds"],
            "parts": [_part(each, facts["unit"]["name"]) for each in facts["parts"]],
            "all_parts": _together(facts["parts"]),
            "money": _money(facts["money"]),
            "dossiers": [_dossier(each) for each in facts["dossiers"]],
            "cards": _cards(facts["cards"]["unit"]),
            "communes": _cards(facts["cards"]["place"]),
            "departments": _cards(facts["cards"]["department"]),
            "causes": [_note(each, "cause") for each in facts["noted"] if each["cause"]],
            "proposals": [_note(each, "proposal") for each in facts["noted"] if each["proposal"]],
        }


def _head(facts: Mapping[str, Any]) -> dict[str, Any]:
    place, unit = facts["place"], facts["unit"]["name"]
    above, issuer = _issuer(facts)
    return {
        "above": above,
        "issuer": issuer,
        "short": _SHORT.get(facts["role"], "…"),
        "signed_for": _SIGNED_FOR.get(facts["role"], ""),
        "unit": unit,
        "place": place["name"] if place else "",
        "seat": facts["seat"],
        "period": report_days.called(facts["period"], "vi"),
        "next_period": report_days.called(facts["next_period"], "vi"),
        "from_day": format_date(facts["from"]),
        "until_day": format_date(facts["until"]),
        "closed_day": format_date(facts["closed_until"]) if facts["closed_until"] else "",
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
    return {
        "title": plan["title"],
        "number": plan["number"] or "",
        "issuer": plan["issuer"],
        "issued_on": format_date(plan["issued_on"]) if plan["issued_on"] else "",
    }


def _stamp(facts: Mapping[str, Any]) -> str:
    return phrase(
        "Số liệu {first} – {last}, theo sổ đến #{n} (ghi {at}), đã chốt đến {closed}. Lập lại: --known-at #{n}",
        "Figures of {first} – {last}, by the journal up to #{n} (recorded {at}), closed until {closed}. Again: --known-at #{n}",
        first=facts["from"],
        last=facts["until"],
        n=facts["position"],
        at=facts["recorded_at"],
        closed=facts["closed_until"],
    )


# --- criteria


def _edition(of: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": word(of["set"]),
        "asked_of": of["asked_of"],
        "decision": of["decision"] or "",
        "numbers": [
            {
                **each,
                "name": each["name"] or "",
                "unclear": _both(
                    str(each["unknown"] or ""), "mâu thuẫn", str(each["conflicting"] or "")
                ),
            }
            for each in of["numbers"]
        ],
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
        "more": max(len(groups) - MOST_ROWS, 0),
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
        "met_on": _done(days, items),
        "standing": "; ".join(dict.fromkeys(word(each["standing"]) for each in items)),
    }


def _done(days: Sequence[date], items: Sequence[Mapping[str, Any]]) -> str:
    """The days on which something was done, and how much of it late."""
    if not days:
        return ""
    late = sum(item["standing"] == "met_late" for item in items)
    said = "" if not late else " (muộn)" if len(items) == 1 else f" (muộn {late})"
    return _span(days[0], days[-1]) + said


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


def _part(part: Mapping[str, Any], unit: str) -> dict[str, Any]:
    place = part["place"]["name"] if part["place"] else unit
    return {"place": place, **_counts(part), "report": _RECEIVED[part["report"]]}


def _together(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = ("met", "missed", "next", "allocated", "disbursed")
    return _counts({name: sum(part[name] for part in parts) for name in names})


def _counts(part: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: part[name] for name in ("met", "missed", "next")},
        "allocated": _millions(part["allocated"]),
        "disbursed": _millions(part["disbursed"]),
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


def _cards(cards: Sequence[tuple[str | None, Card]]) -> dict[str, Any]:
    """Those who owed something by a day of the period; what is counted apart only is left to the sheets."""
    from ntm_workflow.cli.score import shown

    owing = [(name, c) for name, c in cards if c.counted > sum(c.aside.values())]
    rows = [{"who": name or "chưa nêu ai", **shown(c)} for name, c in owing[:MOST_ROWS]]
    return {"rows": rows, "more": max(len(owing) - MOST_ROWS, 0)}
