"""Progress for the customer: where the order is, in one sentence, with every stage they can feel."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import bindparam, select

from orders.lifecycle import has_passed
from orders.links import customer_link
from orders.parts import parcel_goods, rest_goods
from orders.words import stage_name
from store.models import Fulfilment, Order, OutboxMessage, Stage
from store.outbox import Urgency, tell, to_customer
from store.transaction import Transaction

WHERE = {
    Stage.PLACED: "已下单，正在审核",
    Stage.APPROVED: "已通过审核，正在备货",
    Stage.ALLOCATED: "已通过审核并配货，等待出库",
    Stage.SCHEDULED: "已进入排产队列",
    Stage.PICKED: "已出库，等待快递揽收",
    Stage.SHIPPED: "已发货，正在运输途中",
    Stage.SIGNED: "已签收，感谢您的信任",
    Stage.CLOSED: "订单已完成",
    Stage.CANCELLED: "订单已取消",
}
_MOVED, _AGREED = "预计送达日有变，", "送达日已商定，"

_HEARD = (
    select(OutboxMessage.order_id, OutboxMessage.data)
    .where(OutboxMessage.order_id.in_(bindparam("orders", expanding=True)), OutboxMessage.card == "progress")
    .order_by(OutboxMessage.id)
)


def tell_customer(tx: Transaction, order: Order, *parts: Fulfilment, first: bool = False) -> None:
    """Tells the customer where the order is now; called once at the end of a transaction that moved it.

    `parts` are the fulfilments that moved, all to the same stage: where an order has several, they are told of by their own.
    """
    stage = Stage(parts[0].stage if parts else order.stage)
    key = f"progress:{order.no}:{stage}"
    if order.version > 1:
        key += f":{order.version}"  # what was caught on its way out goes through the same stages again
    if parts and len(order.fulfilments) > 1:
        key += ":" + "+".join(part.warehouse + (f"#{part.part}" if part.part > 1 else "") for part in parts)
    _tell(tx, order, stage, key, parts, first=first)


def tell_amended(tx: Transaction, order: Order, what: str) -> None:
    """Tells the customer what of their order has been changed, with where it is now and its day."""
    stage = Stage(order.stage)
    _tell(tx, order, stage, f"progress:{order.no}:amended:{order.version}", news=f"订单已修改：{what}；")


def tell_news(tx: Transaction, orders: Collection[Order], *, unheard: bool = True) -> None:
    """Tells customers what they have not heard of their orders: a stage further on, another day.

    That an order waits again is no news to them as long as its day stays. `unheard` false leaves out those who have not
    heard of their order at all: an imported one, which they were told of elsewhere.
    """
    heard = {row.order_id: row.data for row in tx.session.execute(_HEARD, {"orders": [order.id for order in orders]})}
    for order in orders:
        if not (unheard or order.id in heard):
            continue
        last, stage = heard.get(order.id, {}), Stage(order.stage)
        day = _date(tx, order, stage)
        if last.get("date") != day or has_passed(stage, Stage(last["stage"])):
            # the chain tells apart the same stage, or the same day, reached again
            key = f"progress:{order.no}:{stage}:{order.chain[:12]}"
            _tell(tx, order, stage, key, news=_MOVED if last.get("date", day) != day else "")


def tell_agreed(tx: Transaction, order: Order) -> None:
    """Tells the customer of the day that was agreed on, and where the order is now."""
    _tell(tx, order, Stage(order.stage), f"progress:{order.no}:{order.stage}:{order.chain[:12]}", news=_AGREED)


def _tell(
    tx: Transaction,
    order: Order,
    stage: Stage,
    key: str,
    parts: Sequence[Fulfilment] = (),
    *,
    first: bool = False,
    news: str = "",
) -> None:
    data = {
        "order_no": order.no,
        "stage": stage,
        "stage_name": stage_name(stage),
        "where": (news or _share(order, parts)) + where_now(order, stage),
        "date": _date(tx, order, stage, parts),
        "parcel": [goods for part in parts for goods in parcel_goods(part)] if _is_share(order, parts) else [],
        "rest": rest_goods(order, *parts) if _is_share(order, parts) else [],
        "carrier": _joined(part.carrier for part in parts),
        "waybill": _joined(part.waybill for part in parts),
        "url": customer_link(tx, order),
        "customer": order.customer.name,
        "first": first,
    }
    tell(tx, to_customer(order.customer), "progress", data, key=key, urgency=Urgency.PROGRESS, order=order)


def where_now(order: Order, stage: Stage) -> str:
    """Where an order, or a part of it, is at a stage, in words for its customer."""
    if stage == Stage.PICKED and order.pickup:
        return "货已备好，等您来提"
    if stage == Stage.ALLOCATED and order.short:
        return "材料已齐，等待排产"
    return "已完工，等待出库" if stage == Stage.SCHEDULED and not order.short else WHERE[stage]


def _share(order: Order, parts: Sequence[Fulfilment]) -> str:
    """Says so where only some of what was ordered has moved, lest the customer waits for all of it."""
    return f"分{_parcels(order)}批发货，其中{len(parts)}批" if _is_share(order, parts) else ""


def _is_share(order: Order, parts: Sequence[Fulfilment]) -> bool:
    return 0 < len(parts) < _parcels(order)


def _parcels(order: Order) -> int:
    return len(order.fulfilments) + order.short  # the rest of an order in parts has still to be handed out


def _date(tx: Transaction, order: Order, stage: Stage, parts: Sequence[Fulfilment] = ()) -> str:
    """The day on which it is expected, each part on its own; once it has arrived, that day."""
    if stage in (Stage.SIGNED, Stage.CLOSED):
        return str(tx.today)
    return str(max((part.due_on for part in parts if part.due_on), default=order.promised_date) or "")


def _joined(texts: Iterable[str | None]) -> str:
    return "、".join(dict.fromkeys(text for text in texts if text))
