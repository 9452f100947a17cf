"""Changes of an order's lines, one small class for each kind; what they may name and count in is checked as they are applied."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from orders.checking import check_quantity
from orders.content import Content, Goods, Item, Part
from orders.pricing import line_price
from orders.refusals import Refused
from orders.words import plain

Catalogue = Mapping[int, Goods]
"""The products that may be named, by id."""


class Change(BaseModel):
    """One change of an order, as a document too."""

    model_config = ConfigDict(frozen=True)

    def apply(self, content: Content, goods: Catalogue) -> Content:
        """The content with this change made; raises Refused."""
        raise NotImplementedError


class _OfLine(Change):
    """A change of one line: the one of this product, or at this row; neither: the only one that there is."""

    product: int | None = None
    row: int | None = None

    def apply(self, content: Content, goods: Catalogue) -> Content:
        return _with(content, self.find(content, goods), lambda item: self.changed(item, goods))

    def changed(self, item: Item, goods: Catalogue) -> Item | None:
        """The line as changed; None: it goes."""
        raise NotImplementedError

    def find(self, content: Content, goods: Catalogue) -> list[Item]:
        """The line that is meant."""
        if self.row is not None:
            found = [item for item in content.items if item.row == self.row]
        elif self.product is not None:
            found = [item for item in content.items if item.goods.id == self.product]
        else:
            found = list(content.items)
        if len(found) == 1:
            return found
        names = [f"{item.goods.name} {item.counted}" for item in content.items]
        if found:
            raise Refused("several_lines", lines=names)
        product = known(goods, self.product).name if self.product is not None else f"第{self.row}行"
        raise Refused("line_not_there", product=product, lines=names)


class _Counted(_OfLine):
    quantity: Decimal
    unit: str | None = None
    """As said; none: the product's own."""
    rest: bool | None = None
    """True where only what has not left yet was spoken of."""

    def changed(self, item: Item, goods: Catalogue) -> Item | None:
        return _counted(item, self.result(item, in_base(item.goods, self.quantity, self.unit)))

    def result(self, item: Item, said: Decimal) -> Decimal:
        """The new quantity in the product's own unit."""
        raise NotImplementedError


class SetQuantity(_Counted):
    """改成800支; 0 takes the line away."""

    op: Literal["set_qty"] = "set_qty"

    def result(self, item: Item, said: Decimal) -> Decimal:
        return item.left + said if self.rest else said


class AddQuantity(_Counted):
    """再加200支; of a product that the order does not have, a new line."""

    op: Literal["add_qty"] = "add_qty"

    def apply(self, content: Content, goods: Catalogue) -> Content:
        if self.product is not None and self.row is None and all(item.goods.id != self.product for item in content.items):
            return AddLine(product=self.product, quantity=self.quantity, unit=self.unit).apply(content, goods)
        return super().apply(content, goods)

    def result(self, item: Item, said: Decimal) -> Decimal:
        return item.quantity + said


class SubtractQuantity(_Counted):
    """减200支."""

    op: Literal["sub_qty"] = "sub_qty"

    def result(self, item: Item, said: Decimal) -> Decimal:
        return item.quantity - said


class AddLine(Change):
    """加一行 M8弹垫 3000片; more of a product that the order has at that price is added to its line."""

    op: Literal["add_line"] = "add_line"
    product: int
    quantity: Decimal
    unit: str | None = None
    price: Decimal | None = None
    processes: tuple[str, ...] = ()

    def apply(self, content: Content, goods: Catalogue) -> Content:
        product = known(goods, self.product)
        quantity = check_quantity(product, in_base(product, self.quantity, self.unit))
        same = [item for item in content.items if item.goods.id == product.id and item.processes == self.processes]
        if len(same) == 1 and self.price in (None, same[0].price):
            return _with(content, same, lambda item: _counted(item, item.quantity + quantity))
        item = Item(0, product, quantity, line_price(product, self.price), self.processes)
        return replace(content, items=(*content.items, item))


class RemoveLine(_OfLine):
    """M8平垫不要了."""

    op: Literal["remove_line"] = "remove_line"

    def changed(self, item: Item, goods: Catalogue) -> None:
        check_not_left(item, "去掉")


class ReplaceProduct(_OfLine):
    """304的换成镀锌的: as many of the other product, at its list price."""

    op: Literal["replace"] = "replace"
    to: int

    def changed(self, item: Item, goods: Catalogue) -> Item:
        check_not_left(item, "换产品")
        product = known(goods, self.to)
        if product.unit != item.goods.unit:
            units = {"unit": item.goods.unit, "other_unit": product.unit}
            raise Refused("units_differ", product=item.goods.name, other=product.name, **units)
        return replace(item, goods=product, price=line_price(product, None))


class Scale(_OfLine):
    """数量减半: one line, or all of them where none is named."""

    op: Literal["scale"] = "scale"
    factor: Decimal
    rest: bool | None = None

    def find(self, content: Content, goods: Catalogue) -> list[Item]:
        return list(content.items) if self.product is None and self.row is None else super().find(content, goods)

    def changed(self, item: Item, goods: Catalogue) -> Item | None:
        left = item.left if self.rest else Decimal(0)
        return _counted(item, left + (item.quantity - left) * self.factor)


class SetPrice(_OfLine):
    """单价按1.28."""

    op: Literal["set_price"] = "set_price"
    price: Decimal

    def changed(self, item: Item, goods: Catalogue) -> Item:
        check_not_left(item, "改单价")
        return replace(item, price=line_price(item.goods, self.price))


class SplitPart(BaseModel):
    """A part of a shipment as said: a fraction of the line, a quantity, or all the rest."""

    model_config = ConfigDict(frozen=True)

    fraction: Decimal | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    day: date | None = None


class Split(_OfLine):
    """先发一半，剩下的月底再发: one line, or by fractions all of them."""

    op: Literal["split"] = "split"
    parts: tuple[SplitPart, ...]

    def find(self, content: Content, goods: Catalogue) -> list[Item]:
        whole = self.product is None and self.row is None and all(part.quantity is None for part in self.parts)
        return list(content.items) if whole else super().find(content, goods)

    def apply(self, content: Content, goods: Catalogue) -> Content:
        """All of it is wanted by the day of the last part."""
        content = super().apply(content, goods)
        days = [part.day for part in self.parts if part.day]
        last = max([*days, *([content.wanted_date] if content.wanted_date else [])], default=None)
        return replace(content, wanted_date=last) if days else content

    def changed(self, item: Item, goods: Catalogue) -> Item:
        splits = list(item.gone)
        for part in self.parts:
            left = item.quantity - sum((other.quantity for other in splits), Decimal(0))
            splits.append(Part(check_quantity(item.goods, _size(part, item, left)), part.day))
        left = item.quantity - sum((part.quantity for part in splits), Decimal(0))
        if left < 0:
            raise Refused("split_too_much", product=item.goods.name, quantity=plain(item.quantity), unit=item.goods.unit)
        return replace(item, splits=(*splits, Part(left)) if left else tuple(splits))


def known(goods: Catalogue, product: int) -> Goods:
    """A product that was named; refuses one that is not in the catalogue."""
    if product not in goods:
        raise Refused("unknown_product")
    return goods[product]


def in_base(goods: Goods, quantity: Decimal, unit: str | None) -> Decimal:
    """A quantity in the product's own unit; refuses a unit that does not convert, naming those that do."""
    if unit in (None, goods.unit):
        return quantity
    if unit not in goods.units:
        raise Refused("unit_does_not_convert", product=goods.name, unit=unit, units=[goods.unit, *goods.units])
    return quantity * goods.units[unit]


def _with(content: Content, meant: Iterable[Item], change: Callable[[Item], Item | None]) -> Content:
    """The content with each of the lines that are meant as changed, or gone."""
    chosen = {id(item) for item in meant}
    items = (change(item) if id(item) in chosen else item for item in content.items)
    return replace(content, items=tuple(item for item in items if item is not None))


def check_not_left(item: Item, doing: str) -> None:
    """Refuses to touch a line of which some has left the house."""
    if item.left:
        raise Refused("line_has_left", doing=doing, **_left(item))


def _counted(item: Item, quantity: Decimal) -> Item | None:
    """The line in another quantity, gone where that is none; refuses less than has left.

    A partial shipment of the old quantity does not fit any more; of one that has begun, the rest is one part.
    """
    if quantity < 0:
        raise Refused("below_zero", product=item.goods.name, has=plain(item.quantity), unit=item.goods.unit)
    if quantity < item.left:
        raise Refused("below_left", **_left(item))
    if not quantity:
        return None
    splits = item.splits if quantity == item.quantity else _begun(item, quantity)
    return replace(item, quantity=check_quantity(item.goods, quantity), splits=splits)


def _begun(item: Item, quantity: Decimal) -> tuple[Part, ...]:
    if not item.left or not item.splits:
        return ()
    return (*item.gone, Part(quantity - item.left, item.splits[-1].day)) if quantity > item.left else item.gone


def _left(item: Item) -> dict[str, str]:
    return {"product": item.goods.name, "left": plain(item.left), "unit": item.goods.unit}


def _size(part: SplitPart, item: Item, left: Decimal) -> Decimal:
    if part.quantity is not None:
        return in_base(item.goods, part.quantity, part.unit)
    if part.fraction is None:
        return left
    return ((item.quantity - item.left) * part.fraction).quantize(Decimal(1), ROUND_HALF_UP)
