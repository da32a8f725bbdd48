"""What plans say of a subject, in the order they first spoke: an amended plan takes its words back and
speaks anew, in the place it had. So amending back and forth changes nothing but the history.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

import msgspec


class FromPlan(Protocol):
    @property
    def plan(self) -> str | None: ...


Words = TypeVar("Words", bound=FromPlan)


class Gone(msgspec.Struct, frozen=True):
    """Where a plan spoke that took back what it had said."""

    plan: str | None


def told(said: tuple[Words | Gone, ...], new: Words) -> tuple[Words | Gone, ...]:
    """`new` behind the last words of its plan; at the end where that has not spoken before."""
    own = [n for n, each in enumerate(said, 1) if new.plan is not None and each.plan == new.plan]
    at = own[-1] if own else len(said)
    return (*said[:at], new, *said[at:])


def taken_back(said: tuple[Words | Gone, ...], plan: str) -> tuple[Words | Gone, ...]:
    """Without what `plan` said; its place is kept."""
    first = next((n for n, each in enumerate(said) if each.plan == plan), len(said))
    rest = tuple(each for each in said[first:] if each.plan != plan)
    return (*said[:first], Gone(plan), *rest)
