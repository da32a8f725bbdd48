"""The sentence of each type of event, in Vietnamese and English. How one is filled is in sentences.py."""

from __future__ import annotations

from typing import Final

from ntm_workflow.projections import dossier_phrasing

#: Event -> what happened, in Vietnamese and English. `{x:name}` is a place, unit or plan by name,
#: `{x:word}` a code in words; `<, tại {x}>` is left out where there is no x.
SENTENCES: Final[dict[str, tuple[str, str]]] = {
    **dossier_phrasing.SENTENCES,
    "PlaceRegistered": (
        "đưa địa bàn “{type:word} {name}” vào sổ< (mã {code})>",
        "registered the place “{name}” ({type:word})<, code {code}>",
    ),
    "PlaceRenamed": (
        "địa bàn {self_id} từ ngày này tên là “{name}”",
        "the place {self_id} is called “{name}” from this day on",
    ),
    "PlaceRetyped": (
        "{self:name}: từ ngày này là {type:word}",
        "{self:name} is a {type:word} from this day on",
    ),
    "PlaceMoved": (
        "{self:name}: từ ngày này thuộc {parent:name}",
        "{self:name} belongs to {parent:name} from this day on",
    ),
    "PlaceCodeAssigned": ("{self:name}: mã hành chính {code}", "{self:name}: official code {code}"),
    "PlacesMerged": (
        "{self:name} nhận sáp nhập<: toàn bộ {sources:names}><; một phần {parts:names}>",
        "{self:name} takes in<: the whole of {sources:names}><; a part of {parts:names}>",
    ),
    "PlaceMergedInto": (
        "{self:name} nhập vào {into:name}",
        "{self:name} was merged into {into:name}",
    ),
    "PlaceSplit": (
        "{self:name} được chia thành {into:names}",
        "{self:name} was divided into {into:names}",
    ),
    "PlacePartCeded": (
        "một phần {self:name} về {into:names}",
        "a part of {self:name} went to {into:names}",
    ),
    "PlaceLeft": (
        "{self:name} không còn thuộc chương trình",
        "{self:name} left the programme",
    ),
    "PlaceAbolished": ("{self:name} giải thể", "{self:name} was abolished"),
    "WorkRehomed": (
        "quyết định về việc còn mở của {self:name}<, về {to:name}>: {obligations} nhiệm vụ, {dossiers} hồ sơ, {funds} mục vốn, {places} địa bàn cấp dưới",
        "decided on what was open in {self:name}<, which goes to {to:name}>: {obligations} obligations, {dossiers} dossiers, {funds} fund items, {places} places",
    ),
    "UnitRegistered": ("đưa đơn vị “{name}” vào sổ", "registered the unit “{name}”"),
    "UnitContactChanged": (
        "đổi thông tin liên hệ của {self:name}",
        "changed how {self:name} is reached",
    ),
    "UnitAssigned": (
        "{self:name} phụ trách bộ tiêu chí {set:word}<, tiêu chí {numbers}><, lĩnh vực {fields}><, theo {clause}>",
        "{self:name} leads the criteria of {set:word}<, numbers {numbers}><, fields {fields}><, by {clause}>",
    ),
    "UnitReleased": (
        "“{plan:name}” thôi nêu phần phụ trách của {self:name}",
        "“{plan:name}” takes back what it said {self:name} leads",
    ),
    "PlanAdopted": (
        "đưa vào áp dụng “{title}” của {issuer}<, phần về {within:name}>",
        "adopted “{title}” of {issuer}<, what concerns {within:name}>",
    ),
    "PlanAmended": (
        "đưa vào áp dụng bản sửa đổi, phần mở rộng của “{title}”<, phần về {within:name}>",
        "adopted an amended version, or more, of “{title}”<, what concerns {within:name}>",
    ),
    "UnitRenamed": (
        "đơn vị {self_id} từ ngày này tên là “{name}”",
        "the unit {self_id} is called “{name}” from this day on",
    ),
    "UnitAliasesChanged": (
        "{self:name}: tên gọi khác: {aliases}",
        "{self:name} also goes by: {aliases}",
    ),
    "ContactForgotten": (
        "xóa thông tin liên hệ của {self:name}: {reason}",
        "erased contact data of {self:name}: {reason}",
    ),
    "MoneyRuleAdopted": (
        "đưa vào áp dụng quy tắc vốn năm {rule[plan_year]} của “{self:name}” ({rule[clause]}), số liệu đến hết {rule[day]}",
        "adopted the money rule for {rule[plan_year]} of “{self:name}” ({rule[clause]}), figures up to {rule[day]}",
    ),
    "MoneyRulesRestated": (
        "“{self:name}” nay có các quy tắc vốn: {rules:rules}",
        "“{self:name}” now has the money rules: {rules:rules}",
    ),
    "FiguresStated": (
        "“{self:name}” nêu các khoản tiền: {figures:figures}",
        "“{self:name}” states sums: {figures:figures}",
    ),
    "MoneyChecksStated": (
        "“{self:name}” nêu các quy tắc vốn khác: {checks:checks}",
        "“{self:name}” states other money rules: {checks:checks}",
    ),
    "TargetOpened": (
        "mở mục tiêu “{title}” của {place:name}",
        "opened the target “{title}” of {place:name}",
    ),
    "TargetStated": (
        "“{plan:name}” ({clause}) nêu {self:name}<, năm {target_year}><, {track:word}><, {commitment:word}><, {words}><, tối thiểu {threshold:number}><, số liệu {value:number}>< {unit}><: {verdict:word}>",
        "“{plan:name}” ({clause}) states {self:name}<, in {target_year}><, {track:word}><, {commitment:word}><, {words}><, at least {threshold:number}><, value {value:number}>< {unit}><: {verdict:word}>",
    ),
    "TargetWithdrawn": (
        "“{plan:name}” thôi nêu {self:name} như trước",
        "“{plan:name}” takes back what it said of {self:name}",
    ),
    "TargetMeasured": (
        "{self:name}: ghi kết quả năm {assessment_year}<, số đo {value:number}>< {unit}><, kết luận: {verdict:word}>",
        "{self:name}: result of {assessment_year} recorded<, measured {value:number}>< {unit}><, verdict: {verdict:word}>",
    ),
    "ObligationAssigned": (
        "{clause} giao {owed_by:name} ({strength:word}): {title}<, {condition}><; thời hạn “{expression}”>< (hạn chốt {enforce_day})>",
        "{clause} binds {owed_by:name} ({strength:word}): {title}<, {condition}><; “{expression}”>< (enforced {enforce_day})>",
    ),
    "ObligationAmended": (
        "kế hoạch sửa đổi, {clause} giao {owed_by:name} ({strength:word}): {title}<, {condition}><; thời hạn “{expression}”>< (hạn chốt {enforce_day})>",
        "amended plan, {clause} binds {owed_by:name} ({strength:word}): {title}<, {condition}><; “{expression}”>< (enforced {enforce_day})>",
    ),
    "ObligationDropped": (
        "“{plan:name}” sửa đổi không còn nhiệm vụ {self:name}",
        "the amended “{plan:name}” holds {self:name} no more",
    ),
    "ObligationMet": ("hoàn thành nhiệm vụ {self:name}", "met {self:name}"),
    "ObligationMissed": (
        "đến hết ngày {enforce_day} chưa hoàn thành nhiệm vụ {self:name}<; việc trước đó {follows:name}, {handed_over_on:done}><; điều khoản nêu: {consequences:consequences}><{history:if}; ngày đó là trước khi đưa kế hoạch vào sổ>",
        "{self:name} was not done by the end of {enforce_day}<; before it {follows:name}, {handed_over_on:done}><; the clause attaches: {consequences:consequences}><{history:if}; that day was before the plan was taken on here>",
    ),
    "ObligationRescheduled": (
        "tính lại hạn của nhiệm vụ {self:name}<: hết ngày {enforce_day}>",
        "set the days of {self:name} anew<: to the end of {enforce_day}>",
    ),
    "OpeningMoved": (
        "nhiệm vụ {self:name} bắt đầu từ ngày {opens}, khi việc trước đó hết hạn",
        "{self:name} opens on {opens}, when the duty before it is due",
    ),
    "ObligationStarted": (
        "sự kiện để tính hạn nhiệm vụ {self:name} xảy ra ngày {event_on}<; hạn: hết ngày {enforce_day}>",
        "the event from which {self:name} runs happened on {event_on}<; due by the end of {enforce_day}>",
    ),
    "AlternativeTaken": (
        "nhiệm vụ {self:name} tính theo hạn thứ hai của điều khoản<: hết ngày {enforce_day}>",
        "the second deadline of the clause counts for {self:name}<: to the end of {enforce_day}>",
    ),
    "ConditionSettled": (
        "xác định cho nhiệm vụ {self:name}: {holds:holds}",
        "settled for {self:name}: {holds:holds}",
    ),
    "ObligationWaived": ("miễn nhiệm vụ {self:name}", "waived {self:name}"),
    "ObligationExtended": (
        "gia hạn nhiệm vụ {self:name} đến hết ngày {until}<, lý do: {reason}>",
        "extended {self:name} to the end of {until}<, why: {reason}>",
    ),
    "ObligationSuspended": (
        "tạm dừng nhiệm vụ {self:name}<, đến hết ngày {until}>",
        "suspended {self:name}<, to the end of {until}>",
    ),
    "ObligationRehomed": (
        "nhiệm vụ {self:name} từ ngày này: chủ trì {owed_by:name}<, nơi nhận {owed_to:name}><, địa bàn {place:name}>",
        "{self:name} from this day on: owed by {owed_by:name}<, to {owed_to:name}><, in {place:name}>",
    ),
    "ObligationJoined": (
        "nhiệm vụ {self:name} nhập vào {into:name}",
        "{self:name} became part of {into:name}",
    ),
    "MeetingRecorded": (
        "họp “{title}”<; dự: {attended:names}>",
        "met: “{title}”<; attended by {attended:names}>",
    ),
    "MeetingConcluded": (
        "kết luận {self:name}: giao nhiệm vụ {obligation}",
        "{self:name} concluded: a duty, {obligation}",
    ),
    "ObligationResumed": ("tiếp tục nhiệm vụ {self:name}", "resumed {self:name}"),
    "ObligationNoted": (
        "ghi ý kiến về nhiệm vụ {self:name}<: nguyên nhân: {cause}><; kiến nghị: {proposal}>",
        "a note on {self:name}<: cause: {cause}><; proposal: {proposal}>",
    ),
    "FundItemOpened": (
        "mở mục vốn “{item}” ({type:word}) tại {place:name}",
        "opened fund item “{item}” ({type:word}) in {place:name}",
    ),
    "FundRehomed": (
        "“{item}” chuyển về {place:name}<, chủ đầu tư {owner:name}>",
        "“{item}” goes to {place:name}<, owner {owner:name}>",
    ),
    "FundAllocated": (
        "giao {amount:dong} vốn năm {plan_year} (nguồn {source:word}, vốn {kind:word}) cho “{item}”<, theo {decision}>",
        "allocated {amount:dong} of {plan_year} ({source:word}, {kind:word}) to “{item}”<, by {decision}>",
    ),
    "FundDisbursed": (
        "giải ngân {amount:dong} cho “{item}”<, đơn vị nhận: {payee}>",
        "disbursed {amount:dong} on “{item}”<, to {payee}>",
    ),
    "FundDescribed": (
        "mô tả “{item}”<; chủ đầu tư {owner:name}><; mã dự án {code}><; tổng mức đầu tư {investment:dong}>",
        "described “{item}”<; owned by {owner:name}><; project code {code}><; total investment {investment:dong}>",
    ),
    "FundAdjusted": (
        "điều chỉnh kế hoạch vốn của “{item}”: {amount:dong}<, theo {decision}>",
        "adjusted the plan of “{item}” by {amount:dong}<, by {decision}>",
    ),
    "FundContracted": (
        "ký hợp đồng {amount:dong} cho “{item}”<, nhà thầu: {contractor}>",
        "signed a contract of {amount:dong} for “{item}”<, with {contractor}>",
    ),
    "FundAdvanced": (
        "tạm ứng {amount:dong} cho “{item}”<, đơn vị nhận: {payee}>",
        "advanced {amount:dong} on “{item}”<, to {payee}>",
    ),
    "AdvanceRecovered": (
        "thu hồi tạm ứng {amount:dong} của “{item}” vào khối lượng hoàn thành",
        "recovered {amount:dong} of the advance on “{item}” out of accepted volume",
    ),
    "FundReturned": (
        "nộp trả {amount:dong} của “{item}”",
        "returned {amount:dong} of “{item}”",
    ),
    "VolumeAccepted": (
        "nghiệm thu khối lượng {amount:dong} của “{item}”",
        "accepted volume worth {amount:dong} of “{item}”",
    ),
    "FundHandedOver": (
        "bàn giao “{item}” đưa vào sử dụng",
        "handed “{item}” over for use",
    ),
    "FundSettled": (
        "phê duyệt quyết toán “{item}”: {amount:dong}",
        "approved the settlement of “{item}” at {amount:dong}",
    ),
    "FundContributed": (
        "đóng góp cho “{item}”: {what}, trị giá {amount:dong}<, người đóng góp: {by_whom}>",
        "contributed to “{item}”: {what}, worth {amount:dong}<, by {by_whom}>",
    ),
    "ZeroDisbursementFound": (
        "{self:name}: chưa giải ngân đồng nào ({clause}<, số liệu thanh toán đến {figures_up_to}>)",
        "{self:name}: nothing disbursed ({clause}<, payments known up to {figures_up_to}>)",
    ),
    "FiguresReconciled": (
        "{treasury:treasury} của {self:name} đến {found_on}: chưa giải ngân đồng nào",
        "{treasury:treasury} of {self:name} up to {found_on}: nothing disbursed",
    ),
    "FindingReviewed": (
        "{self:name}: xem lại kết quả rà soát, {stands:stands}",
        "{self:name}: the finding was looked at again and {stands:stands}",
    ),
    "PaymentStopped": (
        "{self:name}: Kho bạc dừng giải ngân",
        "{self:name}: the treasury stopped payment",
    ),
    "StopReleased": (
        "{self:name}: cho giải ngân tiếp",
        "{self:name}: payment may go on",
    ),
    "ReallocationRequested": (
        "đề nghị điều chuyển {amount:dong} của {self:name}, không giải ngân hết ({clause})",
        "asked that {amount:dong} of {self:name} be moved, which cannot be spent ({clause})",
    ),
    "VolumeCarried": (
        "số còn nợ theo vốn chuyển nguồn của “{item}”: {amount:dong}",
        "owed, along with money carried over, on “{item}”: {amount:dong}",
    ),
    "ReallocationProposed": (
        "{self:name}: đề nghị điều chuyển {amount:dong}",
        "{self:name}: proposed to move {amount:dong}",
    ),
    "ReallocationDecided": (
        "{self:name}: quyết định {moved:moved}",
        "{self:name}: decided {moved:moved}",
    ),
    "ReallocationCaseOpened": (
        "{self:name}: mở đề nghị ({kind:word}, {clause}), chờ người có thẩm quyền xem xét",
        "{self:name}: case opened ({kind:word}, {clause}) for those who may decide it",
    ),
    "LetterIssued": (
        "lập thư {kind:word} ngày {day} gửi {unit:name}<, về {about}>",
        "issued a {kind:word} letter of {day} to {unit:name}<, about {about}>",
    ),
    "UnitClimbSet": (
        "khi {self:name} chưa hoàn thành thì báo lên: {to:names}",
        "a miss of {self:name} is shown to: {to:names}",
    ),
    "LetterReleased": (
        "cho gửi thư đến {self:name}",
        "let the letter to {self:name} go out",
    ),
    "LetterFailed": (
        "thư gửi {self:name} bị máy chủ thư từ chối (mã {code}< {status}>)",
        "the letter to {self:name} was refused by the mail server ({code}< {status}>)",
    ),
    "LetterBounced": (
        "thư gửi {self:name} bị trả lại< (mã {status})>",
        "the letter to {self:name} came back< ({status})>",
    ),
    "LetterAcknowledged": (
        "{self:name} nhận trả lời thư",
        "{self:name} acknowledged the letter",
    ),
    "ReceiptDenied": (
        "nơi nhận báo chưa nhận {self:name}",
        "the receiving desk has not received {self:name}",
    ),
    "ReminderAcknowledged": (
        "đơn vị nhận việc được nhắc: {self:name}",
        "the unit takes on what it was reminded of: {self:name}",
    ),
    "ReminderSnoozed": (
        "tạm ngừng nhắc {self:name} đến hết ngày {until}: {reason}",
        "reminders of {self:name} put off until the end of {until}: {reason}",
    ),
    "ReminderDisputed": (
        "đơn vị có ý kiến khác về {self:name}, xem xét đến hết ngày {until}: {reason}",
        "the unit disputes {self:name}, to be looked into until the end of {until}: {reason}",
    ),
    "LetterSent": (
        "thư gửi {self:name} đã đi (mã thư {message_id})",
        "the letter to {self:name} left ({message_id})",
    ),
    "DayClosed": (
        "chốt số liệu ngày {day}: {found} việc phát sinh<{history:if}; ngày đó là trước khi đưa kế hoạch vào sổ>",
        "closed {day}: {found} facts followed<{history:if}; that day was before any plan was taken on here>",
    ),
    "CalendarAnnounced": (
        "công bố lịch làm việc<: nghỉ ngày {off}><; làm việc ngày {worked}>",
        "announced the calendar<: off on {off}><; worked on {worked}>",
    ),
    "ClockConfirmed": (
        "xác nhận đồng hồ máy đúng lúc {clock}<, lần ghi cuối trước đó {last}>",
        "vouched for the machine's clock at {clock}<, the last record before it of {last}>",
    ),
    "ClockStepSeen": (
        "đồng hồ máy nhảy {seconds} giây: lẽ ra {before}, lại chỉ {after} (so với {witness:word})",
        "the machine's clock stepped by {seconds} s: {before} by its {witness:word}, it said {after}",
    ),
    "ClockStepVouched": (
        "xác nhận đồng hồ máy sau lần nhảy #{self_id}",
        "vouched for the clock that stepped (#{self_id})",
    ),
    "EntryVoided": ("hủy lần ghi #{entry}: {reason}", "voided entry #{entry}: {reason}"),
    "TwoPersonRuleSet": (
        "đặt quy tắc hai người; các việc: {types:type}<; mọi việc ghi muộn quá {late_days} ngày>",
        "set the two-person rule; for: {types:type}<; for facts told more than {late_days} days late>",
    ),
    "ActProposed": (
        "đề nghị, chờ người thứ hai: “{summary}”",
        "proposed, waiting for a second person: “{summary}”",
    ),
    "ActApproved": (
        "duyệt đề nghị #{proposal} của {proposed_by}, ghi thành lần ghi #{act}",
        "approved proposal #{proposal} of {proposed_by}, recorded as entry #{act}",
    ),
    "ActRejected": (
        "không duyệt đề nghị #{proposal}: {reason}",
        "rejected proposal #{proposal}: {reason}",
    ),
}
