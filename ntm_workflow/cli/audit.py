"""The audit: history, differences between two moments, and proof that nothing was changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import cell, fact_json, phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.fact import filters, history
from ntm_workflow.cli.labels import MONEY, heading
from ntm_workflow.cli.params import DAY, MOMENT, SUBJECT
from ntm_workflow.cli.scope import in_place
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.office.difference import Difference, Scope
    from ntm_workflow.office.knowledge import Belief, Told
    from ntm_workflow.office.reading import Reading

_PROOF, _RECEIPT = "ntm_workflow.cli.proof:", "ntm_workflow.cli.receipt:"

#: What proves the journal lives apart, and is imported when it is used.
LAZY = {
    "verify": (_PROOF + "verify", both("Kiểm tra toàn bộ sổ.", "Check the whole journal.")),
    "seal": (_PROOF + "seal", both("Đóng dấu xác thực sổ.", "Seal the journal.")),
    "seals": (_PROOF + "seals", both("Các dấu xác thực đã đóng.", "The seals made so far.")),
    "key": (_PROOF + "key", both("Khóa đóng dấu của sổ.", "The store's sealing key.")),
    "receipt": (_RECEIPT + "receipt", both("Lập phiếu xác nhận ghi sổ.", "Make a receipt.")),
    "check": (_RECEIPT + "check", both("Kiểm tra phiếu xác nhận.", "Check a receipt.")),
}


@click.group(
    cls=Group,
    lazy=LAZY,
    help=both("Lịch sử, so sánh, kiểm tra sổ.", "History, differences, proof."),
)
def audit() -> None:
    pass


@audit.command(
    "history",
    cls=Command,
    help=both("Như ntm fact list.", "The same as ntm fact list."),
    examples=["ntm audit history --place 'Tam Ngọc'"],
)
@filters
@reads
def history_(view: Any, **said: Any) -> None:
    history(view, **said)


def _two_moments(function: Any) -> Any:
    """Lets `--known-at` stand twice among the options of `reads`."""
    params = function.__click_params__
    at = next(i for i, param in enumerate(params) if param.name == "known_at")
    params[at] = type(params[at])(
        ["--known-at"],
        type=MOMENT,
        multiple=True,
        metavar="WHEN",
        help=both(
            "Như đã biết vào lúc đó; nêu hai lần để so hai lúc.",
            "As known then; twice, to compare two moments.",
        ),
    )
    return function


@audit.command(
    cls=Command,
    help=both(
        "Khác nhau giữa hai ngày (--from, --until), hai lúc biết (--known-at hai lần), hoặc cả hai.",
        "What differs between two days (--from, --until), two moments of knowledge (--known-at twice), or both.",
    ),
    examples=[
        "ntm audit diff --from 30/10/2024 --until 30/11/2024 --within 'Tam Ngọc'",
        "ntm audit diff --known-at 07/11/2024 --known-at 08/11/2024 --kind fund --json",
    ],
)
@option("--from", "from_", type=DAY, metavar="D", vi="Ngày trước.", en="The earlier day.")
@option("--until", type=DAY, metavar="D", vi="Ngày sau.", en="The later day.")
@in_place
@option("--subject", metavar="ID", vi="Chỉ đối tượng này.", en="Only this subject.")
@option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="K",
    vi="Chỉ loại này: fund, obligation, dossier…",
    en="Only this kind: fund, obligation, dossier…",
)
@_two_moments
@reads
def diff(from_: Any, until: Any, view: Shown, **chosen: Any) -> None:
    from ntm_workflow.office.difference import differences

    office = session().office()
    (day, known), (later_day, later_known) = _sides(view, from_, until)
    with (
        office.reading(day, known) as before,
        office.reading(later_day, later_known) as after,
    ):
        scope = _scope(before, after, **chosen)
        found = differences(office.journal, before, after, scope)
        items = [_differing(each, after) for each in found]
        stamp = {**after.stamp(), "before": before.stamp(), "after": after.stamp()}
        if view.as_json:
            view.items("audit.diff", stamp, items, [])
        elif view.as_data:
            view.items("audit.diff", stamp, _by_field(items), list(_BY_FIELD))
        else:
            for item in items:
                _show(item, after)
            say("{n} chỗ khác.", "{n} differences.", n=len(items))


def _sides(view: Shown, from_: Any, until: Any) -> list[tuple[Any, Any]]:
    """The day and the moment of each side; at least one of the two must differ."""
    from ntm_workflow.domain.inputs import checked_range

    moments = view.known_at or (None,)
    if bool(from_) != bool(until) or len(moments) > 2 or (len(moments) < 2 and not from_):
        raise click.UsageError(
            phrase(
                "Nêu hai ngày (--from và --until), hoặc hai lúc biết (--known-at hai lần), hoặc cả hai.",
                "Give two days (--from and --until), two moments (--known-at twice), or both.",
            )
        )
    checked_range(from_, until)
    if isinstance(moments[0], int) and isinstance(moments[-1], int):
        checked_range(moments[0], moments[-1])
    days = (from_, until) if from_ else (view.as_of, view.as_of)
    return list(zip(days, (moments[0], moments[-1]), strict=True))


def _scope(
    before: Reading, after: Reading, within: str | None, subject: str | None, kinds: tuple[str, ...]
) -> Scope:
    from ntm_workflow.office.difference import KINDS, Scope
    from ntm_workflow.office.history import find_subject
    from ntm_workflow.office.names import find_place

    for kind in kinds:
        if kind not in KINDS:
            raise click.BadParameter(f"“{kind}”: {', '.join(KINDS)}", param_hint="--kind")
    id = find_subject(after, subject) if subject is not None else None
    place = find_place(after, within) if within is not None else None
    places = frozenset(before.within(place) | after.within(place)) if place else None
    only = (id.partition("/")[0],) if id else kinds or KINDS
    return Scope(kinds=only, subject=id, places=places)


def _differing(found: Difference, after: Reading) -> dict[str, Any]:
    """A difference as JSON shows it; without facts it came with the passing of days alone."""
    from ntm_workflow.office.difference import entries

    facts = [fact_json(fact, after) for fact in found.facts]
    names = ("position", "entry", "type", "sentence")
    return {
        "subject": found.subject,
        "name": after.names.get(found.subject, found.subject),
        "changes": {n: {"before": a, "after": b} for n, (a, b) in found.changes.items()},
        "entries": entries(found.facts),
        "facts": [{name: fact[name] for name in names} for fact in facts],
    }


_BY_FIELD = ("subject", "name", "field", "before", "after", "entries")


def _by_field(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each field that differs, as a sheet wants it."""
    return [
        {**item, "field": field, **change}
        for item in items
        for field, change in item["changes"].items()
    ]


def _show(item: dict[str, Any], reading: Reading) -> None:
    click.echo(f"{item['subject']}  {item['name']}")
    for name, pair in item["changes"].items():
        before, after = (_value(name, pair[side], reading) for side in ("before", "after"))
        click.echo(f"    {heading(name)}: {before} → {after}")
    for fact in item["facts"]:
        click.echo(f"    #{fact['entry']}  {fact['sentence']}")
    if not item["facts"]:
        say("    (do ngày trôi qua)", "    (by the passing of days)")


def _value(name: str, value: Any, reading: Reading) -> str:
    """What a row says, for a reader: đồng in full, places and units by name, days as people write."""
    from ntm_workflow.domain.values import format_short

    if isinstance(value, dict):
        inner = ((key, each) for key, each in value.items() if each is not None)
        return ", ".join(f"{heading(key)} {_value(key, each, reading)}" for key, each in inner)
    if isinstance(value, list) and value:
        return "; ".join(_value(name, each, reading) for each in value)
    if name in MONEY and isinstance(value, int):
        return format_short(value, LANG.get())
    if (name, value) == ("state", "open"):
        return phrase("đang mở", "open")
    if isinstance(value, str):
        return cell(_day(value) if name.endswith("_on") else reading.names.get(value, value))
    return cell(value) or "–"


def _day(text: str) -> date | str:
    """A day inside a list or a struct, which the tables hold as ISO text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


@audit.command(
    "who-knew",
    cls=Command,
    help=both(
        "Lúc nào đã biết gì về một ngày của một đối tượng, ai ghi, và ai đã được gửi thư.",
        "What was known when about one day of a subject, who recorded it, and who was written to.",
    ),
    examples=[
        "ntm audit who-knew obligation/D118/tam-ngoc-tam-ky --on 31/10/2024",
        "ntm audit who-knew '#401' --on 30/6/2024 --json",
    ],
)
@click.argument("subject", type=SUBJECT, metavar="ID|#N")
@option("--on", type=DAY, metavar="D", vi="Về ngày nào (mặc định hôm nay).", en="About which day.")
@reads
def who_knew(subject: Any, on: Any, view: Shown) -> None:
    from ntm_workflow.office import knowledge

    office = session().office()
    with office.reading(on or view.as_of, view.known_at) as reading:
        ids = knowledge.subjects(office.journal, reading, subject)
        known = [b for id in ids for b in knowledge.beliefs(office.journal, reading, id)]
        letters = [t for id in ids for t in knowledge.told(office.journal, reading, id)]
        items = [_believed(belief, reading) for belief in known]
        told = [_told(letter, reading) for letter in letters]
        stamp = {**reading.stamp(), "subjects": ids, "on": reading.as_of, "told": told}
        if view.as_data:
            view.items("audit.who-knew", stamp, items, list(_KNEW))
        else:
            _say_knowledge(reading, ids, items, told)


_KNEW = (
    *("subject", "known_from", "known_to", "recorded_at", "by", "body", "said", "because"),
    "sentence",
)


def _believed(belief: Belief, reading: Reading) -> dict[str, Any]:
    facts = [fact_json(fact, reading) for fact in belief.facts]
    first = facts[0] if facts else {}
    return {
        "subject": belief.subject,
        "known_from": belief.known_from,
        "known_to": belief.known_to,
        **{name: first.get(name) for name in ("recorded_at", "by", "body", "because")},
        "said": belief.said,
        "sentence": "; ".join(fact["sentence"] for fact in facts),
    }


def _told(letter: Told, reading: Reading) -> dict[str, Any]:
    about = {"letter": letter.letter, "unit": reading.ref(letter.unit), "kind": letter.kind}
    return {**about, "issued_at": letter.issued_at, "sent_at": letter.sent_at}


def _say_knowledge(
    reading: Reading, ids: list[str], items: list[dict[str, Any]], told: list[dict[str, Any]]
) -> None:
    for id in ids:
        say(
            "{name}: về ngày {day}, sổ đã nói:",
            "{name}: about {day} the journal said:",
            name=reading.names.get(id, id),
            day=reading.as_of,
        )
        of_it = [item for item in items if item["subject"] == id]
        for item in of_it:
            _say_belief(item, reading)
        if not of_it:
            say("  chưa biết gì", "  nothing")
    for letter in told:
        say(
            "Thư {kind} gửi {unit}: lập {issued}, gửi {sent}",
            "A {kind} letter to {unit}: issued {issued}, sent {sent}",
            kind=cell(letter["kind"]),
            unit=letter["unit"]["name"],
            issued=letter["issued_at"],
            sent=letter["sent_at"],
        )


def _say_belief(item: dict[str, Any], reading: Reading) -> None:
    said = item["said"] or {}
    status = [f"{heading(n)}: {_value(n, v, reading)}" for n, v in said.items() if v]
    say(
        "  từ #{known_from} ({recorded_at}, {by}): {told}",
        "  from #{known_from} ({recorded_at}, {by}): {told}",
        told=", ".join(status) or phrase("chưa có trong sổ", "not in the journal"),
        **{name: item[name] for name in ("known_from", "recorded_at", "by")},
    )
    click.echo(f"      {item['sentence']}")
