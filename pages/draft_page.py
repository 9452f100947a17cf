"""`/d/{token}`: every line of a draft, for the salesperson to check before it is confirmed in the chat."""

from typing import Any

from sqlalchemy import select

from orders.links import version_path
from store.dialogs import kept_draft, number_of
from store.models import Dialog, Order
from store.transaction import Transaction


def draft_page(tx: Transaction, dialog_id: str, number: str) -> dict[str, Any] | None:
    """The draft as its card says, while it can be confirmed; else what has become of it. None: there never was one."""
    dialog = tx.session.get(Dialog, int(dialog_id))
    if dialog is None:
        return None
    kept = kept_draft(dialog, int(number))
    if kept is None:
        return {"draft": None, "late": False, **_became(tx, dialog, int(number))}
    shown, until = kept
    return {"draft": shown, "late": until <= tx.now, "order_no": "", "order_url": "", "dropped": False}


def _became(tx: Transaction, dialog: Dialog, number: int) -> dict[str, Any]:
    """An order, nothing, or another draft."""
    ended = dialog.state if not dialog.command and number_of(dialog) == number else {}
    order = tx.session.scalar(select(Order).where(Order.no == ended.get("order_no", "")))
    url = version_path(tx, order.no, order.version) if order else ""
    return {"order_no": order.no if order else "", "order_url": url, "dropped": bool(ended) and order is None}
