"""Whatever people do in whatever order, the books add up (Hypothesis plays the people)."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from automations.leaving import remind
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
    Split,
    SplitPart,
    SubtractQuantity,
)
from orders.negotiating import accept, offer_day, offer_parts
from orders.placing import Wish, WishLine, place_order
from orders.refusals import Refused
from store.models import Capacity, Component, Order, Product, StockBatch, Task
from tests.orders.test_scheduling import book
from tests.orders.trade import Trade, same
from tests.orders.truth import check_books, check_pick_cards
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


@dataclass(frozen=True)
class PlaceInParts:
    """So much as soon as possible, the rest some days later."""

    product: int
    first: int
    rest: int
    days: int


@dataclass(frozen=True)
class Agree:
    """A word in the negotiation of a date, by sales or by purchasing."""

    order: int
    word: str
    days: int
    sales: bool


@dataclass(frozen=True)
class Schedule:
    order: int


@dataclass(frozen=True)
class SplitUp:
    order: int
    first: int
    days: int


@dataclass(frozen=True)
class Sleep:
    """The night, and what the morning brings."""


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


all_products = st.integers(0, 3)
orders = st.integers(0, 9)
of_parts = st.one_of(
    deeds,
    st.builds(PlaceInParts, all_products, amounts, amounts, st.integers(3, 9)),
    st.builds(Place, st.lists(st.tuples(all_products, amounts), min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(Receive, all_products, amounts, warehouses, st.sampled_from(["A", "B"])),
    st.builds(Agree, orders, st.sampled_from(["accept", "accept", "day", "parts"]), st.integers(3, 12), st.booleans()),
    st.builds(SplitUp, orders, amounts, st.integers(3, 9)),
    st.builds(Schedule, orders),
    st.builds(Sleep),
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
    people = People(trade, clock)
    for deed in deeds:
        clock.forward(timedelta(hours=1))
        with suppress(Refused):
            people.do(deed)
    check_books(trade.store)


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(of_parts, min_size=5, max_size=25))
def test_parts_dates_and_made_goods_add_up_after_anything(trade: Trade, clock: TestClock, deeds: list[object]) -> None:
    """And the last card that a warehouse has of each part says what it will take off the shelves."""
    people = People(trade, clock)
    people.make_one()
    for deed in deeds:
        clock.forward(timedelta(hours=1))
        with suppress(Refused):
            people.do(deed)
    check_books(trade.store, tasks=False)
    check_pick_cards(trade.store)


class People:
    """Plays deeds on products of its own, so that every example begins anew."""

    def __init__(self, trade: Trade, clock: TestClock) -> None:
        self.trade, self.clock = trade, clock
        with trade.store.transaction() as tx:
            self.products = [
                Product(code=uuid4().hex, name=f"螺丝{n}", unit="支", min_surplus=n * 5, units={}, aliases=[]) for n in range(3)
            ]
            tx.session.add_all(self.products)
        self.orders: list[Order] = []

    def make_one(self) -> None:
        """A fourth product, made of two of the first and one of the second, ten a day."""
        center = uuid4().hex
        with self.trade.store.transaction() as tx:
            made = Product(code=uuid4().hex, name="套件", unit="套", made=True, work_center=center, units={}, aliases=[])
            tx.session.add(made)
            tx.session.flush()
            for part, quantity in zip(self.products, (2, 1)):
                tx.session.add(Component(product_id=made.id, component_id=part.id, quantity=Decimal(quantity)))
            tx.session.add_all(Capacity(work_center=center, day=self._day(n), quantity=Decimal(10)) for n in range(30))
        self.products.append(made)

    def _day(self, days: int) -> date:
        return (self.clock.now() + timedelta(days=days)).date()

    def do(self, deed: object) -> None:
        match deed:
            case PlaceInParts(n, first, rest, days):
                self._place_in_parts(self.products[n], first, rest, self._day(days))
            case Agree(number, word, days, sales) if self.orders:
                self._agree(self.orders[number % len(self.orders)], word, self._day(days), sales)
            case Schedule(number) if self.orders:
                book(self.trade, self.orders[number % len(self.orders)])
            case SplitUp(number, first, days) if self.orders:
                parts = (SplitPart(quantity=Decimal(first)), SplitPart(day=self._day(days)))
                self.trade.amend(self.orders[number % len(self.orders)], Split(parts=parts), by=self.trade.firm.admin)
            case Sleep():
                self.clock.forward(timedelta(hours=14))
                remind(self.trade.store)
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

    def _place_in_parts(self, product: Product, first: int, rest: int, day: date) -> None:
        splits = ({"quantity": str(first), "date": None}, {"quantity": str(rest), "date": str(day)})
        with self.trade.store.transaction() as tx:
            line = WishLine(product.id, Decimal(first + rest), splits=splits)
            wish = Wish(self.trade.firm.ruigu.id, (line,), wanted_date=day)
            self.orders.append(place_order(tx, wish, same(tx, self.trade.firm.zhaomin)))

    def _agree(self, order: Order, word: str, day: date, sales: bool) -> None:
        with self.trade.store.transaction() as tx:
            one, by = same(tx, order), same(tx, self.trade.firm.sunlei if sales else self.trade.firm.zhenggong)
            match word:
                case "accept":
                    accept(tx, one, by)
                case "day":
                    offer_day(tx, one, day, by)
                case _:
                    offer_parts(tx, one, by)

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
