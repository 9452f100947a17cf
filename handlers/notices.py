"""The card `notice`: a simple answer to something that was done."""

from decimal import Decimal

from orders.words import plain
from platforms.words import Reply


def notice(title: str, text: str = "", **fields: str) -> Reply:
    """A title, a text, and named values; empty ones are left out."""
    return Reply(
        "notice", {"title": title, "text": text, "fields": [{"name": name, "value": value} for name, value in fields.items() if value]}
    )


def quantity(value: Decimal, unit: str) -> str:
    """5000支."""
    return f"{plain(value)}{unit}"
