"""Order numbers `SO260302-0007`: giving the next one, and finding an order by any part of it that people type."""

import re
import unicodedata
from datetime import date
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case, func, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.dml import ReturningInsert

from orders.view import FACE
from store.models import DayNumber, Fulfilment, Order, Role, Staff, Stage
from store.transaction import Transaction

_FORM = re.compile(r"SO(\d{6})-(\d{4,})")
_TYPED = re.compile(r"(SO)?[-\s]*(?:(\d{1,6})[-\s]+)?(\d{1,16})")
_LARGEST = 10**9
_OVER = (Stage.SIGNED, Stage.CLOSED, Stage.CANCELLED)
_NOBODYS = -1
"""A sequence that no order has."""


class _Found(NamedTuple):
    id: int
    no: str
    day: date | None
    sequence: int | None
    salesperson_id: int | None

    def is_meant(self, date_tail: str, sequence: int) -> bool:
        return self.sequence == sequence and self.day is not None and f"{self.day:%y%m%d}".endswith(date_tail)


def next_number(tx: Transaction) -> tuple[str, date, int]:
    """The next number of the company's day with its parts; imported numbers of our form count. Parallel callers wait."""
    day = tx.today
    counting = _counting(tx.connection.dialect.name)
    sequence: int = tx.connection.execute(counting, {"today": day}).scalar_one()
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
    numbers, readings, warehouse = [said, said.upper()], _readings(said.upper()), _only_warehouse(person)
    asked = {"numbers": numbers, "sequences": [sequence for _, sequence in readings] or [_NOBODYS], "warehouse": warehouse}
    found = [_Found(*row) for row in tx.connection.execute(_finding(warehouse is not None), asked)]
    if exact := [order.id for order in found if order.no in numbers]:
        return _load(tx, exact)
    meant = [order for order in found if any(order.is_meant(*reading) for reading in readings)]
    own = person.id if person else None
    meant.sort(key=lambda order: (order.salesperson_id == own, order.day or date.min, order.id), reverse=True)
    return _load(tx, [order.id for order in meant[:limit]])


def find_by_customer(tx: Transaction, customer_id: int, person: Staff | None, limit: int = 6) -> list[Order]:
    """A customer's orders that the person may see: those under way first, the newest of them first; imports by their own dates."""
    warehouse = _only_warehouse(person)
    asked = {"customer": customer_id, "warehouse": warehouse, "most": limit}
    return list(tx.session.scalars(_of_customer(warehouse is not None), asked))


def find_latest(tx: Transaction, person: Staff, limit: int = 6, stage: Stage | None = None) -> list[Order]:
    """The newest orders, of one `stage` or any: of a salesperson their own, of others all that they may see."""
    warehouse, own = _only_warehouse(person), person.has(Role.SALES)
    theirs = Order.salesperson_id == person.id if own else true()
    query = (
        select(Order)
        .where(theirs, Order.stage == stage if stage else true(), _visible(warehouse is not None))
        .order_by(Order.id.desc())
        .limit(limit)
    )
    return list(tx.session.scalars(query.options(joinedload(Order.customer)), {"warehouse": warehouse}))


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


def _only_warehouse(person: Staff | None) -> str | None:
    """The warehouse of people who are of it and nothing else: they see only what it has to do with."""
    return person.warehouse if person and person.warehouse and list(person.roles) == [Role.WAREHOUSE] else None


def _visible(of_one_warehouse: bool) -> ColumnElement[bool]:
    """Leaves out what only other warehouses have to do with."""
    if not of_one_warehouse:
        return true()
    own = select(Fulfilment.id).where(Fulfilment.order_id == Order.id, Fulfilment.warehouse == bindparam("warehouse")).exists()
    any_part = select(Fulfilment.id).where(Fulfilment.order_id == Order.id).exists()
    return own | ~any_part


@cache
def _finding(of_one_warehouse: bool) -> Select[int, str, date | None, int | None, int | None]:
    """By the whole number or by the sequence, of which there is one a day at most, so they are sifted afterwards."""
    numbered = Order.no.in_(bindparam("numbers", expanding=True)), Order.sequence.in_(bindparam("sequences", expanding=True))
    columns = select(Order.id, Order.no, Order.day, Order.sequence, Order.salesperson_id)
    return columns.where(or_(*numbered), _visible(of_one_warehouse))


@cache
def _of_customer(of_one_warehouse: bool) -> Select[Order]:
    theirs = select(Order).where(Order.customer_id == bindparam("customer"), _visible(of_one_warehouse))
    is_over = Order.stage.in_(_OVER)
    return theirs.order_by(is_over, Order.created_at.desc(), Order.id.desc()).limit(bindparam("most")).options(joinedload(Order.customer))


_BY_ID = select(Order).where(Order.id.in_(bindparam("ids", expanding=True))).options(*FACE)


def _load(tx: Transaction, ids: list[int]) -> list[Order]:
    orders = tx.session.scalars(_BY_ID, {"ids": ids}).unique() if ids else ()
    return sorted(orders, key=lambda order: ids.index(order.id))
