"""Staff 员工 and customers 客户."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base, Document, Moment, Money


class Role(StrEnum):
    """What a member of staff is (trade.md, Who takes part)."""

    SALES = "sales"
    SALES_MANAGER = "sales_manager"
    PURCHASING = "purchasing"
    WAREHOUSE = "warehouse"
    PRODUCTION = "production"
    FINANCE = "finance"
    ENGINEERING = "engineering"
    SERVICE = "service"
    ADMIN = "admin"


class Level(StrEnum):
    """A customer's level."""

    VIP = "VIP"
    REGULAR = "regular"
    TRIAL = "trial"


class Staff(Base):
    """A member of staff, known to the platforms by their user ids."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    roles: Mapped[list[str]] = mapped_column(Document, default=list)
    mobile: Mapped[str | None] = mapped_column(String(32))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    warehouse: Mapped[str | None] = mapped_column(String(64))
    wecom_userid: Mapped[str | None] = mapped_column(String(64))
    dingtalk_userid: Mapped[str | None] = mapped_column(String(64))
    dingtalk_unionid: Mapped[str | None] = mapped_column(String(128))
    """Looked up once by the DingTalk to-do channel and kept: it is stable."""
    last_platform: Mapped[str | None] = mapped_column(String(16))
    """The platform they last wrote from: they are told there."""
    active: Mapped[bool] = mapped_column(default=True)

    manager: Mapped["Staff | None"] = relationship(remote_side=[id])

    __table_args__ = (
        Index("uq_staff_wecom", func.lower(wecom_userid), unique=True),
        Index("uq_staff_dingtalk", dingtalk_userid, unique=True),
    )

    def has(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)


class Customer(Base):
    """A customer; never logs in, is told of progress."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    level: Mapped[str] = mapped_column(String(16), default=Level.REGULAR)
    aliases: Mapped[list[str]] = mapped_column(Document, default=list)
    phone: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(256))
    salesperson_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    credit_limit: Mapped[Decimal | None] = mapped_column(Money)
    wechat_openid: Mapped[str | None] = mapped_column(String(64))
    group: Mapped[str | None] = mapped_column("group_name", String(64))
    updated_at: Mapped[datetime | None] = mapped_column(Moment)

    salesperson: Mapped[Staff | None] = relationship()
