"""No name, title or clause can forge a line of a letter, a header, a tag, or the direction of its text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ntm_workflow.notifications import template_samples as samples
from ntm_workflow.notifications.context import KINDS, LetterContext
from ntm_workflow.notifications.letters import Templates, bundled, render, zalo
from ntm_workflow.notifications.template_page import Page
from ntm_workflow.notifications.template_samples import item

PIECES = [
    *("\r\n", "\n\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x00", "\t", "   ", "\ud800"),
    *("<script>alert(1)</script>", "</td></tr></table>", "<!--", "-->", '" onclick="x', "' x=1 "),
    *("&lt;b&gt;", "&amp;", "{{ 7*7 }}", "{% raw %}", "{#", "%}", "{n}", "{before}", "%s"),
    *("\u202e", "\u2066", "\u200f", "Số: 12/KH-UBND", "Kính gửi: kẻ khác", "2. Chuyển tiền"),
    *(
        "■ Quá hạn (9)",
        "Message-ID: <a@b>",
        "Mỹ\u0303",
        "e\u0302\u0301",
        "🇻🇳",
        "x" * 120,
        "xã Tam Ngọc",
    ),
]
UGLY = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=8).map("".join)
NAMED = (
    "title",
    "owed_by",
    "owed_to",
    "place",
    "clause",
    "plan",
    "expression",
    "driven_by",
    "told",
    "id",
    "command",
)
TURNS_AND_BREAKS = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\x00\x0b\x85\u2028\u2029\r]"
)
CONTEXTS = {
    kind: LetterContext(
        kind=kind,
        unit="UBND xã Mẫu",
        day=samples.DAY,
        items=tuple(item(part, n=n) for n, part in enumerate(samples.PARTS[kind])),
        office="Văn phòng",
    )
    for kind in KINDS
}


def with_names(context: LetterContext, name: str) -> LetterContext:
    items = []
    for each in context.items:
        wrong = each.corrected and replace(
            each.corrected, subject=name, said=name, holds=name, message_id=name
        )
        said = dict.fromkeys(NAMED, name)
        items.append(replace(each, **said, with_=(name,), derivation=(name,), corrected=wrong))
    # What the office calls itself is its own setting.
    return replace(context, unit=name, items=tuple(items))


def beginnings(text: str) -> list[str]:
    """How each line begins that does not go on from one before: those are indented deeper."""
    return [line[:3] for line in text.split("\n") if not line.startswith("     ")]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(name=UGLY)
def test_no_name_forges_a_line_a_header_or_a_tag(kind: Any, name: str) -> None:
    plain, ugly = (render(with_names(CONTEXTS[kind], said)) for said in ("A.", f"A.{name}"))
    assert beginnings(ugly.text) == beginnings(plain.text)
    assert len(ugly.subject.splitlines()) == 1
    assert Page(ugly.html).tags == Page(plain.html).tags
    assert Page(ugly.html).keys == Page(plain.html).keys
    for form in (ugly.subject, ugly.text, ugly.html):
        assert not TURNS_AND_BREAKS.search(form)


@settings(max_examples=40, deadline=None)
@given(name=UGLY)
def test_no_name_forges_a_line_of_the_message_to_paste(name: str) -> None:
    context = CONTEXTS["digest"]
    plain, ugly = (zalo(with_names(context, said)) for said in ("A.", f"A.{name}"))
    lines = [line for line in ugly.split("\n") if not line.startswith("Số việc không nêu")]
    assert [line[:3] for line in lines][:4] == [line[:3] for line in plain.split("\n")][:4]
    assert len(lines) <= len(plain.split("\n"))


@settings(max_examples=30, deadline=None)
@given(name=UGLY)
def test_the_sandbox_of_replaced_templates_shows_the_same_as_ours(name: str) -> None:
    context = with_names(CONTEXTS["digest"], name or "A")
    assert Templates(bundled()).render(context) == render(context)
