"""Stock batches 库存批次, reservations 预占 and inbound purchase orders 在途采购."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Quantity
from store.models.catalogue import Product

if TYPE_CHECKING:
    from store.models.order import Fulfilment, OrderLine


class StockBatch(Base):
    """What lies at one place: available = on_hand − reserved. The database itself refuses to oversell."""

    __tablename__ = "stock_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    warehouse: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(64))
    batch: Mapped[str] = mapped_column(String(64), default="")
    expires_on: Mapped[date | None] = mapped_column()
    on_hand: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    reserved: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))

    product: Mapped[Product] = relationship()

    __table_args__ = (
        UniqueConstraint("product_id", "warehouse", "location", "batch"),
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="not_oversold"),
    )

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved


class Reservation(Base):
    """Part of a batch that is held for one line of an order until it is picked."""

    __tablename__ = "reservations"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("stock_batches.id"))
    fulfilment_id: Mapped[int | None] = mapped_column(ForeignKey("fulfilments.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    picked: Mapped[bool] = mapped_column(default=False)
    """Once picked, the quantity has left `on_hand` and `reserved`; the row stays as the record of what went."""

    batch: Mapped[StockBatch] = relationship()
    line: Mapped["OrderLine"] = relationship(back_populates="reservations")
    fulfilment: Mapped["Fulfilment | None"] = relationship(back_populates="reservations")

    __table_args__ = (
        # SQLite takes a partial index only where the query repeats its condition as SQLAlchemy writes it there
        Index("ix_reservations_batch_held", "batch_id", sqlite_where=text("picked = 0"), postgresql_where=text("NOT picked")),
    )


class MaterialReservation(Base):
    """Part of a batch that is held as material 备料 for a line whose goods are scheduled to be made; gone once it is used up."""

    __tablename__ = "material_reservations"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("stock_batches.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Quantity)

    batch: Mapped[StockBatch] = relationship()


class Inbound(Base):
    """A purchase order on its way: `quantity` ordered, `received` of it already in."""

    __tablename__ = "inbound"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    received: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    expected_on: Mapped[date] = mapped_column()

    product: Mapped[Product] = relationship()

    __table_args__ = (UniqueConstraint("number", "product_id"),)
