"""The demo's scenes: days, and the commands an office would type on them. Facts are samples."""

from __future__ import annotations

NGOC, THANH = "Hỗ trợ NTM nâng cao Tam Ngọc (mẫu)", "Hỗ trợ NTM nâng cao Tam Thanh (mẫu)"
PHU, THANG = "Duy trì chuẩn Tam Phú (mẫu)", "Mô hình du lịch nông thôn Tam Thăng (mẫu)"
_RECURRENT = "--year 2024 --source provincial --kind recurrent --on 20/2/2024"
_ALLOCATE = "--year 2024 --source provincial --kind investment --amount '1,5 tỷ' --on 20/2/2024"
_NGOC = "--place 'Tam Ngọc' --set xa-nang-cao"
_NGOC_2024 = "--place 'Tam Ngọc' --standard xa-nang-cao --year 2024"
_LAST_YEARS = " ".join(f"--criterion {n}" for n in (*range(1, 13), 14, 15, 16, 17))
#: A sample file of evidence in the demo's folder.
PROOF = "bien-ban-mau.txt"
_DOSSIER = "--standard xa-nang-cao --year 2024"
_MEETING = "Giao ban NTM tháng 3 (mẫu)"
_IN_TIME = "--on 12/3/2024 --document 'BC mẫu'"
_LATE = "obligation list --within 'Tam Kỳ' --due-from 1/10/2024 --due-until 30/11/2024"

#: (day, Vietnamese heading, English heading, commands). `{folder}` is where all is kept, `{out}` the letters.
Scene = tuple[str, str, str, tuple[str, ...]]
SCENES: tuple[Scene, ...] = (
    (
        "2024-01-05",
        "Đưa kế hoạch vào áp dụng: nhiệm vụ lấy từ điều khoản thật của hai kế hoạch",
        "Adopt the plans: duties come from real clauses of two documents",
        (
            "plan adopt quang-nam-2024-2025 tam-ky-2024 --within 'Tam Kỳ'",
            "criteria matrix --set xa-nang-cao",
            "obligation show D118/tam-ngoc-tam-ky",
            "unit contact 'UBND xã Tam Ngọc' --email tam-ngoc@example.com",
            "unit contact 'UBND thành phố Tam Kỳ' --email tam-ky@example.com",
        ),
    ),
    (
        "2024-02-20",
        "Giao vốn năm 2024 cho bốn xã: công trình, nội dung sự nghiệp, mô hình (số liệu mẫu)",
        "Give money of 2024 to four communes: works, recurrent content, a model (sample figures)",
        (
            f"fund allocate --item '{NGOC}' --place 'Tam Ngọc' {_ALLOCATE}",
            f"fund allocate --item '{THANH}' --place 'Tam Thanh' {_ALLOCATE}",
            f"fund allocate --item '{PHU}' --place 'Tam Phú' --type content --amount '500 triệu' {_RECURRENT}",
            f"fund allocate --item '{THANG}' --place 'Tam Thăng' --type model --amount '200 triệu' {_RECURRENT}",
        ),
    ),
    (
        "2024-03-06",
        "Giao ban tháng 3 (mẫu): kết luận giao một việc, hạn tính như mọi văn bản",
        "The meeting of March (a sample): its conclusion gives a duty, its day derived as any letter's",
        (
            f"meeting record '{_MEETING}' --body 'UBND thành phố Tam Kỳ' --attended 'UBND xã Tam Phú' --on 5/3/2024 --document 'TB kết luận mẫu'",
            f"meeting conclude '{_MEETING}' --phrase 'trước ngày 20/3/2024' --to 'UBND xã Tam Phú' --title 'Báo cáo tiến độ (mẫu)' --on 5/3/2024",
        ),
    ),
    (
        "2024-03-13",
        "Bốn xã xong việc rà soát trước 15/3",
        "Four communes finish their review before 15/3",
        (
            *(
                f"obligation meet D010/{place}-tam-ky {_IN_TIME}"
                for place in ("tam-ngoc", "tam-thanh", "tam-phu", "tam-thang")
            ),
            f"obligation meet tb-ket-luan-mau-1 {_IN_TIME}",
            f"meeting show '{_MEETING}'",
        ),
    ),
    (
        "2024-05-20",
        "Một xã giải ngân; nếu 30/6 là hôm nay thì những mục nào chưa chi đồng nào? (khoản chi là số liệu mẫu)",
        "One commune spends; what would be wholly unspent if 30/6 were today? (a sample payment)",
        (
            f"fund disburse --item '{NGOC}' --amount '500 triệu' --on 15/5/2024",
            "fund zero",
            "fund check M-08.2",
        ),
    ),
    (
        "2024-07-01",
        "Chốt số liệu đến 30/6: thấy mục chưa giải ngân đồng nào; chương trình không tự dừng ai",
        "Close days up to 30/6: what has nothing spent is found; the program stops nobody",
        (
            "day close --until 30/6/2024",
            "fund list",
            f"fund disburse --item '{THANH}' --amount '100 triệu' --on 1/7/2024",
            f"fund propose --item '{THANH}' --document 'TTr mẫu'",
        ),
    ),
    (
        "2024-07-05",
        "Một khoản chi ngày 20/6 nay mới ghi: kết quả rà soát của mục đó phải xem lại",
        "A payment of 20/6 is typed only now: the finding on that item is to be looked at again",
        (
            f"fund disburse --item '{PHU}' --amount '120 triệu' --on 20/6/2024 --document 'UNC mẫu'",
            "fund reviews",
        ),
    ),
    (
        "2024-07-12",
        "Đối chiếu với Kho bạc, rồi Kho bạc dừng giải ngân, rồi mới đề nghị điều chuyển (văn bản mẫu)",
        "The treasury's figures are compared, it stops payment, and only then moving is proposed (sample papers)",
        (
            f"fund reconcile --as-of 30/6/2024 --item '{THANH}' --document 'BB đối chiếu mẫu'",
            f"fund stop --item '{THANH}' --document 'CV Kho bạc mẫu'",
            f"fund propose --item '{THANH}' --amount '1 tỷ' --document 'TTr mẫu'",
            "fund cases",
        ),
    ),
    (
        "2024-08-12",
        "Một quyết định, hai dòng bằng nhau; lấy từ nguồn khác hoặc quá số còn lại thì không ghi gì",
        "One decision, two lines that add up to nothing; more than is left writes nothing",
        (
            f"fund reallocate --from '{THANH}=2 tỷ' --to '{NGOC}=2 tỷ' --document 'QĐ mẫu'",
            f"fund reallocate --from '{THANH}=1 tỷ' --to '{NGOC}=1 tỷ' --document 'QĐ mẫu'",
            "fund list",
            f"fund show '{THANH}'",
        ),
    ),
    (
        "2024-08-21",
        "Ghi tiêu chí đạt, một tiêu chí kèm minh chứng mẫu; kết quả năm nào được tính cho hồ sơ, và nếu hồ sơ lập tháng 4?",
        "Record criteria as met, one with sample evidence; which year's results count for the dossier, and had it been made in April?",
        (
            f"criteria achieve {_NGOC} --criterion 13 --on 20/8/2024 --evidence {{folder}}/{PROOF} --valid-until 31/12/2025",
            *(f"criteria achieve {_NGOC} --criterion {n} --on 20/8/2024" for n in (18, 19)),
            f"criteria show {_NGOC}",
            f"dossier results --place 'Tam Ngọc' {_DOSSIER}",
            f"dossier results --place 'Tam Ngọc' {_DOSSIER} --prepared-on 15/4/2024 --as-of 15/4/2024",
        ),
    ),
    (
        "2024-10-15",
        "Thư nhắc việc trước 30/10",
        "A reminder before 30/10",
        (
            "letter send --outbox {out}",
            "letter show letter/ubnd-tam-ngoc-tam-ky/digest/2024-10-15",
        ),
    ),
    (
        "2024-10-31",
        "Chốt đến 30/10: chưa thấy hồ sơ nào trong sổ; hỏi nơi nhận: đã nhận hay chưa nhận?",
        "Close up to 30/10: no dossier in the journal; the receiving desk is asked",
        (
            "day close --until 30/10/2024",
            _LATE,
            "letter send --outbox {out}",
            "letter show letter/ubnd-tam-ky/digest/2024-10-31 --zalo",
        ),
    ),
    (
        "2024-11-04",
        "Hai ngày làm việc không ai trả lời: báo đơn vị thực hiện; thư báo lên chờ người có thẩm quyền cho gửi",
        "Two working days without an answer: the units are told; what climbs waits for an officer's release",
        (
            "letter send --outbox {out}",
            "letter list --state held",
        ),
    ),
    (
        "2024-11-05",
        "Ghi hồ sơ: một xã nộp 28/10 nhưng nay mới ghi, một xã nộp muộn",
        "Record the dossiers: one handed in on 28/10 and typed only now, one handed in late",
        (
            f"dossier submit --place 'Tam Ngọc' {_DOSSIER} --to district --on 28/10/2024",
            f"dossier submit --place 'Tam Thanh' {_DOSSIER} --to district --on 4/11/2024",
            _LATE,
            f"{_LATE} --known-at 04/11/2024",
        ),
    ),
    (
        "2024-11-06",
        "Thư ngày 04/11 gửi Tam Ngọc hóa ra sai: sáng hôm sau có thư đính chính; và ai đã được báo, khi nào",
        "The letter of 04/11 to Tam Ngọc was wrong: the next morning takes it back; and who was told when",
        (
            "letter send --outbox {out}",
            "letter show letter/ubnd-tam-ngoc-tam-ky/correction/2024-11-06",
            "letter told D118/tam-ngoc-tam-ky",
        ),
    ),
    (
        "2024-11-07",
        "Báo cáo tháng 10 của một xã đến (mẫu); còn xã nào chưa báo cáo?",
        "The October report of one commune comes (a sample); which communes have not reported?",
        (
            "report receive --from-unit 'UBND xã Tam Phú' --period 2024-10 --to 'UBND thành phố Tam Kỳ' --on 7/11/2024 --document 'BC mẫu'",
            "report list --missing --period 2024-10 --to 'UBND thành phố Tam Kỳ'",
        ),
    ),
    (
        "2024-11-08",
        "Đính chính một số tiền gõ nhầm, và xem điều đó làm thay đổi gì",
        "Correct an amount typed wrong, and see what that changed",
        (
            "fact list --type FundDisbursed",
            "fact correct {paid} --reason 'gõ nhầm số tiền' --set amount='450 triệu' --document 'BB mẫu'",
            "audit diff --known-at 07/11/2024 --known-at 08/11/2024",
        ),
    ),
    (
        "2024-11-11",
        "Báo cáo tháng 10 của một xã, của thành phố, của tỉnh, để ký (.docx); nguyên nhân do xã nêu (mẫu); bảng tiêu chí, biểu đồ, một biểu Excel để điền",
        "The October reports of a commune, the city and the province, to be signed (.docx); a cause in the commune's own words (a sample); the matrix, charts, and a form to fill in",
        (
            "obligation note D118/tam-thanh-tam-ky --cause 'chờ xác nhận của ngành (mẫu)' --proposal 'hướng dẫn sớm (mẫu)'",
            *(
                f"report draft --kind month --for '{unit}' --period 2024-10 -o {{folder}}/bao-cao-2024-10-{name}.docx"
                for unit, name in (
                    ("UBND xã Tam Thanh", "tam-thanh"),
                    ("UBND thành phố Tam Kỳ", "tam-ky"),
                    ("UBND tỉnh Quảng Nam", "quang-nam"),
                )
            ),
            "criteria matrix --set xa-nang-cao --within 'Tam Kỳ' --xlsx {folder}/bang-tieu-chi.xlsx",
            "criteria matrix --set xa-nang-cao --within 'Tam Kỳ' --svg {folder}/bang-tieu-chi.svg",
            "fund series --year 2024 --svg {folder}/giai-ngan-2024.svg",
            "form export criteria {folder}/bieu-tieu-chi.xlsx --set xa-nang-cao --year 2024 --within 'Tam Kỳ'",
        ),
    ),
    (
        "2024-11-12",
        "Thành phố thẩm tra: trả lại hồ sơ Tam Ngọc một lần. Đã nộp đúng hạn thì vẫn đúng hạn; mở nhiệm vụ bổ sung",
        "The city looks at the dossiers and returns Tam Ngọc's once. What was on time stays on time; a duty to supply opens",
        (
            f"dossier return {_NGOC_2024} --missing 'biên bản họp thôn (mẫu)' --supplement 'trước ngày 20/11/2024' --on 12/11/2024 --document 'CV mẫu'",
            "obligation show D118/tam-ngoc-tam-ky",
            "obligation list --within 'Tam Ngọc' --due-from 12/11/2024 --due-until 30/11/2024",
            f"dossier forward {_NGOC_2024} --on 12/11/2024",
        ),
    ),
    (
        "2024-11-25",
        "Xã bổ sung trong hạn; thành phố thẩm tra rồi trình tỉnh trước 30/11",
        "The commune supplies it in time; the city verifies and submits to the province before 30/11",
        (
            f"dossier submit {_NGOC_2024} --on 18/11/2024",
            f"dossier verify {_NGOC_2024} --on 22/11/2024",
            f"dossier forward {_NGOC_2024} --on 25/11/2024",
            f"dossier verify --place 'Tam Thanh' {_DOSSIER} --on 22/11/2024",
            f"dossier forward --place 'Tam Thanh' {_DOSSIER} --on 25/11/2024",
            f"survey record {_NGOC_2024} --asked 500 --satisfied 470 --on 20/11/2024 --body 'UBMTTQVN thành phố Tam Kỳ'",
        ),
    ),
    (
        "2024-12-01",
        "Chốt đến 30/11; lịch sử thành câu; dựng lại từ sổ; kiểm tra sổ",
        "Close up to 30/11; history as sentences; rebuild from the journal; verify it",
        (
            "day close --until 30/11/2024",
            _LATE,
            "fact list --place 'Tam Ngọc' --from 1/1/2024",
            "rebuild --check",
            "audit verify",
        ),
    ),
    (
        "2024-12-20",
        "Tỉnh thẩm định từng tiêu chí; công nhận bị chặn khi tiêu chí còn phải hỏi, rồi theo văn bản cho dùng kết quả năm trước (văn bản mẫu)",
        "The province appraises the criteria; recognition is held up by what is to be asked, until a sample paper admits last year's results",
        (
            f"dossier appraise {_NGOC_2024} --all --body 'UBND tỉnh Quảng Nam' --on 18/12/2024 --document 'BC thẩm định mẫu'",
            f"dossier recognise {_NGOC_2024} --on 20/12/2024 --document 'QĐ mẫu'",
            f"dossier admit {_NGOC_2024} --result-year 2023 --on 20/12/2024 --document 'CV mẫu' {_LAST_YEARS}",
            f"dossier recognise {_NGOC_2024} --on 20/12/2024 --document 'QĐ công nhận mẫu'",
            f"dossier announce {_NGOC_2024} --on 20/12/2024 --document 'TB mẫu'",
            f"dossier show {_NGOC_2024}",
        ),
    ),
    (
        "2025-01-02",
        "Chốt hết năm 2024; cả năm trên một màn hình, và điểm đúng hạn của từng xã",
        "Close the whole of 2024; the year on one screen, and how each commune kept its days",
        (
            "day close --until 31/12/2024",
            "day year 2024 --within 'Tam Kỳ'",
            "score list --per place --within 'Tam Kỳ' --until 31/12/2024",
        ),
    ),
)


#: A year of one plan lived through before it begins: all the letters there would be.
YEAR: Scene = (
    "2024-01-02",
    "Tổng dượt cả năm 2024 của kế hoạch Tam Kỳ ở xã Tam Phú trong một sổ mới, như thể không ai ghi gì: mọi thư của năm vào một thư mục",
    "The year 2024 of Tam Kỳ's plan in the commune Tam Phú rehearsed in a new store, as if nobody recorded anything: all its letters into a folder",
    (
        "rehearse --plan tam-ky-2024 --within 'Tam Phú' --from 1/1/2024 --until 31/12/2024 --months --keep {folder}/nam-2024.db --letters {folder}/letters-2024",
        "letter show letter/ubnd-tam-phu-tam-ky/digest/2024-03-11 --store {folder}/nam-2024.db --as-of 31/12/2024",
    ),
)

#: Every bundled plan, in a store of its own: the screen of each, and the frame of the next one.
PLANS: Scene = (
    "2024-06-03",
    "Cả năm kế hoạch có sẵn, mỗi kế hoạch một màn hình; đều đã hết kỳ, nên bắt đầu kế hoạch của mình",
    "All five bundled plans, a screen each; all are over, so an office begins with its own",
    (
        "plan adopt --all",
        *(
            f"plan show {id}"
            for id in (
                "tam-ky-2022",
                "tam-ky-2024",
                "quang-nam-2024-2025",
                "bao-linh-2024",
                "can-tho-2024",
            )
        ),
        "obligation list --plan quang-nam-2024-2025 --within 'Tiên Mỹ' --due-from 1/10/2024 --due-until 30/11/2024",
        "obligation show D166@2024-11/quang-nam",
        "plan new --like tam-ky-2024 --period 2026-2030 -o {folder}/ke-hoach-2026-2030.toml",
    ),
)


_SON_VIEN = "--place 'Sơn Viên' --standard xa-nang-cao --year 2025"
_QUE_LOC = "--place 'Quế Lộc' --standard xa-nang-cao --year 2025"
_HANDED = "--on 2/1/2025 --document 'QĐ bàn giao mẫu'"

#: Two communes become one while both make a dossier, in the store of all the plans.
MERGER: tuple[Scene, ...] = (
    (
        "2024-12-20",
        "Hai xã cùng lập hồ sơ nâng cao 2025; hai xã khác đang giữ chuẩn (thông báo mẫu)",
        "Two communes make their dossiers for 2025; two others hold the standard (sample notices)",
        (
            f"dossier open {_SON_VIEN} --on 16/12/2024",
            f"dossier open {_QUE_LOC} --on 16/12/2024",
            *(
                f"recognition keep --place '{name}' --standard xa-ntm --on 20/6/2024 --document 'TB mẫu' --already-done"
                for name in ("Bình Định Bắc", "Bình Định Nam")
            ),
        ),
    ),
    (
        "2025-01-02",
        "Từ 01/01/2025 Sơn Viên nhập vào Quế Lộc, huyện Nông Sơn vào Quế Sơn: việc còn mở chuyển theo một quyết định (mẫu), hồ sơ lập cho xã sau sáp nhập",
        "From 01/01/2025 Sơn Viên is part of Quế Lộc, Nông Sơn of Quế Sơn: what is open goes by a sample decision, the dossier is made for the merged commune",
        (
            "place apply nq-1241-2024",
            "place work 'Sơn Viên' --only D120/son-vien-nong-son --only dossier/son-vien-nong-son/xa-nang-cao/2025",
            f"place rehome 'Sơn Viên' {_HANDED}",
            f"place rehome 'huyện Nông Sơn' {_HANDED}",
            "recognition review",
            "recognition inherit --place 'Bình Định' --standard xa-ntm --on 2/1/2025 --document 'QĐ mẫu'",
        ),
    ),
    (
        "2025-05-21",
        "Một hồ sơ của xã mới nộp trước 30/5; nhiệm vụ của xã cũ đã nhập vào đó",
        "The merged commune hands its one dossier in before 30/5; the duty of the old one became part of it",
        (
            f"dossier submit {_QUE_LOC} --on 20/5/2025",
            "obligation list --within 'Quế Lộc' --due-from 29/5/2025 --due-until 30/5/2025",
            f"dossier show {_SON_VIEN}",
        ),
    ),
)
