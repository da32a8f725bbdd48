"""What a money rule found, in a sentence of either language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ntm_workflow.domain.values import Sentence

_FINDINGS: Final[dict[str, tuple[str, str]]] = {
    "unspent": (
        "đến hết {day} chưa giải ngân đồng nào",
        "nothing disbursed by the end of {day}",
    ),
    "undecided": (
        "đề nghị điều chuyển phải xong đến {day}, chưa có quyết định",
        "the request was to be decided by {day}, and is not",
    ),
    "behind": (
        "đã giải ngân {spent:dong} trên {given:dong}; còn thiếu {short:dong} để đạt {percent}% đến {day}: {days} ngày làm việc, mỗi ngày {each:dong}",
        "{spent:dong} of {given:dong} disbursed; {short:dong} missing to {percent}% by {day}: {days} working days, {each:dong} each",
    ),
    "mark_passed": (
        "đã giải ngân {spent:dong} trên {given:dong}; thiếu {short:dong} so với {percent}% đến {day}",
        "{spent:dong} of {given:dong} disbursed; {short:dong} short of {percent}% by {day}",
    ),
    "not_carried": (
        "vốn năm {year} chưa giải ngân hết và chưa chuyển nguồn",
        "money of {year} is neither spent nor carried over",
    ),
    "given_late": (
        "giao vốn ngày {given_on}, sau {day}",
        "given on {given_on}, after {day}",
    ),
    "no_code": ("giao vốn chưa có mã dự án", "given without a project code"),
    "no_contract": (
        "quá {day} chưa ghi hợp đồng nào",
        "no contract recorded, past {day}",
    ),
    "under_support": (
        "năm {year} được giao {given:dong}, thấp hơn mức {fixed:dong}",
        "given {given:dong} in {year}, less than {fixed:dong}",
    ),
    "under_least": (
        "được bố trí {given:dong}, tối thiểu {least:dong} ({sources:word})",
        "given {given:dong}, at least {least:dong} ({sources:word})",
    ),
    "not_as_stated": (
        "{title}: kế hoạch nêu {stated:dong}, đã giao {given:dong}",
        "{title}: the plan states {stated:dong}, given so far {given:dong}",
    ),
    "term_ends": (
        "giao vốn {given_on}, chưa quyết toán; hết {months} tháng ngày {ends}, còn {ahead} ngày",
        "given on {given_on}, not settled; {months} months end on {ends}, in {ahead} days",
    ),
    "local_debt": (
        "giao vốn {given_on}, quá {months} tháng (đến {ends}) chưa quyết toán: phần nợ thành nợ ngân sách địa phương",
        "given on {given_on}, {months} months (until {ends}) without settlement: what is owed is local-budget debt",
    ),
    "no_more_money": (
        "quá hạn quyết toán {ends}: không dùng thêm vốn {sources:word}",
        "term ended {ends} without settlement: no more {sources:word} money",
    ),
    "debt_to_clear": (
        "nợ của vốn năm {year}, phải xử lý trước {day}",
        "debt of {year}, to be cleared by {day}",
    ),
    "debt_stays": (
        "nợ của vốn năm {year} chưa xử lý xong đến {day}",
        "debt of {year} not cleared by {day}",
    ),
    "new_work_in_debt": (
        "mở mới ngày {given_on} khi địa bàn còn nợ {owed:dong} ở mục khác",
        "begun on {given_on} while the place owes {owed:dong} for others",
    ),
    "new_debt": (
        "nợ phát sinh trên vốn giao từ khi kế hoạch có hiệu lực",
        "debt on money given since the plan took effect",
    ),
    "little_counterpart": (
        "vốn đối ứng {plan:dong}, cần {need:dong} ({percent}%)",
        "counterpart {plan:dong}, needed {need:dong} ({percent}%)",
    ),
    "no_counterpart": (
        "đã chi {upper_paid:dong} vốn cấp trên khi chưa ghi vốn đối ứng nào",
        "{upper_paid:dong} of upper money paid and no counterpart recorded",
    ),
    "ahead_of_counterpart": (
        "đã chi {upper_paid:dong} vốn cấp trên, theo tỷ lệ đối ứng ({local_paid:dong} trên {local_plan:dong}) chỉ được {allowed:dong}",
        "{upper_paid:dong} of upper money paid; by the counterpart's rate ({local_paid:dong} of {local_plan:dong}) only {allowed:dong}",
    ),
}


def told(say: str, facts: Mapping[str, Any], lang: str) -> str:
    """The sentence of a finding; raises KeyError for one that has none."""
    vi, en = _FINDINGS[say]
    return Sentence(lang).format(en if lang == "en" else vi, **facts)
