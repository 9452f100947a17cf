"""What an order says at one moment, as plain values, and what differs between two such moments, in words.

A change plan (orders/changes.py) turns one content into another; nothing here touches the database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from orders.pricing import line_amount, order_total
from orders.words import money, plain

NOTHING = "无"
_YES_NO = {True: "是", False: "否"}


@dataclass(frozen=True)
class Goods:
    """A product as a change needs it; `units` are its packs in base units."""

    id: int
    code: str
    name: str
    unit: str
    units: Mapping[str, Decimal]
    price: Decimal | None = None


@dataclass(frozen=True)
class Part:
    """One part of a partial shipment 分批; without a day it goes as soon as it can."""

    quantity: Decimal
    day: date | None = None


@dataclass(frozen=True)
class Item:
    """A line; `row` is its position in the order that stands, 0 for one that a change has added."""

    row: int
    goods: Goods
    quantity: Decimal
    price: Decimal
    processes: tuple[str, ...] = ()
    tax_included: bool = False
    splits: tuple[Part, ...] = ()
    left: Decimal = Decimal(0)
    """What of it has left the house already: it can neither become less nor something else."""

    @property
    def gone(self) -> tuple[Part, ...]:
        """The parts that have left, or as much of them as has."""
        found, left = [], self.left
        for part in self.splits or (Part(self.left),):
            if left > 0:
                found.append(Part(min(part.quantity, left), part.day))
                left -= part.quantity
        return tuple(found)

    @property
    def amount(self) -> Decimal:
        return line_amount(self.quantity, self.price)

    @property
    def counted(self) -> str:
        return f"{plain(self.quantity)}{self.goods.unit}"


@dataclass(frozen=True)
class Content:
    """All of an order that an amendment may change."""

    items: tuple[Item, ...]
    wanted_date: date | None = None
    promised_date: date | None = None
    """Only looked at: what a shift of days starts from where no day was wanted."""
    address: str | None = None
    contact: str | None = None
    phone: str | None = None
    carrier: str | None = None
    pickup: bool = False
    free_shipping: bool = False
    freight_collect: bool = False
    urgent: bool = False
    remarks: str | None = None

    @property
    def is_begun(self) -> bool:
        """Whether some of it has left the house."""
        return any(item.left for item in self.items)

    @property
    def total(self) -> Decimal:
        return order_total(item.amount for item in self.items)


@dataclass(frozen=True)
class Difference:
    """One field before and after; `kind` says what it touches (see `DELIVERY`, and the `touches` of approvals)."""

    kind: str
    what: str
    before: str
    after: str

    @property
    def words(self) -> str:
        return f"{self.what} {self.before}→{self.after}"

    def to_dict(self) -> dict[str, str]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


DELIVERY = frozenset({"address", "contact", "phone", "carrier", "pickup", "freight", "remarks"})
"""Kinds that change where a parcel goes, but nothing of what is in it, what it costs or when it leaves."""
AFTER_SHIPPING = frozenset({"address", "contact", "phone", "remarks"})
"""What can still be asked of the carrier once a parcel is on its way."""
KIND_NAMES = {"address": "送货地址", "contact": "联系人", "phone": "联系电话", "remarks": "备注"}

_TEXTS = KIND_NAMES | {"carrier": "指定快递"}
_FLAGS = {
    "pickup": ("pickup", "自提"),
    "free_shipping": ("freight", "包邮"),
    "freight_collect": ("freight", "到付"),
    "urgent": ("urgent", "加急"),
}


def differences(before: Content, after: Content) -> list[Difference]:
    """What differs, field by field, lines first."""
    found = [*_lines(before, after), *_dates(before, after), *_texts(before, after), *_flags(before, after)]
    if before.total != after.total:
        found.append(Difference("amount", "合计", f"{money(before.total)}元", f"{money(after.total)}元"))
    return found


def _lines(before: Content, after: Content) -> Iterator[Difference]:
    now = {item.row: item for item in after.items if item.row}
    for item in before.items:
        if item.row in now:
            yield from _line(item, now[item.row])
        else:
            yield Difference("product", item.goods.name, item.counted, "去掉")
    for item in after.items:
        if not item.row:
            yield Difference("product", item.goods.name, NOTHING, f"{item.counted} × {plain(item.price)}元")


def _line(before: Item, after: Item) -> Iterator[Difference]:
    name = after.goods.name
    if before.goods.id != after.goods.id:
        yield Difference("product", "产品", before.goods.name, after.goods.name)
    if before.quantity != after.quantity:
        yield Difference("quantity", f"{name} 数量", before.counted, after.counted)
    if before.price != after.price:
        yield Difference("price", f"{name} 单价", f"{plain(before.price)}元", f"{plain(after.price)}元")
    if before.splits != after.splits:
        yield Difference("split", f"{name} 分批", parts_text(before), parts_text(after))


def parts_text(item: Item) -> str:
    """400支（尽快）、400支（3月31日）; 一次发 when it is not split."""
    if not item.splits:
        return "一次发"
    return "、".join(f"{plain(part.quantity)}{item.goods.unit}（{_day_text(part.day) if part.day else '尽快'}）" for part in item.splits)


def _dates(before: Content, after: Content) -> Iterator[Difference]:
    if before.wanted_date != after.wanted_date:
        yield Difference("date", "期望交付日", _day(before.wanted_date), _day(after.wanted_date))


def _texts(before: Content, after: Content) -> Iterator[Difference]:
    for field, name in _TEXTS.items():
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            yield Difference(field, name, old or NOTHING, new or NOTHING)


def _flags(before: Content, after: Content) -> Iterator[Difference]:
    for field, (kind, name) in _FLAGS.items():
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            yield Difference(kind, name, _YES_NO[old], _YES_NO[new])


def _day(day: date | None) -> str:
    return _day_text(day) if day else NOTHING


def _day_text(day: date) -> str:
    return f"{day.month}月{day.day}日"
