"""Signed links to the pages of an order; empty where the installation has no public address that a phone could open."""

from store.models import Order
from store.transaction import Transaction


def staff_link(tx: Transaction, order: Order) -> str:
    """The order page for staff, of the version in force now."""
    return _link(tx, "o", "order", order.no, order.version)


def customer_link(tx: Transaction, order: Order) -> str:
    """The progress page for the customer."""
    return _link(tx, "t", "progress", order.no)


def _link(tx: Transaction, path: str, purpose: str, *parts: object) -> str:
    if not tx.settings.has_public_url:
        return ""
    return f"{tx.settings.link_base}/{path}/{tx.signer.sign(purpose, *parts)}"
