"""The day of a part 分批: its warehouse, which was told of it long before, is told once more on the morning it has to leave."""

from datetime import timedelta

from sqlalchemy import select

from orders.allocation import packers_of
from orders.amendments import waiting_amendment
from orders.calendar import calendar_of
from orders.locking import lock_orders
from orders.promising import leaving_day
from orders.steps import is_settled
from orders.telling import tell_pick, told_to_pick
from store.models import OPEN_STAGES, Fulfilment, Order, Stage
from store.transaction import Transaction


def leaving(tx: Transaction) -> list[int]:
    """The orders of which a part that is there has to leave today, or should have left."""
    tomorrow = calendar_of(tx.settings).next_working_day(tx.today)
    before = tomorrow + timedelta(days=tx.settings.trade.transit_days)
    # the stage of the order has an index, and is never ahead of its parts
    open_parts = select(Order.id).join(Order.fulfilments).where(Order.stage.in_(OPEN_STAGES), Fulfilment.stage == Stage.ALLOCATED)
    return list(tx.session.scalars(open_parts.where(Fulfilment.due_on < before).order_by(Order.id).distinct()))


def tell_leaving(tx: Transaction, order_id: int) -> None:
    """Tells the warehouses what they have to pick of an order today; not what they cannot, nor what they were told on its day."""
    (order,) = lock_orders(tx, [order_id])
    if not is_settled(order) or waiting_amendment(tx, order):
        return
    parts = [part for part in order.fulfilments if part.stage == Stage.ALLOCATED and _is_untold(tx, part)]
    packers = packers_of(tx, {part.warehouse for part in parts}) if parts else {}
    for part in parts:
        tell_pick(tx, part, packers.get(part.warehouse, []), leaves_today=True)


def _is_untold(tx: Transaction, part: Fulfilment) -> bool:
    day = leaving_day(tx, part.due_on) if part.due_on else None
    if day is None or day > tx.today:
        return False
    told = told_to_pick(tx, part)
    return told is None or told.astimezone(tx.zone).date() < day
