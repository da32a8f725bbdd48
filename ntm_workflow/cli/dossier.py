"""Dossiers: register, hand up, and where each one is."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from ntm_workflow.cli.answers import fact_json
from ntm_workflow.cli.bilingual import Command, Group, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import PLACE, UNIT
from ntm_workflow.cli.params import DAY, YEAR
from ntm_workflow.cli.session import option, session


@click.group(
    cls=Group, help=both("Hồ sơ đề nghị xét, công nhận.", "Dossiers that ask for recognition.")
)
def dossier() -> None:
    pass


def _which(function: Any) -> Any:
    for add in (
        option("--year", type=YEAR, required=True, metavar="Y", vi="Năm đánh giá.", en="Assessment year."),
        option("--standard", required=True, metavar="S", vi="xa-ntm, xa-nang-cao, xa-kieu-mau.", en="xa-ntm, xa-nang-cao, xa-kieu-mau."),
        option("--place", required=True, type=PLACE, metavar="P", vi="Địa bàn.", en="The place."),
    ):  # fmt: skip
        function = add(function)
    return function


@dossier.command(
    cls=Command,
    help=both("Đăng ký một hồ sơ.", "Register a dossier."),
    examples=[
        "ntm dossier register --place 'Tam Phú' --standard xa-kieu-mau --year 2024 --on 5/2/2024"
    ],
)
@_which
@writes
def register(ask: Asked, place: str, standard: str, year: int) -> None:
    from ntm_workflow.office import dossier as use
    from ntm_workflow.office.names import find_place

    office = session().office()
    with office.reading(ask.request.on) as reading:
        at = find_place(reading, place)
    receipt = office.record(ask.request, lambda entry: use.register(entry, at, standard, year))
    ask.told("dossier.register", office, receipt)


def _handed(function: Any) -> Any:
    for add in (
        option("--received-on", type=DAY, metavar="DATE", vi="Ngày nhận (mặc định ngày gửi).", en="When received (default: when sent)."),
        option("--sent-on", type=DAY, metavar="DATE", vi="Ngày gửi (mặc định --on).", en="When sent (default: --on)."),
    ):  # fmt: skip
        function = add(function)
    return function


@dossier.command(
    cls=Command,
    help=both(
        "Ghi hồ sơ đã trình lên cấp trên; --on là ngày trên văn bản.",
        "Record that a dossier was handed up; --on is the date of the paper.",
    ),
    examples=[
        "ntm dossier submit --place 'Tam Phú' --standard xa-kieu-mau --year 2024 --to district --on 28/10/2024"
    ],
)
@_which
@option(
    "--to",
    type=UNIT,
    metavar="district|province|UNIT",
    default="district",
    show_default=True,
    vi="Nơi nhận.",
    en="The receiver.",
)
@_handed
@writes
def submit(ask: Asked, **said: Any) -> None:
    _submit("dossier.submit", ask, **said)


@dossier.command(
    cls=Command,
    help=both(
        "Ghi hồ sơ từ cấp huyện trình tỉnh.",
        "Record that the district handed a dossier to the province.",
    ),
    examples=[
        "ntm dossier forward --place 'Tam Phú' --standard xa-kieu-mau --year 2024 --on 25/11/2024 --dry-run"
    ],
)
@_which
@option(
    "--to",
    type=UNIT,
    metavar="province|UNIT",
    default="province",
    show_default=True,
    vi="Nơi nhận.",
    en="The receiver.",
)
@_handed
@writes
def forward(ask: Asked, **said: Any) -> None:
    _submit("dossier.forward", ask, **said)


def _submit(
    schema: str,
    ask: Asked,
    place: str,
    standard: str,
    year: int,
    to: str,
    sent_on: date | None,
    received_on: date | None,
) -> None:
    from ntm_workflow.office import dossier as use
    from ntm_workflow.office.names import find_place

    office = session().office()
    with office.reading(ask.request.on) as then:
        at = find_place(then, place)
    with office.reading() as reading:
        level, unit = use.receiver(reading, to)
        use.must_exist(reading, at, standard, year)
        dates = {"sent_on": sent_on, "received_on": received_on}
        handed = use.HandUp(
            place=at, standard=standard, year=year, to_level=level, to=unit, **dates
        )
    receipt = office.record(ask.request, lambda entry: use.submit(entry, handed))
    ask.told(schema, office, receipt)


@dossier.command(
    "list",
    cls=Command,
    help=both("Các hồ sơ và nơi đang giữ.", "The dossiers and whose desk each is on."),
    examples=["ntm dossier list --within 'Tam Kỳ'"],
)
@option(
    "--within", type=PLACE, metavar="P", vi="Chỉ trong địa bàn này.", en="Only inside this place."
)
@reads
def list_(within: str | None, view: Shown) -> None:
    from ntm_workflow.domain.values import collation_key
    from ntm_workflow.office import dossier as use
    from ntm_workflow.office.names import find_place

    with view.reading() as reading:
        scope = reading.within(find_place(reading, within)) if within is not None else None
        rows = [r for r in reading.rows("dossier") if scope is None or r.place in scope]
        next_due = use.next_due(reading)
        rows.sort(
            key=lambda row: (collation_key(reading.names.get(row.place, row.place)), row.year)
        )
        items = (_item(reading, row, next_due) for row in rows)
        view.items(
            "dossier.list",
            reading.stamp(),
            items,
            ["place", "standard", "year", "stage", "holder", "since", "next_due"],
        )


def _item(reading: Any, row: Any, next_due: dict[str, date]) -> dict[str, Any]:
    return {
        "place": reading.ref(row.place),
        "standard": row.standard,
        "year": row.year,
        "stage": row.stage,
        "holder": reading.ref(row.holder),
        "since": row.since,
        "next_due": next_due.get(row.id),
        "history": row.handed,
    }


@dossier.command(
    cls=Command,
    help=both("Một hồ sơ và lịch sử của nó.", "One dossier and its history."),
    examples=["ntm dossier show --place 'Tam Ngọc' --standard xa-nang-cao --year 2024"],
)
@_which
@reads
def show(place: str, standard: str, year: int, view: Shown) -> None:
    from ntm_workflow.office import dossier as use
    from ntm_workflow.office.history import of_subject
    from ntm_workflow.office.names import find_place

    with view.reading() as reading:
        row = use.must_exist(reading, find_place(reading, place), standard, year)
        facts = of_subject(session().office().journal, reading, row.id)
        history = [fact_json(fact, reading) for fact in facts]
        shown = history if view.as_json else [fact["sentence"] for fact in history]
        view.one(
            "dossier.show",
            reading,
            {**_item(reading, row, use.next_due(reading)), "history": shown},
        )


@dossier.command(
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
@_which
@option("--prepared-on", type=DAY, metavar="DATE", vi="Ngày lập hồ sơ (mặc định: ngày văn bản trình, hoặc --as-of).",
        en="When the dossier was made (default: the paper's day, or --as-of).")  # fmt: skip
@reads
def results(place: str, standard: str, year: int, prepared_on: date | None, view: Shown) -> None:
    from ntm_workflow.cli.dossier_results import tell
    from ntm_workflow.office import dossier as use
    from ntm_workflow.office.names import find_place
    from ntm_workflow.office.result_years import counting

    with view.reading() as reading:
        row = use.must_exist(reading, find_place(reading, place), standard, year)
        tell(view, reading, counting(session().office().journal, reading, row, prepared_on))


@dossier.command(
    cls=Command,
    help=both(
        "Ghi văn bản cho hồ sơ dùng kết quả của năm trước cho một tiêu chí.",
        "Record the paper that lets a dossier rest on an earlier year's result of a criterion.",
    ),
    examples=[
        "ntm dossier admit --place 'Tam Ngọc' --standard xa-nang-cao --year 2024 --criterion 10 --result-year 2023 --on 20/9/2024 --document 'CV mẫu' --dry-run"
    ],
)
@_which
@option("--result-year", type=YEAR, required=True, metavar="Y", vi="Năm của kết quả được dùng.", en="The year of the result.")  # fmt: skip
@option("--criterion", "number", type=int, required=True, metavar="N", vi="Số tiêu chí.", en="Criterion number.")  # fmt: skip
@writes
def admit(ask: Asked, place: str, standard: str, year: int, number: int, result_year: int) -> None:
    from ntm_workflow.office import dossier as use
    from ntm_workflow.office.names import find_place
    from ntm_workflow.office.result_years import admit as record

    office = session().office()
    with office.reading(ask.request.on) as then:
        at = find_place(then, place)
    with office.reading() as reading:
        row = use.must_exist(reading, at, standard, year)
    receipt = office.record(ask.request, lambda entry: record(entry, row, number, result_year))
    ask.told("dossier.admit", office, receipt)
