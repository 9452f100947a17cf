"""Who is told where: an audience (`staff:7`, `role:purchasing` …) becomes places, each a receiver in a channel.

A person is told on the platform they last wrote from, on WeCom before they have written; a role means everybody who has
it, nobody has it: the admins; a customer by the service account, in their group, or both, else their salesperson gets the
ready text to forward. A DingTalk to-do comes on top of a restock task.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifiers import quota
from platforms.text import Plain, safe_url, write
from platforms.words import CardLink, Platform
from store.models import Customer, Delivery, Order, OutboxMessage, Role, Staff
from store.outbox import TODO, Urgency, tell, to_role, to_staff
from store.settings import Settings
from store.transaction import Transaction
from templates.render import render_card

WECOM_APP = "wecom_app"
WECOM_WEBHOOK = "wecom_webhook"
DINGTALK_ROBOT = "dingtalk_robot"
DINGTALK_GROUP = "dingtalk_group"
DINGTALK_TODO = "dingtalk_todo"
WECHAT_TEMPLATE = "wechat_template"
NOWHERE = "none"
"""Stands for the channel of a delivery that no channel can make: a dead letter from the start."""

TODO_DONE = "todo_done"
_ROBOTS = {Platform.WECOM: WECOM_WEBHOOK, Platform.DINGTALK: DINGTALK_GROUP}


class _Forwarded(Plain):
    """What is pasted into a chat with a customer has its addresses written out."""

    def link(self, link: CardLink) -> str:
        return f"{link.text}：{safe_url(link.url)}"


@dataclass(frozen=True)
class Place:
    """One receiver in one channel."""

    channel: str
    recipient: str
    staff_id: int | None = None
    reference: dict[str, Any] = field(default_factory=dict)


def places(tx: Transaction, message: OutboxMessage) -> list[Place]:
    """Everywhere a message goes; NOWHERE for a receiver whom no channel reaches, nothing where nobody has to be told."""
    kind, _, name = message.audience.partition(":")
    if kind == "staff":
        return _to_people(tx, message, _active(tx.session, [int(name)]))
    if kind == "role":
        return _to_people(tx, message, holders(tx.session, Role(name)))
    if kind == "customer":
        return _to_customer(tx, message, tx.session.get_one(Customer, int(name)))
    if kind == "group":
        return [_group(tx.settings, name) or Place(NOWHERE, message.audience)]
    return _finished_todo(tx.session, message) if name == TODO else [Place(name, message.key)]


def holders(session: Session, role: Role) -> list[Staff]:
    """Everybody at work who has the role; nobody has it: the admins."""
    people = session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)).all()
    return [person for person in people if person.has(role)] or [person for person in people if person.has(Role.ADMIN)]


def place_of(tx: Transaction, person: Staff) -> Place | None:
    """Where a person is told; None when no open platform knows them. Exhausted DingTalk is the last choice."""
    places = {
        Platform.WECOM: _on(WECOM_APP, person.wecom_userid, person, tx.settings.wecom.is_open),
        Platform.DINGTALK: _on(DINGTALK_ROBOT, person.dingtalk_userid, person, tx.settings.dingtalk.is_open),
    }
    order = [Platform.WECOM, Platform.DINGTALK]
    if person.last_platform == Platform.DINGTALK and not (places[Platform.WECOM] and quota.is_used_up(tx)):
        order.reverse()
    return places[order[0]] or places[order[1]]


def forward(tx: Transaction, message: OutboxMessage) -> None:
    """Gives the salesperson the ready text for a customer whom no channel reaches; told once for each message."""
    customer = tx.session.get_one(Customer, int(message.audience.partition(":")[2]))
    order = tx.session.get(Order, message.order_id) if message.order_id else None
    seller = customer.salesperson
    audience = to_staff(seller) if seller and seller.active else to_role(Role.SALES_MANAGER)
    text = write(render_card(message.card, message.data, lambda _action, _argument: ""), _Forwarded(), None)
    data = {"order_no": order.no if order else "", "customer": customer.name, "text": text, "outbox_key": message.key}
    tell(tx, audience, "forward", data, key=f"forward:{message.key}", urgency=Urgency.PROGRESS, order=order)


def _on(channel: str, userid: str | None, person: Staff, is_open: bool) -> Place | None:
    return Place(channel, userid, person.id) if userid and is_open else None


def _active(session: Session, ids: list[int]) -> list[Staff]:
    return list(session.scalars(select(Staff).where(Staff.id.in_(ids), Staff.active)))


def _to_people(tx: Transaction, message: OutboxMessage, people: list[Staff]) -> list[Place]:
    if not people:
        return [Place(NOWHERE, message.audience)]
    told = [place_of(tx, person) or Place(NOWHERE, f"staff:{person.id}", person.id) for person in people]
    return told + _todo(tx, message, people)


def _todo(tx: Transaction, message: OutboxMessage, people: list[Staff]) -> list[Place]:
    """One to-do for a restock task, however often its card is sent and however many share it: calls are scarce."""
    if message.card != "restock" or message.data.get("copy") or not tx.settings.dingtalk.is_open:
        return []
    executors = [person.id for person in people if person.dingtalk_userid]
    recipient = f"task:{message.data['task']}"
    if not executors or _todo_of(tx.session, recipient):
        return []
    return [Place(DINGTALK_TODO, recipient, reference={"people": executors})]


def _finished_todo(session: Session, message: OutboxMessage) -> list[Place]:
    recipient = f"task:{message.data['task']}"
    return [Place(DINGTALK_TODO, recipient)] if _todo_of(session, recipient) else []


def _todo_of(session: Session, recipient: str) -> int | None:
    return session.scalar(select(Delivery.id).where(Delivery.channel == DINGTALK_TODO, Delivery.recipient == recipient).limit(1))


def _to_customer(tx: Transaction, message: OutboxMessage, customer: Customer) -> list[Place]:
    account = Place(WECHAT_TEMPLATE, customer.wechat_openid) if customer.wechat_openid and tx.settings.wechat.is_open else None
    group = _group(tx.settings, customer.group) if customer.group else None
    reached = [place for place in (account, group) if place]
    if not reached:
        forward(tx, message)
    return reached


def _group(settings: Settings, name: str) -> Place | None:
    """The group of this name; names are compared without case, as environment variables have none."""
    for known, group in settings.groups.items():
        if known.lower() == name.lower() and group.webhook.get_secret_value():
            return Place(_ROBOTS[Platform(group.platform)], known)
    return None
