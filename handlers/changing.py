"""What was said of changes as the plan's own kinds (orders/changes.py), each with its quantity in the product's own unit."""

import re
from collections.abc import Callable
from decimal import Decimal

from handlers.change_fields import line_of
from handlers.talk import Talk
from language import Change, Line, Reading, Split
from language.amounts import base_quantity
from orders import changes
from orders.changes import AnyChange
from orders.refusals import Refused
from orders.standing import left_of
from store.models import Order, OrderLine


def changes_of(talk: Talk, order: Order, reading: Reading) -> list[AnyChange]:
    """The changes of a complete reading; raises Refused for what no order can be changed by.

    剩下的 of an order that has left in part means what has not left.
    """
    found = [_MADE[change.op](_Said(talk, order, change)) for change in reading.changes]
    if REST.search(reading.said) and any(left_of(line) for line in order.lines):
        return [change.model_copy(update={"rest": True}) if "rest" in type(change).model_fields else change for change in found]
    return found


REST = re.compile("剩下|剩余|其余|余下|没发|未发|还没出|下一?批|第[二三四五2-5]批")
"""Words for what of an order has not left yet."""


class _Said:
    """One change with the order that it is of."""

    def __init__(self, talk: Talk, order: Order, change: Change) -> None:
        self.talk = talk
        self.change = change
        self.own = line_of(order, change.line)

    @property
    def line(self) -> Line:
        return self.change.line or Line()

    @property
    def product(self) -> int | None:
        """The product whose line is meant; none: the only one."""
        if self.own is not None:
            return self.own.product_id
        return self.line.product.id

    def counted(self) -> tuple[Decimal, str | None]:
        """The quantity in the product's own unit; one in a unit that does not convert as it was said."""
        line = self.line
        if line.number is None:
            raise Refused("bad_quantity", product=line.product.said, quantity="", unit="")
        return _counted(self.talk, self.product, line.model_copy(update={"unit": line.unit or _unit_of(self.own)}))

    def text(self) -> str:
        return self.change.value or ""


def _counted(talk: Talk, product: int | None, line: Line) -> tuple[Decimal, str | None]:
    number = line.number or Decimal(0)
    record = talk.catalogue.products.get(product or 0)
    if record is None or line.unit is None:
        return number, line.unit
    named = line.product.model_copy(update={"id": product})
    base = base_quantity(talk.catalogue, line.model_copy(update={"product": named}))
    return (number, line.unit) if base is None else (base, None)


def _unit_of(own: OrderLine | None) -> str | None:
    """A bare number keeps the unit in which the line was said."""
    return own.said_unit if own else None


def _counting(kind: type[changes.SetQuantity] | type[changes.AddQuantity] | type[changes.SubtractQuantity]) -> Callable[[_Said], AnyChange]:
    def made(said: _Said) -> AnyChange:
        quantity, unit = said.counted()
        return kind(product=said.product, quantity=quantity, unit=unit)

    return made


def _add_line(said: _Said) -> AnyChange:
    quantity, unit = said.counted()
    line = said.line
    return changes.AddLine(product=line.product.id or 0, quantity=quantity, unit=unit, price=line.price, processes=line.processes)


def _replace(said: _Said) -> AnyChange:
    return changes.ReplaceProduct(product=said.product, to=(said.change.to and said.change.to.id) or 0)


def _split(said: _Said) -> AnyChange:
    return changes.Split(product=said.product, parts=tuple(_part(said, part) for part in said.change.parts))


def _part(said: _Said, part: Split) -> changes.SplitPart:
    day = part.day.day if part.day else None
    if part.number is None:
        return changes.SplitPart(fraction=part.fraction, day=day)
    quantity, unit = _counted(said.talk, said.product, Line(number=part.number, unit=part.unit))
    return changes.SplitPart(quantity=quantity, unit=unit, day=day)


def _set_date(said: _Said) -> AnyChange:
    if said.change.day is None or said.change.day.day is None:
        raise Refused("no_date_to_shift")
    return changes.SetDate(day=said.change.day.day)


_MADE: dict[str, Callable[[_Said], AnyChange]] = {
    "set_qty": _counting(changes.SetQuantity),
    "add_qty": _counting(changes.AddQuantity),
    "sub_qty": _counting(changes.SubtractQuantity),
    "add_line": _add_line,
    "remove_line": lambda said: changes.RemoveLine(product=said.product),
    "replace": _replace,
    "scale": lambda said: changes.Scale(product=said.product if said.change.line else None, factor=said.change.factor or Decimal(1)),
    "set_price": lambda said: changes.SetPrice(product=said.product, price=said.change.price or Decimal(0)),
    "split": _split,
    "set_date": _set_date,
    "shift_date": lambda said: changes.ShiftDate(days=said.change.days or 0),
    "set_address": lambda said: changes.SetAddress(value=said.text()),
    "set_phone": lambda said: changes.SetPhone(value=said.text()),
    "set_contact": lambda said: changes.SetContact(value=said.text()),
    "set_carrier": lambda said: changes.SetCarrier(value=said.text()),
    "set_note": lambda said: changes.SetNote(value=said.text()),
    "set_pickup": lambda _said: changes.SetPickup(),
    "set_free_shipping": lambda _said: changes.SetFreeShipping(),
    "set_urgent": lambda _said: changes.SetUrgent(),
}
