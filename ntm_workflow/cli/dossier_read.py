"""Looking at one dossier: what it has been through, which results count, what is missing; and the roads there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import emit, fact_json, phrase, say
from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.dossier_choice import of_dossier
from ntm_workflow.cli.dossier_list import desk_word, dossier_item, stage_word
from ntm_workflow.cli.params import DAY
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.office.recognition import Block


@click.command(
    cls=Command,
    help=both("Một hồ sơ và lịch sử của nó.", "One dossier and its history."),
    examples=["ntm dossier show --place 'Tam Ngọc' --standard xa-nang-cao --year 2024"],
)
@of_dossier
@reads
def show(place: str, standard: str, year: int, view: Shown) -> None:
    from ntm_workflow.domain.dossier import OVER
    from ntm_workflow.office import dossier as use
    from ntm_workflow.office.history import of_subject
    from ntm_workflow.office.names import find_once
    from ntm_workflow.office.recognition import blocks

    with view.reading() as reading:
        row = use.must_exist(reading, find_once(reading, place), standard, year)
        journal = session().office().journal
        facts = [
            f for f in of_subject(journal, reading, row.id) if f.event.effective_on <= reading.as_of
        ]
        facts.sort(key=lambda fact: (fact.event.effective_on, fact.position))
        history = [fact_json(fact, reading) for fact in facts]
        item = dossier_item(reading, row, use.next_due(reading))
        standing = [] if row.stage in OVER else blocks(journal, reading, row)
        if view.as_data:
            told = [_told(each) for each in standing]
            more = {
                "appraised": row.appraised,
                "surveys": row.surveys,
                "blocks": told,
                "handed": row.handed,
            }
            view.one("dossier.show", reading, {**item, **more, "history": history})
            return
        shown = {key: item[key] for key in ("place", "standard", "year", "stage", "desk", "holder")}
        shown |= {"stage": stage_word(row.stage), "desk": desk_word(row.desk)}
        shown |= {"since": row.since, "next_due": item["next_due"]}
        shown["desks"] = [
            phrase("{d}: {n} ngày từ {s}", "{d}: {n} days from {s}", d=desk_word(each["desk"]), n=each["days"], s=date.fromisoformat(each["since_on"]))
            for each in item["desks"]
        ]  # fmt: skip
        shown["history"] = [fact["sentence"] for fact in history]
        view.one("dossier.show", reading, shown)
        tell_blocks(standing)


def _told(block: Block) -> dict[str, Any]:
    words = {"vi": block.words.vi, "en": block.words.en}
    return {"what": block.what, "blocks": block.blocks, "words": words, "source": block.source}


def tell_blocks(standing: Sequence[Block], *, err: bool = False) -> None:
    """What stands in the way of a recognition, or is to be known, each with its source."""
    for block in standing:
        sign = "!" if block.blocks else "·"
        words = phrase("{w}", "{w}", w=block.words)
        told = phrase(
            "{sign} Trước khi công nhận: {words} [{source}]",
            "{sign} Before recognition: {words} [{source}]",
            sign=sign,
            words=words,
            source=block.source,
        )
        click.echo(told, err=err)


@click.command(
    cls=Command,
    help=both(
        "Kết quả năm nào của từng tiêu chí được tính cho hồ sơ này, và vì sao; chỗ văn bản để ngỏ thì hỏi.",
        "Which year's result of each criterion counts for this dossier, and why; what the text leaves open is asked.",
    ),
    examples=[
        "ntm dossier results --place 'Tam Ngọc' --standard xa-nang-cao --year 2024",
        "ntm dossier results --place 'Tam Ngọc' --standard xa-nang-cao --year 2024 --prepared-on 15/4/2024",
    ],
)
@of_dossier
@option("--prepared-on", type=DAY, metavar="DATE", vi="Ngày lập hồ sơ (mặc định: ngày văn bản trình, hoặc --as-of).",
        en="When the dossier was made (default: the paper's day, or --as-of).")  # fmt: skip
@reads
def results(place: str, standard: str, year: int, prepared_on: date | None, view: Shown) -> None:
    from ntm_workflow.cli.dossier_results import tell
    from ntm_workflow.office import dossier as use
    from ntm_workflow.office.names import find_once
    from ntm_workflow.office.result_years import counting

    with view.reading() as reading:
        row = use.must_exist(reading, find_once(reading, place), standard, year)
        tell(view, reading, counting(session().office().journal, reading, row, prepared_on))


@click.command(
    cls=Command,
    help=both(
        "Đường đi của hồ sơ theo tiêu chuẩn, tỉnh và thời gian: các cấp, nơi quyết định, từng bước; chỗ chưa có nguồn được đánh dấu.",
        "The roads dossiers take by standard, province and period: desks, who decides, each step; what is not sourced is marked.",
    ),
    examples=[
        "ntm dossier road --standard xa-nang-cao",
        "ntm dossier road --standard thon-kieu-mau --json",
    ],
)
@option("--standard", required=True, metavar="S", vi="Danh hiệu.", en="The standard.")
@reads
def road(standard: str, view: Shown) -> None:
    from ntm_workflow.plans.roads import conditions, roads
    from ntm_workflow.plans.standards import known_standard

    known_standard(standard)
    items = [_road(each) for each in roads(standard)]
    asked = [
        {"what": c.what, "at_least": c.at_least, "source": c.source, "unverified": c.unverified}
        for c in conditions(standard)
    ]
    with view.reading() as reading:
        stamp = reading.stamp()
    if view.as_json:
        emit("dossier.road", {**stamp, "standard": standard, "items": items, "conditions": asked})
    elif view.as_data:
        columns = ["id", "province", "from", "until", "desks", "decided_by", "unverified", "source"]
        view.items("dossier.road", stamp, items, columns)
    else:
        for item in items:
            _tell_road(item)


def _road(road: Any) -> dict[str, Any]:
    from ntm_workflow.plans.roads import steps

    return {
        "id": road.id,
        "province": road.province,
        "from": road.from_,
        "until": road.until,
        "desks": road.desks,
        "decided_by": road.decided_by,
        "announced_by": road.announced_by,
        "source": road.source,
        "unverified": road.unverified,
        "steps": [
            {
                "act": s.act,
                "days": s.days,
                "papers": s.papers,
                "flagged": s.flagged,
                "source": s.source,
            }
            for s in steps(road)
        ],
    }


def _tell_road(item: dict[str, Any]) -> None:
    from ntm_workflow.domain.dossier_steps import ACT_WORDS

    desks = " → ".join(map(desk_word, item["desks"]))
    say(
        "{desks} · quyết định: {who} · {province}từ {first} đến {last}{flag}\n  {source}",
        "{desks} · decided by: {who} · {province}from {first} until {last}{flag}\n  {source}",
        desks=desks,
        who=item["decided_by"],
        province=f"{item['province']} · " if item["province"] else "",
        first=item["from"] or "…",
        last=item["until"] or "…",
        flag=phrase(" [chưa xác minh]", " [unverified]") if item["unverified"] else "",
        source=item["source"],
    )
    for step in item["steps"]:
        act = phrase("{w}", "{w}", w=ACT_WORDS[step["act"]])
        open_ = (
            phrase("chưa có nguồn: {f}", "not sourced: {f}", f=list(step["flagged"]))
            if step["flagged"]
            else ""
        )
        click.echo(f"    {act}: {open_} – {step['source']}")


@click.command(
    cls=Command,
    help=both(
        "Còn thiếu gì để hồ sơ đi tiếp: mục bị trả, tiêu chí chưa được tính và ai phụ trách, điều kiện vướng, việc tiếp theo và hạn.",
        "What is open until a dossier can go: what it was returned for, criteria that do not count and who leads them, what blocks, the next step and its day.",
    ),
    examples=["ntm dossier missing --place 'Tam Thanh' --standard xa-nang-cao --year 2024"],
)
@of_dossier
@reads
def missing(place: str, standard: str, year: int, view: Shown) -> None:
    from ntm_workflow.office import dossier as use
    from ntm_workflow.office.missing_papers import missing as open_things
    from ntm_workflow.office.names import find_once

    with view.reading() as reading:
        row = use.must_exist(reading, find_once(reading, place), standard, year)
        found = list(open_things(session().office().journal, reading, row))
        items = [
            {
                "what": each.what,
                "needs": {"vi": each.words.vi, "en": each.words.en},
                "who": [reading.ref(unit) for unit in each.who],
                "due": each.due,
                "blocks": each.blocks,
                "source": each.source,
            }
            for each in found
        ]
        if view.as_json:
            about = {"place": reading.ref(row.place), "standard": standard, "year": year}
            next_acts = use.next_acts(row)
            emit("dossier.missing", {**reading.stamp(), **about, "next": next_acts, "items": items})
        else:
            told = [{**i, "needs": phrase("{w}", "{w}", w=e.words)} for i, e in zip(items, found, strict=True)]  # fmt: skip
            columns = ["needs", "who", "due", "blocks", "source"]
            view.items("dossier.missing", reading.stamp(), told, columns)
