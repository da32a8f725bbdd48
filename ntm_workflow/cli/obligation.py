"""Obligations: the list, and one with its derivation, what it hangs together with, and its history."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import Any

import click

from ntm_workflow.cli.answers import fact_json, say
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.complete import DUTY, PLAN, UNIT
from ntm_workflow.cli.duty import (
    attached,
    beside,
    days,
    driven,
    entries,
    in_chain,
    other_day,
    readings,
    to_decide,
)
from ntm_workflow.cli.fact import line
from ntm_workflow.cli.params import DAY
from ntm_workflow.cli.scope import in_place, narrowed
from ntm_workflow.cli.session import option, session

COLUMNS = [
    "id",
    "title",
    "owed_by",
    "place",
    "act_by",
    "enforce_day",
    "standing",
    "met_on",
    "missed_on",
]


#: The columns a list needs: what JSON shows, and what the standing is computed from.
LISTED = (
    *("id", "rule", "plan", "clause", "title", "owed_by", "with", "advised_by", "owed_to", "place"),
    *("strength", "expression", "kind", "window_start", "strict_day", "nominal_day", "act_by"),
    *("enforce_day", "last_day", "met_on", "missed_on", "waived_on", "ended_on", "joined_to"),
    *(
        "recorded_late",
        "miss_overturned_by",
        "suspended_on",
        "suspended_until",
        "original",
        "cause",
        "proposal",
    ),
    *("occurrence", "paper", "condition", "applies", "alternative", "taken", "consequences"),
    *("starts_from", "event_on", "item", "follows"),
)
_SHOWN = tuple(name for name in LISTED if name != "waived_on")
_values = attrgetter(*_SHOWN)
#: What a unit may be to a duty: only who owes it can be in breach.
ROLES = ("owes", "joins", "advises", "receives")


_REMINDERS = "ntm_workflow.cli.obligation_reminders:"
_LAZY = {
    "not-received": (
        _REMINDERS + "not_received",
        both("Nơi nhận báo chưa nhận.", "The receiving desk has not received it."),
    ),
    "snooze": (
        _REMINDERS + "snooze",
        both(
            "Tạm ngừng nhắc, có lý do và có hạn.", "Put off reminders, with a reason and a limit."
        ),
    ),
    "dispute": (
        _REMINDERS + "dispute",
        both(
            "Đơn vị có ý kiến khác, có lý do và có hạn.",
            "The unit disputes it, with a reason and a limit.",
        ),
    ),
}


@click.group(
    cls=Group,
    lazy=_LAZY,
    help=both("Nhiệm vụ được giao và thời hạn.", "What units owe, by when, and why."),
)
def obligation() -> None:
    pass


@obligation.command(
    "list",
    cls=Command,
    help=both("Các nhiệm vụ và tình trạng.", "The obligations and how they stand."),
    examples=[
        "ntm obligation list --within 'Tam Kỳ' --as-of 31/10/2024",
        "ntm obligation list --standing overdue --known-at 04/11/2024 --json",
        "ntm obligation list --unit 'UBND thành phố Tam Kỳ' --role receives",
        "ntm obligation list --to-decide --as-of 31/12/2024",
    ],
)
@option("--plan", type=PLAN, metavar="ID", vi="Của kế hoạch này.", en="Of this plan.")
@in_place
@option("--unit", type=UNIT, metavar="U", vi="Do đơn vị này chủ trì (hoặc theo --role).", en="Owed by this unit (or as --role says).")  # fmt: skip
@option("--role", type=click.Choice(ROLES), default="owes", show_default=True, vi="Vai trò của --unit: chủ trì, phối hợp, tham mưu, nơi nhận.", en="What --unit is to the duty.")  # fmt: skip
@option(
    "--standing",
    "standings",
    multiple=True,
    metavar="S",
    vi="Tình trạng: overdue, met, …",
    en="Standing: overdue, met, …",
)
@option("--due-from", type=DAY, metavar="D", vi="Hạn từ ngày.", en="Due from.")
@option("--due-until", type=DAY, metavar="D", vi="Hạn đến ngày.", en="Due until.")
@option("--to-decide", is_flag=True, vi="Mốc phấn đấu đã qua mà điều khoản có nêu hệ quả: chờ người quyết định.", en="Marks to strive for that are past and whose clause attaches something: a person decides.")  # fmt: skip
@option(
    "--exit-code",
    is_flag=True,
    vi="Thoát với mã 5 nếu có việc quá hạn.",
    en="Exit with 5 if something is overdue.",
)
@reads
def list_(view: Shown, exit_code: bool, standings: tuple[str, ...], **filters: Any) -> None:
    from ntm_workflow.domain.inputs import checked_range
    from ntm_workflow.domain.obligation_refusals import UnknownStanding
    from ntm_workflow.domain.standing import STANDINGS

    checked_range(filters["due_from"], filters["due_until"])
    for word in standings:
        if word not in STANDINGS:
            raise UnknownStanding(standing=word, known=STANDINGS)
    view.tell_rehearsal()
    with view.reading() as reading:
        items = [item(reading, row) for row in _matching(reading, **filters)]
        items = [i for i in items if not standings or i["standing"] in standings]
        items.sort(key=lambda each: _order(reading, each))
        folded = 0 if view.as_data or standings else _fold(items)
        shown = items if view.as_data else map(_as_it_counts, items)
        view.items("obligation.list", reading.stamp(), shown, COLUMNS)
    if folded:
        say(
            "Việc lặp lại chỉ nêu đến lần tới; còn {n} lần sau. Xem: ntm obligation list --standing not_yet",
            "What comes back is shown up to its next time; later ones: {n}. See: ntm obligation list --standing not_yet",
            n=folded,
        )
    if exit_code and any(i["standing"] == "overdue" for i in items):
        raise click.exceptions.Exit(5)


def _as_it_counts(item: dict[str, Any]) -> dict[str, Any]:
    """With the day that counts where another stands in its place, after a pause for one."""
    last = item["last_day"]
    return item if last == item["enforce_day"] else {**item, "act_by": last, "enforce_day": last}


def _order(reading: Any, item: dict[str, Any]) -> tuple[Any, ...]:
    """By the last day; the same duty of many stands together, by the alphabet of who owes it."""
    owed_by = (item["owed_by"] or {}).get("id")
    return item["enforce_day"] or date.max, item["rule"] or "", reading.order(owed_by), item["id"]


def _fold(items: list[dict[str, Any]]) -> int:
    """Leave of what comes back and is not begun the first time only; how many were taken out."""
    kept, ahead = [], set[str]()
    for item in items:
        series = item["id"].replace(f"@{item['occurrence']}/", "/")
        if item["standing"] != "not_yet" or not item["occurrence"] or series not in ahead:
            kept.append(item)
        if item["standing"] == "not_yet":
            ahead.add(series)
    folded, items[:] = len(items) - len(kept), kept
    return folded


def _matching(
    reading: Any,
    plan: str | None,
    within: str | None,
    unit: str | None,
    role: str,
    due_from: date | None,
    due_until: date | None,
    to_decide: bool,
) -> list[Any]:
    from ntm_workflow.office.names import find_unit, must_be_adopted
    from ntm_workflow.projections.obligation import VIEW

    c = VIEW.table.c
    where = []
    if plan:
        must_be_adopted(reading, plan)
        where.append(c.plan == plan)
    who = find_unit(reading, unit) if unit is not None else None
    if who and role in ("owes", "receives"):
        where.append((c.owed_by if role == "owes" else c.owed_to) == who)
    if due_from:
        where.append(c.enforce_day >= due_from)
    if due_until:
        where.append(c.enforce_day <= due_until)
    if to_decide:
        where.append(c.decide_after < reading.as_of)
    scope = narrowed(reading, within)
    rows = reading.rows("obligation", *where, only=LISTED)
    column = {"joins": "with", "advises": "advised_by"}.get(role)
    if who and column:
        rows = [row for row in rows if who in getattr(row, column)]
    return [row for row in rows if scope is None or row.place in scope]


def item(reading: Any, row: Any) -> dict[str, Any]:
    """An obligation as JSON shows it; `row` has at least the columns `LISTED`."""
    from ntm_workflow.domain.standing import standing, verdicts

    ref = reading.ref
    shown: dict[str, Any] = dict(zip(_SHOWN, _values(row), strict=True))
    shown["id"] = row.id.partition("/")[2]
    for name in ("owed_by", "owed_to", "place"):
        shown[name] = ref(shown[name])
    for name in ("with", "advised_by"):
        shown[name] = [ref(unit) for unit in shown[name]]
    shown["standing"] = standing(row, reading.as_of)
    shown["verdicts"] = verdicts(row, reading.as_of)
    shown["recorded_late"] = bool(row.recorded_late)
    return shown


@obligation.command(
    cls=Command,
    help=both(
        "Một nhiệm vụ: cách tính hạn và lịch sử.",
        "One obligation: how its days were derived, and its history.",
    ),
    examples=["ntm obligation show D118/tam-ngoc-tam-ky"],
)
@click.argument("id", type=DUTY)
@reads
def show(id: str, view: Shown) -> None:
    import msgspec

    from ntm_workflow.domain import derivation, standing
    from ntm_workflow.domain.dates import Step
    from ntm_workflow.office import history, linked

    lang = LANG.get()
    view.tell_rehearsal()
    with view.reading() as reading:
        row = find(reading, id)
        plans = linked.linked(reading)
        found = history.find(session().office().journal, reading, history.Filter(subject=row.id))
        facts = [fact_json(fact, reading, voided_by) for fact, voided_by in found]
        steps = [derivation.explain(msgspec.convert(s, Step), lang) for s in row.derivation]
        shown = item(reading, row)
        shown |= {
            "strength_words": row.strength_words,
            "stated": row.stated,
            "owed_by_inferred": row.inferred,
        }
        stricter = plans.stricter(row)
        shown |= {
            "driven_by": stricter and linked.told(stricter),
            "linked": [linked.told(each) for each in plans.others(row)],
            **linked.chain(reading, row),
        }
        shown["why"] = standing.explain(row, reading.as_of, entries(facts, reading.as_of), lang)
        if view.as_json:
            pairs = zip(row.derivation, steps, strict=True)
            shown["derivation"] = [{**step, "sentence": said} for step, said in pairs]
            shown["history"] = facts
        else:
            shown |= {"derivation": steps, "history": [line(fact) for fact in facts]}
            shown["driven_by"] = stricter and driven(stricter)
            shown = _for_people(shown, row)
        view.one("obligation.show", reading, shown)
        if not view.as_data:
            for command in to_decide(row):
                say("Tiếp: {command}", "Next: {command}", command=command)


def _for_people(shown: dict[str, Any], row: Any) -> dict[str, Any]:
    """The duty's structured values as sentences, and nothing of what is empty."""
    said = {
        "original": days(shown["original"] or {}),
        "verdicts": readings(row, shown["verdicts"]),
        "alternative": other_day(shown["alternative"]),
        "consequences": [attached(each) for each in shown["consequences"]],
        "linked": [beside(each) for each in shown["linked"]],
    }
    links = ("before_it", "after_it", "joined_by")
    chain = {name: [in_chain(each) for each in shown[name]] for name in links}
    return {name: value for name, value in (shown | said | chain).items() if value}


def find(reading: Any, id: str) -> Any:
    """The row of an obligation id; refuses, naming near ones."""
    from ntm_workflow.domain.inputs import readable
    from ntm_workflow.domain.values import nfc
    from ntm_workflow.office.names import NotFound, near

    bare = readable(nfc(id.strip())).removeprefix("obligation/")
    row = reading.row(f"obligation/{bare}")
    if row is None:
        ids = [r.id.partition("/")[2] for r in reading.rows("obligation", only=("id",))]
        raise NotFound(typed=id, day=reading.as_of, noun="obligation", near=near(bare, ids))
    return row
