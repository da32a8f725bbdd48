"""What keys and codes of money are called in a table for people."""

from ntm_workflow.cli.bilingual import both

KEYS = {
    "amount": both("Số tiền", "Amount"),
    "told": both("Cụ thể", "In words"),
    "fixed": both("Mức", "Fixed"),
    "pay_until": both("Chi đến hết", "Payable until"),
    "reconciled_on": both("Đối chiếu ngày", "Reconciled on"),
    "allocated_on": both("Giao lần đầu", "First given"),
    "asked": both("Số đề nghị", "Asked for"),
    "moved_amount": both("Đã điều chuyển", "Moved"),
    "to_return": both("Phải thu hồi", "To be returned"),
    "case_state": both("Tình trạng đề nghị", "State of the case"),
    "proposed": both("Đề nghị điều chuyển", "Proposed"),
    "complete_by": both("Xong chậm nhất", "To be done by"),
    "must_stop": both("Phải dừng", "Must stop"),
    "found": both("Số việc thấy", "Found"),
    "open": both("Văn bản để ngỏ", "Left open"),
    "finding": both("Loại", "Finding"),
    "upper_plan": both("Vốn TW, tỉnh giao", "Upper plan"),
    "upper_paid": both("Vốn TW, tỉnh đã chi", "Upper paid"),
    "local_plan": both("Đối ứng giao", "Counterpart plan"),
    "local_paid": both("Đối ứng đã chi", "Counterpart paid"),
    "allowed": both("Được chi cả thảy", "Allowed in all"),
    "check": both("Loại", "Kind of check"),
    "words": both("Câu chữ", "Wording"),
    "opens_on": both("Đề nghị từ", "Asked from"),
    "years": both("Niên độ", "Plan years"),
    "sources": both("Nguồn", "Sources"),
    "kinds": both("Loại vốn", "Kinds of money"),
    "types": both("Loại mục", "Types of item"),
    "level": both("Cấp", "Level"),
    "percent": both("Phần trăm", "Per cent"),
    "months": both("Số tháng", "Months"),
    "order": both("Thứ tự", "Order"),
    "payable": both("Được chi thêm", "Payable now"),
    "money_checks": both("Quy tắc vốn khác", "Other money rules"),
}
#: Keys whose whole numbers are đồng.
MONEY = frozenset(
    {
        *("allocated", "disbursed", "amount", "investment", "contracted", "advanced", "paid"),
        *("accepted", "settled", "debt", "contributed", "left", "proposed", "fixed"),
        *("asked", "moved_amount", "to_return"),
        *("allocated_in_period", "disbursed_in_period"),
        *("upper_plan", "upper_paid", "local_plan", "local_paid", "allowed", "payable"),
    }
)
WORDS = {
    "to_stop": both("phải dừng", "to stop"),
    "found": both("đã rà soát thấy", "found"),
    "stopped": both("đã dừng", "stopped"),
    "released": both("đã mở lại", "released"),
    "to_review": both("cần xem lại", "to review"),
    "not_proposed": both("chưa đề nghị", "not proposed yet"),
    "proposed": both("đã đề nghị", "proposed"),
    "moved": both("đã điều chuyển", "moved"),
    "kept": both("giữ vốn", "kept"),
    "zero-at-30-6": both("điều chuyển: 0 % tại 30/6", "reallocation: 0 % at 30/6"),
    "cannot-finish": both("điều chuyển: không giải ngân hết", "reallocation: cannot finish"),
}
