"""What the desk itself keeps: events 事件, tasks 待办, dialogs 会话, alerts 异常, what came in and what goes out 待发消息."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, BigId, Document, Moment, Quantity
from store.models.catalogue import Product
from store.models.order import Order
from store.models.people import Staff


class Event(Base):
    """A fact in the past tense (`order.placed`); append-only; those of an order form a chain of hashes."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    data: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64), default="")
    hash: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (Index("ix_events_order", "order_id", "id"),)


class UnreadEvent(Base):
    """An event that a reader has not taken up yet, written with it: a watermark would skip what commits late."""

    __tablename__ = "unread_events"

    event_id: Mapped[int] = mapped_column(BigId, ForeignKey("events.id"), primary_key=True)
    reader: Mapped[str] = mapped_column(String(32), primary_key=True)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)

    event: Mapped[Event] = relationship()


class Task(Base):
    """Something a person has to do; its id is the number they type (`完成 3`)."""

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(256))
    role: Mapped[str | None] = mapped_column(String(32))
    """A task belongs to a role (anybody who has it may finish it) or to one assignee."""
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    state: Mapped[str] = mapped_column(String(16), default="open")
    """open, or done."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None on a done task: the desk itself saw that nothing is left to do."""
    chased: Mapped[int] = mapped_column(default=0)
    """How often it was asked for after its time: first its holder, then one manager after the other."""
    chase_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it is asked for next."""

    order: Mapped[Order | None] = relationship()
    assignee: Mapped[Staff | None] = relationship(foreign_keys=assignee_id)
    done_by: Mapped[Staff | None] = relationship(foreign_keys=done_by_id)
    lines: Mapped[list["TaskLine"]] = relationship(back_populates="task", order_by="TaskLine.id")

    __table_args__ = (
        Index("ix_tasks_open", "kind", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
        Index("ix_tasks_chase", "chase_at", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )


class TaskLine(Base):
    """What a restock task asks for: so much of a product, for which order."""

    __tablename__ = "task_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    alert: Mapped[bool] = mapped_column(default=False)
    """True when the shortage alert asks for it: its need ends with the alert, not with the goods of the order."""
    done: Mapped[bool] = mapped_column(default=False)

    task: Mapped[Task] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()
    order: Mapped[Order | None] = relationship()

    __table_args__ = (UniqueConstraint("task_id", "product_id", "order_id"),)


class Dialog(Base):
    """What the desk has open with a person: a draft, or a question (house.md, decision 12). One a person."""

    __tablename__ = "dialogs"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), unique=True)
    number: Mapped[int] = mapped_column(default=1)
    """Counts this person's dialogs: a button of an earlier one is stale."""
    command: Mapped[str] = mapped_column(String(32))
    state: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """Fields known so far."""
    ask: Mapped[str | None] = mapped_column(String(32))
    """The field that is open."""
    choices: Mapped[list[dict[str, Any]]] = mapped_column(Document, default=list)
    """What may be pressed or typed as a number: text, action, argument."""
    until: Mapped[datetime] = mapped_column(Moment)


class Episode(Base):
    """An alert 异常 of a rule about one subject, from the moment its condition held until it ended."""

    __tablename__ = "episodes"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(32))
    """line or fulfilment: what `subject_id` counts."""
    subject_id: Mapped[int] = mapped_column()
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    resolved_at: Mapped[datetime | None] = mapped_column(Moment)
    data: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)

    __table_args__ = (
        Index(
            "uq_episodes_open",
            "rule",
            "subject_id",
            unique=True,
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )


class Timer(Base):
    """Something that only time makes due; polled by the leader of the clock."""

    __tablename__ = "timers"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Moment, index=True)
    last_run_at: Mapped[datetime | None] = mapped_column(Moment)


class Incoming(Base):
    """A message or press that was taken in: a repetition of its key is answered again, not done again."""

    __tablename__ = "incoming"

    platform: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(256), primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    received_at: Mapped[datetime] = mapped_column(Moment, index=True)
    reply: Mapped[str] = mapped_column(Text, default="")
    """What the response to the callback said, before it was sealed."""


class OutboxMessage(Base):
    """Something to be told, written with the change it speaks of. `key` is unique: nobody is told a thing twice."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(192), unique=True)
    audience: Mapped[str] = mapped_column(String(96))
    """staff:7, role:purchasing, customer:3, group:logistics, service:kuaidi100 (see store/outbox.py)."""
    card: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    urgency: Mapped[int] = mapped_column()
    updates: Mapped[str | None] = mapped_column(String(192))
    """The key of an earlier message whose card is to change in place."""
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    addressed: Mapped[bool] = mapped_column(default=False)
    """True once it has been resolved into deliveries."""

    __table_args__ = (Index("ix_outbox_new", "urgency", "id", sqlite_where=text("addressed = 0"), postgresql_where=text("NOT addressed")),)


class Delivery(Base):
    """One sending of an outbox message to one receiver through one channel."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    outbox_id: Mapped[int] = mapped_column(BigId, ForeignKey("outbox.id"))
    channel: Mapped[str] = mapped_column(String(24))
    recipient: Mapped[str] = mapped_column(String(192))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    urgency: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(16), default="due")
    """due → sent | failed | dropped | skipped; `lease_until` set while a worker has it."""
    attempts: Mapped[int] = mapped_column(default=0)
    addressed_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    """Both in real time, not the trade's: retries and their end do not jump with a fast-forwarded clock."""
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    possibly_double: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(String(256))
    reference: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """What the platform gave back: msgid, response_code, outTrackId, task id."""

    message: Mapped[OutboxMessage] = relationship()

    __table_args__ = (
        UniqueConstraint("outbox_id", "channel", "recipient"),
        Index("ix_deliveries_recipient", "channel", "recipient", "id"),
        Index("ix_deliveries_due", "urgency", "due_at", sqlite_where=text("state = 'due'"), postgresql_where=text("state = 'due'")),
    )


class Meter(Base):
    """Counts of platform calls by month or day: DingTalk's quota is counted here."""

    __tablename__ = "meters"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class Installation(Base):
    """Values made once for this installation: the key that signs buttons and links, imports already taken."""

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
