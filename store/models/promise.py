"""The promise 承诺交期 between sales and production: offers made and answered, and what work centres are booked for."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, BigId, Document, Moment, Quantity
from store.models.order import Order, OrderLine
from store.models.people import Staff


class Offer(Base):
    """One word in the negotiation of a date: what the gap is, what somebody offers, what the other side answers; append-only."""

    __tablename__ = "offers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    version: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(Moment)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None: the desk itself, who opens the negotiation with what can be promised and why."""
    side: Mapped[str] = mapped_column(String(16))
    """desk, sales or production."""
    kind: Mapped[str] = mapped_column(String(16))
    """open, date, parts (part now, rest later), accept, or over: what could be promised has become what is wanted, or the order
    was cancelled (no day then)."""
    day: Mapped[date | None] = mapped_column()
    parts: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
    asks: Mapped[str | None] = mapped_column(String(32))
    """Of what opens a negotiation, the role that answers for the goods: production, or purchasing for what is bought."""
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
    """Of what opens a negotiation, why no earlier day can be promised (orders/promise_reasons.py)."""
    answers_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("offers.id"))

    order: Mapped[Order] = relationship()
    staff: Mapped[Staff | None] = relationship()


class Booking(Base):
    """A part of a work centre's day that a line of an order takes, or a component of it; `firm` once production has scheduled it (排产)."""

    __tablename__ = "bookings"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    version: Mapped[int] = mapped_column()
    """The version of the order that it was booked for."""
    work_center: Mapped[str] = mapped_column(String(64))
    day: Mapped[date] = mapped_column()
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    firm: Mapped[bool] = mapped_column(default=False)

    line: Mapped[OrderLine] = relationship()

    __table_args__ = (UniqueConstraint("order_line_id", "work_center", "day"), Index("ix_bookings_day", "work_center", "day"))
