"""`/o/{token}`: an order for staff behind a signed link, which the QR code leads to: the version in force above all else.

segno draws the QR code: it needs nothing else, and writes the SVG that stands in the page itself.
"""

from datetime import date
from typing import Any

import segno
from sqlalchemy import select

from orders.approval_view import evidence_of
from orders.lifecycle import has_passed
from orders.links import staff_link, version_path
from orders.view import order_data
from pages.history import told
from store.models import Order, Stage
from store.transaction import Transaction

_MODULE_PIXELS = 4


def order_page(tx: Transaction, no: str, version: str, warehouse: str = "") -> tuple[str, dict[str, Any]] | None:
    """The template with its data. None: no such order.

    `version` is the one that the link was made for: an older one is shown as it was, and as void. With a `warehouse`,
    only what that one has to pick is shown, without prices.
    """
    order = tx.session.scalar(select(Order).where(Order.no == no))
    if order is None:
        return None
    data = order_data(tx, order)
    if int(version) != order.version:
        return "order_void.html", _void(tx, data, int(version), warehouse)
    common = {"order": data, "qr": _qr(staff_link(tx, order, warehouse)), "held": _held(order)}
    if warehouse:
        return "order_pick.html", common | {"warehouse": warehouse, "picks": _picks(data, warehouse), "parts": _parts(data, warehouse)}
    late = {"late_days": _late_days(data["wanted_date"], data["promisable_date"]), "gap_days": tx.settings.trade.gap_days}
    return "order.html", common | late | {"versions": _versions(tx, data), "history": _history(data), "evidence": _evidence(tx, order)}


def evidence_pdf(tx: Transaction, no: str) -> bytes | None:
    """The signed PDF of the last approval of an order; None: there is none, or not yet."""
    order = tx.session.scalar(select(Order).where(Order.no == no))
    kept = evidence_of(tx, order) if order else None
    return kept.pdf if kept else None


def _void(tx: Transaction, data: dict[str, Any], version: int, warehouse: str) -> dict[str, Any]:
    """An older version as it was agreed then, with the way to the one in force; a version that never was has no content."""
    snapshot = next((one for one in data["snapshots"] if one["version"] == version), None)
    current = version_path(tx, data["no"], data["version"], warehouse)
    return {"order": data, "version": version, "snapshot": snapshot, "current": current, "prices": not warehouse}


def _evidence(tx: Transaction, order: Order) -> str:
    """The way to the signed record of the last approval; empty as long as there is none."""
    return f"{version_path(tx, order.no, order.version)}/evidence.pdf" if evidence_of(tx, order) else ""


def _versions(tx: Transaction, data: dict[str, Any]) -> list[dict[str, Any]]:
    """What each version changed, the newest first; the first one changed nothing."""
    changed = [one for one in data["snapshots"] if one["version"] > 1]
    return [one | {"before": version_path(tx, data["no"], one["version"] - 1)} for one in reversed(changed)]


def _history(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [event | {"what": what} for event in reversed(data["events"]) if (what := told(event["kind"], event["data"]))]


def _picks(data: dict[str, Any], warehouse: str) -> list[dict[str, Any]]:
    """The places from which a warehouse takes the goods, line by line."""
    taken = ((line, place) for line in data["lines"] for place in line["reservations"] if place["warehouse"] == warehouse)
    return [line | place | {"taken": place["quantity"]} for line, place in taken]


def _parts(data: dict[str, Any], warehouse: str) -> list[dict[str, Any]]:
    return [part for part in data["fulfilments"] if part["warehouse"] == warehouse]


def _held(order: Order) -> str:
    return "已出库" if has_passed(order.stage, Stage.SCHEDULED) else "预占"


def _qr(link: str) -> str:
    """The code as SVG; empty where no phone could open the link."""
    return segno.make(link, error="m").svg_inline(scale=_MODULE_PIXELS, omitsize=True) if link else ""


def _late_days(wanted: str | None, promisable: str | None) -> int:
    if not wanted or not promisable:
        return 0
    return (date.fromisoformat(promisable) - date.fromisoformat(wanted)).days
