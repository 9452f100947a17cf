"""Products 产品, the firm's own words 词表, what products are made of 物料清单, and capacity 产能."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Document, Moment, Price, Quantity


class Product(Base):
    """A product; all quantities are in `unit`, `units` says how many of it one larger unit holds."""

    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    spec: Mapped[str | None] = mapped_column(String(64))
    unit: Mapped[str] = mapped_column(String(16))
    units: Mapped[dict[str, str]] = mapped_column(Document, default=dict)
    """Packs: unit → quantity in base units, as the text of a decimal."""
    moq: Mapped[Decimal | None] = mapped_column(Quantity)
    price: Mapped[Decimal | None] = mapped_column(Price)
    type: Mapped[str | None] = mapped_column(String(64))
    material: Mapped[str | None] = mapped_column(String(64))
    finish: Mapped[str | None] = mapped_column(String(64))
    grade: Mapped[str | None] = mapped_column(String(32))
    safety_stock: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    min_surplus: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    lead_days: Mapped[int | None] = mapped_column()
    made: Mapped[bool] = mapped_column(default=False)
    work_center: Mapped[str | None] = mapped_column(String(64))
    aliases: Mapped[list[str]] = mapped_column(Document, default=list)
    updated_at: Mapped[datetime | None] = mapped_column(Moment)


class Word(Base):
    """A synonym of the firm: `word` means `means` where a `kind` (type, material, finish, unit) is read."""

    __tablename__ = "words"

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(64))
    means: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))

    __table_args__ = (UniqueConstraint("word", "kind"),)


class Component(Base):
    """One line of a bill of materials: making one `product` takes `quantity` of `component`."""

    __tablename__ = "components"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)

    product: Mapped[Product] = relationship(foreign_keys=product_id)
    component: Mapped[Product] = relationship(foreign_keys=component_id)

    __table_args__ = (UniqueConstraint("product_id", "component_id"),)


class Capacity(Base):
    """How much a work centre can make on a day."""

    __tablename__ = "capacity"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_center: Mapped[str] = mapped_column(String(64))
    day: Mapped[date] = mapped_column()
    quantity: Mapped[Decimal] = mapped_column(Quantity)

    __table_args__ = (UniqueConstraint("work_center", "day"),)


class CustomerWord(Base):
    """What a customer calls a product, learned from how their orders were settled (别名); it changes nobody else's reading."""

    __tablename__ = "customer_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    word: Mapped[str] = mapped_column(String(128))
    """The wording in its plain form."""
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    times: Mapped[int] = mapped_column(default=1)
    """How often it was settled so, one after the other; at two it counts."""
    changed_at: Mapped[datetime] = mapped_column(Moment)

    product: Mapped[Product] = relationship()

    __table_args__ = (UniqueConstraint("customer_id", "word"),)
