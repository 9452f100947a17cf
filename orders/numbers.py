"""Order numbers `SO260302-0007`: giving the next one, and finding an order by any part of it that people type."""

import re
import unicodedata
from datetime import date
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, case, func, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.dml import ReturningInsert

from store.models import DayNumber, Fulfilment, Order, Role, Staff
from store.transaction import Transaction

_FORM = re.compile(r"SO(\d{6})-(\d{4,})")
_TYPED = re.compile(r"(SO)?[-\s]*(?:(\d{1,6})[-\s]+)?(\d{1,16})")
_LARGEST = 10**9


class _Found(NamedTuple):
    id: int
    day: date | None
    salesperson_id: int | None


def next_number(tx: Transaction) -> tuple[str, date, int]:
    """The next number of the company's day with its parts; imported numbers of our form count. Parallel callers wait."""
    day = tx.today
    counting = _counting(tx.session.get_bind().dialect.name)
    sequence: int = tx.session.connection().execute(counting, {"today": day}).scalar_one()
    return f"SO{day:%y%m%d}-{sequence:04d}", day, sequence


@cache
def _counting(dialect: str) -> ReturningInsert[int]:
    """Counts the day on, in one statement, past the highest number that stands on an order."""
    day = bindparam("today", type_=DayNumber.day.type)
    taken = select(func.coalesce(func.max(Order.sequence), 0)).where(Order.day == day).scalar_subquery()
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(DayNumber).values(day=day, last=taken + 1)
    greater = case((DayNumber.last > taken, DayNumber.last), else_=taken)
    return insert.on_conflict_do_update(index_elements=["day"], set_={"last": greater + 1}).returning(DayNumber.last)


def parse_number(no: str) -> tuple[date, int] | None:
    """Day and sequence of a number of our form; none for any other."""
    if (match := _FORM.fullmatch(no)) and int(match[2]) < _LARGEST:
        try:
            return date.fromisoformat("20" + match[1]), int(match[2])
        except ValueError:
            pass
    return None


def find_orders(tx: Transaction, typed: str, person: Staff | None, limit: int = 6) -> list[Order]:
    """The orders that a typed number may mean: the person's own first, then the newest.

    A full number, also of another form, means that order alone. Else date part and sequence are compared as numbers, and
    any tail will do: `SO-260302-007`, `0302-7`, `0007`, `7`. A warehouse sees only the orders in which it has a part.
    """
    said = unicodedata.normalize("NFKC", typed).strip()
    exact = select(Order).where(Order.no.in_({said, said.upper()}), _visible_to(person))
    if found := list(tx.session.scalars(exact.options(joinedload(Order.customer)))):
        return found
    candidates = [order for date_tail, sequence in _readings(said.upper()) for order in _numbered(tx, date_tail, sequence, person)]
    own = person.id if person else None
    candidates.sort(key=lambda order: (order.salesperson_id == own, order.day or date.min, order.id), reverse=True)
    return _load(tx, [order.id for order in candidates[:limit]])


def find_by_customer(tx: Transaction, customer_id: int, person: Staff | None, limit: int = 6) -> list[Order]:
    """A customer's orders that the person may see, the newest first."""
    query = select(Order).where(Order.customer_id == customer_id, _visible_to(person)).order_by(Order.id.desc()).limit(limit)
    return list(tx.session.scalars(query.options(joinedload(Order.customer))))


def _readings(said: str) -> set[tuple[str, int]]:
    """What a text may mean, as the last digits of the date part and the sequence."""
    match = _TYPED.fullmatch(said)
    if not match:
        return set()
    prefix, date_part, digits = match.groups()
    if date_part:
        readings = {(date_part, int(digits))}
    elif prefix:
        readings = {(digits[:6], int(digits[6:]))} if len(digits) > 6 else {("", int(digits))}
    else:
        readings = {("", int(digits)), (digits[:-4], int(digits[-4:]))}
        readings |= {(digits[:6], int(digits[6:]))} if len(digits) > 6 else set()
    return {(day, sequence) for day, sequence in readings if sequence < _LARGEST}


def _numbered(tx: Transaction, date_tail: str, sequence: int, person: Staff | None) -> list[_Found]:
    """The orders with this sequence: one a day at most, so they are sifted here."""
    query = select(Order.id, Order.day, Order.salesperson_id).where(Order.sequence == sequence, Order.day.is_not(None), _visible_to(person))
    found = (_Found(*row) for row in tx.session.execute(query))
    return [order for order in found if f"{order.day:%y%m%d}".endswith(date_tail)]


def _visible_to(person: Staff | None) -> ColumnElement[bool]:
    """Leaves out what only other warehouses have to do with, for people who are of a warehouse and nothing else."""
    if person is None or not person.warehouse or list(person.roles) != [Role.WAREHOUSE]:
        return true()
    own = select(Fulfilment.id).where(Fulfilment.order_id == Order.id, Fulfilment.warehouse == person.warehouse).exists()
    any_part = select(Fulfilment.id).where(Fulfilment.order_id == Order.id).exists()
    return own | ~any_part


def _load(tx: Transaction, ids: list[int]) -> list[Order]:
    orders = tx.session.scalars(select(Order).where(Order.id.in_(ids)).options(joinedload(Order.customer)))
    return sorted(orders, key=lambda order: ids.index(order.id))
