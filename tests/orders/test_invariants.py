"""Whatever people do in whatever order, the books add up (Hypothesis plays the people)."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from orders.changes import (
    AddLine,
    AddQuantity,
    AnyChange,
    RemoveLine,
    ReplaceProduct,
    SetPhone,
    SetPrice,
    SetQuantity,
    SetUrgent,
    ShiftDate,
    SubtractQuantity,
)
from orders.refusals import Refused
from store.models import Order, Product, StockBatch, Task
from tests.orders.trade import Trade
from tests.orders.truth import check_books
from tests.support.clock import TestClock


@dataclass(frozen=True)
class Place:
    quantities: tuple[tuple[int, int], ...]
    urgent: bool


@dataclass(frozen=True)
class Receive:
    product: int
    quantity: int
    warehouse: str
    location: str


@dataclass(frozen=True)
class Announce:
    product: int
    quantity: int
    days: int


@dataclass(frozen=True)
class Count:
    batch: int
    quantity: int


@dataclass(frozen=True)
class Move:
    deed: str
    order: int
    warehouse: str | None


@dataclass(frozen=True)
class Change:
    """Changes of an order that people saw as it was `late` versions ago."""

    order: int
    changes: tuple[tuple[str, int, int], ...]
    late: int


@dataclass(frozen=True)
class Cancel:
    order: int


@dataclass(frozen=True)
class Answer:
    achieved: bool


products = st.integers(0, 2)
amounts = st.integers(1, 60)
warehouses = st.sampled_from(["主仓", "二仓"])
kinds = ["set", "add", "subtract", "new", "remove", "replace", "price", "phone", "date", "urgent"]
wishes = st.tuples(st.sampled_from(kinds), products, amounts)
deeds = st.one_of(
    st.builds(Change, st.integers(0, 9), st.lists(wishes, min_size=1, max_size=3).map(tuple), st.sampled_from([0, 0, 0, 1])),
    st.builds(Cancel, st.integers(0, 9)),
    st.builds(Answer, st.booleans()),
    st.builds(Place, st.lists(st.tuples(products, amounts), min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(Receive, products, amounts, warehouses, st.sampled_from(["A", "B"])),
    st.builds(Announce, products, amounts, st.integers(0, 20)),
    st.builds(Count, st.integers(0, 9), st.integers(0, 80)),
    st.builds(Move, st.sampled_from(["pick", "ship", "sign"]), st.integers(0, 9), st.none() | warehouses),
)


# Books that are wrong once stay wrong, so a failing example is not shrunk.
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(deeds, min_size=3, max_size=20))
def test_the_books_add_up_after_anything(trade: Trade, clock: TestClock, deeds: list[object]) -> None:
    people = People(trade)
    for deed in deeds:
        clock.forward(timedelta(hours=1))
        with suppress(Refused):
            people.do(deed)
    check_books(trade.store)


class People:
    """Plays deeds on three products of its own, so that every example begins anew."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        with trade.store.transaction() as tx:
            self.products = [
                Product(code=uuid4().hex, name=f"螺丝{n}", unit="支", min_surplus=n * 5, units={}, aliases=[]) for n in range(3)
            ]
            tx.session.add_all(self.products)
        self.orders: list[Order] = []

    def do(self, deed: object) -> None:
        match deed:
            case Place(quantities, urgent):
                self.orders.append(self.trade.place(*[(self.products[n], quantity) for n, quantity in quantities], urgent=urgent))
            case Receive(n, quantity, warehouse, location):
                self.trade.receive(self.products[n], quantity, location, by=self.trade.firm.admin, warehouse=warehouse)
            case Announce(n, quantity, days):
                expected = (self.trade.store.clock.now() + timedelta(days=days)).date()
                self.trade.announce(f"PO{n}", self.products[n], quantity, expected)
            case Count(number, quantity):
                self._count(number, quantity)
            case Change(number, wishes, late) if self.orders:
                self._amend(self.orders[number % len(self.orders)], wishes, late)
            case Cancel(number) if self.orders:
                self.trade.cancel(self.orders[number % len(self.orders)], reason="不要了", by=self.trade.firm.admin)
            case Answer(achieved):
                self._answer(achieved)
            case Move(name, number, warehouse) if self.orders:
                self._move(name, self.orders[number % len(self.orders)], warehouse)

    def _amend(self, order: Order, wishes: tuple[tuple[str, int, int], ...], late: int) -> None:
        changes = [self._change(*wish) for wish in wishes]
        version = max(self.trade.order(order).version - late, 1)
        self.trade.amend(order, *changes, by=self.trade.firm.admin, version=version)

    def _change(self, kind: str, n: int, amount: int) -> AnyChange:
        product, quantity = self.products[n].id, Decimal(amount)
        match kind:
            case "set":
                return SetQuantity(product=product, quantity=quantity)
            case "add":
                return AddQuantity(product=product, quantity=quantity)
            case "subtract":
                return SubtractQuantity(product=product, quantity=quantity)
            case "new":
                return AddLine(product=product, quantity=quantity)
            case "remove":
                return RemoveLine(product=product)
            case "replace":
                return ReplaceProduct(product=product, to=self.products[(n + 1) % 3].id)
            case "price":
                return SetPrice(product=product, price=quantity / 10)
            case "phone":
                return SetPhone(value=f"1390000{amount:04}")
            case "date":
                return ShiftDate(days=amount % 9 - 2)
        return SetUrgent()

    def _answer(self, achieved: bool) -> None:
        with self.trade.store.reading() as tx:
            tasks = tx.session.scalars(select(Task).where(Task.kind.in_(("intercept", "reroute")), Task.state == "open")).all()
        for task in tasks[:1]:
            self.trade.intercept(task.id, achieved=achieved, by=self.trade.firm.admin)

    def _count(self, number: int, quantity: int) -> None:
        with self.trade.store.reading() as tx:
            own = StockBatch.product_id.in_([product.id for product in self.products])
            batches = tx.session.scalars(select(StockBatch).where(own).order_by(StockBatch.id)).all()
        if batches:
            self.trade.count(batches[number % len(batches)], quantity)

    def _move(self, name: str, order: Order, warehouse: str | None) -> None:
        if name == "sign":
            self.trade.sign(order, by=self.trade.firm.zhaomin)
        elif name == "pick":
            self.trade.pick(order, by=self.trade.firm.admin, warehouse=warehouse)
        else:
            self.trade.ship(order, by=self.trade.firm.admin, warehouse=warehouse)
