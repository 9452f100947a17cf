"""What was understood of a message. pydantic, since an unfinished reading is kept as a document until its question is answered."""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class _Understood(BaseModel):
    model_config = ConfigDict(frozen=True)


class Named(_Understood):
    """A product or customer as it was `said`: settled when `id` is known, else `candidates` are what may be meant."""

    said: str = ""
    id: int | None = None
    candidates: tuple[int, ...] = ()
    count: int = 0
    """How many fit what was said; 0 when the candidates only come near."""


class Line(_Understood):
    """One product with its quantity as typed; `number` is None where none, or more than one, was given."""

    product: Named = Named()
    number: Decimal | None = None
    unit: str | None = None
    plus: tuple[Decimal, str] | None = None
    """More in another unit: the 2盒 of 1箱零2盒."""
    about: bool = False
    """True when the quantity was said roughly: 500支左右."""
    price: Decimal | None = None
    processes: tuple[str, ...] = ()

    def counted_as(self, said: "Line", unit: str | None) -> "Line":
        """This line in the quantity of another, by this unit."""
        return self.model_copy(update={"number": said.number, "unit": unit, "plus": said.plus, "about": said.about})


class SaidDay(_Understood):
    """A day as it was said; `day` is None where the words leave more than one, or none."""

    said: str
    day: date | None = None


class Reading(_Understood):
    """All that a message says; what it does not say is None or empty."""

    command: str = ""
    """A name of words.yaml's commands; empty where none was typed."""
    said: str = ""
    """The whole text, cleaned."""
    too_long: bool = False
    customer: Named | None = None
    lines: tuple[Line, ...] = ()
    day: SaidDay | None = None
    free_shipping: bool | None = None
    urgent: bool | None = None
    trial: bool | None = None
    address: str | None = None
    remarks: str | None = None
    change: str = ""
    """How an open draft is to be corrected: add, remove, set, or nothing said."""
    row: int | None = None
    """The line of the draft that is meant, counted from 1."""
    order: str | None = None
    """An order's number, or a tail of one, as typed."""
    carrier: str | None = None
    waybill: str | None = None
    number: str | None = None
    """A purchase order's number."""
    warehouse: str | None = None
    location: str | None = None
    batch: str | None = None
    expires_on: SaidDay | None = None
    task: int | None = None
    unread: tuple[str, ...] = ()
    """Parts that mean nothing here."""
