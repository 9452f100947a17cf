"""Two people who do conflicting things to one order at the same moment, while the clock's work goes on beside them.

One of them is refused or both go through one after the other; never is a change lost, told twice, or stuck.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from automations.approvals import watch
from automations.chasing import chase
from automations.episodes import sweep
from automations.leaving import remind
from automations.reactions import react
from automations.rules import load_rules
from orders.changes import SetPhone, SetQuantity
from orders.deciding import decide
from orders.negotiating import accept, offer_day
from orders.refusals import Refused
from orders.steps import APPROVE, REJECT
from orders.tracing import Trace, trace
from store.models import Order, Product, Stage
from store.transaction import Store
from tests.orders.test_parallel import at_once
from tests.orders.test_scheduling import book, cover, stock
from tests.orders.trade import Trade, same
from tests.orders.truth import check_books
from tests.support.approvals import use_matrix
from tests.support.clock import TestClock
from tests.support.firm import Firm

__all__ = ["cover"]

Deed = Callable[[], object]
ROUNDS = 4


@pytest.fixture
def trade(store: Store, firm: Firm, clock: TestClock) -> Iterator[Trade]:
    """A firm whose books add up in the end, and whose customers have heard of each stage and day once."""
    trade = Trade(store, firm)
    yield trade
    clock_work(trade)
    check_books(store, tasks=False)
    told = [(card.order_id, card.data["where"], card.data["date"], card.data["waybill"]) for card in trade.told("progress")]
    assert len(told) == len(set(told)), "a customer was told the same twice"


def clock_work(trade: Trade) -> None:
    """What the workers do, whatever happens."""
    rules = load_rules()[0]
    react(trade.store, rules)
    sweep(trade.store, rules)
    watch(trade.store)
    chase(trade.store)
    remind(trade.store)


def outcome(deed: Deed) -> str:
    """done, or why it was refused; anything else is raised."""
    try:
        deed()
    except Refused as refused:
        return refused.reason
    return "done"


def race(trade: Trade, *deeds: Deed) -> list[str]:
    """What came of each of the deeds that began together."""
    work = [lambda: clock_work(trade)] * 2
    return at_once([*(lambda deed=deed: outcome(deed) for deed in deeds), *work])[: len(deeds)]  # type: ignore[misc]


def heard(trade: Trade, order: Order) -> str:
    return str([card.data["stage"] for card in trade.told("progress") if card.order_id == order.id][-1])


def test_shipping_and_changing_the_quantity(trade: Trade) -> None:
    for n in range(ROUNDS):
        order = trade.place((trade.firm.bolt, 500))
        shipped, amended = race(
            trade,
            lambda order=order, n=n: trade.ship(order, f"SF100000000000{n}", version=1),  # type: ignore[misc]
            lambda order=order: trade.amend(order, SetQuantity(quantity=Decimal(400)), version=1),  # type: ignore[misc]
        )
        found = trade.order(order)
        assert (shipped, amended) in {("done", "shipped_before_change"), ("old_version", "done")}
        assert (found.stage, found.lines[0].quantity) == (("shipped", 500) if shipped == "done" else ("allocated", 400))
        assert heard(trade, order) == found.stage


def test_picking_and_cancelling(trade: Trade) -> None:
    """What was picked first is caught before it is cancelled."""
    for _ in range(ROUNDS):
        order = trade.place((trade.firm.bolt, 500))
        picked, cancelled = race(trade, lambda order=order: trade.pick(order), lambda order=order: trade.cancel(order, "不要了"))  # type: ignore[misc]
        assert (picked, cancelled) in {("done", "done"), ("nothing_there", "done"), ("not_now", "done"), ("order_over", "done")}
        if picked == "done":
            (task,) = [task for task in trade.open_tasks() if task.order_id == order.id]
            race(
                trade, lambda task=task: trade.intercept(task.id, achieved=True), lambda task=task: trade.intercept(task.id, achieved=True)
            )  # type: ignore[misc]
        found = trade.order(order)
        assert (found.stage, heard(trade, order)) == (Stage.CANCELLED, Stage.CANCELLED)
    assert trade.levels(trade.firm.bolt) == (8000, 0)


def test_shipping_and_cancelling(trade: Trade) -> None:
    for n in range(ROUNDS):
        order = trade.place((trade.firm.bolt, 500))
        shipped, cancelled = race(
            trade,
            lambda order=order, n=n: trade.ship(order, f"SF100000000000{n}"),  # type: ignore[misc]
            lambda order=order: trade.cancel(order, "不要了"),  # type: ignore[misc]
        )
        assert sorted([shipped == "done", cancelled == "done"]) == [False, True], (shipped, cancelled)
        found = trade.order(order)
        assert found.stage == heard(trade, order) == (Stage.SHIPPED if shipped == "done" else Stage.CANCELLED)


def test_a_catch_that_is_answered_in_two_ways(trade: Trade) -> None:
    for n in range(ROUNDS):
        order = trade.place((trade.firm.bolt, 500))
        trade.pick(order)
        trade.amend(order, SetQuantity(quantity=Decimal(400)))
        (task,) = [task for task in trade.open_tasks() if task.order_id == order.id]
        answers = race(
            trade,
            lambda task=task: trade.intercept(task.id, achieved=True),  # type: ignore[misc]
            lambda task=task: trade.intercept(task.id, achieved=False),  # type: ignore[misc]
            lambda order=order, n=n: trade.ship(order, f"SF100000000000{n}", version=1),  # type: ignore[misc]
        )
        assert answers[:2].count("done") == 1
        assert answers[2] in ("amendment_waits", "old_version", "done")
        found = trade.order(order)
        assert (found.version, found.lines[0].quantity) == ((2, 400) if answers[0] == "done" else (1, 500))


def test_approving_and_rejecting(trade: Trade, clock: TestClock) -> None:
    """Two in finance, one seat; while an overdue step climbs."""
    use_matrix(trade.store)
    firm = trade.firm
    for _ in range(ROUNDS):
        order = trade.place((firm.bolt, 50))
        say(trade, order, firm.wugang.id)
        clock.forward(timedelta(minutes=46))
        words = race(
            trade,
            lambda order=order: say(trade, order, firm.wangkuaiji.id),  # type: ignore[misc]
            lambda order=order: say(trade, order, firm.wangkuaiji.id, REJECT),  # type: ignore[misc]
        )
        assert sorted(words) in (["approval_over", "done"], ["decided_already", "done"]), words
        assert trade.order(order).stage == (Stage.ALLOCATED if words[0] == "done" else Stage.PLACED)
        again = race(
            trade,
            lambda order=order: say(trade, order, firm.wangkuaiji.id),  # type: ignore[misc]
            lambda order=order: trade.amend(order, SetPhone(value="13900001111")),  # type: ignore[misc]
        )
        assert again[1] == "done"
        found = trade.order(order)
        assert (found.version, found.phone) == (2, "13900001111")
        assert found.stage == (Stage.ALLOCATED if words[0] == "done" else Stage.PLACED)
        trade.cancel(order, "下一轮")


def say(trade: Trade, order: Order, by: int, word: str = APPROVE) -> None:
    with trade.store.transaction() as tx:
        person = next(one for one in (trade.firm.wangkuaiji, trade.firm.wugang) if one.id == by)
        decide(tx, same(tx, order), same(tx, person), word, "wecom", "价格不对" if word == REJECT else "")


def test_goods_that_come_while_an_order_is_confirmed_changed_and_cancelled(trade: Trade) -> None:
    waiting = [trade.place((trade.firm.nut, 100)) for _ in range(3)]
    deeds: list[Deed] = [lambda: trade.receive(trade.firm.nut, 90)] * 3
    deeds += [lambda: trade.place((trade.firm.nut, 60))] * 3
    deeds += [lambda: trade.amend(waiting[0], SetQuantity(quantity=Decimal(30))), lambda: trade.cancel(waiting[1], "不要了")]
    deeds += [lambda: trade.announce("PO1", trade.firm.nut, 500, date(2026, 3, 9))]
    assert set(race(trade, *deeds)) == {"done"}
    assert trade.levels(trade.firm.nut)[0] == 270


def test_agreeing_on_a_day_while_goods_come(trade: Trade) -> None:
    for n in range(ROUNDS):
        order = trade.place((trade.firm.nut, 100), wanted_date=date(2026, 3, 6), urgent=True)
        with trade.store.transaction() as tx:
            offer_day(tx, same(tx, order), date(2026, 3, 13), same(tx, trade.firm.zhoufang))

        def agree(order: Order = order) -> None:
            with trade.store.transaction() as tx:
                accept(tx, same(tx, order), same(tx, trade.firm.zhaomin))

        agreed, received = race(trade, agree, lambda: trade.receive(trade.firm.nut, 100))
        assert (agreed in ("done", "date_settled"), received) == (True, "done")
        found = trade.order(order)
        assert (found.stage, found.date_open) == (Stage.ALLOCATED, False)
        assert found.promised_date == (date(2026, 3, 13) if agreed == "done" else found.promised_date)
        trade.ship(order, f"SF100000000000{n}")


def test_scheduling_cancelling_and_taking_in(trade: Trade, cover: Product) -> None:
    stock(trade, nut=500, small_bolt=500)
    for _ in range(ROUNDS):
        order = trade.place((cover, 10))
        scheduled, cancelled, received = race(
            trade,
            lambda order=order: book(trade, order),  # type: ignore[misc]
            lambda order=order: trade.cancel(order, "不要了"),  # type: ignore[misc]
            lambda: trade.receive(cover, 5),
        )
        assert (cancelled, received) == ("done", "done")
        assert scheduled in ("done", "not_now", "schedule_moved", "order_over", "old_version")
        assert trade.order(order).stage == Stage.CANCELLED
    made = trade.levels(cover)[0]
    assert trade.levels(trade.firm.nut) == (500 - 2 * made, 0)
    assert trade.levels(trade.firm.small_bolt) == (500 - 3 * made, 0)


def test_signing_by_hand_and_by_the_carrier(trade: Trade, clock: TestClock) -> None:
    for n in range(ROUNDS):
        order = trade.place((trade.firm.bolt, 500))
        trade.ship(order, f"SF100000000000{n}")
        clock.forward(timedelta(hours=1))

        def delivered(n: int = n) -> None:
            with trade.store.transaction() as tx:
                trace(tx, "shunfeng", f"SF100000000000{n}", [Trace(tx.now, "已签收", "杭州", "delivered")], True)

        outcomes = race(trade, lambda order=order: trade.sign(order, trade.firm.zhaomin), delivered, delivered)  # type: ignore[misc]
        assert set(outcomes[1:]) == {"done"}
        assert outcomes[0] in ("done", "already_signed")
        assert trade.kinds(order).count("order.signed") == 1
        assert trade.order(order).stage == heard(trade, order) == Stage.SIGNED
