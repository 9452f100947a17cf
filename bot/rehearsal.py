"""A rehearsal at the start of a program: so nobody's first message waits for what is read, built and compiled only once.

The cards, the words, the catalogue, the calendar and every SQL statement on the way of an order are needed the first time.
"""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal

import structlog
from sqlalchemy import select

from bot.call import Call, Form
from bot.doors.dingtalk import DingTalkForm
from bot.doors.wecom import WeComForm
from bot.gate import Gate
from handlers import desk
from platforms.words import Message, Platform
from store.models import Customer, Order, Product, Role, Staff, StockBatch
from store.transaction import Store, Transaction

log = structlog.get_logger()


_TRIED = 3
"""Products that an order is tried with: of one there may be a question, and the draft of the last that has none is confirmed."""


class _Over(Exception):
    """Takes everything back."""


def rehearse(store: Store) -> None:
    """Has a salesperson place an order, ask for it and look at a change of it, in a transaction that is never committed. Nobody hears."""
    gate = Gate(store)
    try:
        desk.prepare(store)
        with store.transaction() as tx:
            _play(tx, gate)
            raise _Over
    except _Over:
        pass
    except Exception:
        # The desk answers without it, only later.
        log.exception("the rehearsal broke off")


def _play(tx: Transaction, gate: Gate) -> None:
    """Through the whole gate, as calls from WeCom or, where no seller is known there, from DingTalk."""
    sellers = [person for person in tx.session.scalars(select(Staff).where(Staff.active)) if person.has(Role.SALES)]
    on_wecom = [person.wecom_userid for person in sellers if person.wecom_userid]
    on_dingtalk = [person.dingtalk_userid for person in sellers if person.dingtalk_userid]
    form: Form
    if on_wecom:
        platform, who, form = Platform.WECOM, on_wecom[0], WeComForm("", on_wecom[0], tx.now, cards=True)
    elif on_dingtalk:
        platform, who, form = Platform.DINGTALK, on_dingtalk[0], DingTalkForm(has_cards=False)
    else:
        return
    for number, text in enumerate(_lines(tx)):
        with suppress(desk.Refused):
            gate.work(tx, Call(Message(platform, f"rehearsal-{number}", who, text), form), [])


def _lines(tx: Transaction) -> Iterator[str]:
    """What is said, about products that are there, if any are; each line after the one before it has been answered."""
    free = select(StockBatch.product_id).where(StockBatch.on_hand > StockBatch.reserved)
    in_stock = select(Product).where(Product.id.in_(free)).limit(_TRIED)
    products, customer = tx.session.scalars(in_stock).all(), tx.session.scalar(select(Customer).limit(1))
    if products and customer:
        for product in products:
            yield f"下单 {customer.name} {product.name} {(product.moq or Decimal(1)).normalize():f}{product.unit}"
        yield from ("确认", f"库存 {products[0].code}")
    if newest := tx.session.scalar(select(Order.no).order_by(Order.id.desc()).limit(1)):
        yield from (f"查单 {newest}", f"改单 {newest} 加急")
    yield from ("待办", "帮助")
