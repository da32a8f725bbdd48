"""The words of a new pack: its head, and one example of each table, as comments. Holds no rule.

Remarks begin with “# ”, examples with “#” alone: taking that away makes them part of the pack.
"""

from __future__ import annotations

from string import Template
from typing import Final

HEAD: Final = Template("""\
# Gói kế hoạch mới. Sửa từng dòng theo văn bản, rồi kiểm tra: ntm plan check <tệp này>
# Hướng dẫn từng bước: docs/plans.vi.md. Ý nghĩa từng khóa: docs/plans.md.
# Chỉ ghi điều văn bản nêu, kèm điều khoản. Văn bản không nêu thì xóa dòng, không đoán.
# Chỗ nào bắt đầu bằng “…:” là chưa điền: thay bằng lời của văn bản.
# Dòng bắt đầu bằng “#” liền chữ là mẫu: bỏ dấu # thì thành nội dung. Dòng “# ” là lời dặn.
$advice
id = $id
title = $title
issuer = $issuer
level = $level
place = $place
period = [$first, $last]
# Văn bản để trống số hoặc ngày ban hành thì xóa dòng ấy và ghi tên khóa vào assumed.
number = $number
issued_on = $issued_on
# Điều văn bản để trống, trong các khóa: "number", "issued_on", "effective_on".
assumed = []
# Xóa dòng dưới khi đã nhập đủ mọi điều khoản.
partial = true
# Mọi điều khoản của văn bản, để ntm plan coverage chỉ ra chỗ còn trống: ["I.1", "I.2"]
clauses = []
# Điều văn bản không nói mà cơ quan phải quyết định; chưa quyết định thì để nguyên trong flagged.
#settings = { boundary = "nominal", weekend = "none", counted = "received_on", entry_days = 0, flagged = ["boundary", "weekend", "counted", "entry_days", "report_day", "reminders", "money"] }
""")

#: Table -> a heading and an example. `$place` is the issuer's place, `$commune` one below it.
SAMPLES: Final[dict[str, Template]] = {
    "places": Template("""\
# --- Địa bàn: nơi ban hành trước, rồi các xã, phường, thôn mà văn bản nhắc tới ---
# UBND của mỗi tỉnh, xã, phường có sẵn, mã là ubnd-<mã địa bàn>. Nhiều địa bàn một lúc: thay id, name bằng names = ["A", "B"]
#[[places]]
#id = "xa-mau"
#name = "Mẫu"                 # không kèm “xã”
#type = "xa"                  # tinh, thanh-pho-tw, xa, phuong, thon …
#parent = $place
"""),
    "units": Template("""\
# --- Đơn vị khác UBND: sở, phòng, ban, Văn phòng điều phối, hội, đoàn thể ---
#[[units]]
#id = "phong-kinh-te-mau"
#name = "Phòng Kinh tế xã Mẫu"
#role = "phong"               # so, phong, ban, bcd, vpdp, mttq, hoi, cong-an …
#place = $commune
"""),
    "obligations": Template("""\
# --- Nhiệm vụ: mỗi điều khoản có việc phải làm là một bảng ---
# owed_by: @commune là UBND xã của từng địa bàn, @province là UBND tỉnh; hoặc mã đơn vị.
# Điều khoản không nêu ai làm: ghi cơ quan ban hành, và owner_from = "suy ra từ …".
#[[obligations]]
#rule = "R1"
#clause = "I.1"
#title = "Việc phải làm, nói bằng lời của mình"
#expression = "trước ngày 30/10/$last"   # đúng câu chữ; bỏ dòng này nếu văn bản không nêu thời hạn
#strength = "must"            # phải: must; phấn đấu: strive; đề nghị: requested; dự kiến: expected
#owed_by = "@commune"
#owed_to = "@province"
#places = [$commune]
"""),
    "leads": Template("""\
# --- Phụ trách tiêu chí: đơn vị nào chịu trách nhiệm tiêu chí nào ---
$ended
#[[leads]]
#unit = $committee
#set = "xa-ntm"
#clause = "II.1"
#numbers = [1, 2]
"""),
    "criteria": Template("""\
# --- Bảng kết quả tiêu chí: đạt, chưa đạt như văn bản ghi, kể cả khi tổng sai ---
$ended
#[[criteria]]
#clause = "II.2"
#place = $commune
#set = "xa-ntm"
#assessment_year = $before
#achieved = [1, 2, 3]
#not_achieved = [4]
"""),
    "criteria_targets": Template("""\
# --- Bảng mục tiêu tiêu chí: cuối năm nào phải đạt tiêu chí nào ---
$ended
#[[criteria_targets]]
#clause = "II.3"
#place = $commune
#set = "xa-ntm"
#year = $last
#achieved = [1, 2, 3, 4]
"""),
    "targets": Template("""\
# --- Mục tiêu và số liệu của từng địa bàn ---
# what: một danh hiệu (xa-ntm, thon-kieu-mau …) hoặc mã tự đặt cho chỉ tiêu. Số ghi trong ngoặc kép như văn bản: "97,5"
#[[targets]]
#clause = "III.1"
#what = "nuoc-sach"
#title = "Tỷ lệ hộ dùng nước sạch"
#places = [$commune]
#aim = "target"               # result: hiện trạng; target: mục tiêu
#target_year = $last
#threshold = "97,5"
#unit = "%"
"""),
    "goals": Template("""\
# --- Mục tiêu chung: bao nhiêu xã, thôn đạt ---
#[[goals]]
#id = "so-xa-dat"
#clause = "III.2"
#title = "Số xã đạt chuẩn"
#place = $place
#what = "xa-ntm"
#at_least = "10"
#unit = "xã"
#target_year = $last
"""),
    "money": Template("""\
# --- Các khoản tiền văn bản nêu ---
#[[money]]
#id = "tong-von"
#clause = "IV.1"
#title = "Tổng kinh phí"
#amount = "12,5"
#unit = "tỷ đồng"
"""),
    "money_rules": Template("""\
# --- Quy tắc vốn: đến ngày nào chưa giải ngân thì dừng, hoặc xem xét điều chuyển ---
#[[money_rules]]
#id = "M1"
#clause = "IV.2"
#expression = "đến ngày 30/6 hằng năm"
#years = [$first, $last]
#stop_types = ["work"]        # work công trình, project dự án, model mô hình, content nội dung
#reallocate_types = ["project"]
"""),
    "money_checks": Template("""\
# --- Quy tắc vốn khác: mốc giải ngân, giao vốn, quyết toán, nợ … (check: xem docs/plans.vi.md) ---
#[[money_checks]]
#id = "M2"
#clause = "IV.2"
#check = "milestone"
#title = "Giải ngân 100% vốn được giao"
#strength = "strive"
#expression = "trước ngày 31/12/$last"
#years = [$last]
#percent = 100
"""),
    "references": Template("""\
# --- Văn bản mà kế hoạch căn cứ, thực hiện, sửa đổi ---
#[[references]]
#clause = "căn cứ"
#document = "số, ngày, cơ quan ban hành"
#about = "nội dung, bằng lời của mình"
#relation = "implements"      # implements, amends, replaces, based_on, cites
"""),
    "recipients": Template("""\
# --- Nơi nhận ---
#[[recipients]]
#name = "như văn bản ghi"
"""),
    "unbinding": Template("""\
# --- Điều khoản không giao việc cho ai: ghi lý do, để coverage không báo còn trống ---
#[[unbinding]]
#clause = "V"
#why = "background"           # background, result, principle, authority, advice, quoted, empty
"""),
    "remarks": Template("""\
# --- Điều người đọc nhận thấy trong văn bản: mâu thuẫn, sai chính tả; ghi lại, không sửa ---
#[[remarks]]
#clause = "III.1"
#about = "tổng trong bảng khác số đếm được"
"""),
}
