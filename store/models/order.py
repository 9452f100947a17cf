"""Orders 订单, their lines, fulfilments 发货单, traces 物流轨迹, snapshots 订单快照 and the daily numbers."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, BigId, Document, Moment, Money, Price, Quantity
from store.models.catalogue import Product
from store.models.people import Customer, Staff
from store.models.stock import Reservation

if TYPE_CHECKING:
    from store.models.approval import ApprovalStep


class Stage(StrEnum):
    """Where an order is (trade.md, An order and its life). A draft is no order yet: it lives in its dialog."""

    PLACED = "placed"
    APPROVED = "approved"
    ALLOCATED = "allocated"
    SCHEDULED = "scheduled"
    PICKED = "picked"
    SHIPPED = "shipped"
    SIGNED = "signed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


OPEN_STAGES = (Stage.PLACED, Stage.APPROVED, Stage.ALLOCATED, Stage.SCHEDULED, Stage.PICKED)
"""Before shipping: these orders still wait for something of ours."""


class Order(Base):
    """A confirmed order. `version` counts its snapshots; `chain` is the hash of its newest event."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(String(64), unique=True)
    day: Mapped[date | None] = mapped_column()
    """The date part of `no`, and `sequence` its number of the day; none for numbers of another form."""
    sequence: Mapped[int | None] = mapped_column()
    version: Mapped[int] = mapped_column(default=1)
    stage: Mapped[str] = mapped_column(String(16))
    on_hold: Mapped[str | None] = mapped_column(String(256))
    """Why the order waits, in the words people see; none when nothing holds it."""
    short: Mapped[bool] = mapped_column(default=False)
    """True while a line waits for goods: served first when they come."""
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    salesperson_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    urgent: Mapped[bool] = mapped_column(default=False)
    trial: Mapped[bool] = mapped_column(default=False)
    free_shipping: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str | None] = mapped_column(String(256))
    contact: Mapped[str | None] = mapped_column(String(64))
    """Who receives the goods, and their `phone`."""
    phone: Mapped[str | None] = mapped_column(String(64))
    carrier: Mapped[str | None] = mapped_column(String(32))
    """The carrier that the customer wishes; none: the warehouse chooses."""
    pickup: Mapped[bool] = mapped_column(default=False)
    """True when the customer fetches the goods (自提)."""
    freight_collect: Mapped[bool] = mapped_column(default=False)
    """True when the receiver pays the freight (到付)."""
    remarks: Mapped[str | None] = mapped_column(String(1024))
    total: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    wanted_date: Mapped[date | None] = mapped_column()
    promisable_date: Mapped[date | None] = mapped_column()
    promised_date: Mapped[date | None] = mapped_column()
    promised_ship_at: Mapped[datetime | None] = mapped_column(Moment)
    date_open: Mapped[bool] = mapped_column(default=False)
    """True while sales and production have not agreed on a date."""
    agreed_date: Mapped[date | None] = mapped_column()
    """The day that they have agreed on: it is the one promised, whatever was wanted."""
    agreed_against: Mapped[date | None] = mapped_column()
    """What could be promised at that moment: when it slips behind that, they have to agree anew."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    origin: Mapped[str] = mapped_column(String(16), default="chat")
    """chat, or import for history and open orders from elsewhere."""
    chain: Mapped[str] = mapped_column(String(64), default="")

    # Written by their ids: a relationship that is only read costs nothing when an order is flushed.
    customer: Mapped[Customer] = relationship(viewonly=True)
    salesperson: Mapped[Staff | None] = relationship(viewonly=True)
    lines: Mapped[list["OrderLine"]] = relationship(back_populates="order", order_by="OrderLine.position")
    fulfilments: Mapped[list["Fulfilment"]] = relationship(back_populates="order", order_by="Fulfilment.id")
    steps: Mapped[list["ApprovalStep"]] = relationship(back_populates="order", order_by="(ApprovalStep.position, ApprovalStep.id)")

    __table_args__ = (
        UniqueConstraint("day", "sequence"),
        Index("ix_orders_sequence", "sequence", "day"),
        Index("ix_orders_customer", "customer_id", "id"),
        Index("ix_orders_salesperson", "salesperson_id", "id"),
        Index("ix_orders_stage", "stage", "id"),
        # Not a partial one: SQLite, which guesses how many orders a stage has, would rather read all that are open by ix_orders_stage.
        Index("ix_orders_ship_due", "stage", "promised_ship_at"),
        Index("ix_orders_short", "id", sqlite_where=text("short = 1"), postgresql_where=text("short")),
    )


class OrderLine(Base):
    """One product of an order; `quantity` in the product's unit, `said_*` as the salesperson wrote it."""

    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int] = mapped_column()
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    said_quantity: Mapped[Decimal | None] = mapped_column(Quantity)
    said_unit: Mapped[str | None] = mapped_column(String(16))
    price: Mapped[Decimal] = mapped_column(Price, default=Decimal(0))
    amount: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    tax_included: Mapped[bool] = mapped_column(default=False)
    processes: Mapped[list[str]] = mapped_column(Document, default=list)
    splits: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
    """Partial shipments 分批: quantity (text of a decimal) and date (ISO, or none) of each; empty: all at once."""

    order: Mapped[Order] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()
    reservations: Mapped[list[Reservation]] = relationship(back_populates="line", order_by=Reservation.id)


class Fulfilment(Base):
    """One warehouse's part of an order, from allocation to the customer's door."""

    __tablename__ = "fulfilments"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    warehouse: Mapped[str] = mapped_column(String(64))
    part: Mapped[int] = mapped_column(default=1)
    """Counts what leaves at different times (分批), over all warehouses of the order."""
    due_on: Mapped[date | None] = mapped_column()
    """The day that was agreed for it; none: as soon as it can."""
    stage: Mapped[str] = mapped_column(String(16), default=Stage.ALLOCATED)
    carrier: Mapped[str | None] = mapped_column(String(32))
    """The carrier as people name it (顺丰); `carrier_code` as the tracking service does (shunfeng)."""
    carrier_code: Mapped[str | None] = mapped_column(String(32))
    waybill: Mapped[str | None] = mapped_column(String(64), index=True)
    waybill_from: Mapped[str | None] = mapped_column(String(16))
    """person, import or api: who gave the waybill number."""
    subscribed: Mapped[bool] = mapped_column(default=False)
    shipped_at: Mapped[datetime | None] = mapped_column(Moment)
    last_trace_at: Mapped[datetime | None] = mapped_column(Moment)
    moved_at: Mapped[datetime | None] = mapped_column(Moment)
    """The last trace, before the first one the shipping itself: what silence is counted from."""
    signed_at: Mapped[datetime | None] = mapped_column(Moment)

    order: Mapped[Order] = relationship(back_populates="fulfilments")
    reservations: Mapped[list[Reservation]] = relationship(back_populates="fulfilment", order_by=Reservation.id)

    __table_args__ = (
        Index("ix_fulfilments_silent", "moved_at", sqlite_where=text("stage = 'shipped'"), postgresql_where=text("stage = 'shipped'")),
        UniqueConstraint("order_id", "warehouse", "part"),
    )


class TraceEvent(Base):
    """One line of a carrier's trace; `digest` keeps a repeated push from being told twice."""

    __tablename__ = "trace_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    fulfilment_id: Mapped[int] = mapped_column(ForeignKey("fulfilments.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    text: Mapped[str] = mapped_column(String(512))
    place: Mapped[str | None] = mapped_column(String(128))
    status: Mapped[str] = mapped_column(String(24))
    """Neutral: accepted, collected, in_transit, out_for_delivery, delivered, exception, returned (commerce.md, 1)."""
    digest: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("fulfilment_id", "digest"),)


class Snapshot(Base):
    """A version of an order for good: append-only, each carries the hash of the one before."""

    __tablename__ = "snapshots"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    version: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(Moment)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
    impact: Mapped[str | None] = mapped_column(String(1024))
    previous_hash: Mapped[str] = mapped_column(String(64), default="")
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("order_id", "version"),)


class DayNumber(Base):
    """The last order number given on a day of the company."""

    __tablename__ = "day_numbers"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column()
