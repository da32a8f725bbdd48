"""Everything that happens to an obligation: the verbs that record it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import say
from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.common import Asked, writes
from ntm_workflow.cli.complete import DUTY
from ntm_workflow.cli.given import gives, letter_of
from ntm_workflow.cli.obligation import find, obligation
from ntm_workflow.cli.params import DAY
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.office import Receipt


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

    about("extend", id, ask, lambda entry, to: use.extend(entry, to, until, _text(reason)))


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

    about("suspend", id, ask, lambda entry, to: use.suspend(entry, to, until))


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

    about("resume", id, ask, use.resume)


@obligation.command(
    cls=Command,
    help=both(
        "Ghi điều kiện mà điều khoản đặt ra cho nhiệm vụ có xảy ra hay không. Chưa xác định thì không bao giờ quá hạn; không xảy ra thì không phải làm (cần văn bản).",
        "Record whether the clause's condition holds. Unsettled, the duty is never overdue; where it does not hold nothing is owed (needs a paper).",
    ),
    examples=[
        "ntm obligation condition D165@2024-10/tam-ngoc-tam-ky --holds --on 1/10/2024 --dry-run",
        "ntm obligation condition D169/tam-ky --fails --on 1/3/2024 --document 'BC mẫu' --dry-run",
    ],
)
@click.argument("id", type=DUTY)
@option("--holds/--fails", "holds", required=True, default=None, vi="Xảy ra / không xảy ra.", en="It holds / it does not.")  # fmt: skip
@writes
def condition(id: str, holds: bool, ask: Asked) -> None:
    from ntm_workflow.office import obligation as use

    about(
        "condition",
        id,
        ask,
        lambda entry, subject: use.settle_condition(entry, subject, holds=holds),
    )


@obligation.command(
    cls=Command,
    help=both(
        "Ghi ngày xảy ra sự kiện (--on) mà thời hạn của nhiệm vụ tính từ đó; hạn được tính theo Bộ luật Dân sự, trừ khi câu chữ không nêu bao lâu sau sự kiện. Đính chính lần ghi này thì hạn được tính lại.",
        "Record the day (--on) of the event from which the duty's time runs; its deadline follows by the Civil Code, unless the words name no length, and anew when this entry is corrected.",
    ),
    examples=[
        "ntm obligation start D170/tam-phu-tam-ky --on 10/1/2024 --document 'CV mẫu' --dry-run"
    ],
)
@click.argument("id", type=DUTY)
@writes
def start(id: str, ask: Asked) -> None:
    from ntm_workflow.office import starts

    receipt = about("start", id, ask, starts.start)
    without_day = [f for f in receipt.facts if getattr(f.event, "enforce_day", "") is None]
    if without_day and not ask.as_json:
        say(
            "Câu chữ không nêu bao lâu sau sự kiện, nên không có hạn nào được tính.\nNếu có văn bản nêu ngày: ntm obligation extend {id:arg} --until … --document …",
            "The words do not say how long after the event, so no day follows.\nIf a paper names the day: ntm obligation extend {id:arg} --until … --document …",
            id=id,
        )


@obligation.command(
    cls=Command,
    help=both(
        "Ghi rằng điều kiện của hạn thứ hai trong điều khoản đã xảy ra: từ đó tính theo hạn ấy. Lần quá hạn đã ghi trước đó vẫn giữ nguyên.",
        "Record that what the clause's second deadline depends on holds: that one counts from then on. A miss found before it stays.",
    ),
    examples=[
        "ntm obligation alternative D147/tam-ky --on 20/6/2024 --document 'BB mẫu' --dry-run"
    ],
)
@click.argument("id", type=DUTY)
@writes
def alternative(id: str, ask: Asked) -> None:
    from ntm_workflow.office import obligation as use

    about("alternative", id, ask, use.take_alternative)


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
@gives
@writes
def give(ask: Asked, **said: Any) -> None:
    from ntm_workflow.office import obligation as use

    office = session().office()
    with office.reading(ask.request.on) as reading:
        letter = letter_of(reading, ask.request.on, **said)
    receipt = office.record(ask.request, lambda entry: use.give(entry, letter))
    ask.told("obligation.give", office, receipt)


def _record(verb: str, id: str, event: type[Any], ask: Asked, **fields: Any) -> None:
    about(verb, id, ask, lambda entry, subject: entry.record(subject, event, **fields))


def about(verb: str, id: str, ask: Asked, act: Any) -> Receipt:
    """Record one act on the obligation of that id."""
    office = session().office()
    with office.reading() as reading:
        subject = find(reading, id).id
    receipt = office.record(ask.request, lambda entry: act(entry, subject))
    ask.told(f"obligation.{verb}", office, receipt)
    return receipt
