"""The one gate: how far an order may go, and what it waits for when it may not (design: trade.md, An order and its life)."""

from orders import allocation, lifecycle, making, steps
from orders.reserving import in_parts, missing_lines, to_be_made
from orders.words import plain
from store.models import Order, Stage
from store.transaction import Transaction

_ON_HOLD_LENGTH = 256
_SHORT = "缺货："
_TO_BE_MADE = {Stage.ALLOCATED: "待排产：", Stage.SCHEDULED: "生产中："}
"""What lacks of an order that has come so far has only to be made."""


def go_on(tx: Transaction, *orders: Order) -> None:
    """Takes each order as far as nothing holds it, and writes on it what does; call it after whatever may free one.

    The orders must be locked or new, and flushed. Telling the customer of the stage is left to the caller.
    """
    for order in orders:
        if not steps.is_settled(order):
            _send_back(tx, order)
        if order.stage == Stage.PLACED and steps.is_settled(order):
            lifecycle.advance(tx, order, Stage.APPROVED, None)
        order.on_hold = why_held(order)
    for order in making.begin(tx, [order for order in orders if steps.is_settled(order) and not order.date_open]):
        order.on_hold = why_held(order)
    allocation.allocate(tx, [order for order in orders if order.stage != Stage.PLACED and (order.on_hold is None or _may_part(order))])


def _may_part(order: Order) -> bool:
    """Whether the parts of an order that are there can leave, while others wait for their goods."""
    return in_parts(order) and steps.is_settled(order) and not order.date_open


def _send_back(tx: Transaction, order: Order) -> None:
    """An order that must be approved anew is placed again, unless something of it was picked: then it stays where it is, held."""
    if order.stage in (Stage.APPROVED, Stage.ALLOCATED) and all(part.stage == Stage.ALLOCATED for part in order.fulfilments):
        allocation.take_back(tx, order)
        lifecycle.advance(tx, order, Stage.PLACED, None)


def why_held(order: Order) -> str | None:
    """What an order waits for, in the words people see; none when nothing holds it."""
    reason = steps.awaited(order) or _awaits_a_date(order) or _awaits_goods(order)
    return reason if reason is None or len(reason) <= _ON_HOLD_LENGTH else f"{reason[: _ON_HOLD_LENGTH - 1]}…"


def _awaits_a_date(order: Order) -> str | None:
    return f"交期待商定：期望 {order.wanted_date}，最早可承诺 {order.promisable_date}" if order.date_open else None


def _awaits_goods(order: Order) -> str | None:
    if not order.short:
        return None
    lacks = [f"{line.product.name} 缺 {plain(lack)} {line.product.unit}" for line, lack in missing_lines(order)]
    reason = (_TO_BE_MADE.get(Stage(order.stage), _SHORT) if to_be_made(order) else _SHORT) + "；".join(lacks)
    return reason if len(reason) <= _ON_HOLD_LENGTH else f"{reason[: _ON_HOLD_LENGTH - 12]}…等 {len(lacks)} 种"
