"""The card `notice`: a simple answer to something that was done."""

from decimal import Decimal

from handlers import wording
from orders.parts import parcel_goods, rest_goods
from orders.reserving import in_parts
from orders.words import plain
from platforms.words import Reply
from store.models import Customer, Fulfilment, Order


def notice(title: str, text: str = "", **fields: str) -> Reply:
    """A title, a text, and named values; empty ones are left out."""
    return Reply(
        "notice", {"title": title, "text": text, "fields": [{"name": name, "value": value} for name, value in fields.items() if value]}
    )


def reached(customer: Customer) -> bool:
    """Whether progress goes to the customer without anybody forwarding it."""
    return bool(customer.wechat_openid or customer.group)


def customer_told(order: Order) -> str:
    """What the customer hears of a step of the order."""
    return wording.customer_told(reached=reached(order.customer))


def quantity(value: Decimal, unit: str) -> str:
    """5000支."""
    return f"{plain(value)}{unit}"


def part_number(order: Order, part: Fulfilment) -> int:
    """Which part of an order that leaves in parts; 0: all of it."""
    return part.part if in_parts(order) else 0


def parts_said(order: Order, part: Fulfilment) -> dict[str, str]:
    """What is in a part and what follows it, of an order that leaves in parts."""
    if not in_parts(order):
        return {}
    return {"本批": "、".join(parcel_goods(part)), "其余": "、".join(rest_goods(order, part))}
