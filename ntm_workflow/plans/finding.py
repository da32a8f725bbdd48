"""What can be found in a plan, as sentences in two languages. Finds nothing: the `find_…` rules do.

Errors are the pack's own (`faults.py`); what stands here is what the document says, or leaves unsaid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ntm_workflow.domain.values import Sentence
from ntm_workflow.plans.faults import shown

WARNING, INFO = "warning", "info"

#: Code -> severity and the sentence, in Vietnamese and English.
FINDINGS: dict[str, tuple[str, str, str]] = {
    # --- tables, lists, goals and sums
    "both_sides": (WARNING, "{place}, {set}: tiêu chí {numbers} vừa ghi đạt vừa ghi chưa đạt", "{place}, {set}: criteria {numbers} stand as met and as not met"),
    "tables_disagree": (WARNING, "{place}, {set} {year}: tiêu chí {numbers} nơi ghi đạt, nơi ghi chưa đạt ({clauses})", "{place}, {set} {year}: criteria {numbers} stand as met in one place and as not met in another ({clauses})"),
    "total_differs": (WARNING, "{place}, {set}: bảng ghi tổng {stated}, đếm được {counted}", "{place}, {set}: the table's total is {stated}, {counted} are listed"),
    "on_neither_side": (WARNING, "{place}, {set}: bảng không nhắc đến tiêu chí {numbers}", "{place}, {set}: the table does not mention criteria {numbers}"),
    "led_by_nobody": (WARNING, "{set}: không điều khoản nào giao đơn vị phụ trách tiêu chí chưa đạt {numbers} ({places})", "{set}: no clause says who answers for the criteria not met {numbers} ({places})"),
    "target_below_result": (INFO, "{place}, {set}: tiêu chí {numbers} đã đạt năm {year} mà mục tiêu năm {aimed} không nhắc lại", "{place}, {set}: criteria {numbers}, met in {year}, are not in the aim for {aimed}"),
    "count_differs": (WARNING, "{place}, {what} ({track}): bảng ghi {stated}, đếm được {counted}", "{place}, {what} ({track}): the table says {stated}, {counted} are listed"),
    "list_differs": (WARNING, "{what}: điều khoản nói có {stated} địa bàn, liệt kê {counted}", "{what}: the clause speaks of {stated} places and lists {counted}"),
    "named_twice": (WARNING, "{what}: danh sách nêu hai lần {places}", "{what}: the list names {places} twice"),
    "two_figures": (WARNING, "{place}, {what}: các điều khoản nêu số khác nhau: {figures}", "{place}, {what}: clauses name different numbers: {figures}"),
    "two_verdicts": (WARNING, "{place}, {what}: nơi ghi đạt, nơi ghi chưa đạt ({clauses})", "{place}, {what}: stands as met in one place and as not met in another ({clauses})"),
    "goal_not_sum": (WARNING, "{title}: {new} mới và {kept} giữ vững cộng là {counted}, mục tiêu ghi {stated}", "{title}: {new} new and {kept} kept make {counted}, the goal says {stated}"),
    "goal_above_list": (WARNING, "{title}: mục tiêu {stated}, các danh sách chỉ nêu {counted}", "{title}: the goal is {stated}, the lists name only {counted}"),
    "goal_below_list": (INFO, "{title}: mục tiêu {stated}, các danh sách nêu tới {counted}", "{title}: the goal is {stated}, the lists name as many as {counted}"),
    "goals_differ": (WARNING, "{title}: các điều khoản đặt mục tiêu khác nhau: {figures}", "{title}: clauses set different goals: {figures}"),
    "percent_differs": (WARNING, "{title}: ghi {percent}%, còn {stated}/{of} là {counted:number}%", "{title}: {percent}% is stated, {stated} of {of} are {counted:number}%"),
    "percent_rounded": (INFO, "{title}: {stated}/{of} là {counted:number}%, mới làm tròn lên thành {percent}%", "{title}: {stated} of {of} are {counted:number}%, which only rounding makes {percent}%"),
    "percent_of_nothing": (WARNING, "{title}: {percent}% nhưng không nói của tổng số nào", "{title}: {percent}%, but of what number is not said"),
    "average_differs": (WARNING, "{title}: bình quân {average} cho {of} nơi là {counted:number}, mục tiêu ghi {stated}", "{title}: {average} each for {of} places make {counted:number}, the goal says {stated}"),
    "range": (INFO, "{title}: mục tiêu là một khoảng, {low}-{high}; từ số nào là đạt thì chưa nói", "{title}: the goal is a range, {low}-{high}; which number reaches it is not said"),
    "range_backwards": (WARNING, "{title}: khoảng {low}-{high} có số sau nhỏ hơn số trước", "{title}: the range {low}-{high} ends below its beginning"),
    "parts_differ": (WARNING, "{title}: ghi {stated} {unit}, các phần cộng lại {counted:number} {unit}", "{title}: {stated} {unit} are stated, its parts make {counted:number} {unit}"),
    "share_differs": (WARNING, "{title}: ghi {stated}%, tính ra {counted:number}% của {whole}", "{title}: {stated}% are stated, it is {counted:number}% of {whole}"),
    "shares_differ": (WARNING, "{title}: tỷ lệ các phần cộng lại {counted:number}%", "{title}: the shares of its parts make {counted:number}%"),
    "share_of_nothing": (WARNING, "{title}: {stated}% nhưng không nói của khoản nào", "{title}: {stated}%, but of which sum is not said"),
    # --- places and the years they aim at
    "two_target_years": (WARNING, "{place}, {what}: các điều khoản nêu năm khác nhau: {years}", "{place}, {what}: clauses name different years: {years}"),
    "words_differ": (INFO, "{place}, {what}: {clauses} mô tả khác nhau", "{place}, {what}: {clauses} describe it differently"),
    "spelt_otherwise": (WARNING, "{place} còn được ghi là “{also}”", "{place} is also written “{also}”"),
    "year_outside": (INFO, "{what}: năm phấn đấu {year} nằm ngoài giai đoạn của kế hoạch ({places})", "{what}: the target year {year} is outside the plan's period ({places})"),
    "near_names": (INFO, "“{one}” và “{other}”, cùng thuộc {parent}, chỉ khác dấu hoặc một chữ cái: hai nơi hay một?", "“{one}” and “{other}”, both in {parent}, differ in accents or one letter only: two places or one?"),
    "one_name_two_places": (WARNING, "hai địa bàn cùng tên “{name}” mà cấp trên không phân biệt được: {ids}", "two places are called “{name}” and their parents do not tell them apart: {ids}"),
    "two_rungs": (WARNING, "{place}: {upper:word} cùng năm {year} với {lower:word}, danh hiệu phải có trước", "{place}: {upper:word} in {year} like {lower:word}, on which it builds"),
    "rung_too_early": (WARNING, "{place}: {upper:word} năm {year}, sớm hơn {lower:word} (năm {later}), danh hiệu phải có trước", "{place}: {upper:word} in {year}, before {lower:word} ({later}), on which it builds"),
    "dossier_other_year": (WARNING, "hồ sơ {standard:word} năm {year}, còn mục tiêu là năm {years}: {places}", "the {standard:word} dossiers are for {year}, the aim is {years}: {places}"),
    "parent_unverified": (INFO, "chưa tìm thấy nguồn cho địa bàn cấp trên của: {places}", "no source was found for the parents of: {places}"),
    # --- duties and their days
    "from_event": (INFO, "{rule}: tính từ một sự kiện (“{phrase}”), có ngày khi biết ngày xảy ra: {title}", "{rule}: counts from an event (“{phrase}”) and has a day once that is known: {title}"),
    "day_outside": (WARNING, "{rule}: “{phrase}” là {day}, ngoài giai đoạn của kế hoạch: {title}", "{rule}: “{phrase}” is {day}, outside the plan's period: {title}"),
    "no_day": (INFO, "{rule}: không nêu thời hạn: {title}", "{rule}: no day is stated: {title}"),
    "recurs_without_day": (WARNING, "{rule}: định kỳ nhưng không nêu ngày ({day}): {title}", "{rule}: recurs, but no day is stated ({day}): {title}"),
    "days_given": (WARNING, "{rule}: ngày không lấy thẳng từ câu chữ: {reason}", "{rule}: its days do not follow from the words alone: {reason}"),
    "day_off": (INFO, "{rule}: “{phrase}” rơi vào ngày nghỉ {day}", "{rule}: “{phrase}” falls on a day off, {day}"),
    "other_day": (INFO, "{rule}: điều khoản nêu hai thời hạn, “{phrase}” và “{other}” ({condition})", "{rule}: the clause gives two deadlines, “{phrase}” and “{other}” ({condition})"),
    "one_act_two_days": (WARNING, "cùng một việc có hai thời hạn: {clauses} ({phrases}); chặt nhất: hết {day}", "one act has two deadlines: {clauses} ({phrases}); the strictest: the end of {day}"),
    "one_duty_two_days": (WARNING, "{title}: cùng nhiệm vụ có hai thời hạn: {phrases}; chặt nhất: hết {day}", "{title}: the same duty has two deadlines: {phrases}; the strictest: the end of {day}"),
    "one_duty_two_receivers": (WARNING, "{title}: cùng nhiệm vụ gửi hai nơi nhận: {receivers}", "{title}: the same duty has two receivers: {receivers}"),
    "steps_out_of_order": (WARNING, "{first} (“{phrase}”) phải xong trước {second} (“{then}”) mà hạn lại muộn hơn, hiểu cách nào cũng vậy", "{first} (“{phrase}”) must be done before {second} (“{then}”) and is due later, however it is read"),
    "steps_may_cross": (WARNING, "{first} (“{phrase}”) phải xong trước {second} (“{then}”) mà có cách hiểu để hạn muộn hơn", "{first} (“{phrase}”) must be done before {second} (“{then}”) and on some reading is due later"),
    "undated_before_dated": (WARNING, "{first} không có thời hạn mà phải xong trước {second} (“{then}”): {places}", "{first} has no day and must be done before {second} (“{then}”): {places}"),
    "owner_inferred": (INFO, "{rule}: điều khoản không nêu đơn vị; suy ra từ: {source}", "{rule}: the clause names no unit; inferred from: {source}"),
    "owner_is_group": (INFO, "giao cho một nhóm chưa liệt kê từng đơn vị, {unit}: {rules}", "given to a group nobody has listed one by one, {unit}: {rules}"),
    "no_receiver": (WARNING, "{rule}: không nói hồ sơ gửi cho ai: {title}", "{rule}: who receives the dossier is not said: {title}"),
    "paper_to_nobody": (INFO, "{rule}: không nói văn bản lập ra gửi cho ai: {title}", "{rule}: who receives the paper is not said: {title}"),
    # --- clauses, papers, units
    "blank": (WARNING, "văn bản để trống: {missing}", "the document leaves blank: {missing}"),
    "partial": (WARNING, "gói chỉ chứa một phần văn bản", "the pack holds only part of the document"),
    "undecided": (INFO, "chưa có văn bản quyết định thiết lập: {setting}", "no paper decides the setting: {setting}"),
    "silent_clause": (WARNING, "gói chưa có gì từ điều khoản này", "the pack has nothing from this clause"),
    "clause_unlisted": (WARNING, "điều khoản được dẫn ở {tables} nhưng không có trong “clauses”", "cited in {tables}, but not in “clauses”"),
    "unbinding_binds": (WARNING, "ghi là không ràng buộc ai ({why:word}) mà vẫn giao nhiệm vụ {rules}", "said to bind nobody ({why:word}), and yet gives the duties {rules}"),
    "numbering_jumps": (WARNING, "sau {before} là {after}: số mục không liên tục", "{after} follows {before}: the numbering jumps"),
    "numbering_repeats": (WARNING, "số mục {clause} dùng nhiều lần", "the number {clause} is used more than once"),
    "paper_missing": (INFO, "chưa có văn bản được viện dẫn: {document} ({about})", "a paper it leans on is not at hand: {document} ({about})"),
    "several_names": (INFO, "một đơn vị mang nhiều tên: {names}", "one unit goes by several names: {names}"),
    "one_name_two_units": (WARNING, "“{name}” là tên chung của các đơn vị: {units}", "“{name}” is the name of several units: {units}"),
    "not_a_recipient": (INFO, "{unit} có nhiệm vụ nhưng không có ở nơi nhận", "{unit} has duties and is not among the recipients"),
    "remark": (INFO, "{about}", "{about}"),
    # --- against the journal
    "other_plan_other_day": (WARNING, "{place}: “{phrase}”, còn {plan} ({at}) ghi “{theirs}” cho cùng việc: {title}; chặt nhất: hết {day}", "{place}: “{phrase}”, while {plan} ({at}) says “{theirs}” of the same act: {title}; the strictest: the end of {day}"),
    "other_plan_other_year": (WARNING, "{place}, {what}: ở đây là năm {year}, còn {plan} ({at}) ghi {theirs}", "{place}, {what}: {year} here, {theirs} in {plan} ({at})"),
    "near_name_known": (WARNING, "“{one}” chỉ khác “{other}”, đã có trong sổ và cùng thuộc {parent}, ở dấu hoặc một chữ cái", "“{one}” differs from “{other}”, in the journal and also in {parent}, in accents or one letter only"),
    "known_otherwise": (WARNING, "trong sổ, {id} là {known}; ở đây ghi {place}", "in the journal {id} is {known}; here it is {place}"),
    "place_ended": (WARNING, "{place} không còn từ {ended} (nay: {successors}), trước hạn {day}: {title}", "{place} is no more since {ended} (now: {successors}), before {day} is due: {title}"),
    "other_version": (WARNING, "đây không phải bản đang áp dụng từ {since}; bản ấy đã nhận từ một tệp khác. Xem: ntm plan show {plan}", "this is not the text in force since {since}, which came from another file. See: ntm plan show {plan}"),
    "rule_taken": (WARNING, "quy tắc {rule} đã là của kế hoạch {plan} ở cùng địa bàn: đổi tên rule thì mới áp dụng được", "the rule {rule} is plan {plan}'s at the same place: change its name, or the plan is refused"),
    "amends_unknown": (WARNING, "sửa đổi kế hoạch {plan}, chưa áp dụng ở đây", "amends the plan {plan}, which is not adopted here"),
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing a person should know before relying on the plan."""

    code: str
    clause: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> str:
        return FINDINGS[self.code][0]

    def say(self, lang: str) -> str:
        _, vi, en = FINDINGS[self.code]
        facts = {name: shown(fact) for name, fact in self.facts.items()}
        return Sentence(lang).format(en if lang == "en" else vi, **facts)
