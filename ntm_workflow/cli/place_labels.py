"""What keys and codes of places that change, of what is counted in places and of meetings are called."""

from ntm_workflow.cli.bilingual import both

KEYS = {
    "joined_by": both("Đã nhận thêm", "Took in"),
    "joined_to": both("Nhập vào", "Joined to"),
    "move": both("Đề nghị", "Proposed"),
    "into": both("Vào", "Into"),
    "change": both("Thay đổi", "Change"),
    "places_below": both("Địa bàn cấp dưới", "Places below"),
    "of_plan": both("Mẫu số kế hoạch", "Of (plan)"),
    "of_day": both("Mẫu số ngày xem", "Of (that day)"),
    "by_plan": both("Chỉ theo kế hoạch", "By a plan only"),
    "held_on": both("Ngày họp", "Held on"),
    "chaired_by": both("Chủ trì họp", "Chaired by"),
    "attended": both("Dự họp", "Attended"),
    "given": both("Việc giao", "Duties given"),
}

WORDS = {
    "merged_same": both(
        "mọi nơi nhập vào đều đạt: công nhận theo", "all that merged held it: inherit"
    ),
    "merged_some": both("có nơi nhập vào chưa đạt: rà soát", "some that merged did not: review"),
    "merged_ranks": both(
        "các nơi nhập vào đạt khác mức: rà soát", "they held different ones: review"
    ),
}
