"""All tables, by the words of the trade."""

from store.models.base import Base
from store.models.catalogue import Capacity, Component, Product, Word
from store.models.desk import (
    Delivery,
    Dialog,
    Episode,
    Event,
    Incoming,
    Installation,
    Meter,
    OutboxMessage,
    Task,
    TaskLine,
    Timer,
    UnreadEvent,
)
from store.models.order import OPEN_STAGES, DayNumber, Fulfilment, Order, OrderLine, Snapshot, Stage, TraceEvent
from store.models.people import Customer, Level, Role, Staff
from store.models.stock import Inbound, Reservation, StockBatch

APPEND_ONLY = (Event, Snapshot, TraceEvent)
"""Tables that refuse UPDATE and DELETE by trigger."""

__all__ = [
    "APPEND_ONLY",
    "OPEN_STAGES",
    "Base",
    "Capacity",
    "Component",
    "Customer",
    "DayNumber",
    "Delivery",
    "Dialog",
    "Episode",
    "Event",
    "Fulfilment",
    "Inbound",
    "Incoming",
    "Installation",
    "Level",
    "Meter",
    "Order",
    "OrderLine",
    "OutboxMessage",
    "Product",
    "Reservation",
    "Role",
    "Snapshot",
    "Staff",
    "Stage",
    "StockBatch",
    "Task",
    "TaskLine",
    "Timer",
    "TraceEvent",
    "UnreadEvent",
    "Word",
]
