"""The plan of an amendment 改单: changes are queued one by one, each checked against what the order says by then.

Pure: plain values in, a new content and its differences out. pydantic, since a plan waits as a document: in a draft, and
while goods are intercepted.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from orders.content import Content, Difference, differences
from orders.line_changes import (
    AddLine,
    AddQuantity,
    Catalogue,
    RemoveLine,
    ReplaceProduct,
    Scale,
    SetPrice,
    SetQuantity,
    Split,
    SplitPart,
    SubtractQuantity,
)
from orders.order_changes import (
    SetAddress,
    SetCarrier,
    SetContact,
    SetDate,
    SetFreeShipping,
    SetNote,
    SetPhone,
    SetPickup,
    SetUrgent,
    ShiftDate,
)
from orders.refusals import Refused

__all__ = [
    "AddLine",
    "AddQuantity",
    "AnyChange",
    "Plan",
    "RemoveLine",
    "ReplaceProduct",
    "Scale",
    "SetAddress",
    "SetCarrier",
    "SetContact",
    "SetDate",
    "SetFreeShipping",
    "SetNote",
    "SetPhone",
    "SetPickup",
    "SetPrice",
    "SetQuantity",
    "SetUrgent",
    "ShiftDate",
    "Split",
    "SplitPart",
    "SubtractQuantity",
    "dump",
    "load",
]

_OfLines = SetQuantity | AddQuantity | SubtractQuantity | AddLine | RemoveLine | ReplaceProduct | Scale | SetPrice | Split
_OfOrder = SetDate | ShiftDate | SetAddress | SetPhone | SetContact | SetCarrier | SetNote | SetPickup | SetFreeShipping | SetUrgent
AnyChange = _OfLines | _OfOrder
_PLAN: TypeAdapter[list[AnyChange]] = TypeAdapter(list[Annotated[AnyChange, Field(discriminator="op")]])


def dump(changes: Iterable[AnyChange]) -> list[dict[str, Any]]:
    """Changes as a document."""
    return [change.model_dump(mode="json", exclude_none=True) for change in changes]


def load(documents: Iterable[Mapping[str, Any]]) -> list[AnyChange]:
    """Changes from a document; raises pydantic.ValidationError."""
    return _PLAN.validate_python(list(documents))


class Plan:
    """Changes queued on the content of an order; `goods` are the products that may be named, by id."""

    def __init__(self, before: Content, goods: Catalogue) -> None:
        self.before = self.after = before
        self.goods = goods
        self.changes: list[AnyChange] = []

    def queue(self, *changes: AnyChange) -> None:
        """Takes changes in, in turn; raises Refused, and leaves the plan as it is, when the order does not allow them."""
        after = self.after
        for change in changes:
            after = change.apply(after, self.goods)
        if not after.items:
            raise Refused("nothing_left")
        self.after = after
        self.changes.extend(changes)

    def differences(self) -> list[Difference]:
        """Field by field what the plan comes to; refuses one that changes nothing."""
        found = differences(self.before, self.after)
        if not found:
            raise Refused("nothing_changes")
        return found
