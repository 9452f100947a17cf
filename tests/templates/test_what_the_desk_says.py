"""The cards take what the trade really gives: a whole order's life, every message of it shown on every platform."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from orders.fulfilment import ship, sign
from orders.inbound import announce
from orders.placing import Wish, WishLine, place_order, preview
from orders.stock import receive, stock_data
from orders.view import order_data
from platforms.limits import breaches
from platforms.words import Card
from store.models import Order, OutboxMessage
from store.transaction import Store, Transaction
from templates.render import render_card
from tests.support.cards import key_for
from tests.support.firm import make_firm


def test_every_message_of_an_orders_life_can_be_shown(store: Store) -> None:
    with store.transaction() as tx:
        firm = make_firm(tx)
        lines = (WishLine(firm.bolt.id, Decimal(500), Decimal(10), "盒"), WishLine(firm.small_bolt.id, Decimal(2000)))
        wish = Wish(firm.ruigu.id, lines, wanted_date=tx.today + timedelta(days=4), urgent=True, free_shipping=True)
        draft = render_card("order_draft", preview(tx, wish, firm.zhaomin) | {"draft": "1", "typed": "下单 …"}, key_for)
        order = place_order(tx, wish, firm.zhaomin)
        placed = shown_order(tx, order)
        stock = render_card("stock", stock_data(tx, firm.bolt), key_for)
        announce(tx, "PO88", firm.small_bolt, Decimal(5000), date(2026, 3, 9), firm.zhoufang)
        receive(tx, firm.small_bolt, Decimal(5000), "A-03-2", firm.wugang)
        ship(tx, order, "顺丰", "SF1234567890123", firm.wugang)
        shipped = shown_order(tx, order)
        sign(tx, order, None)
        rows = tx.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        told = [render_card(row.card, row.data, key_for) for row in rows if not row.audience.startswith("service:")]

    assert draft.lines[0].startswith("1、M12×80镀锌螺栓 × 500支(10盒) ¥1.20 → ¥600.00，库存")
    assert "缺2,000支" in draft.lines[1]
    assert placed.status == "待定交期"
    assert [field.value for field in stock.fields][:2] == ["7,500支", "8,000支"]
    assert "顺丰 SF1234567890123" in [field.value for field in shipped.fields]
    assert {"progress", "restock", "negotiation", "served", "pick"} <= {card.name for card in told}
    assert [card.status for card in told if card.name == "progress"] == [
        "已审核",
        "已审核",
        "已配货",
        "已发货",
        "已签收",
    ]  # the second one with the day that the purchase order brings
    assert [problem for card in [draft, placed, stock, shipped, *told] for problem in breaches(card)] == []


def shown_order(tx: Transaction, order: Order) -> Card:
    return render_card("order", order_data(tx, order) | {"url": "", "message": "", "editable": False}, key_for)
