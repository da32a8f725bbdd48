"""Names that differ so little that they may be one name written twice. Knows no place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

from ntm_workflow.domain.values import fold, nfc

#: Words that number a name: “Quế Xuân 1”, “Thôn II”, “Tổ 4A”.
_COUNTER = re.compile(r"\w*\d\w*|[ivx]+|\w")


def alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of different names with the same letters but for accents, or all but one the same.

    Names with another number are different names.
    """
    near: dict[str, list[str]] = defaultdict(list)
    same: dict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(names):
        same[fold(name)].append(name)
        for key in _but_one(_plain(name)):
            near[key].append(name)
    pairs = [pair for group in same.values() for pair in pairwise(group)]
    pairs += [p for group in near.values() for p in combinations(group, 2) if _one_letter(*p)]
    yield from dict.fromkeys(pairs)


def _plain(name: str) -> str:
    return nfc(name).casefold()


def _but_one(text: str) -> set[str]:
    """The text with each letter in turn unknown, and with one more in each place."""
    cuts = range(len(text) + 1)
    return {f"{text[:n]}?{text[n + 1 :]}" for n in cuts} | {f"{text[:n]}?{text[n:]}" for n in cuts}


def _one_letter(one: str, other: str) -> bool:
    words, others = _plain(one).split(), _plain(other).split()
    if len(words) != len(others):
        return True
    unlike = [word for pair in zip(words, others, strict=True) if len({*pair}) > 1 for word in pair]
    return not any(map(_COUNTER.fullmatch, unlike))
