"""Obligations: the list, one with its derivation and history, and everything that happens to one."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import Any

import click

from ntm_workflow.cli.answers import fact_json, say
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import DUTY, PLACE, PLAN, UNIT
from ntm_workflow.cli.duty import attached, days, entries, other_day, readings
from ntm_workflow.cli.fact import line
from ntm_workflow.cli.params import DAY
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
    *("enforce_day", "last_day", "met_on", "missed_on", "waived_on", "ended_on"),
    *(
        "recorded_late",
        "miss_overturned_by",
        "suspended_on",
        "suspended_until",
        "original",
        "cause",
        "proposal",
    ),
    *("occurrence", "paper", "condition", "alternative", "consequences"),
)
_SHOWN = tuple(name for name in LISTED if name != "waived_on")
_values = attrgetter(*_SHOWN)
#: What a unit may be to a duty: only who owes it can be in breach.
ROLES = ("owes", "joins", "advises", "receives")


@click.group(
    cls=Group, help=both("Nhiệm vụ được giao và thời hạn.", "What units owe, by when, and why.")
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
    ],
)
@option("--plan", type=PLAN, metavar="ID", vi="Của kế hoạch này.", en="Of this plan.")
@option(
    "--within", type=PLACE, metavar="P", vi="Chỉ trong địa bàn này.", en="Only inside this place."
)
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
    with view.reading() as reading:
        items = [item(reading, row) for row in _matching(reading, **filters)]
        items = [i for i in items if not standings or i["standing"] in standings]
        items.sort(key=lambda i: (i["enforce_day"] or date.max, i["id"]))
        folded = 0 if view.as_data or standings else _fold(items)
        view.items("obligation.list", reading.stamp(), items, COLUMNS)
    if folded:
        say(
            "Việc lặp lại chỉ nêu đến lần tới; còn {n} lần sau. Xem: ntm obligation list --standing not_yet",
            "What comes back is shown up to its next time; later ones: {n}. See: ntm obligation list --standing not_yet",
            n=folded,
        )
    if exit_code and any(i["standing"] == "overdue" for i in items):
        raise click.exceptions.Exit(5)


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
) -> list[Any]:
    from ntm_workflow.office.names import find_place, find_unit, must_be_adopted
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
    scope = reading.within(find_place(reading, within)) if within is not None else None
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
    from ntm_workflow.office import history

    lang = LANG.get()
    with view.reading() as reading:
        row = find(reading, id)
        found = history.find(session().office().journal, reading, history.Filter(subject=row.id))
        facts = [fact_json(fact, reading, voided_by) for fact, voided_by in found]
        steps = [derivation.explain(msgspec.convert(s, Step), lang) for s in row.derivation]
        shown = item(reading, row)
        shown |= {
            "strength_words": row.strength_words,
            "stated": row.stated,
            "owed_by_inferred": row.inferred,
        }
        shown["why"] = standing.explain(row, reading.as_of, entries(facts, reading.as_of), lang)
        if view.as_json:
            pairs = zip(row.derivation, steps, strict=True)
            shown["derivation"] = [{**step, "sentence": said} for step, said in pairs]
            shown["history"] = facts
        else:
            shown |= {"derivation": steps, "history": [line(fact) for fact in facts]}
            shown["original"] = days(shown["original"] or {})
            shown["verdicts"] = readings(row, shown["verdicts"])
            shown["alternative"] = other_day(shown["alternative"])
            shown["consequences"] = [attached(each) for each in shown["consequences"]]
            shown = {name: value for name, value in shown.items() if value}
        view.one("obligation.show", reading, shown)


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


@obligation.command(
    cls=Command,
    help=both("Ghi một nhiệm vụ đã hoàn thành.", "Record that an obligation was met."),
    examples=["ntm obligation meet D015/tam-ky --on 20/9/2024 --document 'QĐ mẫu' --dry-run"],
)
@click.argument("id", type=DUTY)
@writes
def meet(id: str, ask: Asked) -> None:
    from ntm_workflow.domain.obligation import ObligationMet

    _record("meet", id, ObligationMet, ask)


@obligation.command(
    cls=Command,
    help=both(
        "Ghi một nhiệm vụ được cơ quan có thẩm quyền miễn, theo văn bản.",
        "Record that a competent body waived an obligation, by a paper.",
    ),
    examples=["ntm obligation waive D015/tam-ky --on 1/9/2024 --document 'CV mẫu' --dry-run"],
)
@click.argument("id", type=DUTY)
@writes
def waive(id: str, ask: Asked) -> None:
    from ntm_workflow.domain.obligation import ObligationWaived

    _record("waive", id, ObligationWaived, ask)


@obligation.command(
    cls=Command,
    help=both(
        "Gia hạn một nhiệm vụ theo văn bản; lần quá hạn đã ghi trước đó vẫn giữ nguyên.",
        "Extend an obligation by a paper; a miss found before it stays.",
    ),
    examples=[
        "ntm obligation extend D015/tam-ky --until 15/10/2024 --on 1/9/2024 --document 'CV mẫu' --dry-run"
    ],
)
@click.argument("id", type=DUTY)
@option(
    "--until", type=DAY, required=True, metavar="D", vi="Ngày cuối mới.", en="The new last day."
)
@option("--reason", metavar="T", vi="Lý do nêu trong văn bản.", en="The reason the paper gives.")
@writes
def extend(id: str, until: date, reason: str | None, ask: Asked) -> None:
    from ntm_workflow.office import obligation as use

    _about("extend", id, ask, lambda entry, to: use.extend(entry, to, until, _text(reason)))


@obligation.command(
    cls=Command,
    help=both(
        "Tạm dừng một nhiệm vụ theo văn bản; trong lúc tạm dừng không bị chốt quá hạn.",
        "Suspend an obligation by a paper; meanwhile no closing finds it missed.",
    ),
    examples=["ntm obligation suspend D120/tam-phu-tam-ky --on 1/3/2025 --document 'CV mẫu'"],
)
@click.argument("id", type=DUTY)
@option("--until", type=DAY, metavar="D", vi="Ngày cuối còn tạm dừng.", en="The last day of it.")
@writes
def suspend(id: str, until: date | None, ask: Asked) -> None:
    from ntm_workflow.office import obligation as use

    _about("suspend", id, ask, lambda entry, to: use.suspend(entry, to, until))


@obligation.command(
    cls=Command,
    help=both(
        "Tiếp tục một nhiệm vụ đang tạm dừng; hạn cũ giữ nguyên, muốn hạn mới thì gia hạn.",
        "Resume a suspended obligation; its deadline stays, a new one takes an extension.",
    ),
    examples=["ntm obligation resume D120/tam-phu-tam-ky --on 20/3/2025"],
)
@click.argument("id", type=DUTY)
@writes
def resume(id: str, ask: Asked) -> None:
    from ntm_workflow.office import obligation as use

    _about("resume", id, ask, use.resume)


@obligation.command(
    cls=Command,
    help=both(
        "Ghi nguyên nhân và kiến nghị bằng lời của đơn vị, để đưa vào báo cáo.",
        "Note the cause and the proposal in the unit's own words, for the reports.",
    ),
    examples=[
        "ntm obligation note D015/tam-ky --cause 'chờ hướng dẫn (mẫu)' --on 1/9/2024 --dry-run"
    ],
)
@click.argument("id", type=DUTY)
@option("--cause", metavar="T", vi="Nguyên nhân.", en="Why it stands so.")
@option("--proposal", metavar="T", vi="Kiến nghị.", en="What is proposed.")
@writes
def note(id: str, cause: str | None, proposal: str | None, ask: Asked) -> None:
    from ntm_workflow.domain.obligation import ObligationNoted

    said = {"cause": _text(cause), "proposal": _text(proposal)}
    _record("note", id, ObligationNoted, ask, **said)


def _text(said: str | None) -> str | None:
    from ntm_workflow.domain.values import nfc

    return nfc(said).strip() if said else None


@obligation.command(
    cls=Command,
    help=both(
        "Ghi một nhiệm vụ do công văn, thông báo kết luận giao; --on là ngày của văn bản.",
        "Record a duty that a letter or a meeting's conclusion gives; --on is the letter's date.",
    ),
    examples=[
        "ntm obligation give --document 'CV mẫu số 1' --phrase 'trước ngày 15/12/2024' --to 'UBND xã Tam Ngọc' --from-unit 'UBND thành phố Tam Kỳ' --title 'Báo cáo tiến độ (mẫu)' --on 20/11/2024 --dry-run"
    ],
)
@option("--phrase", required=True, metavar="T", vi="Câu chữ về thời hạn.", en="The words that set the deadline.")  # fmt: skip
@option(
    "--to", required=True, type=UNIT, metavar="U", vi="Đơn vị chủ trì.", en="The unit that owes it."
)
@option("--title", metavar="T", vi="Nội dung nhiệm vụ.", en="What is to be done.")
@option("--clause", metavar="T", vi="Mục, điểm trong văn bản.", en="The passage of the letter.")
@option("--with", "with_", multiple=True, type=UNIT, metavar="U", vi="Đơn vị phối hợp.", en="A unit that joins.")  # fmt: skip
@option("--advised-by", multiple=True, type=UNIT, metavar="U", vi="Đơn vị tham mưu.", en="A unit that advises.")  # fmt: skip
@option("--from-unit", type=UNIT, metavar="U", vi="Đơn vị giao và nhận kết quả.", en="The unit that gives it and receives the result.")  # fmt: skip
@option("--place", type=PLACE, metavar="P", vi="Địa bàn (mặc định của đơn vị chủ trì).", en="The place (default: that of the unit).")  # fmt: skip
@option("--strength", default="must", show_default=True, metavar="S", vi="Mức độ: must, strive, requested, …", en="must, strive, requested, …")  # fmt: skip
@writes
def give(ask: Asked, phrase: str, to: str, **said: Any) -> None:
    from ntm_workflow.office import obligation as use
    from ntm_workflow.office.names import find_place, find_unit

    office = session().office()
    with office.reading(ask.request.on) as reading:
        owed_by = find_unit(reading, to)
        place = said["place"] and find_place(reading, said["place"])
        letter = use.Letter(
            phrase=phrase,
            to=owed_by,
            title=_text(said["title"]),
            clause=_text(said["clause"]),
            with_=tuple(find_unit(reading, each) for each in said["with_"]),
            advised_by=tuple(find_unit(reading, each) for each in said["advised_by"]),
            from_unit=said["from_unit"] and find_unit(reading, said["from_unit"]),
            place=place or reading.units[owed_by].place,
            strength=said["strength"],
            year=ask.request.on.year if ask.request.on else None,
        )
    receipt = office.record(ask.request, lambda entry: use.give(entry, letter))
    ask.told("obligation.give", office, receipt)


def _record(verb: str, id: str, event: type[Any], ask: Asked, **fields: Any) -> None:
    _about(verb, id, ask, lambda entry, subject: entry.record(subject, event, **fields))


def _about(verb: str, id: str, ask: Asked, act: Any) -> None:
    """Record one act on the obligation of that id."""
    office = session().office()
    with office.reading() as reading:
        subject = find(reading, id).id
    receipt = office.record(ask.request, lambda entry: act(entry, subject))
    ask.told(f"obligation.{verb}", office, receipt)
