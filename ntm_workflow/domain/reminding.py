"""What was said about the reminders of a duty: received or not, taken on, put off, disputed.

Changes who hears what, never how the duty stands. Knows no ladder and no letter.
"""

from __future__ import annotations

from datetime import date

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.obligation_events import (
    ReceiptDenied,
    ReminderAcknowledged,
    ReminderDisputed,
    ReminderSnoozed,
)


class Reminding(msgspec.Struct, frozen=True):
    """The last of each that was said; days are None while nothing was."""

    denied_on: date | None = None
    acknowledged_on: date | None = None
    acknowledged_by: str | None = None
    snoozed_until: date | None = None
    disputed_until: date | None = None
    reason: str | None = None


NOTHING_SAID = Reminding()


class NoReasonGiven(Refused):
    exit_code = 2
    vi = "Tạm ngừng nhắc hay có ý kiến khác phải nêu lý do.\nThêm --reason “…”."
    en = "Putting off reminders or disputing a duty needs a reason.\nAdd --reason “…”."


class LimitPast(Refused):
    exit_code = 2
    vi = "Ngày {until} không sau ngày {day}.\nKiểm tra lại --until và --on."
    en = "{until} does not come after {day}.\nCheck --until and --on."


class NothingMissed(Refused):
    vi = "Nhiệm vụ này chưa bị ghi quá hạn vào ngày {day}, nên chưa có gì để trả lời “chưa nhận”.\nXem: ntm obligation show ID"
    en = "This duty was not found missed by {day}, so there is nothing yet to answer “not received” to.\nSee: ntm obligation show ID"


class NobodyReceives(Refused):
    vi = "Nhiệm vụ này không nêu nơi nhận khác với đơn vị thực hiện, nên không ai trả lời “chưa nhận” được.\nGhi ý kiến khác: ntm obligation dispute --help"
    en = "This duty names no receiver other than who owes it, so nobody can say “not received”.\nTo say something else of it: ntm obligation dispute --help"


class NotTheReceiver(Refused):
    exit_code = 2
    vi = "{body} không phải nơi nhận của nhiệm vụ này; nơi nhận là {unit}.\nNêu đúng nơi nhận, hoặc bỏ --body."
    en = "{body} does not receive this duty; {unit} does.\nName the receiver, or leave out --body."


class DeniedBefore(Refused):
    vi = "Nơi nhận đã trả lời “chưa nhận” từ ngày {day}; không ghi thêm.\nKhi nhận được, ghi: ntm obligation meet ID --on NGÀY"
    en = "The receiving desk has said “not received” on {day} already; nothing to record.\nWhen it arrives, record: ntm obligation meet ID --on DATE"


def said(reminding: Reminding, event: Event) -> Reminding:
    """What stands after one more was said."""
    day = event.effective_on
    match event:
        case ReceiptDenied():
            return replace(reminding, denied_on=day)
        case ReminderAcknowledged(person=person):
            return replace(reminding, acknowledged_on=day, acknowledged_by=person)
        case ReminderSnoozed(until=until, reason=reason):
            return replace(reminding, snoozed_until=until, reason=reason)
        case ReminderDisputed(until=until, reason=reason):
            return replace(reminding, disputed_until=until, reason=reason)
        case other:
            raise TypeError(other)


def objection(reminding: Reminding, missed_on: date | None, event: Event) -> Refused | None:
    """Why this cannot be said of a duty that is not over; `missed_on` is its miss, if any."""
    day = event.effective_on
    match event:
        case ReminderSnoozed() | ReminderDisputed() if not event.reason.strip():
            return NoReasonGiven()
        case ReminderSnoozed() | ReminderDisputed() if event.until <= day:
            return LimitPast(until=event.until, day=day)
        case ReceiptDenied() if missed_on is None or missed_on > day:
            return NothingMissed(day=day)
        case ReceiptDenied():
            return _denied_before(reminding.denied_on, missed_on)
    return None


def _denied_before(denied_on: date | None, missed_on: date | None) -> Refused | None:
    known = denied_on and missed_on and denied_on >= missed_on
    return DeniedBefore(day=denied_on) if known else None
