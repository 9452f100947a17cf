"""What an expression of a rule is made of: numbers, quantities, hours, texts and truths, each with its SQL."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Numeric, cast, literal, true, type_coerce
from sqlalchemy.sql.elements import SQLCoreOperations

from store.models.base import Quantity

Whole = Numeric().with_variant(Integer(), "sqlite")
"""Whole numbers that do not overflow: PostgreSQL computes them as numeric, SQLite in 64 bits."""


def whole(value: int) -> ColumnElement[Any]:
    """A whole number as SQL; without the cast psycopg sends a small one as smallint, and products overflow."""
    return cast(literal(value, BigInteger), Whole)


class BadCondition(Exception):
    """The expression is not one that rules may use; the text says why, in Chinese."""


@dataclass(frozen=True)
class Constant:
    """A number that is written in the rule."""

    value: Decimal


@dataclass(frozen=True)
class Text:
    """A text, or the column of one."""

    sql: SQLCoreOperations[Any]


@dataclass(frozen=True)
class Amount:
    """A quantity: `sql` is a whole number of its 10^-places part."""

    sql: SQLCoreOperations[Any]
    places: int

    def to(self, places: int) -> SQLCoreOperations[Any]:
        """The same in a smaller part, so that two can be compared or added."""
        return self.sql * whole(10 ** (places - self.places)) if places > self.places else self.sql

    def read(self, found: Any, now: datetime) -> Decimal:
        """The quantity that stands in a row as `found`."""
        return Decimal(int(found)).scaleb(-self.places)


@dataclass(frozen=True)
class Hours:
    """Hours from now to a moment (`sign` 1) or since it (−1), plus a number of hours."""

    sql: SQLCoreOperations[Any]
    sign: int
    plus: Decimal = Decimal(0)

    def read(self, found: datetime, now: datetime) -> Decimal:
        """The hours, when the moment that stands in a row is `found`."""
        return self.sign * Decimal((found - now).total_seconds()) / 3600 + self.plus


@dataclass(frozen=True)
class Truth:
    """Something that holds or does not; SQL's unknown does not fire."""

    sql: ColumnElement[bool]


Value = Constant | Text | Amount | Hours | Truth
Figure = Amount | Hours


def quantity(column: SQLCoreOperations[Any]) -> Amount:
    """The field of a column, or of a sum of columns, that keeps quantities."""
    return Amount(cast(type_coerce(column, Integer), Whole), Quantity.places)


def flag(column: SQLCoreOperations[Any]) -> Truth:
    """The field of a yes/no column."""
    return Truth(column.is_(true()))
