"""Amendments 改单, communication logs 沟通纪要 and invoices 开票: who changed or agreed what."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, BigId, Document, Moment, Money
from store.models.order import Order
from store.models.people import Staff


class Amendment(Base):
    """A change or cancellation of a confirmed order that was asked for; after picking it counts only once the goods are intercepted."""

    __tablename__ = "amendments"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    base_version: Mapped[int] = mapped_column()
    """The version that it changes."""
    kind: Mapped[str] = mapped_column(String(16))
    """amend or cancel."""
    changes: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
    impact: Mapped[str] = mapped_column(String(1024))
    log_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("communication_logs.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(String(16))
    """waiting (for an interception) → applied | refused | withdrawn."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(String(512))
    """What was achieved, in words."""
    version: Mapped[int | None] = mapped_column()
    """The version that it made."""

    order: Mapped[Order] = relationship()
    staff: Mapped[Staff] = relationship()


class CommunicationLog(Base):
    """What was agreed with a customer: append-only; those of an order form a chain of hashes."""

    __tablename__ = "communication_logs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    """When it was written."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    contact: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str | None] = mapped_column(String(16))
    talked_at: Mapped[datetime] = mapped_column(Moment)
    conclusion: Mapped[str] = mapped_column(String(1024))
    todo: Mapped[str | None] = mapped_column(String(512))
    todo_due: Mapped[datetime | None] = mapped_column(Moment)
    source: Mapped[str | None] = mapped_column(Text)
    """The sentence or pasted chat that it was taken from."""
    occasion: Mapped[str] = mapped_column(String(16), default="talk")
    """talk, amend or cancel."""
    previous_hash: Mapped[str] = mapped_column(String(64), default="")
    hash: Mapped[str] = mapped_column(String(64))

    staff: Mapped[Staff] = relationship()


class Invoice(Base):
    """That an order was invoiced, once."""

    __tablename__ = "invoices"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    version: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(Moment)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    amount: Mapped[Decimal] = mapped_column(Money)

    staff: Mapped[Staff] = relationship()

    __table_args__ = (UniqueConstraint("order_id"),)
