"""What was understood of a message. pydantic, since an unfinished reading is kept as a document until its question is answered."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

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
    by: Literal["", "choice", "habit"] = ""
    """What settled a doubtful wording: the choice of a person, or the customer's own word."""


class SaidDay(_Understood):
    """A day as it was said; `day` is None where the words leave more than one, or none.

    Of a range `day` is the last one and `first` the first; `part` is am, pm or eve.
    """

    said: str
    day: date | None = None
    first: date | None = None
    part: str | None = None


class Split(_Understood):
    """One part of a partial shipment: a fraction, a number in a unit (none: as the line's), or all the rest."""

    fraction: Decimal | None = None
    number: Decimal | None = None
    unit: str | None = None
    rest: bool = False
    day: SaidDay | None = None


class Line(_Understood):
    """One product with its quantity as typed; `number` is None where none, or more than one, was given."""

    product: Named = Named()
    number: Decimal | None = None
    unit: str | None = None
    plus: tuple[Decimal, str] | None = None
    """More in another unit: the 2盒 of 1箱零2盒."""
    about: bool = False
    """True when the quantity was said roughly: 500支左右."""
    vague: bool = False
    """True when the quantity was left open: 几百支, 五百或者六百."""
    price: Decimal | None = None
    tax_included: bool | None = None
    splits: tuple[Split, ...] = ()
    processes: tuple[str, ...] = ()

    def counted_as(self, said: "Line", unit: str | None) -> "Line":
        """This line in the quantity of another, by this unit."""
        return self.model_copy(update={"number": said.number, "unit": unit, "plus": said.plus, "about": said.about})


class Change(_Understood):
    """One change of an order that stands.

    `op`: set_qty, add_qty, sub_qty, add_line, remove_line, replace, set_date, shift_date, split, scale, set_price, set_address, set_phone,
    set_contact, set_carrier, set_pickup, set_free_shipping, set_urgent, set_note. The fields that its op needs are set.
    """

    op: str
    line: Line | None = None
    """The product, where the text names one, and the quantity."""
    to: Named | None = None
    """Of replace: the product in its place."""
    day: SaidDay | None = None
    days: int | None = None
    factor: Decimal | None = None
    price: Decimal | None = None
    value: str | None = None
    """Address, phone, contact, carrier or note."""
    parts: tuple[Split, ...] = ()


Intent = Literal["", "place", "amend", "cancel", "query", "stock", "log", "other"]


class Ask(_Understood):
    """The one question that must be answered before anything is done.

    `field`: product, qty, unit, date, customer, order, change, conclusion, confirm. `candidates` are ids of products or of customers.
    """

    field: str
    candidates: tuple[int, ...] = ()
    line: int | None = None
    """The index of the line that it is about."""


class Reading(_Understood):
    """All that a message says; what it does not say is None or empty."""

    command: str = ""
    """A name of words.yaml's commands; empty where none was typed."""
    intent: Intent = ""
    """What is wanted; empty for the commands that are none of these."""
    said: str = ""
    """The whole text, cleaned."""
    too_long: bool = False
    customer: Named | None = None
    lines: tuple[Line, ...] = ()
    day: SaidDay | None = None
    free_shipping: bool | None = None
    urgent: bool | None = None
    trial: bool | None = None
    freight_collect: bool | None = None
    pickup: bool | None = None
    repeat_last: bool | None = None
    """老样子: the customer's last order; `lines` are extra to it."""
    repeats: str | None = None
    """The order whose lines were taken over for it."""
    conditional: bool = False
    """A wish with an if: 能便宜点就要."""
    orders: tuple["Reading", ...] = ()
    """Orders of several customers in one message; then nothing of them stands outside."""
    then: tuple["Reading", ...] = ()
    """The other orders of the message, to be shown one after the other."""
    address: str | None = None
    remarks: str | None = None
    contact: str | None = None
    phone: str | None = None
    change: str = ""
    """How an open draft is to be corrected: add, remove, set, or nothing said."""
    row: int | None = None
    """The line of the draft that is meant, counted from 1."""
    order: str | None = None
    """An order's number as typed; of a command also a tail of one."""
    order_tail: str | None = None
    """The digits of an order that were typed: 003, 0227-011."""
    order_hint: str | None = None
    """`last`, or the day (ISO) of the order that is meant."""
    changes: tuple[Change, ...] = ()
    """Of amend."""
    about: tuple[str, ...] = ()
    """Of query and stock: status, eta, tracking, price, freight, approval, invoice, list, history; available, incoming, location."""
    also: tuple[str, ...] = ()
    """What is asked besides, in the words of `about`."""
    channel: str | None = None
    """Of log, as are the four that follow (the template's 沟通对象 is `contact`)."""
    time: datetime | None = None
    conclusion: str | None = None
    todo: str | None = None
    reason: str | None = None
    """Of cancel, reject and approve."""
    person: str | None = None
    """Of delegate: the colleague; `since` and `day` are the first and the last day, `drop_pending` ends it."""
    since: SaidDay | None = None
    flag: str | None = None
    """Of other: hold, complaint, return, or wish: what a customer is said to want; `conclusion` is then the whole text."""
    confirm: bool | None = None
    drop_pending: bool | None = None
    ask: Ask | None = None
    answered: bool = False
    """True when the text answered the open question: what was known is in it."""
    carrier: str | None = None
    waybill: str | None = None
    number: str | None = None
    """A purchase order's number."""
    warehouse: str | None = None
    location: str | None = None
    batch: str | None = None
    expires_on: SaidDay | None = None
    task: int | None = None
    version: int | None = None
    """The version of an order that is meant."""
    word: str | None = None
    """Of 别名: the word that is to be taken back."""
    unread: tuple[str, ...] = ()
    """Parts that mean nothing here."""


class Pending(_Understood):
    """The question that is open: what it asks for and what is known already; the answer is merged into it."""

    ask: str
    reading: Reading
    candidates: tuple[int, ...] = ()


class Context(_Understood):
    """What surrounds a message: the customer in whose chat it came (id), and the open question."""

    customer: int | None = None
    pending: Pending | None = None
