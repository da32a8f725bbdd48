"""What happens to the money of an item, as people report it. Amounts are whole đồng.

Cash goes out as advances and as payments for accepted volume, and comes back as returns; an advance is
recovered out of accepted volume, for which nothing more is paid then. A settlement says what the item
has cost in the end.
"""

from __future__ import annotations

from datetime import date

from ntm_workflow.domain.base import Event, Opening


class FundItemOpened(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """Something money can be given to: a work, project, model or recurrent content; `owner` is a unit."""

    item: str
    type: str
    place: str
    owner: str | None = None


class FundDescribed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Who owns an item (chủ đầu tư, a unit), its project code (mã dự án), and its approved total investment
    (tổng mức đầu tư). What is None stays as it was.
    """

    item: str
    owner: str | None = None
    code: str | None = None
    investment: int | None = None


class FundRehomed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A decision takes an item to another place, since its own ended or changed; the money stays as it is."""

    item: str
    place: str
    owner: str | None = None


class FundAllocated(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Money of a plan year is given to an item, in đồng.

    Of the year's own money nothing is paid after `pay_until` (the end of its niên độ). Of money that is
    carried over, `term_from` is the day on which the work was first given any.
    """

    item: str
    amount: int
    source: str
    kind: str
    plan_year: int
    carried_from: int | None = None
    decision: str | None = None
    pay_until: date | None = None
    term_from: date | None = None


class FundAdjusted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The plan of an item's money is changed by `amount`, which is negative where money is taken away."""

    item: str
    amount: int
    decision: str | None = None


class FundContracted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A contract for the item is signed, or one more."""

    item: str
    amount: int
    contractor: str | None = None


class FundAdvanced(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Money is paid before the volume it is for (tạm ứng)."""

    item: str
    amount: int
    payee: str | None = None


class FundDisbursed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Money is paid out on an item for accepted volume (thanh toán khối lượng hoàn thành), in đồng."""

    item: str
    amount: int
    payee: str | None = None


class AdvanceRecovered(Event, frozen=True, kw_only=True, omit_defaults=True):
    """So much of an advance has become payment for accepted volume (thu hồi tạm ứng); no cash moves."""

    item: str
    amount: int


class FundReturned(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Money comes back: of an advance that was not used, or of what was paid too much."""

    item: str
    amount: int
    of_advance: bool = False


class VolumeAccepted(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Volume worth so much was done and accepted (nghiệm thu)."""

    item: str
    amount: int


class VolumeCarried(Event, frozen=True, kw_only=True, omit_defaults=True):
    """So much of what is owed goes along with money that is carried over: less here, as much more there.

    `settled` where the item it comes from was settled.
    """

    item: str
    amount: int
    settled: bool = False


class FundHandedOver(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The item was handed over for use (bàn giao)."""

    item: str


class FundSettled(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The competent authority approved the final settlement (quyết toán): what the item has cost."""

    item: str
    amount: int


class FundContributed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody contributed work, land or things worth so much; no money moves."""

    item: str
    amount: int
    what: str
    by_whom: str | None = None
