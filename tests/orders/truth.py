"""What must hold of the books at any moment, whatever has happened."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from orders.reserving import in_parts, missing, to_be_made
from orders.snapshots import chained as snapshot_hash
from orders.words import money, plain
from store.events import chained as event_hash
from store.models import (
    Event,
    Fulfilment,
    MaterialReservation,
    Order,
    OrderLine,
    OutboxMessage,
    Reservation,
    Snapshot,
    Stage,
    StockBatch,
    Task,
    TaskLine,
)
from store.transaction import Store, Transaction

_LEFT = (Stage.PICKED, Stage.SHIPPED, Stage.SIGNED, Stage.CLOSED, Stage.CANCELLED)


def check_books(store: Store, *, tasks: bool = True) -> None:
    """Raises AssertionError with what does not add up."""
    with store.reading() as tx:
        _check_stock(tx)
        _check_orders(tx)
        _check_chains(tx)
        if tasks:
            _check_tasks(tx)


def check_pick_cards(store: Store) -> None:
    """The last card that a warehouse has of each part says what it holds, of the version in force, and for its day."""
    with store.reading() as tx:
        for part in tx.session.scalars(select(Fulfilment).where(Fulfilment.stage == Stage.ALLOCATED)):
            number = part.part if in_parts(part.order) else 0
            told = select(OutboxMessage).where(OutboxMessage.order_id == part.order_id, OutboxMessage.card.in_(("pick", "pick_over")))
            cards = [
                card
                for card in tx.session.scalars(told.order_by(OutboxMessage.id))
                if (card.data["warehouse"], card.data.get("part", 0)) in ((part.warehouse, number), (part.warehouse, 0))
            ]
            last = cards[-1].data
            assert (cards[-1].card, last["version"], last["due_on"]) == ("pick", part.order.version, str(part.due_on or ""))
            said = sorted((line["product"], line["quantity"]) for line in last["lines"])
            assert said == sorted((held.line.product.name, plain(held.quantity)) for held in part.reservations)


def _check_stock(tx: Transaction) -> None:
    held: defaultdict[int, Decimal] = defaultdict(Decimal)
    for batch_id, quantity in tx.session.execute(select(Reservation.batch_id, Reservation.quantity).where(~Reservation.picked)):
        assert quantity > 0
        held[batch_id] += quantity
    for material in tx.session.scalars(select(MaterialReservation)):
        assert material.quantity > 0
        held[material.batch_id] += material.quantity
    for batch in tx.session.scalars(select(StockBatch)):
        assert 0 <= batch.reserved <= batch.on_hand
        assert batch.reserved == held[batch.id], batch.location


def _check_orders(tx: Transaction) -> None:
    orders = tx.session.scalars(select(Order)).all()
    assert len({order.no for order in orders}) == len(orders)
    wanted = {line.product_id for order in orders for line in order.lines if order.short and missing(line) > 0}
    free = select(StockBatch).where(StockBatch.product_id.in_(wanted), StockBatch.on_hand > StockBatch.reserved)
    assert tx.session.scalars(free).first() is None, "somebody waits for goods that are there"
    for order in orders:
        _check_order(order)


def _check_order(order: Order) -> None:
    if order.origin == "import" and order.stage in _LEFT and not any(line.reservations for line in order.lines):
        assert not order.short, "its goods left elsewhere"
        return
    if order.stage == Stage.CANCELLED:
        assert not order.fulfilments
        assert not any(line.reservations for line in order.lines)
        assert (order.short, order.on_hold) == (False, None)
        return
    lacks = [line for line in order.lines if missing(line) > 0]
    assert order.short == bool(lacks) == bool(order.on_hold)
    assert all(missing(line) >= 0 for line in order.lines)
    assert order.promised_date
    assert order.promisable_date
    assert order.promised_date >= order.promisable_date or order.agreed_date or order.origin == "import"
    if order.stage == Stage.APPROVED:
        assert order.short
        # what has left of an order that was changed afterwards stays what it is
        assert in_parts(order) or all(part.stage in _LEFT[1:] for part in order.fulfilments)
    elif not to_be_made(order):
        _check_parts(order)


def _check_parts(order: Order) -> None:
    reservations = [held for line in order.lines for held in line.reservations]
    parts = {part.id: part for part in order.fulfilments}
    for held in reservations:
        assert held.fulfilment_id in parts
        assert parts[held.fulfilment_id].warehouse == held.batch.warehouse
        assert held.picked == (parts[held.fulfilment_id].stage != Stage.ALLOCATED)
    stages = list(Stage)
    lowest = min((part.stage for part in parts.values()), key=stages.index)
    # what was made stays scheduled until all of it is picked
    assert order.stage == (Stage.SCHEDULED if (order.stage, lowest) == (Stage.SCHEDULED, Stage.ALLOCATED) else lowest)


def _check_chains(tx: Transaction) -> None:
    last: defaultdict[int, str] = defaultdict(str)
    for event in tx.session.scalars(select(Event).where(Event.order_id.is_not(None)).order_by(Event.id)):
        assert event.order_id
        assert event.previous_hash == last[event.order_id]
        assert event.hash == event_hash(event)
        last[event.order_id] = event.hash
    assert dict(last) == {row.id: row.chain for row in tx.session.execute(select(Order.id, Order.chain))}
    _check_versions(tx)


def _check_versions(tx: Transaction) -> None:
    """No version is left out, each carries the hash of the one before, and the newest is the one in force."""
    kept: defaultdict[int, list[Snapshot]] = defaultdict(list)
    for snapshot in tx.session.scalars(select(Snapshot).order_by(Snapshot.order_id, Snapshot.version)):
        assert snapshot.hash == snapshot_hash(snapshot)
        kept[snapshot.order_id].append(snapshot)
    for order_id, versions in kept.items():
        assert [one.version for one in versions] == list(range(1, len(versions) + 1))
        assert [one.previous_hash for one in versions] == ["", *(one.hash for one in versions[:-1])]
        order = tx.session.get_one(Order, order_id)
        assert order.version == len(versions)
        _check_content(order, versions[-1].content)


def _check_content(order: Order, said: dict[str, Any]) -> None:
    lines = [(line.product.code, plain(line.quantity), plain(line.price)) for line in order.lines]
    assert lines == [(line["product"], line["quantity"], line["price"]) for line in said["lines"]]
    assert (order.phone, order.address) == (said.get("phone"), said["address"])
    assert said["total"] == money(order.total) == money(sum((line.amount for line in order.lines), Decimal(0)))


def _check_tasks(tx: Transaction) -> None:
    """Purchasing is asked for exactly what waiting orders lack."""
    asked: defaultdict[tuple[int, int | None], Decimal] = defaultdict(Decimal)
    for line in tx.session.scalars(select(TaskLine).join(TaskLine.task).where(Task.state == "open", ~TaskLine.done)):
        asked[line.product_id, line.order_id] += line.quantity
    lacking: defaultdict[tuple[int, int | None], Decimal] = defaultdict(Decimal)
    for line in tx.session.scalars(select(OrderLine).join(OrderLine.order).where(Order.short)):
        if missing(line) > 0:
            lacking[line.product_id, line.order_id] += missing(line)
    assert asked == lacking
