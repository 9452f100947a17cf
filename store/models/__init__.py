"""All tables, by the words of the trade."""

from store.models.approval import ApprovalDecision, ApprovalSeat, ApprovalSigner, ApprovalStep, Delegation, Evidence
from store.models.base import Base
from store.models.catalogue import Capacity, Component, CustomerWord, Product, Word
from store.models.change import Amendment, CommunicationLog, Invoice
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
from store.models.promise import Booking, Offer
from store.models.stock import Inbound, MaterialReservation, Reservation, StockBatch

APPEND_ONLY = (ApprovalDecision, CommunicationLog, Event, Evidence, Offer, Snapshot, TraceEvent)
"""Tables that refuse UPDATE and DELETE by trigger."""

__all__ = [
    "APPEND_ONLY",
    "OPEN_STAGES",
    "Amendment",
    "ApprovalDecision",
    "ApprovalSeat",
    "ApprovalSigner",
    "ApprovalStep",
    "Base",
    "Booking",
    "Capacity",
    "CommunicationLog",
    "Component",
    "Customer",
    "CustomerWord",
    "DayNumber",
    "Delegation",
    "Delivery",
    "Dialog",
    "Episode",
    "Event",
    "Evidence",
    "Fulfilment",
    "Inbound",
    "Incoming",
    "Installation",
    "Invoice",
    "Level",
    "MaterialReservation",
    "Meter",
    "Offer",
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
