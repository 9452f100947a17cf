"""How values look on a page: `{{ order.promised_date | day }}`. They come as in `/api`: ISO dates, decimals as texts."""

from datetime import date, datetime
from decimal import Decimal

from orders.words import stage_name

_WEEKDAYS = "一二三四五六日"


def show_day(value: str | None) -> str:
    """3月20日 周五; a dash for no date."""
    if not value:
        return "—"
    day = date.fromisoformat(value)
    return f"{day.month}月{day.day}日 周{_WEEKDAYS[day.weekday()]}"


def show_moment(value: str | None) -> str:
    """3月20日 17:00, by the offset that it carries; a dash for no moment."""
    if not value:
        return "—"
    moment = datetime.fromisoformat(value)
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def show_number(value: str) -> str:
    """5,000 and 0.5: a quantity."""
    return f"{Decimal(value):,f}"


def show_money(value: str) -> str:
    """¥1,234.50; a finer price keeps its digits."""
    amount = Decimal(value)
    return f"¥{amount:,.{max(2, -int(amount.as_tuple().exponent))}f}"


FILTERS = {"day": show_day, "moment": show_moment, "number": show_number, "money": show_money, "stage": stage_name}
