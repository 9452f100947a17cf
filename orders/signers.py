"""Who may sign for a seat of an approval: those it names, whoever stands in for them, and who is above those that keep silent."""

from collections.abc import Collection, Iterable

from sqlalchemy import Select, or_, select

from store.models import ApprovalSeat, ApprovalSigner, Delegation, Order, Role, Staff
from store.transaction import Transaction

NAMED, DELEGATE, ESCALATION = "named", "delegate", "escalation"
"""Why a person may sign."""


def everybody(tx: Transaction) -> list[Staff]:
    """All who work here."""
    return list(tx.session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)))


def named_for(seller: int | None, name: str, role: Role | None, staff: Collection[Staff], warehouses: set[str]) -> list[Staff]:
    """Who signs for a seat, by the staff of today: not who answers for the order (`seller`), unless there is nobody else."""
    found = [person for person in staff if (role in person.roles if role else person.name == name)]
    if role is Role.WAREHOUSE:
        found = [person for person in found if person.warehouse in warehouses] or found
    others = [person for person in found if person.id != seller]
    above = [person for person in staff if found and not others and person.id == found[0].manager_id]
    admins = [person for person in staff if person.has(Role.ADMIN) and person.id != seller]
    return others or above or admins or found


def warehouses_of(tx: Transaction, order: Order) -> set[str]:
    """The warehouses that hold goods for an order; the firm's main one while none does."""
    held = {held.batch.warehouse for line in order.lines for held in line.reservations}
    return held or {tx.settings.trade.default_warehouse}


def seat_people(
    tx: Transaction, seat: ApprovalSeat, people: Iterable[Staff], because: str, for_: Staff | None = None
) -> list[ApprovalSigner]:
    """Lets people sign for a seat, and who stands in for each of them today; answers with those who are new to it."""
    added = []
    for person in people:
        added += _add(seat, person, because, for_)
        added += stand_in(tx, seat, person)
    return added


def stand_in(tx: Transaction, seat: ApprovalSeat, person: Staff) -> list[ApprovalSigner]:
    """Lets who represents a person today sign for the seat as well."""
    return [signer for one in delegations_of(tx, person) if one.to.active for signer in _add(seat, one.to, DELEGATE, person)]


def _add(seat: ApprovalSeat, person: Staff, because: str, for_: Staff | None) -> list[ApprovalSigner]:
    """Nobody signs twice for a seat, and nobody signs in another's place for an order of their own."""
    own = because != NAMED and person.id == seat.step.order.salesperson_id
    if own or any(signer.staff_id == person.id for signer in seat.signers):
        return []
    signer = ApprovalSigner(staff=person, staff_id=person.id, because=because, for_id=for_.id if for_ else None)
    seat.signers.append(signer)
    return [signer]


def delegations_of(tx: Transaction, person: Staff) -> list[Delegation]:
    """By whom a person is represented today."""
    return list(tx.session.scalars(in_force(tx).where(Delegation.staff_id == person.id)))


def represents(tx: Transaction, person: Staff, principals: Collection[int]) -> int | None:
    """The id of the one among `principals` for whom a person stands in today; none when there is none."""
    found = tx.session.scalars(in_force(tx).where(Delegation.to_id == person.id, Delegation.staff_id.in_(principals))).first()
    return found.staff_id if found else None


def in_force(tx: Transaction) -> Select[Delegation]:
    """The delegations of today."""
    running = or_(Delegation.ended_at.is_(None), Delegation.ended_at > tx.now)
    return select(Delegation).where(Delegation.from_day <= tx.today, Delegation.until_day >= tx.today, running).order_by(Delegation.id)


def above(person: Staff, levels: int, staff: Collection[Staff]) -> Staff | None:
    """Who stands so many levels above a person; who has left is stepped over. None at the end of the line."""
    by_id = {other.id: other for other in staff}
    seen = {person.id}
    climbed: Staff | None = person
    while levels and climbed is not None:
        climbed = climbed.manager
        if climbed is None or climbed.id in seen:
            return None
        seen.add(climbed.id)
        levels -= climbed.id in by_id
    return climbed
