"""Who was told of a duty, as rows, as one sentence, and as one page to print and keep with the file."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from ntm_workflow.cli.bilingual import LANG, both, pick
from ntm_workflow.domain.values import Sentence, format_date, moment

if TYPE_CHECKING:
    from ntm_workflow.office.reading import Reading
    from ntm_workflow.office.told import Answer, Copy, Telling
    from ntm_workflow.store.engine import StoreInfo

PARTS: Final = {
    "ahead": both("nhắc trước hạn", "ahead of its day"),
    "copy": both("bản để biết", "copy for information"),
    "asked": both("hỏi đã nhận chưa", "asked whether received"),
    "missed": both("báo chưa hoàn thành", "told as not complete"),
    "after": both("nhắc sau hạn", "after its day"),
    "climbed": both("báo lên", "told further up"),
    "decided": both("báo quyết định", "a decision"),
    "corrected": both("đính chính", "corrected"),
    "summary": both("tổng hợp tháng", "monthly summary"),
}
_ANSWERS: Final = {
    "before": (
        "CÓ: {n} thư nêu việc này gửi {unit} đã đi trong hạn ({last_day}); sớm nhất ngày {first}, muộn nhất ngày {last}.",
        "YES: {n} letters naming this left for {unit} in time ({last_day}); the first on {first}, the last on {last}.",
    ),
    "undated": (
        "CÓ: {n} thư nêu việc này gửi {unit} đã đi, sớm nhất ngày {first}, muộn nhất ngày {last}; việc này chưa có hạn.",
        "YES: {n} letters naming this left for {unit}, the first on {first}, the last on {last}; this has no day to be in time for.",
    ),
    "after": (
        "CHƯA trong hạn ({last_day}): thư nêu việc này gửi {unit} chỉ đi sau hạn, sớm nhất ngày {first}.",
        "NOT in time ({last_day}): letters naming this left for {unit} only after that, the first on {first}.",
    ),
    "not": (
        "CHƯA: đã lập {n} thư nêu việc này gửi {unit}, nhưng thư chưa đi, bị trả lại, hoặc khi đi không còn nêu việc này.",
        "NO: {n} letters naming this were issued for {unit}, but they have not left, came back, or no longer named it when they left.",
    ),
    "never": (
        "CHƯA: không có thư nào gửi {unit} nêu việc này.",
        "NO: no letter for {unit} has named this.",
    ),
}


def said(reading: Reading, answer: Answer, lang: str) -> str:
    """The question answered in one sentence."""
    name = reading.names.get(answer.unit, answer.unit)
    facts = {"n": answer.n, "last_day": answer.last_day, "first": answer.first}
    text = _ANSWERS[answer.verdict][lang == "en"]
    return Sentence(lang).format(text, unit=name, last=answer.last, **facts)


def item(reading: Reading, each: Telling) -> dict[str, Any]:
    """One letter's line about the duty, as JSON and tables show it."""
    first = next((copy for copy in each.copies if copy.arrived), None)
    return {
        "letter": each.letter,
        "unit": reading.ref(each.unit),
        "kind": each.kind,
        "day": each.day,
        "part": each.part,
        "rung": each.rung,
        "act_by": each.act_by,
        "position": each.issued,
        "state": each.state,
        "in_time": each.before,
        "sent_at": first and first.sent_at,
        "message_id": first and first.message_id,
        "sha256": first and first.sha256,
        "copies": [_copy(copy) for copy in each.copies],
        "released_by": each.released_by,
        "acknowledged_by": each.acknowledged_by,
    }


def _copy(copy: Copy) -> dict[str, Any]:
    names = ("sent_at", "position", "message_id", "sha256", "said", "act_by", "bounced")
    return {name: getattr(copy, name) for name in names}


# --- the page

_WORDS: Final = {
    "title": both("Việc thông báo về một nhiệm vụ", "Who was told of a duty"),
    "duty": both("Nhiệm vụ", "Duty"),
    "unit": both("Đơn vị thực hiện", "Owed by"),
    "clause": both("Căn cứ", "Clause"),
    "last": both("Ngày cuối còn trong hạn", "Last day in time"),
    "as_of": both("Theo sổ đến vị trí {position}, lúc {instant}", "By the journal up to position {position}, at {instant}"),
    "store": both("Sổ {id}", "Store {id}"),
    "sample": both("SỔ MẪU, không phải việc thật", "SAMPLE STORE, nothing in it is real"),
    "day": both("Ngày thư", "Letter of"),
    "to": both("Gửi", "To"),
    "what": both("Nội dung", "What"),
    "told": both("Ngày đã báo", "Day told"),
    "left": both("Đi lúc", "Left at"),
    "proof": both("Mã thư · mã băm SHA-256 · vị trí trong sổ", "Message-ID · SHA-256 · position in the journal"),
    "note": both(
        "Máy chủ thư đã nhận chuyển thư vào lúc ghi trên; chương trình không biết người nhận đã đọc hay chưa, trừ khi có người nhận trả lời.",
        "The mail server took the letter at the time shown; whether it was read the program does not know, unless somebody acknowledged it.",
    ),
    "bounced": both("bị trả lại", "came back"),
    "left_out": both("khi đi không còn nêu việc này", "it no longer named this"),
    "held": both("chờ cho gửi", "waits to be released"),
    "queued": both("chưa đi", "has not left"),
    "failed": both("bị từ chối", "refused"),
    "erased": both("(tên đã xóa theo yêu cầu)", "(the name was erased on request)"),
    "released": both("người cho gửi", "released by"),
    "acknowledged": both("người nhận việc", "taken on by"),
}  # fmt: skip


def _w(name: str) -> str:
    return pick(_WORDS[name]) or ""


def page(reading: Reading, row: Any, found: list[Telling], answer: Answer, about: StoreInfo) -> str:
    """The answer as an HTML page that prints on A4, with what proves each letter."""
    lang = LANG.get()
    name = reading.names.get
    facts = [
        (_w("duty"), f"{row.title} ({row.id.partition('/')[2]})"),
        (_w("unit"), name(row.owed_by, row.owed_by)),
        (_w("clause"), ", ".join(t for t in (row.clause, name(row.plan or "", "")) if t)),
        (_w("last"), format_date(row.last_day) if row.last_day else "–"),
    ]
    known = {
        "position": str(reading.known),
        "instant": moment(reading.instant) if reading.instant else "–",
    }
    lines = "".join(f"<tr><th>{escape(k)}</th><td>{escape(v)}</td></tr>" for k, v in facts)
    heads = "".join(
        f"<th>{escape(_w(k))}</th>" for k in ("day", "to", "what", "told", "left", "proof")
    )
    body = "".join(_row(reading, each) for each in found)
    sample = f"<p><strong>{escape(_w('sample'))}</strong></p>" if about.rehearsal else ""
    stamp = (
        escape(_w("as_of").format(**known)) + " · " + escape(_w("store").format(id=about.store_id))
    )
    return _PAGE.format(
        lang=lang,
        title=escape(_w("title")),
        sample=sample,
        answer=escape(said(reading, answer, lang)),
        facts=lines,
        heads=heads,
        body=body,
        note=escape(_w("note")),
        stamp=stamp,
    )


def _row(reading: Reading, each: Telling) -> str:
    part = (pick(PARTS[each.part]) or "") if each.part in PARTS else each.part
    rung = f" ({each.rung})" if each.part == "ahead" else ""
    people = {"released": each.released_by, "acknowledged": each.acknowledged_by}
    said = ((what, name or _w("erased")) for what, name in people.items() if name is not None)
    more = "".join(f"; {_w(what)}: {name}" for what, name in said)
    copies = [_left(copy) for copy in each.copies] or [(_w(each.state), "–")]
    cells = (
        format_date(each.day),
        reading.names.get(each.unit, each.unit),
        part + rung + more,
        format_date(each.act_by) if each.act_by else "–",
    )
    first = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    left = "<br>".join(escape(at) for at, _ in copies)
    proof = "<br>".join(escape(said) for _, said in copies)
    return f'<tr>{first}<td>{left}</td><td class="proof">{proof}</td></tr>'


def _left(copy: Copy) -> tuple[str, str]:
    back = f" ({_w('bounced')}: {copy.bounced})" if copy.bounced else ""
    left_out = "" if copy.said else f" ({_w('left_out')})"
    return moment(
        copy.sent_at
    ) + back + left_out, f"{copy.message_id} · {copy.sha256} · {copy.position}"


_PAGE: Final = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title><style>
@page {{ size: A4; margin: 20mm 15mm; }}
body {{ font: 11pt/1.4 "Times New Roman", serif; max-width: 190mm; margin: 1em auto; padding: 0 1em; }}
h1 {{ font-size: 14pt; text-align: center; }}
table {{ border-collapse: collapse; width: 100%; margin: .6em 0; }}
th, td {{ border: 1px solid #888; padding: .25em .4em; text-align: left; vertical-align: top; }}
table.facts th {{ width: 35%; }}
.proof {{ font: 7.5pt/1.3 monospace; overflow-wrap: anywhere; }}
.answer {{ font-weight: bold; border: 2px solid #222; padding: .5em; }}
thead {{ display: table-header-group; }} tr {{ break-inside: avoid; }}
</style></head><body>
<h1>{title}</h1>{sample}
<table class="facts">{facts}</table>
<p class="answer">{answer}</p>
<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>
<p>{note}</p><p>{stamp}</p>
</body></html>
"""
