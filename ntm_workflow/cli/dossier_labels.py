"""What keys of criteria and dossiers are called in a table for people."""

from ntm_workflow.cli.bilingual import both

KEYS = {
    "version": both("Phiên bản", "Version"),
    "first_year": both("Từ năm", "From year"),
    "last_year": both("Đến năm", "Until year"),
    "province": both("Tỉnh", "Province"),
    "criteria": both("Số tiêu chí", "Criteria"),
    "indicators": both("Chỉ tiêu có nguồn", "Indicators sourced"),
    "indicator_count": both("Chỉ tiêu theo quyết định", "Indicators in the decision"),
    "unverified": both("Chưa xác minh", "Unverified"),
    "confirmed_by": both("Xác nhận", "Confirmed by"),
    "led_by": both("Phụ trách", "Led by"),
    "valid_until": both("Có giá trị đến", "Valid until"),
    "sha256": both("SHA-256", "SHA-256"),
    "counts": both("Được tính", "Counts"),
    "result_year": both("Kết quả năm", "Result of"),
    "holds": both("Đang có", "Holds"),
    "label": both("Năm đạt chuẩn", "Label"),
    "kept": both("Thông báo duy trì", "Kept by notice"),
    "withdrawn_on": both("Thu hồi ngày", "Withdrawn on"),
    "failing": both("Không còn đạt", "No longer met"),
    "keys": both("Trong đó trọng yếu", "Key ones among them"),
    "test": both("Theo mức", "Test met"),
    "desk": both("Cấp giữ", "Desk"),
    "road": both("Đường đi", "Road"),
    "desks": both("Các cấp", "Desks"),
    "decided_by": both("Nơi quyết định", "Decided by"),
    "decision": both("Quyết định", "Decision"),
    "decision_on": both("Ngày quyết định", "Decided on"),
}
