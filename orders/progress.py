"""Progress for the customer: where the order is, in one sentence, with every stage they can feel."""

from orders.links import customer_link
from orders.words import stage_name
from store.models import Fulfilment, Order, Stage
from store.outbox import Urgency, tell, to_customer
from store.transaction import Transaction

WHERE = {
    Stage.PLACED: "已下单，正在审核",
    Stage.APPROVED: "已下单，正在备货",
    Stage.ALLOCATED: "已配货，等待出库",
    Stage.SCHEDULED: "已进入排产队列",
    Stage.PICKED: "已出库，等待快递揽收",
    Stage.SHIPPED: "已发货，正在运输途中",
    Stage.SIGNED: "已签收，感谢您的信任",
    Stage.CLOSED: "订单已完成",
    Stage.CANCELLED: "订单已取消",
}


def tell_customer(tx: Transaction, order: Order, part: Fulfilment | None = None, *, first: bool = False) -> None:
    """Tells the customer where the order is now; called once at the end of a transaction that moved it.

    `part` is the fulfilment that moved: where an order has several, each is told of by its own stage.
    """
    stage = Stage(part.stage if part else order.stage)
    key = f"progress:{order.no}:{stage}"
    if part and len(order.fulfilments) > 1:
        key += f":{part.warehouse}"
    data = {
        "order_no": order.no,
        "stage": stage,
        "stage_name": stage_name(stage),
        "where": WHERE[stage],
        "date": str(order.promised_date) if order.promised_date else "",
        "carrier": (part and part.carrier) or "",
        "waybill": (part and part.waybill) or "",
        "url": customer_link(tx, order),
        "customer": order.customer.name,
        "first": first,
    }
    tell(tx, to_customer(order.customer), "progress", data, key=key, urgency=Urgency.PROGRESS, order=order)
