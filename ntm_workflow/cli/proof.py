"""Proof: checking the journal, sealing it, and the keys that seal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import emit, phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, both
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.session import everywhere, option, session
from ntm_workflow.domain.base import Refused

if TYPE_CHECKING:
    from ntm_workflow.store.seal import Seal
    from ntm_workflow.store.verify import Verified


class StoreUnreadable(Refused):
    vi = "Tệp sổ {where} hỏng đến mức không đọc hết được ({detail}), nên không kiểm tra được từng dòng.\nCất tệp hỏng sang chỗ khác (đừng xóa), rồi khôi phục bản sao lưu gần nhất: ntm restore FILE"
    en = "The store {where} is too damaged to be read to the end ({detail}), so its rows cannot be checked.\nMove the damaged file elsewhere (do not delete it), then restore the latest backup: ntm restore FILE"


def in_json(function: Any) -> Any:
    add = option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
    return add(everywhere(function))


def into(vi: str, en: str) -> Callable[[Any], Any]:
    """Where the answer is written as a file."""
    return option("-o", "--output", metavar="FILE", vi=vi, en=en)


# --- the journal


@click.command(
    cls=Command,
    help=both(
        "Kiểm tra toàn bộ sổ: mọi dòng, mọi mã băm, mọi dấu xác thực, và nêu vị trí sai đầu tiên. --seal so với dấu xác thực cất ở ngoài.",
        "Check the whole journal, every row, hash and seal, and name the first bad position. --seal compares with a seal kept outside.",
    ),
    examples=["ntm audit verify", "ntm audit verify --json", "ntm audit verify --seal dau.txt"],
)
@option(
    "--seal",
    "outside",
    metavar="FILE",
    vi="Dấu xác thực cất ở ngoài sổ (do ntm audit seal -o ghi ra).",
    en="A seal kept outside the store (as ntm audit seal -o wrote it).",
)
@in_json
def verify(outside: str | None, as_json: bool) -> None:
    from ntm_workflow.office import seals

    kept = seals.from_file(Path(outside)) if outside else None
    found = _verified(kept)
    if as_json:
        about = {"size": found.size, "root": found.root.hex(), "ok": found.ok}
        where = {"first_bad": found.first_bad, "reason": found.reason, "message": _words(found)}
        emit("audit.verify", {**about, **where, "seals": found.seals, "seal": found.seal})
    else:
        _tell_verified(found, kept)
    if not found.ok:
        raise click.exceptions.Exit(1)


def _verified(kept: Seal | None) -> Verified:
    from ntm_workflow.store.engine import StoreDamaged

    try:
        return session().office().verify(kept)
    except StoreDamaged as damaged:
        # What it advises is the command that is running.
        raise StoreUnreadable(**damaged.facts) from damaged


def _words(found: Verified) -> str:
    return phrase("{words}", "{words}", words=found.words)


def _tell_verified(found: Verified, kept: Seal | None) -> None:
    if found.reason == "foreign":
        say(
            "Dấu xác thực đưa vào không phải của sổ này, không so được.\nSổ tự nó nguyên vẹn: {n} việc, {seals} dấu xác thực.",
            "The seal handed in is not of this store; they cannot be compared.\nThe journal is whole in itself: {n} facts, {seals} seals.",
            n=found.size,
            seals=found.seals,
        )
        return
    if not found.ok:
        where = phrase(" từ vị trí {n}", " from position {n}", n=found.first_bad)
        say(
            "Sổ KHÔNG nguyên vẹn{where}: {reason}.",
            "The journal is NOT whole{where}: {reason}.",
            where=where if found.first_bad is not None else "",
            reason=found.words,
        )
        if found.reason == "tile":
            say(
                "Tính lại các mã băm này từ các dòng: ntm rebuild",
                "Compute them again: ntm rebuild",
            )
        return
    say(
        "Sổ nguyên vẹn: {n} việc, {seals} dấu xác thực, gốc {root}.",
        "The journal is whole: {n} facts, {seals} seals, root {root}.",
        n=found.size,
        seals=found.seals,
        root=found.root.hex(),
    )
    if kept:
        say(
            "Sổ nối tiếp đúng dấu xác thực đưa vào ({n} việc, {at}).",
            "It continues the seal handed in ({n} facts, {at}).",
            n=kept.size,
            at=moment(kept),
        )


# --- seals and keys


@click.command(
    cls=Command,
    help=both(
        "Đóng dấu xác thực sổ: ký số việc và mã băm gốc của sổ lúc này. Hãy cất dấu ở NGOÀI sổ: in ra, gửi thư cho cơ quan khác.",
        "Seal the journal: sign how many facts it has and their root. Keep the seal OUTSIDE the store: print it, mail it to another office.",
    ),
    examples=["ntm audit seal", "ntm audit seal -o dau.txt", "ntm audit seal --json"],
)
@into("Ghi dấu xác thực ra tệp này.", "Write the seal to this file.")
@in_json
def seal(output: str | None, as_json: bool) -> None:
    from ntm_workflow.office import seals

    made = seals.now(session().office())
    if output:
        write_file(output, made.note.encode())
    if as_json:
        emit("audit.seal", {**seal_json(made), "note": made.note, "file": output})
        return
    say(
        "Đã đóng dấu xác thực sổ: {n} việc, lúc {at}, gốc {root}.",
        "Sealed the journal: {n} facts, {at}, root {root}.",
        n=made.size,
        at=moment(made),
        root=made.root.hex(),
    )
    if not output:
        click.echo(f"\n{made.note}")
    say(
        "Cất dấu này ở ngoài sổ; về sau so lại: ntm audit verify --seal TỆP",
        "Keep it outside the store; compare later: ntm audit verify --seal FILE",
    )


@click.command(
    cls=Command,
    help=both("Các dấu xác thực đã đóng.", "The seals made so far."),
    examples=["ntm audit seals", "ntm audit seals --json", "ntm audit seals --csv"],
)
@reads
def seals(view: Shown) -> None:
    from ntm_workflow.office import seals as use

    with view.reading() as reading:
        made = use.every(reading.conn)
        # A seal that counts more than there is must show: only who asks for a moment is told less.
        if view.known_at is not None and reading.instant:
            made = [m for m in made if m.size <= reading.known and moment(m) <= reading.instant]
        items = [seal_json(each) for each in made]
        columns = ["size", "sealed_at", "root"]
        view.items("audit.seals", reading.stamp(), items, columns)


def seal_json(made: Seal) -> dict[str, Any]:
    about = {"size": made.size, "root": made.root.hex(), "sealed_at": made.sealed_at}
    return {**about, "store": made.store_id, "rehearsal": made.rehearsal}


def moment(made: Seal) -> Any:
    from ntm_workflow.store.codec import instant

    return instant(made.sealed_at)


@click.command(
    cls=Command,
    help=both(
        "Khóa đóng dấu của sổ: khóa công khai, vân khóa, nơi để khóa riêng. --new tạo khóa mới khi khóa cũ mất.",
        "The store's sealing key: its public half, its fingerprint, where the private half lies. --new makes another when it is lost.",
    ),
    examples=["ntm audit key", "ntm audit key --json"],
)
@option(
    "--new", is_flag=True, vi="Tạo khóa mới; dấu cũ vẫn dùng được.", en="A new key; old seals stay."
)
@in_json
def key(new: bool, as_json: bool) -> None:
    from ntm_workflow.office import seals
    from ntm_workflow.store.seal import fingerprint

    database = session().office().database
    if new:
        seals.new_key(database)
    state = seals.key_state(database)
    known = [{"key": each.hex(), "fingerprint": fingerprint(each)} for each in state.keys]
    trouble = state.trouble.say(LANG.get()) if state.trouble else None
    if as_json:
        about = {"keys": known, "private_key": str(state.path), "usable": trouble is None}
        emit("audit.key", {**about, "trouble": trouble})
        return
    for each in known:
        say("Khóa công khai: {key}", "Public key:  {key}", **each)
        say("Vân khóa: {fingerprint}", "Fingerprint: {fingerprint}", **each)
    say("Khóa riêng: {path}", "Private key: {path}", path=state.path)
    if trouble:
        click.echo(trouble)


def write_file(name: str, content: bytes) -> None:
    """The whole file or nothing, also when the disk is full or the program is stopped."""
    from ntm_workflow.cli.files import whole

    with whole(Path(name)) as file:
        file.write(content)
