"""Who may do what: refusing those who have none of the roles, and keeping warehouse people to their own warehouse."""

from collections.abc import Iterable

from sqlalchemy import select

from orders.refusals import Refused
from orders.words import role_name
from store.models import Order, Role, Staff
from store.transaction import Transaction


def require(by: Staff, roles: Iterable[Role], doing: str) -> None:
    """Refuses who has none of `roles`; `doing` is the Chinese word for what they wanted to do."""
    allowed = sorted(roles, key=list(Role).index)
    if not by.has(*allowed):
        raise Refused("not_allowed", doing=doing, roles=[role_name(role) for role in allowed])


def is_above(by: Staff, person: Staff, everybody: Iterable[Staff]) -> bool:
    """Whether `by` is a manager of the person, or of their manager, and so on."""
    managers = {other.id: other.manager_id for other in everybody}
    seen: set[int] = set()
    climbed = person.manager_id
    while climbed is not None and climbed not in seen:
        if climbed == by.id:
            return True
        seen.add(climbed)
        climbed = managers.get(climbed)
    return False


def require_own(tx: Transaction, order: Order, by: Staff, doing: str) -> None:
    """Refuses who may not change an order: sales change their own, managers those of their team, admins any."""
    require(by, (Role.SALES, Role.SALES_MANAGER, Role.ADMIN), doing)
    seller = order.salesperson
    if by.has(Role.ADMIN) or seller is by:
        return
    if by.has(Role.SALES_MANAGER) and (seller is None or is_above(by, seller, tx.session.scalars(select(Staff)))):
        return
    raise Refused("not_your_order", order_no=order.no, salesperson=seller.name if seller else "", doing=doing)


def own_warehouse(tx: Transaction, by: Staff | None) -> str | None:
    """The one warehouse that a person is kept to; none for who may work in all of them, such as an admin."""
    if by is None or by.has(Role.ADMIN) or not by.has(Role.WAREHOUSE):
        return None
    return by.warehouse or tx.settings.trade.default_warehouse


def workplace(tx: Transaction, by: Staff, warehouse: str | None) -> str:
    """The warehouse that is meant: as said, else the person's own, else the firm's main one; refuses somebody else's."""
    own = own_warehouse(tx, by)
    if own and warehouse and warehouse != own:
        raise Refused("other_warehouse", warehouse=warehouse, own=own)
    return warehouse or own or by.warehouse or tx.settings.trade.default_warehouse
