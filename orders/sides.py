"""The two sides of a negotiation: sales, and who answers for the goods."""

from dataclasses import dataclass

from sqlalchemy import select

from orders.refusals import Refused
from orders.words import role_name
from store.models import Offer, Order, Role, Staff
from store.transaction import Transaction

SALES, PRODUCTION, DESK = "sales", "production", "desk"
SIDE_NAMES = {SALES: "销售", PRODUCTION: "生产", DESK: "跟单"}


@dataclass(frozen=True)
class Sides:
    """Who is told and asked on each side, and who else may speak for it."""

    asked: dict[str, list[Staff]]
    may: dict[str, list[Staff]]

    @property
    def everybody(self) -> list[Staff]:
        """Who is told, each once."""
        return list({person.id: person for people in self.asked.values() for person in people}.values())

    def side_of(self, by: Staff, pending: Offer | None) -> str:
        """For whom a person speaks: who may speak for both answers what is offered; refuses who may not at all."""
        own = [side for side, people in self.may.items() if by in people]
        if not own:
            raise Refused("not_your_date", people=[person.name for person in self.everybody])
        return next((side for side in own if pending and side != pending.side), own[0])

    def may_accept(self, person: Staff, offered: Offer | None) -> bool:
        """Whether a person may answer what is offered; while nothing is, anybody may begin."""
        own = [side for side, people in self.may.items() if person in people]
        return any(offered is None or (side != offered.side and offered.staff_id != person.id) for side in own)

    def is_alone(self, by: Staff) -> bool:
        """Whether nobody else could answer what this person offers."""
        return {person.id for people in self.may.values() for person in people} == {by.id}


def sides_of(tx: Transaction, order: Order, asks: str | None) -> Sides:
    """The sides of an order: its salesperson, and who has the role that answers for its goods; nobody there: the admins."""
    staff = tx.session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)).all()
    admins = [person for person in staff if person.has(Role.ADMIN)]
    sellers = [person for person in staff if person.id == order.salesperson_id]
    managers = [person for person in staff if person.has(Role.SALES_MANAGER)]
    answering = [person for person in staff if asks and person.has(Role(asks))]
    makers = [person for person in staff if person.has(Role.PRODUCTION)]
    asked = {SALES: sellers or managers or admins, PRODUCTION: answering or admins}
    may = {SALES: [*sellers, *managers, *admins], PRODUCTION: [*answering, *makers, *admins]}
    return Sides(asked, may)


def asked_name(asks: str | None) -> str:
    """What the other side of sales is called: 生产总监, 采购主管."""
    return role_name(asks) if asks else SIDE_NAMES[PRODUCTION]
