"""The Vietnamese order of names: the quick way to a key and the slow one come to the same."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from ntm_workflow.domain.values import collation_key, collation_parts

VIETNAMESE = st.text(
    st.sampled_from("aăâđĐeêơưỪỹặ ?\t12-“\u0301\u0323\u0306\u031b각ßİ"), max_size=12
)


@given(st.one_of(st.text(max_size=12), VIETNAMESE))
@example("\u0301")
@example("g\u0303a 각\u1100\u0301?")
def test_a_key_is_the_same_letter_by_letter_and_mark_by_mark(text: str) -> None:
    assert collation_key(text) == "\t".join(collation_parts(text))


@given(VIETNAMESE)
def test_a_key_is_the_same_whatever_the_unicode_form(text: str) -> None:
    assert collation_key(unicodedata.normalize("NFD", text)) == collation_key(text)
