"""Episodes: a rule speaks once when its condition begins to hold for a subject, and once when it is over.

What begins and what has ended is found by one query each, on the read-only side, and settled in short transactions for the
orders concerned, in which it is looked at again: so a sweep holds no lock while nothing happens.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from automations.actions import Firing, fire, over
from automations.rules import Rule
from automations.subjects import Scope
from orders.locking import lock_orders, lock_products
from orders.words import CENT, plain
from store.events import Fact, record
from store.models import Episode, Order, OrderLine
from store.transaction import Store, Transaction

_ORDERS_AT_ONCE = 50
"""Orders settled in one transaction, so that none holds the database for half a second."""


def sweep(store: Store, rules: Sequence[Rule], scope: Scope | None = None) -> int:
    """Tells what newly fires and what is over, everywhere or in `scope`; answers how many orders it concerned.

    An order that fails does not keep the others waiting; at the end an ExceptionGroup is raised of all that failed.
    """
    with store.reading() as look:
        orders = sorted(set().union(*[_concerned(look, rule, scope) for rule in rules]))
    chunks = (orders[start : start + _ORDERS_AT_ONCE] for start in range(0, len(orders), _ORDERS_AT_ONCE))
    if failed := [error for chunk in chunks for error in _settled(store, rules, chunk)]:
        raise ExceptionGroup("orders could not be settled", failed)
    return len(orders)


def _settled(store: Store, rules: Sequence[Rule], orders: Sequence[int]) -> list[Exception]:
    """What failed, after each was tried alone; a database that is away or locked is so for all of them, and raised at once."""
    try:
        with store.transaction() as tx:
            _settle(tx, rules, frozenset(orders))
    except OperationalError:
        raise
    except Exception as error:
        if len(orders) == 1:
            return [error]
        return [one for order in orders for one in _settled(store, rules, [order])]
    return []


def _concerned(tx: Transaction, rule: Rule, scope: Scope | None) -> set[int]:
    """The orders in which the rule newly fires or is over."""
    begins = {row.order_id for row in tx.session.execute(beginning(tx, rule, scope))}
    return begins | {row.order_id for row in tx.session.execute(ended(tx, rule, scope)) if row.order_id}


def _settle(tx: Transaction, rules: Sequence[Rule], orders: frozenset[int]) -> None:
    lock_products(tx, tx.session.scalars(select(OrderLine.product_id).where(OrderLine.order_id.in_(orders))))
    locked = {order.id: order for order in lock_orders(tx, orders)}
    for rule in rules:
        _close(tx, rule, locked)
        _open(tx, rule, locked)


def beginning(tx: Transaction, rule: Rule, scope: Scope | None = None) -> Select[Any]:
    """The subjects for which the rule newly fires: it holds, and no episode of it is open (or its repeat time is over)."""
    quiet = select(Episode.id).where(Episode.rule == rule.name, Episode.subject_id == rule.subject.entity.id, _is_open())
    if rule.repeat_hours:
        quiet = quiet.where(Episode.told_at > tx.now - timedelta(hours=rule.repeat_hours))
    found = rule.holding(tx.now, rule.numbers(tx.now)).where(~quiet.exists())
    return found.where(rule.subject.within(scope)) if scope else found


def ended(tx: Transaction, rule: Rule, scope: Scope | None = None) -> Select[int, int | None, int]:
    """The open episodes of the rule whose condition holds no more."""
    holding = rule.holding(tx.now).subquery("holding")
    found = (
        select(Episode.id, Episode.order_id, Episode.subject_id)
        .outerjoin(holding, holding.c.id == Episode.subject_id)
        .where(Episode.rule == rule.name, _is_open(), holding.c.id.is_(None))
    )
    if not scope:
        return found
    return found.where(Episode.subject_id.in_(select(rule.subject.entity.id).where(rule.subject.within(scope))))


def _is_open() -> ColumnElement[bool]:
    return Episode.resolved_at.is_(None)


def _open(tx: Transaction, rule: Rule, orders: dict[int, Order]) -> None:
    firings: dict[int, list[Firing]] = defaultdict(list)
    numbers = rule.numbers(tx.now)
    for row in tx.session.execute(beginning(tx, rule, Scope(frozenset(orders)))).mappings():
        figures = {name: figure.read(row[name], tx.now) for name, figure in numbers.items()}
        if episode := _begin(tx, rule, row["id"], row["order_id"]):
            firings[row["order_id"]].append(Firing(episode, row["id"], figures))
    for order_id, found in firings.items():
        fire(tx, rule, orders[order_id], found)
        for one in found:
            shown = {name: plain(value.quantize(CENT)) for name, value in one.figures.items()}
            said = {"rule": rule.name, "episode": one.episode_id, "figures": shown}
            record(tx, Fact.ALERT_OPENED, by=None, order=orders[order_id], data=said)


def _begin(tx: Transaction, rule: Rule, subject_id: int, order_id: int) -> int | None:
    """The id of the episode that begins, or is told of again; none when another process was first."""
    dialect = sqlite if tx.connection.dialect.name == "sqlite" else postgresql
    row = {"rule": rule.name, "subject": rule.subject.name, "subject_id": subject_id, "order_id": order_id}
    new = dialect.insert(Episode).values(**row, opened_at=tx.now, told_at=tx.now, data={})
    statement = new.on_conflict_do_update(
        index_elements=[Episode.rule, Episode.subject_id],
        index_where=_is_open(),
        set_={"told_at": tx.now},
        where=Episode.told_at <= tx.now - timedelta(hours=rule.repeat_hours) if rule.repeat_hours else Episode.id.is_(None),
    )
    return tx.session.execute(statement.returning(Episode.id)).scalar()


def _close(tx: Transaction, rule: Rule, orders: dict[int, Order]) -> None:
    for row in tx.session.execute(ended(tx, rule, Scope(frozenset(orders)))).all():
        closing = update(Episode).where(Episode.id == row.id, _is_open()).values(resolved_at=tx.now).returning(Episode.id)
        if tx.session.execute(closing).scalar():
            over(tx, rule, orders[row.order_id], row.id, row.subject_id)
            record(tx, Fact.ALERT_RESOLVED, by=None, order=orders[row.order_id], data={"rule": rule.name, "episode": row.id})
