"""What the rules of obligations answer when they refuse, in both languages; knows no rule itself."""

from __future__ import annotations

from ntm_workflow.domain.base import Refused


class AlreadyMet(Refused):
    vi = "Nhiệm vụ đã được ghi là hoàn thành ngày {day} (lần ghi #{entry}).\nGhi sai ngày? ntm fact correct {entry} --reason …"
    en = "The obligation is already recorded as met on {day} (entry #{entry}).\nWrong date? ntm fact correct {entry} --reason …"


class AlreadyMissed(Refused):
    vi = "Nhiệm vụ đã được chốt là chưa hoàn thành (lần ghi #{entry})."
    en = "The obligation has been closed as missed already (entry #{entry})."


class AlreadyWaived(Refused):
    vi = "Nhiệm vụ đã được miễn từ ngày {day} (lần ghi #{entry}); không còn gì để làm với nó.\nXem: ntm fact show {entry}"
    en = "The obligation has been waived since {day} (entry #{entry}); nothing is left to do about it.\nSee: ntm fact show {entry}"


class AlreadyEnded(Refused):
    vi = "Kế hoạch sửa đổi không còn nhiệm vụ này từ ngày {day} (lần ghi #{entry}).\nXem: ntm fact show {entry}"
    en = "The amended plan has not held this duty since {day} (entry #{entry}).\nSee: ntm fact show {entry}"


class AlreadyJoined(Refused):
    vi = "Từ ngày {day} nhiệm vụ này là một phần của {into} (lần ghi #{entry}).\nGhi cho nhiệm vụ đó. Xem: ntm obligation show {into:arg}"
    en = "Since {day} this duty has been part of {into} (entry #{entry}).\nRecord it of that one. See: ntm obligation show {into:arg}"


class AlreadyExtended(Refused):
    vi = "Hạn của nhiệm vụ đã được dời (lần ghi #{entry}); ngày này không còn là hạn.\nXem: ntm fact show {entry}"
    en = "The deadline was moved (entry #{entry}); this day is no longer it.\nSee: ntm fact show {entry}"


class AlreadySuspended(Refused):
    vi = "Nhiệm vụ đang tạm dừng (lần ghi #{entry}).\nTiếp tục thực hiện: ntm obligation resume …"
    en = "The obligation is suspended (entry #{entry}).\nTo go on with it: ntm obligation resume …"


class NotSuspended(Refused):
    vi = "Ngày {day} nhiệm vụ không bị tạm dừng; không có gì để tiếp tục.\nXem: ntm obligation show …"
    en = "On {day} the obligation is not suspended; there is nothing to resume.\nSee: ntm obligation show …"


class NotFromEvent(Refused):
    vi = "Thời hạn “{expression}” không tính từ một sự kiện, nên không có ngày xảy ra để ghi.\nXem: ntm obligation show …"
    en = "The deadline “{expression}” does not run from an event, so there is no day of one to record.\nSee: ntm obligation show …"


class AlreadyStarted(Refused):
    vi = "Sự kiện đã được ghi là xảy ra ngày {day} (lần ghi #{entry}).\nGhi sai ngày? ntm fact correct {entry} --reason … --on …"
    en = "The event is already recorded as of {day} (entry #{entry}).\nWrong date? ntm fact correct {entry} --reason … --on …"


class NoAlternative(Refused):
    vi = "Điều khoản chỉ nêu một hạn (“{expression}”), không có hạn thứ hai.\nDời hạn theo văn bản: ntm obligation extend …"
    en = "The clause names one deadline only (“{expression}”), no second one.\nTo move it by a paper: ntm obligation extend …"


class AlreadyTaken(Refused):
    vi = "Hạn thứ hai đã được tính từ lần ghi #{entry}.\nXem: ntm fact show {entry}"
    en = "The second deadline counts since entry #{entry}.\nSee: ntm fact show {entry}"


class NoCondition(Refused):
    vi = "Điều khoản không đặt điều kiện cho nhiệm vụ này.\nMiễn theo văn bản: ntm obligation waive …"
    en = "The clause sets no condition for this obligation.\nTo waive it by a paper: ntm obligation waive …"


class AlreadySettled(Refused):
    vi = "Điều kiện đã được xác định như vậy (lần ghi #{entry}).\nXem: ntm fact show {entry}"
    en = "The condition has been settled just so (entry #{entry}).\nSee: ntm fact show {entry}"


class NotOwedBy(Refused):
    vi = "Nhiệm vụ này giao cho {unit}, không phải {body}.\nĐã làm thay thật, có văn bản: thêm --already-done --document …"
    en = "This obligation is owed by {unit}, not by {body}.\nReally done in its place, on paper: add --already-done --document …"


class NotLater(Refused):
    exit_code = 2
    vi = "Gia hạn đến {until} không muộn hơn hạn đang có ({day}).\nKiểm tra lại --until."
    en = "An extension to {until} is not later than the present deadline ({day}).\nCheck --until."


class UntilBeforeOn(Refused):
    exit_code = 2
    vi = "Ngày cuối {until} đứng trước ngày bắt đầu {day}.\nKiểm tra lại --until và --on."
    en = "The last day {until} comes before the first, {day}.\nCheck --until and --on."


class DaysDisagree(Refused):
    exit_code = 2
    vi = "Các ngày chương trình đã tính không theo {until}.\nHủy lần ghi đó rồi ghi lại: ntm fact void …"
    en = "The days the program worked out do not follow from {until}.\nVoid that entry and record it again: ntm fact void …"


class PaperNeeded(Refused):
    exit_code = 2
    vi = "Miễn, gia hạn, tạm dừng hay chuyển giao nhiệm vụ phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Waiving, extending, suspending or re-homing an obligation needs its paper.\nAdd --document “number, date, issuer”."


class PaperNeededToFail(PaperNeeded):
    vi = "Ghi điều kiện không xảy ra thì đơn vị không phải làm, nên phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "That the condition does not hold frees the unit, so it needs its paper.\nAdd --document “number, date, issuer”."


class PaperNeededForAlternative(PaperNeeded):
    vi = "Tính theo hạn thứ hai của điều khoản phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Taking the clause's second deadline needs its paper.\nAdd --document “number, date, issuer”."


class NothingNoted(Refused):
    exit_code = 2
    vi = "Chưa có gì để ghi.\nThêm --cause “nguyên nhân” hoặc --proposal “kiến nghị”."
    en = "There is nothing to note.\nAdd --cause “why” or --proposal “what is proposed”."


class UnknownStrength(Refused):
    exit_code = 2
    vi = "Không có mức độ “{strength}”.\nCác mức: {known}."
    en = "There is no strength “{strength}”.\nStrengths: {known}."


class UnknownStanding(Refused):
    exit_code = 2
    vi = "Không có tình trạng “{standing}”.\nCác tình trạng: {known}."
    en = "There is no standing “{standing}”.\nStandings: {known}."
