"""Approval 审批: which steps an order has to pass, and what an amendment does to them."""

from orders.content import Content
from store.models import ApprovalStep, Order, Staff
from store.transaction import Transaction

WAITING, OPEN, APPROVED, REJECTED, VOID = "waiting", "open", "approved", "rejected", "void"
"""The states of a step; a void one was overtaken by an amendment."""


def open_steps(_tx: Transaction, _order: Order) -> None:
    """Puts a new order to approval: writes the steps that the matrix asks for and opens the first."""


def reopen(_tx: Transaction, _order: Order, _touched: set[str]) -> list[ApprovalStep]:
    """Opens anew the steps of an amended order that the changes of these kinds touch; answers with them.

    The order must be locked and carry its new version and snapshot; `onward.go_on` decides afterwards how far it may go.
    """
    return []


def would_reopen(_tx: Transaction, _order: Order, _touched: set[str], _after: Content) -> list[str]:
    """The names of the steps that `reopen` would open anew once the order says `after`; writes nothing."""
    return []


def signers_of(_tx: Transaction, _order: Order) -> list[Staff]:
    """Who has decided on the order so far."""
    return []


def withdraw(_tx: Transaction, _order: Order, _by: Staff) -> None:
    """Takes back what a cancelled order still asks people to sign."""


def current(order: Order) -> list[ApprovalStep]:
    """The steps in force, in their sequence."""
    return [step for step in order.steps if step.state != VOID]


def is_settled(order: Order) -> bool:
    """Whether everybody who is asked has agreed, or nobody is asked."""
    return all(step.state == APPROVED for step in current(order))
