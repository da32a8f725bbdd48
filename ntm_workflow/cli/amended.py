"""What an amended plan changes, as people read it: the moved dates first, then all the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ntm_workflow.cli.answers import cell, say
from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.cli.labels import heading
from ntm_workflow.cli.lists import write_table

KINDS = ("moved", "added", "dropped", "changed")
_NUMBERS = ("threshold", "value")
_DAYS = ("expression", "strict_day", "nominal_day", "enforce_day")


def together(told: Iterable[Any]) -> dict[str, list[dict[str, Any]]]:
    """The changes of several plans, as JSON has them."""
    all_of: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for changes in told:
        for kind, items in changes.as_dict().items():
            all_of[kind] += items
    return all_of


def show(changes: dict[str, list[dict[str, Any]]], names: Any) -> None:
    """A heading and a table for each kind there is something of; nothing for a plan that is new."""
    if not any(changes.values()):
        return
    say("Hạn đã dời: {n}", "Dates moved: {n}", n=len(changes["moved"]))
    _table(
        [_moved(item, names) for item in changes["moved"]],
        ["id", "title", "clause", *_DAYS, "extended_until", "changes"],
    )
    for kind, vi, en in (
        ("added", "Nhiệm vụ thêm: {n}", "Duties added: {n}"),
        ("dropped", "Nhiệm vụ bỏ: {n}", "Duties dropped: {n}"),
    ):
        say(vi, en, n=len(changes[kind]))
        _table(changes[kind], ["id", "title", "clause", *_DAYS])
    say("Thay đổi khác: {n}", "Other changes: {n}", n=len(changes["changed"]))
    others = [
        {**item, "title": names.get(item["id"], item["title"]), "changes": _pairs(item, names)}
        for item in changes["changed"]
    ]
    _table(others, ["id", "title", "clause", "changes"])


def _table(items: list[dict[str, Any]], columns: list[str]) -> None:
    if items:
        write_table(columns, items)


def _moved(item: dict[str, Any], names: Any) -> dict[str, Any]:
    days = {key: _from_to(item[f"old_{key}"], item[f"new_{key}"]) for key in _DAYS}
    return {**item, **days, "changes": _pairs(item, names)}


def _pairs(item: dict[str, Any], names: Any) -> str:
    told = (
        f"{heading(key.rstrip('_'))}: {_from_to(_named(old, names, key), _named(new, names, key))}"
        for key, (old, new) in item["changes"].items()
    )
    return "; ".join(told)


def _from_to(old: Any, new: Any) -> str:
    """What stays is said once."""
    was, now = cell(old) or "–", cell(new) or "–"
    return now if was == now else f"{was} → {now}"


def _named(value: Any, names: Any, key: str = "") -> Any:
    """Places and units by name, structs by what they hold, numbers as people write them."""
    import msgspec

    from ntm_workflow.domain.values import format_number

    if isinstance(value, msgspec.Struct):
        value = msgspec.structs.asdict(value)
    if isinstance(value, dict):
        return {name: _named(each, names, name) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_named(each, names, key) for each in value]
    if not isinstance(value, str):
        return value
    return format_number(value, LANG.get()) if key in _NUMBERS else names.get(value, value)
