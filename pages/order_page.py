"""`/o/{token}`: an order for staff, the version in force, behind a signed link."""

from datetime import date
from typing import Any

from sqlalchemy import select

from orders.lifecycle import has_passed
from orders.view import order_data
from pages.history import told
from store.models import Order, Stage
from store.transaction import Transaction


def order_page(tx: Transaction, no: str, version: str) -> dict[str, Any] | None:
    """What the page shows; `version` is the one that the link was made for. None: no such order."""
    order = tx.session.scalar(select(Order).where(Order.no == no))
    if order is None:
        return None
    data = order_data(tx, order)
    return {
        "order": data,
        "seen_version": int(version),
        "late_days": _late_days(data["wanted_date"], data["promisable_date"]),
        "held": "已出库" if has_passed(order.stage, Stage.SCHEDULED) else "预占",
        "gap_days": tx.settings.trade.gap_days,
        "history": [event | {"what": what} for event in reversed(data["events"]) if (what := told(event["kind"], event["data"]))],
    }


def _late_days(wanted: str | None, promisable: str | None) -> int:
    if not wanted or not promisable:
        return 0
    return (date.fromisoformat(promisable) - date.fromisoformat(wanted)).days
