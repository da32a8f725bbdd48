"""What a plan says of settings, money and papers, a line each for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ntm_workflow.cli.answers import phrase
from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.cli.labels import word


def bound(item: dict[str, Any]) -> dict[str, Any]:
    """What an office decides and what is said of money, a line each."""
    from msgspec import convert

    from ntm_workflow.domain.plan import Settings
    from ntm_workflow.plans.settings import said

    told: dict[str, Any] = {"settings": said(convert(item["settings"], Settings), LANG.get())}
    for name, line in _LINES.items():
        told[name] = _first([line(each) for each in item.get(name, ())])
    for name in ("papers", "recipients"):
        told[name] = "; ".join(told[name])
    for name in ("by_standing", "by_strength"):
        counts = item.get(name, {})
        told[name] = " · ".join(f"{word(code)}: {count}" for code, count in counts.items())
    return {name: value for name, value in told.items() if value or name in item}


def _first(lines: list[str], most: int = 6) -> list[str]:
    """As many as fit on a screen beside the rest; JSON has all."""
    if len(lines) <= most:
        return lines
    rest = phrase("… và {n} mục nữa (--json)", "… and {n} more (--json)", n=len(lines) - most)
    return [*lines[:most], rest]


def version(said: dict[str, Any]) -> str:
    """One text of the plan on a line: since when, by which paper."""
    return phrase(
        "từ {since}: {paper} (lần ghi #{entry}, tệp {sha256})",
        "since {since}: {paper} (entry #{entry}, file {sha256})",
        since=date.fromisoformat(said["since"]),
        paper=said["document"] or said["number"] or "–",
        entry=said["entry"],
        sha256=said["sha256"][:12],
    )


def _money(rule: dict[str, Any]) -> str:
    lists = {key: [word(each) for each in rule[key]] for key in ("stop_types", "reallocate_types")}
    return phrase(
        "{clause}, “{expression}”: đến hết {day}, vốn năm {plan_year} chưa giải ngân thì dừng {stop_types}; xem xét điều chuyển {reallocate_types}",
        "{clause}, “{expression}”: by the end of {day}, money of {plan_year} with nothing spent: {stop_types} stop; {reallocate_types} may be moved",
        **{**rule, **lists, "day": date.fromisoformat(rule["day"])},
    )


def _check(said: dict[str, Any]) -> str:
    return phrase(
        "{id} ({clause}), {strength:word}: {title}",
        "{id} ({clause}), {strength:word}: {title}",
        **said,
    )


def _figure(said: dict[str, Any]) -> str:
    return phrase(
        "{clause}, {title}: {at_least}{amount:dong}{per}",
        "{clause}, {title}: {at_least}{amount:dong}{per}",
        **said
        | {
            "at_least": "≥ " if said["at_least"] else "",
            "per": f"/{said['per']}" if said["per"] else "",
        },
    )


def _paper(said: dict[str, Any]) -> str:
    return f"{word(said['relation'])}: {said['document']}"


def _recipient(said: dict[str, Any]) -> str:
    return str(said["name"])


def _due(said: dict[str, Any]) -> str:
    return phrase(
        "{day} · {clause} · {title} (“{expression}”): {duties} nhiệm vụ",
        "{day} · {clause} · {title} (“{expression}”), duties: {duties}",
        **said,
    )


_LINES: dict[str, Callable[[dict[str, Any]], str]] = {
    "money_rules": _money,
    "money_checks": _check,
    "figures": _figure,
    "papers": _paper,
    "recipients": _recipient,
    "next_days": _due,
}
