"""发货: a warehouse gives its part of an order to a carrier."""

from handlers import wording
from handlers.fields import CARRIER, ORDER, WAYBILL, carrier_said, warehouse_said
from handlers.notices import customer_told, notice, part_number, parts_said
from handlers.talk import Talk
from language import Reading
from orders.fulfilment import ship
from platforms.words import Reply

FIELDS = (ORDER, WAYBILL, CARRIER)


def run(talk: Talk, reading: Reading) -> Reply:
    """Ships the order that was named."""
    order = talk.orders(reading.order or "")[0]
    warehouse = warehouse_said(reading, order, reading.carrier)
    part = ship(talk.tx, order, carrier_said(reading), reading.waybill or "", talk.person, warehouse)
    return notice(
        wording.order_done("发货", order.no, part_number(order, part)),
        customer_told(order),
        客户=order.customer.name,
        仓库=part.warehouse,
        运单=f"{part.carrier} {part.waybill}",
        **parts_said(order, part),
    )
