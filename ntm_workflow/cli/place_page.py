"""`ntm place page`: a place on one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ntm_workflow.cli.answers import cell, listed, part_phrase, phrase, say
from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.complete import PLACE
from ntm_workflow.cli.session import session


@click.command(
    cls=Command,
    help=both(
        "Một địa bàn trên một trang: danh hiệu, tiêu chí và minh chứng, hồ sơ, vốn, nhiệm vụ, thay đổi địa bàn.",
        "A place on one page: standards held, criteria and evidence, dossiers, money, duties, changes of place.",
    ),
    examples=["ntm place page 'Tam Ngọc'", "ntm place page 'Tam Ngọc' --as-of 31/10/2024 --json"],
)
@click.argument("name", type=PLACE)
@reads
def page(name: str, view: Shown) -> None:
    from ntm_workflow.office.names import find_once
    from ntm_workflow.office.place_page import page as made

    with view.reading() as reading:
        found = made(session().office().journal, reading, find_once(reading, name))
        if view.as_data:
            view.one("place.page", reading, found)
            return
        _tell_place(found, reading.as_of)
        for head, lines in (
            (("Danh hiệu", "Standards held"), map(_recognition, found["recognitions"])),
            (("Tiêu chí", "Criteria"), map(_criteria, found["criteria"])),
            (("Hồ sơ", "Dossiers"), map(_dossier, found["dossiers"])),
            (("Vốn", "Money"), map(_money, found["money"])),
        ):
            _tell(head, list(lines))
        _tell_duties(found["obligations"])


def _tell(head: tuple[str, str], lines: list[str], most: int | None = None) -> None:
    say(*head)
    listed(lines or [phrase("chưa ghi gì", "nothing recorded")], most=most or max(len(lines), 1))


def _tell_place(found: dict[str, Any], day: Any) -> None:
    said = part_phrase(
        "{place}< ({code})><, thuộc {parent}>, ngày {day}",
        "{place}< ({code})><, in {parent}>, on {day}",
        place=cell(found["place"]),
        code=found["code"],
        parent=cell(found["parent"]) or None,
        day=day,
    )
    click.echo(said)
    for key, vi, en in (
        ("ended", "Không còn từ {v}", "Ended on {v}"),
        ("successors", "Trở thành: {v}", "Became: {v}"),
        ("sources", "Nhận sáp nhập: {v}", "Took in: {v}"),
        ("left_on", "Ra khỏi chương trình từ {v}", "Left the programme on {v}"),
    ):
        if found[key]:
            say(f"  {vi}", f"  {en}", v=cell(found[key]))


def _recognition(each: dict[str, Any]) -> str:
    return part_phrase(
        "{standard:word}< năm {label}>: {state}<, {decision}><, duy trì: {kept}>",
        "{standard:word}< of {label}>: {state}<, {decision}><, kept: {kept}>",
        standard=each["standard"],
        label=each["label"] and str(each["label"]),
        state=phrase("đang có", "held") if each["holds"] else phrase("không còn", "not held"),
        decision=each["decision"],
        kept=each["kept"] or None,
    )


def _criteria(each: dict[str, Any]) -> str:
    return part_phrase(
        "{set:word} {version}: {n}/{of} đạt<; không đạt: {bad}><; chưa rõ: {unknown}><; mâu thuẫn: {odd}>; {files} minh chứng<, hết hiệu lực: {expired}>",
        "{set:word} {version}: {n}/{of} met<; not met: {bad}><; not known: {unknown}><; conflicting: {odd}>; {files} pieces of evidence<, expired: {expired}>",
        set=each["set"],
        version=each["version"],
        n=each["achieved"],
        of=each["of"],
        bad=each["not_achieved"] or None,
        unknown=each["unknown"] or None,
        odd=each["conflicting"] or None,
        files=each["evidence"],
        expired=each["evidence_expired"] or None,
    )


def _dossier(each: dict[str, Any]) -> str:
    from ntm_workflow.domain.dossier_steps import STAGE_WORDS
    from ntm_workflow.domain.road import DESKS

    return part_phrase(
        "{standard:word} {year}: {stage:word}, ở cấp {desk:word}< ({holder})> từ {since}<, {days} ngày><; hạn tới: {due}><; còn thiếu: {missing}><; {decision}>",
        "{standard:word} {year}: {stage:word}, at the {desk:word}< ({holder})> since {since}<, {days} days><; next due: {due}><; missing: {missing}><; {decision}>",
        standard=each["standard"],
        year=str(each["year"]),
        stage=STAGE_WORDS[each["stage"]],
        desk=DESKS.get(each["desk"], each["desk"]),
        holder=cell(each["holder"]) or None,
        since=each["since"],
        days=each["days"],
        due=each["next_due"],
        missing=each["missing"] or None,
        decision=each["decision"],
    )


def _money(each: dict[str, Any]) -> str:
    return part_phrase(
        "{year}: {items} mục, giao {allocated:dong}, giải ngân {disbursed:dong}< ({rate}%)><; còn nợ {debt:dong}><; chưa chi: {zero}><; phải dừng: {stop}>",
        "{year}: {items} items, {allocated:dong} allocated, {disbursed:dong} disbursed< ({rate}%)><; debt {debt:dong}><; nothing spent: {zero}><; to stop: {stop}>",
        year=str(each["year"]),
        items=each["items"],
        allocated=each["allocated"],
        disbursed=each["disbursed"],
        rate=cell(each["rate"]) or None,
        debt=each["debt"] or None,
        zero=each["zero"] or None,
        stop=each["to_stop"] or None,
    )


def _tell_duties(found: dict[str, Any]) -> None:
    from ntm_workflow.cli.labels import word

    counts = ", ".join(f"{word(how)} {n}" for how, n in found["by_standing"].items())
    _tell(("Nhiệm vụ", "Obligations"), [counts] if counts else [])
    if found["late"]:
        _tell(("Đã quá ngày", "Past their day"), list(_by_rule(found["late"])), most=8)
    if found["next"]:
        _tell(("Sắp tới", "Next"), [_duty(each) for each in found["next"]])


def _by_rule(duties: list[dict[str, Any]]) -> Iterator[str]:
    """What comes back stands on one line, with how many times of it are past."""
    by_rule: dict[str, list[dict[str, Any]]] = {}
    for each in duties:
        rule = each["id"].partition("/")[0].partition("@")[0]
        by_rule.setdefault(rule, []).append(each)
    for first, *more in by_rule.values():
        again = phrase(" – {n} lần", " – {n} times", n=1 + len(more)) if more else ""
        yield f"{_duty(first)}{again}"


def _duty(each: dict[str, Any]) -> str:
    from ntm_workflow.cli.labels import word

    return phrase(
        "{day}: {title} ({id}): {how}",
        "{day}: {title} ({id}): {how}",
        day=each["act_by"] or each["enforce_day"],
        title=each["title"],
        id=each["id"],
        how=word(each["standing"]),
    )
