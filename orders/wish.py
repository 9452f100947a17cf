"""What a salesperson wants to place: plain values that also travel through a draft as JSON."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from orders.words import plain


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


@dataclass(frozen=True)
class WishLine:
    """One product; `quantity` in its own unit, `said_*` as it was written, `price` if another than the list price."""

    product_id: int
    quantity: Decimal
    said_quantity: Decimal | None = None
    said_unit: str | None = None
    price: Decimal | None = None
    processes: tuple[str, ...] = ()
    tax_included: bool = False
    splits: tuple[dict[str, Any], ...] = ()
    """Partial shipments: quantity (text of a decimal) and date (ISO, or none) of each."""

    def to_dict(self) -> dict[str, Any]:
        return {
            "product_id": self.product_id,
            "quantity": plain(self.quantity),
            "said_quantity": _text(self.said_quantity),
            "said_unit": self.said_unit,
            "price": _text(self.price),
            "processes": list(self.processes),
            "tax_included": self.tax_included,
            "splits": list(self.splits),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "WishLine":
        return cls(
            product_id=data["product_id"],
            quantity=Decimal(data["quantity"]),
            said_quantity=_number(data["said_quantity"]),
            said_unit=data["said_unit"],
            price=_number(data["price"]),
            processes=tuple(data["processes"]),
            tax_included=data.get("tax_included", False),
            splits=tuple(data.get("splits", ())),
        )


@dataclass(frozen=True)
class Wish:
    """An order as it is wanted, before anything is checked."""

    customer_id: int
    lines: tuple[WishLine, ...]
    wanted_date: date | None = None
    urgent: bool = False
    trial: bool = False
    free_shipping: bool = False
    address: str | None = None
    contact: str | None = None
    phone: str | None = None
    carrier: str | None = None
    pickup: bool = False
    freight_collect: bool = False
    remarks: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "customer_id": self.customer_id,
            "lines": [line.to_dict() for line in self.lines],
            "wanted_date": self.wanted_date.isoformat() if self.wanted_date else None,
            "urgent": self.urgent,
            "trial": self.trial,
            "free_shipping": self.free_shipping,
            "address": self.address,
            "contact": self.contact,
            "phone": self.phone,
            "carrier": self.carrier,
            "pickup": self.pickup,
            "freight_collect": self.freight_collect,
            "remarks": self.remarks,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Wish":
        lines = tuple(WishLine.from_dict(line) for line in data["lines"])
        wanted = date.fromisoformat(data["wanted_date"]) if data["wanted_date"] else None
        return cls(**(data | {"lines": lines, "wanted_date": wanted}))
