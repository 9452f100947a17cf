"""Who may do what: refusing those who have none of the roles, and keeping warehouse people to their own warehouse."""

from collections.abc import Iterable

from orders.refusals import Refused
from orders.words import role_name
from store.models import Role, Staff
from store.transaction import Transaction


def require(by: Staff, roles: Iterable[Role], doing: str) -> None:
    """Refuses who has none of `roles`; `doing` is the Chinese word for what they wanted to do."""
    allowed = sorted(roles, key=list(Role).index)
    if not by.has(*allowed):
        raise Refused("not_allowed", doing=doing, roles=[role_name(role) for role in allowed])


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
