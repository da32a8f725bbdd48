"""What keys and codes are called in a table for people; JSON and CSV keep the keys themselves."""

from collections.abc import Iterable

from ntm_workflow.cli.bilingual import both, pick

_KEYS = {
    "id": both("Mã", "Id"),
    "rule": both("Quy tắc", "Rule"),
    "plan": both("Kế hoạch", "Plan"),
    "clause": both("Điều khoản", "Clause"),
    "title": both("Nội dung", "Title"),
    "name": both("Tên", "Name"),
    "type": both("Loại", "Type"),
    "code": both("Mã hành chính", "Code"),
    "parent": both("Thuộc", "In"),
    "valid_from": both("Từ ngày", "From"),
    "valid_to": both("Đến ngày", "To"),
    "owed_by": both("Chủ trì", "Owed by"),
    "with": both("Phối hợp", "With"),
    "advised_by": both("Tham mưu", "Advised by"),
    "owed_to": both("Nơi nhận", "Owed to"),
    "place": both("Địa bàn", "Place"),
    "strength": both("Mức độ", "Strength"),
    "expression": both("Câu chữ", "Wording"),
    "kind": both("Phân loại", "Kind"),
    "window_start": both("Bắt đầu", "Window from"),
    "strict_day": both("Ngày theo nghĩa chặt", "Strict day"),
    "nominal_day": both("Ngày ghi lịch", "Nominal day"),
    "act_by": both("Làm trước hết", "Act by"),
    "enforce_day": both("Hạn chốt", "Enforced"),
    "standing": both("Tình trạng", "Standing"),
    "met_on": both("Hoàn thành", "Met on"),
    "missed_on": both("Ghi quá hạn", "Missed on"),
    "recorded_late": both("Ghi sổ muộn", "Recorded late"),
    "miss_overturned_by": both("Hủy ghi quá hạn bởi lần ghi", "Miss overturned by"),
    "derivation": both("Cách tính hạn", "Derivation"),
    "history": both("Lịch sử", "History"),
    "item": both("Mục vốn", "Item"),
    "year": both("Năm", "Year"),
    "source": both("Nguồn", "Source"),
    "carried_from": both("Chuyển từ năm", "Carried from"),
    "allocated": both("Đã giao", "Allocated"),
    "disbursed": both("Đã giải ngân", "Disbursed"),
    "rate": both("Tỷ lệ", "Rate"),
    "stop": both("Dừng", "Stop"),
    "case": both("Đề nghị", "Case"),
    "conflicts": both("Cần xem lại", "Conflicts"),
    "standard": both("Danh hiệu", "Standard"),
    "stage": both("Bước", "Stage"),
    "holder": both("Đang ở", "Holder"),
    "since": both("Từ", "Since"),
    "next_due": both("Hạn tiếp theo", "Next due"),
    "issuer": both("Cơ quan ban hành", "Issuer"),
    "level": both("Cấp", "Level"),
    "number": both("Số", "Number"),
    "issued_on": both("Ngày ban hành", "Issued on"),
    "period": both("Giai đoạn", "Period"),
    "implements": both("Thực hiện", "Implements"),
    "amends": both("Sửa đổi", "Amends"),
    "adopted_on": both("Áp dụng từ", "Adopted on"),
    "assumed": both("Còn thiếu trong văn bản", "Missing from its text"),
    "settings": both("Thiết lập", "Settings"),
    "money_rules": both("Quy tắc vốn", "Money rules"),
    "emails": both("Địa chỉ thư", "E-mail"),
    "unit": both("Đơn vị", "Unit"),
    "day": both("Ngày", "Day"),
    "state": both("Trạng thái", "State"),
    "obligations": both("Nhiệm vụ", "Obligations"),
    "closed_until": both("Đã chốt đến", "Closed until"),
    "next": both("Ngày tiếp theo", "Next day"),
    "waiting": both("Số ngày chờ chốt", "Days waiting"),
    "total": both("Đạt", "Total"),
    "stated_total": both("Theo văn bản", "Stated total"),
    "achieved": both("Tiêu chí đạt", "Achieved"),
    "not_achieved": both("Chưa đạt", "Not achieved"),
    "unknown": both("Chưa rõ", "Unknown"),
    "conflicting": both("Mâu thuẫn", "Conflicting"),
    "target_year": both("Năm phấn đấu", "Target year"),
    "aliases": both("Tên gọi khác", "Aliases"),
    "leads": both("Phụ trách", "Leads"),
    "position": both("Vị trí", "Position"),
    "entry": both("Lần ghi", "Entry"),
    "recorded_at": both("Ghi sổ lúc", "Recorded at"),
    "effective_on": both("Xảy ra ngày", "Happened on"),
    "subject": both("Đối tượng", "Subject"),
    "body": both("Đơn vị đã làm", "Done by"),
    "by": both("Người gõ", "Typed by"),
    "document": both("Văn bản", "Document"),
    "sentence": both("Nội dung", "Sentence"),
    "because": both("Vì lần ghi", "Because of"),
    "voided_by": both("Bị hủy bởi lần ghi", "Voided by"),
    "replaces": both("Thay lần ghi", "Replaces"),
    "against": both("Trái quy định", "Against"),
    "found_on": both("Rà soát ngày", "Found on"),
    "until": both("Đến ngày", "Until"),
    "message_id": both("Mã thư", "Message id"),
    "attempts": both("Số lần gửi", "Attempts"),
    "text": both("Nội dung thư", "Text"),
    "command": both("Lệnh", "Command"),
    "as_of": both("Tình trạng cuối ngày", "As of"),
    "known_at": both("Như đã biết lúc", "Known at"),
    "key": both("Mục", "Item"),
    "value": both("Giá trị", "Value"),
}

#: Keys whose numbers are whole đồng, and those that are shares of one.
MONEY = frozenset({"allocated", "disbursed", "amount"})
RATES = frozenset({"rate"})

#: Codes that stand out on a terminal, beside the word that says the same.
LOUD = {"overdue": "bold red", "past_wording": "yellow", "due_soon": "yellow", "behind": "yellow"}

_WORDS = {
    "not_yet": both("chưa đến kỳ", "not yet"),
    "open": both("đang thực hiện trong hạn", "open"),
    "due_soon": both("sắp đến hạn", "due soon"),
    "past_wording": both("đã qua ngày theo câu chữ, chờ chốt", "past its wording, not closed"),
    "overdue": both("chưa hoàn thành, quá hạn", "overdue"),
    "behind": both("chưa đạt mốc phấn đấu", "behind"),
    "met": both("hoàn thành đúng hạn", "met"),
    "met_late": both("hoàn thành quá hạn", "met late"),
    "waived": both("được miễn", "waived"),
    "suspended": both("tạm dừng", "suspended"),
    "undated": both("chưa có thời hạn", "undated"),
    "undetermined": both("chưa xác định", "undetermined"),
    "to_stop": both("phải dừng", "to stop"),
    "found": both("đã rà soát thấy", "found"),
    "stopped": both("đã dừng", "stopped"),
    "released": both("đã mở lại", "released"),
    "registered": both("đã đăng ký", "registered"),
    "submitted": both("đã trình", "submitted"),
    "queued": both("chờ gửi", "queued"),
    "frozen": both("chờ gửi lại", "ready"),
    "no_address": both("thiếu địa chỉ", "no address"),
    "sent": both("đã gửi", "sent"),
    "before_date": both("trước ngày", "before a date"),
    "by_date": both("đến ngày", "by a date"),
    "dropped": both("không cần gửi nữa", "dropped"),
    "issued_on": both("ngày ban hành", "issued_on"),
    "effective_on": both("ngày hiệu lực", "effective_on"),
    "number": both("số", "number"),
}

#: Event types as the head of a line; their sentences stand with the audit trail.
_EVENTS = {
    "PlaceRegistered": both("đưa địa bàn vào sổ", "place registered"),
    "UnitRegistered": both("đưa đơn vị vào sổ", "unit registered"),
    "UnitContactChanged": both("đổi địa chỉ nhận thư", "address changed"),
    "UnitAssigned": both("phân công phụ trách tiêu chí", "unit leads criteria"),
    "PlanAdopted": both("áp dụng kế hoạch", "plan adopted"),
    "MoneyRuleAdopted": both("áp dụng quy tắc vốn", "money rule adopted"),
    "CriteriaOpened": both("mở bảng tiêu chí", "criteria opened"),
    "CriteriaStated": both("văn bản nêu kết quả tiêu chí", "criteria stated"),
    "CriteriaTargeted": both("văn bản nêu mục tiêu tiêu chí", "criteria aimed at"),
    "CriterionAchieved": both("tiêu chí đạt", "criterion achieved"),
    "CriterionLapsed": both("tiêu chí không còn đạt", "criterion lapsed"),
    "ObligationAssigned": both("giao nhiệm vụ", "obligation assigned"),
    "ObligationMet": both("hoàn thành nhiệm vụ", "obligation met"),
    "ObligationMissed": both("chưa hoàn thành", "missed"),
    "ObligationWaived": both("miễn nhiệm vụ", "obligation waived"),
    "DossierRegistered": both("đăng ký hồ sơ", "dossier registered"),
    "DossierSubmitted": both("trình hồ sơ", "dossier submitted"),
    "FundItemOpened": both("mở mục vốn", "fund item opened"),
    "FundAllocated": both("giao vốn", "money allocated"),
    "FundDisbursed": both("giải ngân", "money disbursed"),
    "ZeroDisbursementFound": both("chưa giải ngân đồng nào", "nothing disbursed"),
    "ReallocationCaseOpened": both("mở đề nghị điều chuyển", "reallocation case opened"),
    "LetterIssued": both("lập thư", "letter issued"),
    "LetterSent": both("gửi thư", "letter sent"),
    "DayClosed": both("chốt số liệu ngày", "day closed"),
    "EntryVoided": both("hủy lần ghi", "entry voided"),
}


def heading(key: str) -> str:
    """A key as the head of a column, in the reader's language."""
    return pick(_KEYS.get(key, key)) or key


def word(code: str) -> str:
    """A code as people say it; anything that is no code stays as it is."""
    from ntm_workflow.domain.words import in_words

    known = _WORDS.get(code) or _EVENTS.get(code)
    return pick(known or both(*in_words(code))) or code


def choices(codes: Iterable[str]) -> str:
    """Codes as they may be typed, each with what it means."""
    said = [(code, word(code)) for code in codes]
    return ", ".join(code if code == words else f"{code} ({words})" for code, words in said)
