"""One message of one person, and what is needed to answer it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import bindparam, inspect, select, update

from handlers.catalogue import catalogue_of
from language import Catalogue, Context, Pending, Reading, read
from language.workdays import WorkingDays
from orders.calendar import Calendar, calendar_of
from orders.numbers import find_orders
from orders.refusals import Refused
from platforms.words import Platform
from store.models import Dialog, Order, Product, Staff
from store.transaction import Transaction

_NOTHING = Context()
_READ_AHEAD = 200
"""Days; texts count at most three months of working days."""
_PRODUCT = select(Product).where(Product.id == bindparam("product"))
_DIALOG = select(*inspect(Dialog).columns).where(Dialog.staff_id == bindparam("person")).with_for_update()
_KEEP_DIALOG = update(Dialog).where(Dialog.id == bindparam("this"))


@dataclass(frozen=True)
class Talk:
    """The open transaction and who is speaking."""

    tx: Transaction
    person: Staff
    platform: Platform
    read_along: Mapping[str, Any] | None = None
    """The row of their dialog, where it was read and held along with the person."""

    @cached_property
    def catalogue(self) -> Catalogue:
        return catalogue_of(self.tx)

    @cached_property
    def dialog(self) -> Dialog | None:
        """What the desk has, or last had, open with the person; held until the end of the transaction, written by `keep`."""
        return Dialog(**self._stored) if self._stored else None

    def keep(self) -> None:
        """Writes what has become of the dialog, once everything is answered."""
        stored = self._stored or {}
        if changed := {name: now for name, was in stored.items() if (now := getattr(self.dialog, name)) != was}:
            self.tx.connection.execute(_KEEP_DIALOG, {"this": stored["id"], **changed})

    def read(self, text: str, context: Context = _NOTHING) -> Reading:
        """What a text says to this firm today."""
        return read(text, self.catalogue, self.tx.today, context, _working_days(calendar_of(self.tx.settings), self.tx.today))

    def answered(self, known: Reading, ask: str, text: str) -> Reading | None:
        """What is known, with a typed answer to what is asked and whatever else it says; None where it is no answer."""
        said = self.read(text, Context(pending=Pending(ask=ask, reading=known)))
        if not said.answered or said.drop_pending:
            return None
        return said.model_copy(update={"said": known.said, "ask": known.ask, "answered": known.answered})

    def product(self, product_id: int | None) -> Product:
        """A product that was settled; refuses one that has been taken out of the catalogue since."""
        product = self.tx.session.scalar(_PRODUCT, {"product": product_id}) if product_id else None
        if product is None:
            raise Refused("unknown_product")
        return product

    def orders(self, typed: str) -> list[Order]:
        """The orders that a typed number may mean for this person; refuses when there is none."""
        if typed not in self._found:
            self._found[typed] = find_orders(self.tx, typed, self.person)
        if not self._found[typed]:
            raise Refused("no_such_order", typed=typed)
        return self._found[typed]

    @cached_property
    def _stored(self) -> Mapping[Any, Any] | None:
        # Past the ORM: nearly every message changes its dialog, and a flush takes several times as long.
        return self.read_along or self.tx.connection.execute(_DIALOG, {"person": self.person.id}).mappings().one_or_none()

    @cached_property
    def _found(self) -> dict[str, list[Order]]:
        return {}


@lru_cache(maxsize=4)
def _working_days(calendar: Calendar, today: date) -> WorkingDays:
    """The firm's calendar for what is said of the months to come, as plain data."""
    coming = [today + timedelta(days=ahead) for ahead in range(_READ_AHEAD)]
    off = frozenset(day for day in coming if not calendar.is_working_day(day))
    return WorkingDays(off, frozenset(coming) - off)
