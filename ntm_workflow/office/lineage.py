"""How plans stand to one another: what each amends or implements, in which order they are adopted."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from ntm_workflow.domain.base import Refused
from ntm_workflow.office.entry import Entry
from ntm_workflow.plans.pack import Pack, bundled


class PlansInCircle(Refused):
    vi = "Các kế hoạch sửa đổi hoặc căn cứ lẫn nhau thành vòng: {chain}.\nXem lại “amends” và “implements” của {plan}."
    en = "Plans amend or implement one another in a circle: {chain}.\nLook at “amends” and “implements” of {plan}."


class AmendedFirst(Refused):
    vi = "Kế hoạch {plan} sửa đổi {first}, mà {first} chưa áp dụng.\nÁp dụng trước: ntm plan adopt {first:arg}"
    en = "The plan {plan} amends {first}, which is not adopted.\nAdopt it first: ntm plan adopt {first:arg}"


def in_order(packs: Sequence[Pack]) -> list[Pack]:
    """Plans adopted together: what one of them amends comes before it."""
    ids = {pack.id for pack in packs}
    amended = {pack.id: [id for id in pack.amends if id in ids] for pack in packs}
    try:
        order = [*TopologicalSorter(amended).static_order()]
    except CycleError as error:
        circle = error.args[1][::-1]
        raise PlansInCircle(plan=circle[0], chain=" → ".join(circle)) from None
    return [pack for id in order for pack in packs if pack.id == id]


def must_fit(entry: Entry, pack: Pack) -> None:
    """Refuses a plan that comes round to itself through adopted ones, or before a pack it amends.

    A plan may amend one that no pack is known of: the paper is there all the same.
    """
    if round_ := _round(entry, pack):
        raise PlansInCircle(plan=pack.id, chain=" → ".join(round_))
    for first in pack.amends:
        if first in bundled() and entry.timeline(f"plan/{first}").now is None:
            raise AmendedFirst(plan=pack.id, first=first)


def _round(entry: Entry, pack: Pack) -> list[str]:
    """The way from a plan up to itself, plan by plan; nothing where there is none."""
    ways = [[pack.id, above] for above in (*pack.amends, *pack.implements)]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        last = way[-1]
        if last == pack.id:
            return way
        known = entry.timeline(f"plan/{last}").now
        if known and last not in seen:
            seen.add(last)
            ways += [[*way, above] for above in (*known.adopted.amends, *known.adopted.implements)]
    return []
