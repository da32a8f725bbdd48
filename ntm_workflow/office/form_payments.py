"""The form of payments: one row for each item of money, and what was paid or advanced of it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, ClassVar

from ntm_workflow.domain.base import Event, NotBegun, Refused
from ntm_workflow.domain.fund_events import FundAdvanced, FundDisbursed
from ntm_workflow.domain.sheet_cells import shown
from ntm_workflow.domain.values import Word
from ntm_workflow.domain.words import in_words
from ntm_workflow.office.form import (
    DAY,
    ID,
    NOTE,
    PLACE,
    Chosen,
    Column,
    Filled,
    Kind,
    Row,
    Sheet,
)
from ntm_workflow.office.form_faults import RowUnknown
from ntm_workflow.office.fund import pay_item
from ntm_workflow.office.fund_rows import NotGivenYet, coded_item, payment_like
from ntm_workflow.office.fund_totals import chosen_rows
from ntm_workflow.office.items import Items
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.sheet_import import Meaning, Told
from ntm_workflow.office.sheet_known import same_words
from ntm_workflow.projections.fund_totals import Chosen as Wanted

#: Amounts below this in a sheet made by hand that states no unit were hardly meant as đồng.
_LEAST = 1_000_000


class NoUnitStated(Refused):
    exit_code = 2
    vi = "Bảng không ghi đơn vị tính, mà ô chỉ là {amount}: đồng hay triệu đồng?\nGhi “(đồng)” hoặc “(triệu đồng)” vào tiêu đề cột, hoặc gõ “1,5 triệu”."
    en = "The sheet states no unit, and the cell is only {amount}: đồng or million đồng?\nWrite “(đồng)” or “(triệu đồng)” into the heading, or type “1,5 triệu”."


def _shown(field: str, vi: str, en: str, width: int = 16) -> Column:
    return Column(field=field, title=Word(vi, en), holds="money", filled=False, width=width)


class PaymentsForm(Kind):
    name = "payments"
    events = (FundDisbursed, FundAdvanced)
    options = frozenset({"within", "year"})
    needed = (("id", "code", "item"), ("advance", "amount"))
    columns = (
        Column(field="item", title=Word("Tên công trình, mục vốn", "Item"), also=("ten cong trinh", "cong trinh", "muc von"), filled=False, width=38),
        Column(field="code", title=Word("Mã dự án", "Project code"), also=("code",), filled=False, width=14),
        PLACE,
        Column(field="plan_year", title=Word("Niên độ", "Plan year"), holds="year", filled=False, width=8),
        Column(field="source", title=Word("Nguồn", "Source"), filled=False, width=13),
        _shown("allocated", "Đã giao (đồng)", "Given (đồng)"),
        _shown("disbursed", "Đã giải ngân (đồng)", "Disbursed (đồng)"),
        _shown("left", "Còn lại (đồng)", "Left (đồng)"),
        Column(field="advance", title=Word("Tạm ứng (đồng)", "Advance (đồng)"), also=("so tien tam ung", "tam ung"), holds="money", width=17),
        Column(field="amount", title=Word("Thanh toán (đồng)", "Paid (đồng)"), also=("so tien", "so tien thanh toan", "amount"), holds="money", width=17),
        DAY,
        Column(field="document", title=Word("Số chứng từ", "Paper"), also=("chung tu", "van ban", "document"), width=20),
        Column(field="payee", title=Word("Đơn vị thụ hưởng", "Payee"), also=("don vi nhan", "nha thau"), width=24),
        NOTE,
    )  # fmt: skip
    _of_column: ClassVar[dict[str, type[FundDisbursed | FundAdvanced]]] = {
        "advance": FundAdvanced,
        "amount": FundDisbursed,
    }

    @classmethod
    def sheet(cls, reading: Reading, chosen: Chosen) -> Sheet:
        within = None if chosen.within is None else set(chosen.within)
        found = chosen_rows(reading, Wanted(places=within, year=chosen.year))
        rows = [_row(reading, row) for row in found]
        about = Word("Biểu tạm ứng, thanh toán vốn", "Form of advances and payments")
        return Sheet(about, rows, {})

    def __init__(self, entry: Any, chosen: Chosen) -> None:
        super().__init__(entry, chosen)
        self.items = Items(entry.reading)

    def acts(self, row: Filled) -> list[Told]:
        day, document = self.day(row), self.document(row)
        item = self._item(row)
        paid = {name: self._amount(row, name) for name in self._of_column}
        payee, note = row.text("payee"), self.note(row)
        if not any(paid.values()):
            row.needed("amount", None)
        row.insist()
        id = f"fund/{item}"
        return [
            Told(
                number=row.line.number,
                id=id,
                day=day,
                document=document,
                event=self._of_column[name],
                meaning=_meaning(self._of_column[name], day, amount, payee, document),
                like=(self._of_column[name].__name__, day, amount),
                record=partial(pay_item, self.entry, id, self._of_column[name], amount, payee),
                amount=amount,
                more={"note": note},
                details=self.details(row, note=note),
                column=self.by_field[name].title,
            )
            for name, amount in paid.items()
            if amount
        ]

    def meaning(self, event: Any) -> Meaning:
        said = (event.effective_on, event.amount, event.payee, event.document)
        return _meaning(type(event), *said)

    def like(self, event: Any) -> Meaning:
        return payment_like(event)

    def too_early(self, told: Told, refusal: NotBegun) -> Refused:
        day: date = told.day or self.entry.today
        return NotGivenYet(item=bare(told.id), day=day, began=refusal.facts["began"])

    def _amount(self, row: Filled, name: str) -> int | None:
        """Whole đồng, in the unit its heading states."""
        unit, cell = self.chosen.units.get(name), row.line.cells.get(name)
        amount = row.money(name, unit or 1)
        if amount and unit is None and amount < _LEAST and isinstance(cell, int | float):
            row.object(name, NoUnitStated(amount=shown(cell)))
        return amount

    def _item(self, row: Filled) -> str:
        known = row.line.cells.get(ID)
        typed, code = row.text("item"), row.text("code")
        if known is None:
            return coded_item(self.items, typed, code)
        item = str(known)
        if item not in self.items.places:
            raise RowUnknown(kind=self.name)
        self.same(row, "item", typed, item)
        return item


def _meaning(
    event: type[Event], day: date, amount: int, payee: str | None, document: str | None
) -> Meaning:
    return (event.__name__, day, amount, same_words(payee), same_words(document))


def _row(reading: Reading, row: Any) -> Row:
    cells = {
        "item": row.item,
        "code": row.code,
        "place": reading.names.get(row.place, row.place),
        "plan_year": row.year,
        "source": row.source and in_words(row.source),
        "allocated": row.allocated,
        "disbursed": row.disbursed,
        "left": row.allocated - row.disbursed,
    }
    return Row(bare(row.id), cells)
