"""Changes of what an order says beside its lines: days, delivery, remarks."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar, Literal

from pydantic import Field

from orders.checking import check_text
from orders.content import Content, Item, Part
from orders.line_changes import Catalogue, Change
from orders.refusals import Refused


class SetDate(Change):
    """交期改到下周五."""

    op: Literal["set_date"] = "set_date"
    day: date

    def apply(self, content: Content, goods: Catalogue) -> Content:
        return _wanted_on(content, self.day)


class ShiftDate(Change):
    """推迟两天: from the day wanted, or else promised."""

    op: Literal["shift_date"] = "shift_date"
    days: int = Field(ge=-366, le=366)

    def apply(self, content: Content, goods: Catalogue) -> Content:
        day = content.wanted_date or content.promised_date
        if day is None:
            raise Refused("no_date_to_shift")
        return _wanted_on(content, day + timedelta(days=self.days))


class _Text(Change):
    field: ClassVar[str]
    name: ClassVar[str]
    longest: ClassVar[int] = 64
    value: str
    rest: bool | None = None
    """True where parcels that are on their way are to go on as they are, and only what has not left is meant."""

    def apply(self, content: Content, goods: Catalogue) -> Content:
        return _with(content, self.field, check_text(self.name, self.said(content), self.longest))

    def said(self, content: Content) -> str:
        return self.value


class SetAddress(_Text):
    """送到绍兴柯桥…."""

    op: Literal["set_address"] = "set_address"
    field, name, longest = "address", "送货地址", 256


class SetPhone(_Text):
    """收货电话改成…."""

    op: Literal["set_phone"] = "set_phone"
    field, name = "phone", "联系电话"


class SetContact(_Text):
    """联系人换成小刘."""

    op: Literal["set_contact"] = "set_contact"
    field, name = "contact", "联系人"


class SetCarrier(_Text):
    """改发顺丰."""

    op: Literal["set_carrier"] = "set_carrier"
    field, name, longest = "carrier", "指定快递", 32


class SetNote(_Text):
    """备注…: added to the remarks that stand."""

    op: Literal["set_note"] = "set_note"
    field, name, longest = "remarks", "备注", 1024

    def said(self, content: Content) -> str:
        return f"{content.remarks}；{self.value}" if content.remarks and self.value.strip() else self.value


class _Flag(Change):
    field: ClassVar[str]
    on: bool = True

    def apply(self, content: Content, goods: Catalogue) -> Content:
        return _with(content, self.field, self.on)


class SetPickup(_Flag):
    """改成自提."""

    op: Literal["set_pickup"] = "set_pickup"
    field = "pickup"


class SetFreeShipping(_Flag):
    """改成包邮."""

    op: Literal["set_free_shipping"] = "set_free_shipping"
    field = "free_shipping"


class SetUrgent(_Flag):
    """加急."""

    op: Literal["set_urgent"] = "set_urgent"
    field = "urgent"


def _wanted_on(content: Content, day: date) -> Content:
    """All of it wanted on that day: the last part of what has not left moves there, and none comes later."""
    return replace(content, wanted_date=day, items=tuple(replace(item, splits=_moved(item, day)) for item in content.items))


def _moved(item: Item, day: date) -> tuple[Part, ...]:
    gone = item.gone if item.splits else ()
    moved = [Part(part.quantity, min(part.day, day) if part.day else None) for part in item.splits]
    if moved and len(gone) < len(moved) and (moved[-1].day or item.left):
        moved[-1] = Part(moved[-1].quantity, day)
    return (*item.splits[: len(gone)], *moved[len(gone) :])


def _with(content: Content, field: str, value: str | bool) -> Content:
    update: dict[str, Any] = {field: value}
    return replace(content, **update)
