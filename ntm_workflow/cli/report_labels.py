"""What the columns of reports and scorecards are called."""

from ntm_workflow.cli.bilingual import both

KEYS = {
    "newly": both("Đạt thêm trong kỳ", "Newly met"),
    "lapsed": both("Không còn đạt", "No longer met"),
    "asked_of": both("Số nơi phải có", "Places asked"),
    "list": both("Danh mục", "List"),
    "count": both("Số lượng", "How many"),
    "met_count": both("Hoàn thành trong kỳ", "Done in the period"),
    "missed_count": both("Đến hạn chưa hoàn thành", "Past their day"),
    "aside_count": both("Được miễn, tạm dừng", "Put aside"),
    "next_count": both("Đến hạn kỳ tới", "Due next period"),
    "report_state": both("Báo cáo kỳ này", "Report of the period"),
    "figures_from": both("Số liệu từ ngày", "Figures from"),
    "figures_until": both("Số liệu đến hết ngày", "Figures until"),
    "strive_on_time": both("Phấn đấu: đạt", "Striven for: reached"),
    "strive_owed": both("Phấn đấu: tổng số", "Striven for: in all"),
    "strive_recorded_late": both("Phấn đấu: ghi sổ muộn", "Striven for: typed late"),
    "strive_late": both("Phấn đấu: muộn", "Striven for: late"),
    "strive_pending": both("Phấn đấu: chưa chốt", "Striven for: not judged"),
    "waived": both("Được miễn", "Waived"),
    "suspended": both("Tạm dừng", "Suspended"),
    "gone": both("Địa bàn không còn", "Place gone"),
    "undated": both("Không có thời hạn", "Without a day"),
    "undetermined": both("Chưa xác định", "Undetermined"),
    "requested": both("Đề nghị", "Requested"),
    "encouraged": both("Khuyến khích", "Encouraged"),
    "permitted": both("Được phép", "Permitted"),
    "considered": both("Xem xét", "Considered"),
    "expected": both("Dự kiến", "Expected"),
}
