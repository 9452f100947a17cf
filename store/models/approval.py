"""Approval 审批: the steps of an order, who may sign them, what was decided, who stands in for whom, and the signed record."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, BigId, Document, Moment
from store.models.order import Order
from store.models.people import Staff


class ApprovalStep(Base):
    """One step of an order's approval. Steps of a round follow one another by `position`; the seats of a step sign in parallel."""

    __tablename__ = "approval_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    """Counts how often the order was put to approval: an amendment that touches a step opens it anew in the next round."""
    version: Mapped[int] = mapped_column()
    """The version of the order that is put to approval."""
    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(256), default="")
    """Why the matrix asks for it, in words."""
    need: Mapped[int] = mapped_column()
    """How many of its seats have to agree."""
    touches: Mapped[list[str]] = mapped_column(Document, default=list)
    """The kinds of change that open it anew."""
    minutes: Mapped[int] = mapped_column(default=45)
    """Minutes of working time after which it climbs to a manager."""
    state: Mapped[str] = mapped_column(String(16))
    """waiting → open → approved | rejected; void when an amendment has overtaken it."""
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    level: Mapped[int] = mapped_column(default=0)
    """How often it has climbed to a manager."""
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    order: Mapped[Order] = relationship(back_populates="steps")
    seats: Mapped[list["ApprovalSeat"]] = relationship(back_populates="step", order_by="ApprovalSeat.id")

    __table_args__ = (
        UniqueConstraint("order_id", "round", "position"),
        Index("ix_approval_steps_due", "due_at", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )


class ApprovalSeat(Base):
    """One signature that a step asks for: of a role or of a person."""

    __tablename__ = "approval_seats"

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("approval_steps.id"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    """As people call it: 财务, or a name."""
    role: Mapped[str | None] = mapped_column(String(32))
    decided: Mapped[str | None] = mapped_column(String(16))
    """approve or reject; none while it is open."""

    step: Mapped[ApprovalStep] = relationship(back_populates="seats")
    signers: Mapped[list["ApprovalSigner"]] = relationship(back_populates="seat", order_by="ApprovalSigner.id")


class ApprovalSigner(Base):
    """A person who may sign for a seat: named by the matrix, standing in for a named one, or above one who did not answer."""

    __tablename__ = "approval_signers"

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("approval_seats.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    because: Mapped[str] = mapped_column(String(16))
    """named, delegate or escalation."""
    for_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    seat: Mapped[ApprovalSeat] = relationship(back_populates="signers")
    staff: Mapped[Staff] = relationship(foreign_keys=staff_id)

    __table_args__ = (UniqueConstraint("seat_id", "staff_id"),)


class ApprovalDecision(Base):
    """What somebody decided, for good: append-only, each of an order carries the hash of the one before."""

    __tablename__ = "approval_decisions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("approval_steps.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("approval_seats.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decision: Mapped[str] = mapped_column(String(16))
    """approve or reject."""
    reason: Mapped[str | None] = mapped_column(String(512))
    platform: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column()
    snapshot_hash: Mapped[str] = mapped_column(String(64))
    """What the order said at that moment."""
    previous_hash: Mapped[str] = mapped_column(String(64), default="")
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("seat_id"),)


class Delegation(Base):
    """Somebody signs for somebody else from one day until another (委托)."""

    __tablename__ = "delegations"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    from_day: Mapped[date] = mapped_column()
    until_day: Mapped[date] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    staff: Mapped[Staff] = relationship(foreign_keys=staff_id)
    to: Mapped[Staff] = relationship(foreign_keys=to_id)


class Evidence(Base):
    """The signed PDF that was made when an approval ended; append-only."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    round: Mapped[int] = mapped_column()
    version: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(Moment)
    sha256: Mapped[str] = mapped_column(String(64))
    about: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("order_id", "round"),)
