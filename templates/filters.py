"""How values look in a card: `{{ promised_date | date }}`. Values come as in JSON documents: texts of decimals, dates and moments."""

from datetime import datetime
from decimal import Decimal

WEEKDAYS = "一二三四五六日"

STAGES = {
    "draft": "草稿",
    "placed": "已下单",
    "approved": "已审核",
    "allocated": "已配货",
    "scheduled": "已排产",
    "picked": "已出库",
    "shipped": "已发货",
    "signed": "已签收",
    "closed": "已完成",
    "on_hold": "挂起",
    "cancelled": "已取消",
}


class Lines(str):
    """A text whose line breaks are meant; every other value is put on one line."""

    __slots__ = ()


def show_date(value: str | None) -> str:
    """`2026-03-20` (or a moment of that day) as 3月20日(周五); nothing for no date."""
    if not value:
        return ""
    day = datetime.fromisoformat(value)
    return f"{day.month}月{day.day}日(周{WEEKDAYS[day.weekday()]})"


def show_moment(value: str | None) -> str:
    """`2026-03-20T17:00:00+08:00` as 3月20日 17:00, the wall clock of its own offset; a date as a date; nothing for nothing."""
    if not value:
        return ""
    if len(value) == len("2026-03-20"):
        return show_date(value)
    moment = datetime.fromisoformat(value)
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def show_money(value: str | None) -> str:
    """`1234.5` as ¥1,234.50; a finer price keeps its digits; nothing for no amount."""
    if value in (None, ""):
        return ""
    amount = Decimal(value)
    digits = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,.{digits}f}"


def show_quantity(value: str, unit: str = "") -> str:
    """`5000`, `支` as 5,000支."""
    return f"{Decimal(value):,f}{unit}"


def show_gap(days: int) -> str:
    """Days after (or before) the wished date: 晚3天, 早2天, 按期."""
    if days == 0:
        return "按期"
    return f"晚{days}天" if days > 0 else f"早{-days}天"


def show_stage(code: str) -> str:
    """A stage's code as its name."""
    return STAGES.get(code, code)


FILTERS = {
    "date": show_date,
    "moment": show_moment,
    "money": show_money,
    "quantity": show_quantity,
    "gap": show_gap,
    "stage": show_stage,
    "lines": Lines,
}
