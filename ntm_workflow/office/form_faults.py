"""What may be wrong with the rows and cells of a form."""

from __future__ import annotations

from ntm_workflow.domain.base import Refused


class NotOfTheList(Refused):
    exit_code = 2
    vi = "“{text}” không có trong danh sách để chọn: {known}."
    en = "“{text}” is not one of the list: {known}."


class NotComputed(Refused):
    exit_code = 2
    vi = "Ô có công thức mà tệp không lưu kết quả; chương trình không tính công thức.\nMở và lưu lại tệp bằng Excel, hoặc gõ giá trị."
    en = "The cell has a formula whose result the file does not hold; formulas are not computed.\nOpen and save the file in Excel, or type the value."


class NoCriterion(Refused):
    exit_code = 2
    vi = "“{text}” không phải số của tiêu chí.\nGõ số nguyên, như 13."
    en = "“{text}” is no number of a criterion.\nType a whole number, such as 13."


class FieldsOfMetOnly(Refused):
    exit_code = 2
    vi = "Lĩnh vực nổi trội chỉ đi với kết quả đạt.\nXóa ô này, hoặc sửa kết quả."
    en = "Outstanding fields go with a result that is met only.\nEmpty the cell, or change the result."


class CellInError(Refused):
    exit_code = 2
    vi = "Ô có lỗi {text}: công thức không tính được.\nSửa công thức, hoặc gõ giá trị."
    en = "The cell is in error ({text}): its formula could not be computed.\nMend the formula, or type the value."


class FontUnclear(Refused):
    exit_code = 2
    vi = "Chưa rõ ô là “{text}” hay, theo mã TCVN3 (phông .Vn…), là “{read}”: quanh ô có cả hai loại chữ.\nChuyển cả bảng sang Unicode rồi nhập lại."
    en = "It is not clear whether the cell is “{text}” or, in TCVN3 (.Vn… fonts), “{read}”: there are texts of both kinds around it.\nTurn the whole sheet into Unicode, and take it in again."


class RowUnknown(Refused):
    exit_code = 2
    vi = "Không nhận ra dòng này: cột ẩn đã bị sửa, hoặc biểu do sổ khác xuất.\nXuất lại biểu: ntm form export {kind} TỆP.xlsx"
    en = "What this row is about is not known: its hidden column was changed, or another store wrote the form.\nExport the form again: ntm form export {kind} FILE.xlsx"


class RowElsewhere(Refused):
    exit_code = 2
    vi = "Ô ghi “{typed}” nhưng dòng này của biểu là của {known}.\nDùng đúng dòng, hoặc xuất lại biểu."
    en = "The cell says “{typed}”, but this row of the form is that of {known}.\nUse the right row, or export the form again."


class SameRowAgain(Refused):
    vi = "Trùng với dòng {row}.\nBỏ một trong hai dòng."
    en = "It is the same as row {row}.\nTake one of the two rows away."


class ChoiceMissing(Refused):
    exit_code = 2
    vi = "Biểu {kind} cần {option}.\nCác giá trị: {known}."
    en = "A form of {kind} needs {option}.\nValues: {known}."
