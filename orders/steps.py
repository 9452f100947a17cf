"""The steps of an order's approval, looked at: which are in force, whether all is agreed, whose word is awaited."""

from store.models import ApprovalSeat, ApprovalStep, Order

WAITING, OPEN, APPROVED, REJECTED, VOID = "waiting", "open", "approved", "rejected", "void"
"""The states of a step; a void one was overtaken by an amendment or a cancellation."""
APPROVE, REJECT = "approve", "reject"
"""What a seat may decide."""


def current(order: Order) -> list[ApprovalStep]:
    """The steps in force, in their sequence."""
    return sorted((step for step in order.steps if step.state != VOID), key=lambda step: (step.position, step.round))


def is_settled(order: Order) -> bool:
    """Whether everybody who is asked has agreed, or nobody is asked."""
    return all(step.state == APPROVED for step in order.steps if step.state != VOID)


def open_step(order: Order) -> ApprovalStep | None:
    """The step that is being decided."""
    return next((step for step in order.steps if step.state == OPEN), None)


def undecided(step: ApprovalStep) -> list[ApprovalSeat]:
    """The seats of a step whose word is awaited."""
    return [seat for seat in step.seats if seat.decided is None]


def agreed(step: ApprovalStep) -> int:
    """How many seats have agreed."""
    return sum(seat.decided == APPROVE for seat in step.seats)


def awaited(order: Order) -> str | None:
    """What an order waits for as long as it is not approved, in words."""
    steps = current(order)
    if rejected := next((step for step in steps if step.state == REJECTED), None):
        return f"审核未通过：{'、'.join(seat.name for seat in rejected.seats if seat.decided == REJECT)}已驳回"
    if asked := next((step for step in steps if step.state in (OPEN, WAITING)), None):
        return f"待{'、'.join(seat.name for seat in undecided(asked))}审核"
    return None
