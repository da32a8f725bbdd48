"""How facts of criteria, dossiers and recognitions are told, in Vietnamese and English."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "CriteriaOpened": (
        "mở bảng tiêu chí {set:word} ({version}) của {place:name}",
        "opened the {set:word} ({version}) criteria of {place:name}",
    ),
    "CriteriaStated": (
        "{self:name}: “{plan:name}” ({clause}) nêu năm {assessment_year}<: đạt tiêu chí {achieved}><; chưa đạt tiêu chí {not_achieved}>",
        "{self:name}: “{plan:name}” ({clause}) states for {assessment_year}<: met {achieved}><; not met {not_achieved}>",
    ),
    "CriteriaTargeted": (
        "{self:name}: “{plan:name}” ({clause}) đặt mục tiêu năm {year}<: đạt tiêu chí {achieved}><; chưa đạt tiêu chí {not_achieved}>",
        "{self:name}: “{plan:name}” ({clause}) aims in {year}<: met {achieved}><; not met {not_achieved}>",
    ),
    "CriteriaWithdrawn": (
        "“{plan:name}” thôi nêu kết quả, mục tiêu của {self:name}",
        "“{plan:name}” takes back what it said of {self:name}",
    ),
    "CriterionAchieved": (
        "{self:name}: đạt tiêu chí {number} ({set:word}), năm đánh giá {assessment_year}<, lĩnh vực {fields}><, minh chứng {evidence:files}>",
        "{self:name}: criterion {number} ({set:word}) achieved, assessment year {assessment_year}<, fields {fields}><, evidence {evidence:files}>",
    ),
    "CriterionLapsed": (
        "{self:name}: không còn đạt tiêu chí {number} ({set:word}), năm đánh giá {assessment_year}",
        "{self:name}: criterion {number} ({set:word}) lapsed, assessment year {assessment_year}",
    ),
    "CriterionConfirmed": (
        "{self:name}: xác nhận tiêu chí {number} ({set:word}) đạt, năm đánh giá {assessment_year}",
        "{self:name}: confirmed criterion {number} ({set:word}), assessment year {assessment_year}",
    ),
    "EvidenceAdded": (
        "{self:name}: kèm thêm minh chứng cho tiêu chí {number} ({set:word}), năm đánh giá {assessment_year}: {evidence:files}",
        "{self:name}: more evidence for criterion {number} ({set:word}), assessment year {assessment_year}: {evidence:files}",
    ),
    "IndicatorMeasured": (
        "{self:name}: chỉ tiêu {indicator} ({set:word}) là {value:number}< {unit}>, năm đánh giá {assessment_year}",
        "{self:name}: indicator {indicator} ({set:word}) is {value:number}< {unit}>, assessment year {assessment_year}",
    ),
    "CriteriaGrouped": (
        "{self:name}: tính theo mức của nhóm {group} ({set:word}, {version})",
        "{self:name}: measured by the thresholds of group {group} ({set:word}, {version})",
    ),
    "EditionAdopted": (
        "đưa bộ tiêu chí {edition:edition} vào sổ",
        "took in the criteria set {edition:edition}",
    ),
    "EditionAmended": (
        "sửa bộ tiêu chí {edition:edition} theo tệp mới",
        "amended the criteria set {edition:edition} by a new file",
    ),
    "DossierOpened": (
        "bắt đầu lập hồ sơ {self:dossier}",
        "began the dossier {self:dossier}",
    ),
    "DossierReturned": (
        "trả lại hồ sơ {self:dossier} cho {to:name}; còn thiếu: {missing}<; bổ sung {supplement}>",
        "returned the dossier {self:dossier} to {to:name}; missing: {missing}<; to be supplied {supplement}>",
    ),
    "DossierVerified": (
        "thẩm tra hồ sơ {self:dossier}",
        "verified the dossier {self:dossier}",
    ),
    "CriteriaAppraised": (
        "thẩm định tiêu chí {numbers} của hồ sơ {self:dossier}: {met:met}",
        "appraised criteria {numbers} of the dossier {self:dossier}: {met:met}",
    ),
    "SurveyRecorded": (
        "lấy ý kiến về {self:dossier}: hỏi {asked}, hài lòng {satisfied}<, về {about}>",
        "asked about {self:dossier}: {asked} asked, {satisfied} satisfied<, about {about}>",
    ),
    "DossierRecognised": (
        "công nhận {self:dossier}, quyết định ngày {decision_on}",
        "recognised {self:dossier}, by a decision of {decision_on}",
    ),
    "DossierRejected": (
        "không công nhận {self:dossier}: {reason}",
        "did not recognise {self:dossier}: {reason}",
    ),
    "DossierAnnounced": (
        "công bố việc công nhận {self:dossier}",
        "announced the recognition, {self:dossier}",
    ),
    "DossierWithdrawn": (
        "rút hồ sơ {self:dossier}<: {reason}>",
        "took back the dossier {self:dossier}<: {reason}>",
    ),
    "DossierClosed": (
        "khép lại hồ sơ {self:dossier} do địa bàn thay đổi<; hồ sơ của nơi hiện có: {into:dossier}>",
        "closed the dossier {self:dossier} as its place changed<; that of the place there is now: {into:dossier}>",
    ),
    "DossierRerouted": (
        "hồ sơ {self:dossier} đi theo đường {road:desks}, đang ở cấp {desk:desks}",
        "the dossier {self:dossier} goes by {road:desks}, and lies at the {desk:desks}",
    ),
    "RecognitionOpened": (
        "mở trang công nhận {standard:word} của {place:name}",
        "opened the recognition of {place:name} as {standard:word}",
    ),
    "RecognitionKept": (
        "thông báo {self:name} duy trì chuẩn {self:standard} theo bộ {version}",
        "gave notice that {self:name} keeps {self:standard} under {version}",
    ),
    "RecognitionInherited": (
        "{self:name} tiếp tục đạt chuẩn {self:standard} sau khi nhận {sources:names}",
        "{self:name} goes on holding {self:standard} after taking in {sources:names}",
    ),
    "RecognitionWithdrawn": (
        "thu hồi công nhận {self:standard} của {self:name}: {ground}",
        "withdrew the recognition of {self:name} as {self:standard}: {ground}",
    ),
    "RecognitionGranted": (
        "{self:name} được công nhận đạt chuẩn {self:standard} năm {label}, quyết định ngày {decision_on}",
        "{self:name} is recognised as {self:standard} for {label}, by a decision of {decision_on}",
    ),
    "ResultAdmitted": (
        "hồ sơ {self:dossier}: cho dùng kết quả tiêu chí {number} của năm {assessment_year}",
        "the dossier {self:dossier} may rest on the result of criterion {number} of {assessment_year}",
    ),
    "DossierRegistered": (
        "{striving:striving} hồ sơ {standard:word} năm {year} của {place:name}",
        "{striving:striving} the {standard:word} {year} dossier of {place:name}",
    ),
    "DossierSubmitted": (
        "{from:name} trình hồ sơ của {self:name} lên {to:name}: văn bản ngày {document_on}, gửi {sent_on}, nhận {received_on}",
        "{from:name} submitted the dossier of {self:name} to {to:name}: paper {document_on}, sent {sent_on}, received {received_on}",
    ),
}
