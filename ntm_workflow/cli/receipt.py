"""Receipts: proof of one entry that convinces somebody who has no store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import emit, listed, phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, both
from ntm_workflow.cli.params import NUMBER
from ntm_workflow.cli.proof import in_json, into, moment, seal_json, write_file
from ntm_workflow.cli.session import option, session

if TYPE_CHECKING:
    from ntm_workflow.domain.base import Fact
    from ntm_workflow.domain.refused import Named
    from ntm_workflow.office import Office
    from ntm_workflow.office.receipts import Checked
    from ntm_workflow.store.receipt import Problem

#: Flaw of a receipt -> what is said of it.
FLAWS: dict[str, tuple[str, str]] = {
    "unreadable": (
        "tệp không phải phiếu xác nhận ghi sổ, hoặc bị cụt, bị sửa cách viết",
        "the file is no receipt, or is cut short, or was written otherwise",
    ),
    "seal": (
        "dấu xác thực trong phiếu bị sửa, hoặc của sổ khác với sổ ghi trên phiếu",
        "the seal in it was edited, or is of another store than the receipt names",
    ),
    "signature": (
        "chữ ký của dấu xác thực không đúng với khóa ghi trên phiếu",
        "the seal's signature is not by the key on the receipt",
    ),
    "entry": (
        "các việc trong phiếu không phải là trọn một lần ghi liền nhau",
        "the facts in it are not one whole entry in a row",
    ),
    "proof": (
        "việc ở vị trí {number} đã bị sửa, hoặc đường băm của nó không dẫn đến dấu xác thực",
        "the fact at position {number} was edited, or its proof does not lead to the seal",
    ),
    "key": (
        "khóa ghi trên phiếu KHÁC khóa đem so: phiếu do người khác lập",
        "the key on the receipt is NOT the one it was compared with: somebody else made it",
    ),
    "foreign": ("phiếu là của một sổ khác", "the receipt is of another store"),
    "ahead": (
        "sổ ngắn hơn lúc đóng dấu: phần cuối sổ đã bị cắt, hoặc sổ được khôi phục từ bản sao cũ",
        "the journal is shorter than when it was sealed: its end was cut off, or an old copy restored",
    ),
    "differs": (
        "sổ ghi khác phiếu: lần ghi này trong sổ không giống các việc trên phiếu; sổ có còn nguyên vẹn không, xem: ntm audit verify",
        "the store says otherwise than the receipt: its entry is not what the receipt shows; whether the journal is whole, see: ntm audit verify",
    ),
    "rewritten": (
        "sổ đã bị viết lại hoặc hư hỏng: không còn đúng như khi chính sổ này đóng dấu; xem: ntm audit verify",
        "the journal was rewritten or damaged: it is not what this store itself sealed; see: ntm audit verify",
    ),
    "stale": (
        "lần ghi này về sau đã bị hủy hoặc đính chính bởi #{number}; phiếu chỉ còn chứng minh là đã từng ghi",
        "this entry was voided or corrected later by #{number}; the receipt still proves it was recorded",
    ),
}

#: Whether the key is confirmed -> what a receipt is that has no flaw.
VERDICTS: dict[bool, tuple[str, str]] = {
    True: ("Phiếu đúng", "The receipt holds"),
    False: (
        "Phiếu khớp với chính nó, CHƯA chứng minh được gì",
        "The receipt is consistent, NOTHING is proved yet",
    ),
}


@click.command(
    cls=Command,
    help=both(
        "Lập phiếu xác nhận ghi sổ cho lần ghi #N: ai cũng kiểm tra được, không cần sổ.",
        "Make a receipt for entry #N: anyone can check it, without the store.",
    ),
    examples=["ntm audit receipt 259 -o phieu.json"],
)
@click.argument("number", type=NUMBER, metavar="#N")
@into("Ghi phiếu ra tệp này (không nêu: in ra màn hình).", "Write it here (else to the screen).")
@in_json
def receipt(number: int, output: str | None, as_json: bool) -> None:
    from ntm_workflow.office import receipts
    from ntm_workflow.store.receipt import write
    from ntm_workflow.store.seal import fingerprint, read

    made = receipts.make(session().office(), number)
    if not output:
        click.echo(write(made).decode(), nl=False)
        return
    write_file(output, write(made))
    sealed = read(made.seal)
    assert sealed is not None, "a receipt that does not hold is not made"
    about = {"entry": made.entry, "count": len(made.facts), "file": output}
    if as_json:
        emit("audit.receipt", {**about, "key": made.key, **seal_json(sealed)})
        return
    say(
        "Đã lập phiếu cho lần ghi #{entry}: {count} việc, dưới dấu xác thực {size} việc lúc {at}, vào tệp {file}.",
        "Receipt for entry #{entry}: {count} facts, under the seal over {size} facts of {at}, in {file}.",
        **about,
        size=sealed.size,
        at=moment(sealed),
    )
    say(
        "Kiểm tra: ntm audit check {file:arg} --key '{key}'",
        "Check: ntm audit check {file:arg} --key '{key}'",
        file=output,
        key=fingerprint(made.public_key),
    )


@click.command(
    cls=Command,
    help=both(
        "Kiểm tra một phiếu xác nhận ghi sổ; không cần sổ, nhưng cần khóa hoặc vân khóa của cơ quan (--key). Có --store hoặc NTM_STORE thì sổ ấy xác nhận khóa, và phiếu được so cả với sổ. Không có gì xác nhận khóa thì phiếu chưa chứng minh điều gì: mã thoát 1.",
        "Check a receipt; no store is needed, but the office's key or its fingerprint is (--key). With --store or NTM_STORE that store confirms the key, and the receipt is compared with it, too. Where nothing confirms the key, nothing is proved: exit code 1.",
    ),
    examples=[
        "ntm audit check phieu.json --store tam-ky.db",
        "ntm audit check phieu.json --json",
        "ntm audit check phieu.json --unconfirmed",
    ],
)
@click.argument("file", metavar="FILE")
@option(
    "--key",
    "trusted",
    metavar="FILE|HEX",
    vi="Khóa công khai hoặc vân khóa mà bạn tin (hoặc tệp chứa nó).",
    en="The public key or fingerprint you trust (or a file with it).",
)
@option(
    "--unconfirmed",
    is_flag=True,
    vi="Chỉ cần phiếu khớp với chính nó; tự xem khóa là của ai.",
    en="A receipt consistent in itself will do; whose the key is, you look yourself.",
)
@in_json
def check(file: str, trusted: str | None, unconfirmed: bool, as_json: bool) -> None:
    from ntm_workflow.office import receipts

    at_hand = session().store or os.environ.get("NTM_STORE")
    office = session().office() if at_hand else None
    found = receipts.check(Path(file), trusted, office)
    ok = found.verdict == "proved" or (unconfirmed and found.verdict == "unconfirmed")
    with _names(found, office) as names:
        if as_json:
            emit("audit.check", {"ok": ok, **_checked_json(found, names)})
        else:
            _tell_checked(found, names)
    if not ok:
        raise click.exceptions.Exit(1)


@contextmanager
def _names(found: Checked, office: Office | None) -> Iterator[Named]:
    """What the store at hand calls things, when the receipt is its own; else ids must do."""
    from ntm_workflow.domain.base import Refused

    names: Named = {}
    with ExitStack() as opened:
        # Tables of another version have no names to give: the receipt is checked all the same.
        with suppress(Refused):
            if office and found.ours:
                names = opened.enter_context(office.reading()).names
        yield names


def _checked_json(found: Checked, names: Named) -> dict[str, Any]:
    from ntm_workflow.store.seal import fingerprint

    made, sealed = found.receipt, found.seal
    about = {
        "verdict": found.verdict,
        "entry": made and made.entry,
        "store": made and made.store,
        "size": sealed and sealed.size,
        "root": sealed and sealed.root.hex(),
        "sealed_at": sealed and sealed.sealed_at,
        "rehearsal": sealed and sealed.rehearsal,
        "key": made and made.key,
        "fingerprint": made and fingerprint(made.public_key),
        "key_confirmed_by": found.confirmed,
    }
    problems = [
        {"code": each.flaw, "number": each.number, "message": _problem(each)}
        for each in found.problems
    ]
    bad = [each.number for each in found.problems if each.flaw == "proof"]
    about["first_bad"] = bad[0] if bad else None
    return {**about, "facts": _facts_json(found, names), "problems": problems}


def _facts_json(found: Checked, names: Named) -> list[dict[str, Any]]:
    from ntm_workflow.store.receipt import proved

    if found.receipt is None:
        return []
    rows = zip(found.receipt.facts, proved(found.receipt), found.facts, strict=True)
    return [
        {
            "position": each.position,
            "subject": each.id,
            "type": each.topic,
            "recorded_at": each.recorded_at,
            "proved": stands,
            "sentence": _sentence(fact, names),
        }
        for each, stands, fact in rows
    ]


def _sentence(fact: Fact | None, names: Named) -> str | None:
    """The fact told from its bytes; whatever has no name shows as its id."""
    from ntm_workflow.projections.sentences import sentence

    # Whoever made the receipt may have sealed nonsense.
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        return sentence(fact, LANG.get(), names) if fact else None
    return None


def _harmless(text: str) -> str:
    """A stranger's text without what a terminal would obey."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)


def _problem(problem: Problem) -> str:
    return phrase(*FLAWS[problem.flaw], number=problem.number)


def _tell_checked(found: Checked, names: Named) -> None:
    made, sealed = found.receipt, found.seal
    if not found.holds or made is None or sealed is None:
        say("Phiếu KHÔNG đúng:", "The receipt does NOT hold:")
        listed([_problem(problem) for problem in found.problems])
        return
    say(
        "{verdict}: lần ghi #{entry}, {count} việc, đóng dấu lúc {at} khi sổ có {size} việc.",
        "{verdict}: entry #{entry}, {count} facts, sealed {at} when the journal had {size}.",
        verdict=phrase(*VERDICTS[found.confirmed is not None]),
        entry=made.entry,
        count=len(made.facts),
        at=moment(sealed),
        size=sealed.size,
    )
    told = [
        each["sentence"] or f"{each['type']} · {each['subject']}"
        for each in _facts_json(found, names)
    ]
    listed([_harmless(text) for text in told], most=len(told))
    for problem in found.problems:
        say("Lưu ý: {what}.", "Note: {what}.", what=_problem(problem))
    if sealed.rehearsal:
        say("Lưu ý: đây là sổ DIỄN TẬP.", "Note: this is a REHEARSAL store.")
    _tell_key(found)


def _tell_key(found: Checked) -> None:
    from ntm_workflow.store.seal import fingerprint

    assert found.receipt is not None, "what holds was read"
    print_of = fingerprint(found.receipt.public_key)
    if found.confirmed == "key":
        say("Khóa đúng khóa bạn nêu: {key}", "The key is the one you named: {key}", key=print_of)
    elif found.confirmed == "store":
        say("Khóa đúng khóa của sổ: {key}", "The key is that of the store: {key}", key=print_of)
    else:
        say(
            "CHƯA xác nhận khóa: ai cũng làm được một phiếu như vậy bằng khóa của mình. Vân khóa trên phiếu:\n  {key}\nNêu vân khóa của cơ quan mà bạn đã ghi lại: --key (chỉ cần phiếu khớp với chính nó: --unconfirmed)",
            "The key is NOT confirmed: anybody can make such a receipt with a key of their own. Its fingerprint:\n  {key}\nName the office's as you wrote it down: --key (where a consistent receipt will do: --unconfirmed)",
            key=print_of,
        )
