"""How the trade writes numbers and moments, and the Chinese names of its codes."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from store.models import Level, Role, Stage

CENT = Decimal("0.01")

STAGE_NAMES = {
    Stage.PLACED: "已下单",
    Stage.APPROVED: "已审核",
    Stage.ALLOCATED: "已配货",
    Stage.SCHEDULED: "已排产",
    Stage.PICKED: "已出库",
    Stage.SHIPPED: "已发货",
    Stage.SIGNED: "已签收",
    Stage.CLOSED: "已完成",
    Stage.CANCELLED: "已取消",
}
ROLE_NAMES = {
    Role.SALES: "销售",
    Role.SALES_MANAGER: "销售主管",
    Role.PURCHASING: "采购主管",
    Role.WAREHOUSE: "仓管",
    Role.PRODUCTION: "生产总监",
    Role.FINANCE: "财务",
    Role.ENGINEERING: "技术部",
    Role.SERVICE: "客服",
    Role.ADMIN: "管理员",
}
LEVEL_NAMES = {Level.VIP: "VIP", Level.REGULAR: "普通", Level.TRIAL: "试单"}

_OTHER_NAMES = {
    "采购": Role.PURCHASING,
    "仓库": Role.WAREHOUSE,
    "排产": Role.PRODUCTION,
    "技术": Role.ENGINEERING,
    "普通客户": Level.REGULAR,
    "试用": Level.TRIAL,
}
_Code = TypeVar("_Code", bound=StrEnum)


def plain(value: Decimal) -> str:
    """A quantity or a price as people write it: no exponent, no trailing zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def money(value: Decimal) -> str:
    """Yuan with two places, rounded half up."""
    return format(value.quantize(CENT, ROUND_HALF_UP), "f")


def moment(value: datetime | None, zone: ZoneInfo) -> str | None:
    """A moment in the company's zone, ISO with offset."""
    return value.astimezone(zone).isoformat() if value else None


def stage_name(stage: str) -> str:
    """已下单 for placed …; raises ValueError for what is no stage."""
    return STAGE_NAMES[Stage(stage)]


def role_name(role: str) -> str:
    """销售 for sales …; raises ValueError for what is no role."""
    return ROLE_NAMES[Role(role)]


def role_of(text: str) -> Role | None:
    """The role that a code or a Chinese name means; none when nothing does."""
    return _code_of(text, Role, ROLE_NAMES)


def stage_of(text: str) -> Stage | None:
    """The stage that a code or a Chinese name means; none when nothing does."""
    return _code_of(text, Stage, STAGE_NAMES)


def level_of(text: str) -> Level | None:
    """The level that a code or a Chinese name means; none when nothing does."""
    return _code_of(text, Level, LEVEL_NAMES)


def _code_of(text: str, codes: type[_Code], names: dict[_Code, str]) -> _Code | None:
    said = text.strip()
    for code in codes:
        if said.casefold() in (code.value.casefold(), names[code].casefold()):
            return code
    other = _OTHER_NAMES.get(said)
    return other if isinstance(other, codes) else None
