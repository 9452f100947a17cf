"""Approval 审批: which steps an order has to pass, and what an amendment does to them."""

from store.models import ApprovalStep, Order
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


def current(order: Order) -> list[ApprovalStep]:
    """The steps in force, in their sequence."""
    return [step for step in order.steps if step.state != VOID]


def is_settled(order: Order) -> bool:
    """Whether everybody who is asked has agreed, or nobody is asked."""
    return all(step.state == APPROVED for step in current(order))
