"""Keys of names, to order and to search by: the quick way and the slow one come to the same."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from ntm_workflow.domain.values import collation_key, collation_parts, fold, without_marks

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


@given(st.one_of(st.text(max_size=12), VIETNAMESE))
@example("ǅ İ ß ΑΣ Σ")
def test_a_search_key_is_the_same_letter_by_letter_and_as_a_whole(text: str) -> None:
    assert fold(text) == fold(without_marks(text))
    assert "".join(map(without_marks, text)) == without_marks(text)
