"""The two triggers that ship: when they speak, to whom, once, and when it is over."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from automations.episodes import sweep
from automations.rules import Rule, load_rules
from automations.subjects import Scope
from store.events import Fact
from store.models import Episode, Event, Fulfilment, Order, OrderLine, OutboxMessage, Reservation, Stage, StockBatch, Task
from store.transaction import Store
from tests.automations.orders import line_for, order_for, parcel_for, refuse_messages_of
from tests.orders.trade import Trade
from tests.support.clock import TestClock
from tests.support.firm import Firm

HOUR = timedelta(hours=1)


@pytest.fixture
def rules() -> list[Rule]:
    rules, problems = load_rules()
    assert problems == []
    return rules


@pytest.fixture
def told(store: Store) -> Callable[[], list[tuple[str, str]]]:
    """What people have been told since the last call: card and audience."""
    seen: set[str] = set()

    def fresh() -> list[tuple[str, str]]:
        with store.reading() as look:
            rows = look.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        new = [row for row in rows if row.key not in seen]
        seen.update(row.key for row in new)
        return [(row.card, row.audience) for row in new if not row.audience.startswith("service:")]

    return fresh


def _set_stock(store: Store, firm: Firm, on_hand: str) -> None:
    """All of the bolt lies in one batch."""
    with store.transaction() as tx:
        for number, batch in enumerate(firm.batches):
            tx.session.get_one(StockBatch, batch.id).on_hand = Decimal(on_hand) if number == 0 else Decimal(0)


def _change(store: Store, order: Order, **values: Any) -> None:
    with store.transaction() as tx:
        for name, value in values.items():
            setattr(tx.session.get_one(Order, order.id), name, value)


def _card(store: Store, card: str) -> dict[str, Any]:
    with store.reading() as look:
        newest = select(OutboxMessage.data).where(OutboxMessage.card == card).order_by(OutboxMessage.id.desc())
        return dict(look.session.scalars(newest).first() or {})


class TestStockShortage:
    """Safety stock of the bolt is 3,000: the alert line is 4,500."""

    @pytest.fixture
    def order(self, store: Store, firm: Firm, clock: TestClock) -> Order:
        with store.transaction() as tx:
            order = order_for(tx, firm, 7, ship_at=clock.now() + 3 * HOUR)
            line_for(tx, order, firm.bolt, 500)
        return order

    @pytest.mark.parametrize(("on_hand", "fires"), [("4499.9999", True), ("4500", False), ("4500.0001", False)])
    def test_stock_boundary(self, store: Store, firm: Firm, order: Order, rules: list[Rule], on_hand: str, fires: bool) -> None:
        _set_stock(store, firm, on_hand)
        assert sweep(store, rules) == fires

    @pytest.mark.parametrize(("away", "fires"), [(4 * HOUR - timedelta(seconds=1), True), (4 * HOUR, False), (-HOUR, True)])
    def test_time_boundary(
        self, store: Store, firm: Firm, clock: TestClock, order: Order, rules: list[Rule], away: timedelta, fires: bool
    ) -> None:
        _set_stock(store, firm, "100")
        _change(store, order, promised_ship_at=clock.now() + away)
        assert sweep(store, rules) == fires

    def test_purchasing_gets_the_task_and_the_salesperson_a_copy(self, store: Store, firm: Firm, order: Order, rules: list[Rule]) -> None:
        _set_stock(store, firm, "4400")
        sweep(store, rules)
        with store.reading() as look:
            task = look.session.scalars(select(Task)).one()
            messages = look.session.scalars(select(OutboxMessage)).all()
        assert {(row.card, row.audience) for row in messages} == {("restock", "role:purchasing"), ("restock", f"staff:{firm.zhaomin.id}")}
        card = next(row.data for row in messages if row.audience == "role:purchasing")
        assert card["urgent"]
        assert card["task"] == task.id
        line = card["lines"][0]
        assert (line["product"], line["missing"], line["order_no"], line["customer"]) == (firm.bolt.name, "600", order.no, "锐固建材")
        assert line["promised_ship_at"] == "2026-03-02T12:30:00+08:00"

    def test_tells_once_says_when_it_is_over_and_speaks_again_after_that(
        self, store: Store, firm: Firm, order: Order, rules: list[Rule], clock: TestClock, told: Callable[[], list[tuple[str, str]]]
    ) -> None:
        zhaomin = f"staff:{firm.zhaomin.id}"
        alert = [("restock", "role:purchasing"), ("restock", zhaomin)]
        _set_stock(store, firm, "4400")
        sweep(store, rules)
        assert told() == alert
        clock.forward(HOUR)
        assert sweep(store, rules) == 0
        assert told() == []

        _set_stock(store, firm, "9000")
        sweep(store, rules)
        assert told() == [("shortage_over", "role:purchasing"), ("shortage_over", zhaomin)]
        assert _card(store, "shortage_over") == {"order_no": order.no, "customer": "锐固建材", "product": firm.bolt.name, "url": ""}
        with store.reading() as look:
            assert look.session.scalars(select(Task.state)).all() == ["done"]

        _set_stock(store, firm, "100")
        sweep(store, rules)
        assert told() == alert
        with store.reading() as look:
            facts = look.session.scalars(select(Event.kind).where(Event.order_id == order.id).order_by(Event.id)).all()
            opened = look.session.scalars(select(Event.data).where(Event.kind == Fact.ALERT_OPENED).order_by(Event.id)).all()
        assert opened[0]["figures"] == {"missing": "600"}
        assert [fact for fact in facts if fact.startswith("alert")] == [Fact.ALERT_OPENED, Fact.ALERT_RESOLVED, Fact.ALERT_OPENED]

    @pytest.mark.parametrize("change", [{"stage": Stage.PICKED}, {"stage": Stage.CANCELLED}])
    def test_is_over_when_the_order_needs_the_stock_no_more(
        self, store: Store, firm: Firm, order: Order, rules: list[Rule], change: dict[str, Any]
    ) -> None:
        _set_stock(store, firm, "100")
        sweep(store, rules)
        _change(store, order, **change)
        assert sweep(store, rules) == 1
        assert sweep(store, rules) == 0
        assert _card(store, "shortage_over")["order_no"] == order.no

    @pytest.mark.parametrize(("picked", "fires"), [("300", True), ("500", False)])
    def test_a_line_that_has_left_before_the_rest_of_its_order_needs_no_stock(
        self, store: Store, firm: Firm, order: Order, rules: list[Rule], picked: str, fires: bool
    ) -> None:
        _set_stock(store, firm, "100")
        with store.transaction() as tx:
            line = tx.session.scalars(select(OrderLine)).one()
            batch = tx.session.get_one(StockBatch, firm.batches[0].id)
            tx.session.add(Reservation(line=line, batch=batch, quantity=Decimal(picked), picked=True))
        assert sweep(store, rules) == fires

    def test_a_second_order_joins_the_open_task_and_purchasing_is_told_again(
        self, store: Store, firm: Firm, order: Order, rules: list[Rule], clock: TestClock, told: Callable[[], list[tuple[str, str]]]
    ) -> None:
        _set_stock(store, firm, "100")
        sweep(store, rules)
        told()
        with store.transaction() as tx:
            other = order_for(tx, firm, 8, ship_at=clock.now() + HOUR)
            line_for(tx, other, firm.bolt, 10)
        sweep(store, rules)
        assert told() == [("restock", "role:purchasing"), ("restock", f"staff:{firm.zhaomin.id}")]
        with store.reading() as look:
            task = look.session.scalars(select(Task)).one()
            assert {line.order.no for line in task.lines if line.order} == {order.no, other.no}

    def test_lines_of_one_order_come_in_one_card(
        self, store: Store, firm: Firm, order: Order, rules: list[Rule], told: Callable[[], list[tuple[str, str]]]
    ) -> None:
        _set_stock(store, firm, "100")
        with store.transaction() as tx:
            line_for(tx, tx.session.get_one(Order, order.id), firm.small_bolt, 20)
        sweep(store, rules)
        assert told() == [("restock", "role:purchasing"), ("restock", f"staff:{firm.zhaomin.id}")]
        assert len(_card(store, "restock")["lines"]) == 2

    def test_two_lines_of_one_product_do_not_ask_for_the_same_stock_twice(
        self, store: Store, firm: Firm, order: Order, rules: list[Rule]
    ) -> None:
        _set_stock(store, firm, "100")
        with store.transaction() as tx:
            line_for(tx, tx.session.get_one(Order, order.id), firm.bolt, 200)
        sweep(store, rules)
        assert [line["missing"] for line in _card(store, "restock")["lines"]] == ["4900"]


class TestShippingTimeout:
    @pytest.mark.parametrize(("silent", "fires"), [(48 * HOUR, False), (48 * HOUR + timedelta(seconds=1), True), (400 * HOUR, True)])
    def test_time_boundary(self, store: Store, firm: Firm, rules: list[Rule], silent: timedelta, fires: bool) -> None:
        with store.transaction() as tx:
            parcel_for(tx, firm, 7, silent=silent)
        assert sweep(store, rules) == fires

    @pytest.mark.parametrize(
        ("source", "values", "fires"),
        [
            ("person", {}, True),
            ("import", {}, False),
            ("api", {}, False),
            ("import", {"subscribed": True}, True),
            ("import", {"last_trace_at": TestClock().now() - 60 * HOUR}, True),
            ("person", {"stage": Stage.SIGNED}, False),
        ],
    )
    def test_only_waybills_that_can_move(
        self, store: Store, firm: Firm, rules: list[Rule], clock: TestClock, source: str, values: dict[str, Any], fires: bool
    ) -> None:
        with store.transaction() as tx:
            parcel = parcel_for(tx, firm, 7, source, 60 * HOUR)
            for name, value in values.items():
                setattr(parcel, name, value)
        assert sweep(store, rules) == fires

    def test_the_group_hears_of_silence_and_of_its_end_once_each(
        self, store: Store, firm: Firm, rules: list[Rule], clock: TestClock, told: Callable[[], list[tuple[str, str]]]
    ) -> None:
        with store.transaction() as tx:
            parcel = parcel_for(tx, firm, 7)
        clock.forward(50 * HOUR + timedelta(minutes=20))
        sweep(store, rules)
        clock.forward(HOUR)
        sweep(store, rules)
        assert told() == [("shipping_alert", "group:logistics")]
        card = _card(store, "shipping_alert")
        assert (card["order_no"], card["customer"], card["carrier"], card["waybill"]) == (
            "SO260302-0007",
            "锐固建材",
            "顺丰",
            parcel.waybill,
        )
        assert (card["hours_silent"], card["hours_overdue"]) == (50, 2)

        self._move(store, parcel, clock)
        sweep(store, rules)
        sweep(store, rules)
        assert told() == [("shipping_over", "group:logistics")]

        clock.forward(49 * HOUR)
        sweep(store, rules)
        assert told() == [("shipping_alert", "group:logistics")]

    def test_signing_ends_it(self, store: Store, firm: Firm, rules: list[Rule], clock: TestClock) -> None:
        with store.transaction() as tx:
            parcel = parcel_for(tx, firm, 7, silent=60 * HOUR)
        sweep(store, rules)
        with store.transaction() as tx:
            tx.session.get_one(Fulfilment, parcel.id).stage = Stage.SIGNED
        sweep(store, rules)
        assert _card(store, "shipping_over")["text"] == "客户已签收"

    @staticmethod
    def _move(store: Store, parcel: Fulfilment, clock: TestClock) -> None:
        with store.transaction() as tx:
            again = tx.session.get_one(Fulfilment, parcel.id)
            again.last_trace_at = again.moved_at = clock.now()


def test_a_rule_with_a_repeat_time_tells_again_after_it(store: Store, firm: Firm, rules: list[Rule], clock: TestClock) -> None:
    repeating = [rule.model_copy(update={"repeat_hours": 24.0}) for rule in rules if rule.name == "shipping_timeout"]
    with store.transaction() as tx:
        parcel_for(tx, firm, 7, silent=60 * HOUR)
    told_after = []
    for _ in range(3):
        sweep(store, repeating)
        with store.reading() as look:
            told_after.append(look.session.scalar(select(func.count()).select_from(OutboxMessage)))
        clock.forward(13 * HOUR)
    assert told_after == [1, 1, 2]
    with store.reading() as look:
        assert look.session.scalar(select(func.count()).select_from(Episode)) == 1


def test_a_narrow_sweep_leaves_the_others_alone(store: Store, firm: Firm, rules: list[Rule], clock: TestClock) -> None:
    _set_stock(store, firm, "100")
    with store.transaction() as tx:
        first, second = (order_for(tx, firm, number, ship_at=clock.now() + HOUR) for number in (1, 2))
        line_for(tx, first, firm.bolt, 10)
        other = line_for(tx, second, firm.small_bolt, 10)
    sweep(store, rules, Scope(products=frozenset({firm.bolt.id})))
    with store.reading() as look:
        assert look.session.scalars(select(Episode.order_id)).all() == [first.id]
    sweep(store, rules, Scope(orders=frozenset({second.id})))
    with store.reading() as look:
        assert set(look.session.scalars(select(Episode.subject_id))) >= {other.id}
        assert look.session.scalar(select(func.count()).select_from(OrderLine)) == 2


def test_an_order_that_cannot_be_told_of_does_not_keep_the_others_waiting(store: Store, firm: Firm, rules: list[Rule]) -> None:
    with store.transaction() as tx:
        parcels = [parcel_for(tx, firm, number, silent=60 * HOUR) for number in (1, 2, 3)]
    refuse_messages_of(store, parcels[1].order)
    with pytest.raises(ExceptionGroup) as raised:
        sweep(store, rules)
    assert len(raised.value.exceptions) == 1
    with store.reading() as look:
        told = look.session.scalars(select(OutboxMessage.order_id).order_by(OutboxMessage.order_id)).all()
        opened = look.session.scalars(select(Episode.order_id).order_by(Episode.order_id)).all()
    assert told == opened == [parcels[0].order_id, parcels[2].order_id]


def test_what_an_order_still_waits_for_stays_asked_for_when_its_alert_is_over(
    store: Store, firm: Firm, rules: list[Rule], clock: TestClock
) -> None:
    """The purchase order that ends the alert by moving the day has still to come."""
    trade = Trade(store, firm)
    order = trade.place((firm.bolt, 8200))
    ship_at = trade.order(order).promised_ship_at
    assert ship_at
    clock.set(ship_at - HOUR)
    sweep(store, rules)
    assert [line["missing"] for line in _card(store, "restock")["lines"]] == ["4700"]
    trade.announce("PO1", firm.bolt, 5000, clock.now().date() + timedelta(days=3))
    sweep(store, rules)
    assert _card(store, "shortage_over")["order_no"] == order.no
    with store.reading() as look:
        task = look.session.scalars(select(Task)).one()
        assert (task.state, [(line.quantity, line.done, line.alert) for line in task.lines]) == ("open", [(200, False, False)])
    trade.receive(firm.bolt, 5000, number="PO1")
    sweep(store, rules)
    assert trade.open_tasks() == []
