"""The typed line as another person may run it again: the act alone, without who, where and how shown."""

from __future__ import annotations

from collections.abc import Iterable

#: Options around the act, which whoever runs it again says for themselves.
WITH_VALUE = frozenset({"--by", "--store", "--lang", "--key", "--if-position"})
ALONE = frozenset({"--json", "--debug", "--dry-run"})


def act(words: Iterable[str]) -> tuple[str, ...]:
    """The words of the act, in order, each in the one form text is stored in."""
    from ntm_workflow.domain.values import nfc

    kept: list[str] = []
    rest = iter(words)
    for word in rest:
        name, equals, _ = word.partition("=")
        if name in WITH_VALUE:
            if not equals:
                next(rest, None)
        elif word not in ALONE:
            kept.append(nfc(word))
    return tuple(kept)
