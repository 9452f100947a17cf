"""How soon people hear: the customer of a confirmed order, purchasing of a shortage that stock or time brings about."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from orders.stock import count
from orders.tasks import DONE
from sandbox.ledger import ChatMessage
from sandbox.server import SandboxInThread, in_thread
from sandbox.suggestions import order_number
from store.clock import MovableClock
from store.embedded import leave, redis_url
from store.models import Customer, Order, OrderLine, Product, Staff, Stage, StockBatch, Task
from store.queues import connect, wake
from store.settings import Settings
from store.transaction import Store, Transaction
from tests.bench.crowd import settle
from tests.bench.figures import Figure, milliseconds, show
from tests.bench.stage import fresh
from tests.support.product import running_product

_MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
_CUSTOMER, _PURCHASING = "wechat/openid-ruigu", "wecom/zhoufang"
_PEOPLE = 10
"""Enough that nobody is sent more messages than WeCom lets one person have in a minute."""
_Found = TypeVar("_Found")
_SCARCE, _MUCH = Decimal(100), Decimal(100_000)


def run(*, quick: bool, databases: list[str]) -> None:
    """All three, on each of the databases."""
    for database in databases:
        with fresh(database) as store:
            people = [str(person.wecom_userid) for person in settle(store, _PEOPLE)]
            with _whole_desk(store.settings, people) as desk:
                _show(database, desk, people, quick)


def _show(database: str, desk: "_Desk", people: list[str], quick: bool) -> None:
    customer = [desk.confirm(people[number % len(people)]) for number in range(5 if quick else 60)]
    stock = list(desk.stock_alerts(3 if quick else 12))
    clock = list(desk.time_alerts(2 if quick else 10))
    figures: list[Figure] = [
        *milliseconds("confirmation to the customer's message", customer, {0.95: 1000}),
        *milliseconds("change of stock to the alert's card", stock, {0.95: 2000}),
        *milliseconds("fast-forward to the alert's card", clock, {1: 10_000}),
    ]
    show(f"from what happens to who is told, {database}", figures)


@contextmanager
def _whole_desk(settings: Settings, people: list[str]) -> Iterator["_Desk"]:
    redis = connect(redis_url(settings))
    clock = MovableClock(redis)
    clock.set_to(_MORNING)
    store = Store(settings, clock, partial(wake, redis))
    try:
        with in_thread(settings, clock) as threaded:
            threaded.sandbox.directory.wecom |= {userid: userid for userid in people}
            with running_product(threaded.sandbox.settings):
                yield _Desk(threaded, store)
    finally:
        store.close()
        redis.close()
        leave(settings)


class _Desk:
    """People at the stand-ins, and the store of the same firm."""

    def __init__(self, threaded: SandboxInThread, store: Store) -> None:
        self._threaded, self._sandbox, self._store = threaded, threaded.sandbox, store

    def confirm(self, who: str) -> float:
        """Seconds from the press of 确认下单 to the customer's message."""
        chat = f"wecom/{who}"
        before = len(self._sandbox.messages(chat))
        self._threaded.do(self._sandbox.say(chat, "下单 锐固建材 M12×80镀锌螺栓×500支 免费配送 3月20日到"))
        draft = self._until(lambda: self._said(chat, before, "确认下单"))
        heard = len(self._sandbox.messages(_CUSTOMER))
        began = time.perf_counter()
        self._threaded.do(self._sandbox.press(draft.id, "确认下单"))
        message = self._until(lambda: self._said(_CUSTOMER, heard, "SO"))
        seconds = time.perf_counter() - began
        number = self._until(lambda: order_number(str(draft.content)))
        assert number in str(message.content), (number, message)
        return seconds

    def stock_alerts(self, times: int) -> Iterator[float]:
        """Seconds from a count that finds too little for an order due in two hours, to the card at purchasing."""
        with self._store.transaction() as tx:
            orders = [_watched(tx, f"S{number}", tx.now + timedelta(hours=2), _MUCH) for number in range(times)]
        for number, product in orders:
            began = time.perf_counter()
            with self._store.transaction() as tx:
                count(tx, tx.session.get_one(Product, product), "主仓", "A-1", _SCARCE, "B1")
            self._until(lambda: self._said(_PURCHASING, 0, "缺货预警", number))  # noqa: B023 -- called at once
            yield time.perf_counter() - began

    def time_alerts(self, times: int) -> Iterator[float]:
        """Seconds from a fast-forward that leaves a scarce order less than four hours, to the card at purchasing."""
        with self._store.transaction() as tx:
            due = [tx.now + timedelta(hours=4 + number, minutes=30) for number in range(times)]
            orders = [_watched(tx, f"T{number}", ship_at, _SCARCE) for number, ship_at in enumerate(due)]
        for number, _ in orders:
            self._finish_tasks()
            time.sleep(1.7)  # so that the moments fall anywhere between two sweeps
            began = time.perf_counter()
            self._sandbox.clock.forward(timedelta(hours=1))
            self._until(lambda: self._said(_PURCHASING, 0, "缺货预警", number))  # noqa: B023 -- called at once
            yield time.perf_counter() - began

    def _finish_tasks(self) -> None:
        """As if all had been done in time: reminders of what is overdue would use up what WeCom lets one person have in a minute."""
        with self._store.transaction() as tx:
            tx.session.execute(update(Task).values(state=DONE, done_at=tx.now))

    def _said(self, chat: str, since: int, *texts: str) -> ChatMessage | None:
        said = [message for message in self._sandbox.messages(chat)[since:] if not message.mine]
        return next((message for message in said if all(text in str(message.content) for text in texts)), None)

    def _until(self, condition: Callable[[], _Found | None]) -> _Found:
        found = self._threaded.do(self._sandbox.until(condition, 30))
        assert found is not None
        return found


def _watched(tx: Transaction, name: str, ship_at: datetime, on_hand: Decimal) -> tuple[str, int]:
    """An order of its own product, promised for `ship_at`: its number and the product's id."""
    product = Product(code=f"BENCH-{name}", name=f"测试螺栓{name}", unit="支", price=Decimal(1), safety_stock=Decimal(1000))
    tx.session.add(StockBatch(product=product, warehouse="主仓", location="A-1", batch="B1", on_hand=on_hand, reserved=Decimal(0)))
    order = Order(
        no=f"BENCH-{name}-{ship_at:%H%M}",
        stage=Stage.APPROVED,
        customer_id=tx.session.scalars(select(Customer.id).where(Customer.wechat_openid.is_not(None))).first(),
        salesperson_id=tx.session.scalars(select(Staff.id).where(Staff.wecom_userid == "zhaomin")).one(),
        promised_ship_at=ship_at,
        created_at=tx.now,
    )
    order.lines.append(OrderLine(position=1, product=product, quantity=Decimal(10)))
    tx.session.add(order)
    tx.session.flush()
    return order.no, product.id
