"""Signed links to the pages of an order and of a draft; empty where the installation has no public address that a phone could open."""

from store.models import Dialog, Order
from store.transaction import Transaction


def staff_link(tx: Transaction, order: Order, warehouse: str = "") -> str:
    """The order page for staff, of the version in force now; with a `warehouse`, only what that one has to do with."""
    return _absolute(tx, version_path(tx, order.no, order.version, warehouse))


def draft_link(tx: Transaction, dialog: Dialog, number: int) -> str:
    """The page with every line of a draft, for whom it was shown to; `number` is the one that its buttons carry."""
    return _absolute(tx, f"/d/{tx.signer.sign('draft', dialog.id, number)}")


def customer_link(tx: Transaction, order: Order) -> str:
    """The progress page for the customer."""
    return _absolute(tx, f"/t/{tx.signer.sign('progress', order.no)}")


def version_path(tx: Transaction, no: str, version: int, warehouse: str = "") -> str:
    """The path of an order page, for links from one page to another."""
    return f"/o/{tx.signer.sign('order', no, version, *filter(None, [warehouse]))}"


def _absolute(tx: Transaction, path: str) -> str:
    return tx.settings.link_base + path if tx.settings.has_public_url else ""
