"""What must hold once the desk has come to rest, whatever was killed or failed meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from notifiers.audience import DINGTALK_GROUP, DINGTALK_ROBOT, WECHAT_TEMPLATE, WECOM_APP, WECOM_WEBHOOK
from sandbox.ledger import ChatMessage
from sandbox.server import Sandbox
from store.deliveries import DUE
from store.models import Delivery, Order, OutboxMessage, Snapshot, UnreadEvent
from store.transaction import Store, Transaction
from tests.orders.truth import check_books

_CHATS = {WECOM_APP: "wecom/", DINGTALK_ROBOT: "dingtalk/", WECHAT_TEMPLATE: "wechat/", WECOM_WEBHOOK: "group/", DINGTALK_GROUP: "group/"}
_HANDLES = ("outTrackId", "processQueryKey", "msgid")
"""Where a delivery keeps the platform's own name for what it sent."""


def unfinished(store: Store) -> list[str]:
    """What the desk still has to do, in words; empty when it is at rest."""
    with store.reading() as tx:
        counts = {
            "messages without an address": tx.session.scalar(select(func.count()).where(~OutboxMessage.addressed)),
            "unread events": tx.session.scalar(select(func.count()).select_from(UnreadEvent)),
        }
        waiting = tx.session.scalars(select(Delivery).where(Delivery.state == DUE)).all()
    said = [f"{count} {what}" for what, count in counts.items() if count]
    return said + [
        f"delivery {one.id} by {one.channel}, {one.attempts} attempts, due {one.due_at:%H:%M:%S}: {one.error}" for one in waiting
    ]


def check_desk(store: Store, sandbox: Sandbox, confirmed: Sequence[str]) -> None:
    """Raises AssertionError with what is undone, done twice or does not add up; `confirmed` are the orders' numbers."""
    assert unfinished(store) == []
    check_books(store)
    with store.reading() as tx:
        _check_orders(tx, confirmed)
        _check_deliveries(tx)
        sent = _sent(tx)
    _check_chats(sent, sandbox)
    _check_progress(sent, sandbox)
    assert sandbox.ledger.problems == [], sandbox.ledger.problems


def _check_orders(tx: Transaction, confirmed: Sequence[str]) -> None:
    """Each order that was confirmed is there once, with its snapshot; no number is left out or given twice."""
    orders = tx.session.scalars(select(Order).order_by(Order.day, Order.sequence)).all()
    assert sorted(order.no for order in orders) == sorted(confirmed)
    for day in {order.day for order in orders}:
        given = [order.sequence for order in orders if order.day == day]
        assert given == list(range(1, len(given) + 1))
    versions = tx.session.execute(select(Snapshot.order_id, Snapshot.version)).all()
    assert sorted((order, version) for order, version in versions) == sorted((order.id, 1) for order in orders)


def _check_deliveries(tx: Transaction) -> None:
    """Nothing was given up, and no message that anybody is to hear went nowhere."""
    lost = tx.session.scalars(select(Delivery).where(Delivery.state.in_(("failed", "dropped")))).all()
    assert [(one.channel, one.recipient, one.error) for one in lost] == []


@dataclass(frozen=True)
class _Sent:
    """A delivery that was sent to a chat."""

    delivery: Delivery
    message: OutboxMessage
    chat: str

    @property
    def is_own(self) -> bool:
        """It made a message of its own, and did not change an earlier card in its place."""
        return "shown_by" not in self.delivery.reference

    @property
    def spare(self) -> int:
        """How many messages more than one it may have made."""
        return self.delivery.attempts - 1 if self.delivery.possibly_double else 0

    @property
    def names(self) -> set[str]:
        """What the platform calls the message, where it says so."""
        return {str(self.delivery.reference[name]) for name in _HANDLES if self.delivery.reference.get(name)}

    def __str__(self) -> str:
        double = ", possibly double" if self.delivery.possibly_double else ""
        return f"{self.message.key} ({self.delivery.attempts} attempts{double})"


def _sent(tx: Transaction) -> list[_Sent]:
    query = select(Delivery, OutboxMessage).join(Delivery.message).where(Delivery.state == "sent", Delivery.channel.in_(_CHATS))
    return [
        _Sent(delivery, message, f"{_CHATS[delivery.channel]}{delivery.recipient}".lower())
        for delivery, message in tx.session.execute(query)
    ]


def _check_chats(sent: Sequence[_Sent], sandbox: Sandbox) -> None:
    """Every message is where it was sent, and nobody got one more than is marked as possibly double."""
    for chat in {one.chat for one in sent}:
        here = [one for one in sent if one.chat == chat]
        pushed = _pushed(sandbox, chat)
        handles = {message.handle.partition("/")[0] for message in pushed}
        own = [one for one in here if one.is_own]
        assert [str(one) for one in own if not one.names <= handles] == [], f"sent, but not in {chat}"
        most = len(own) + sum(one.spare for one in here)
        assert len(own) <= len(pushed) <= most, f"{len(pushed)} messages in {chat}: {[*map(str, here)]}, {[one.content for one in pushed]}"


def _pushed(sandbox: Sandbox, chat: str) -> list[ChatMessage]:
    """What was pushed into a chat: not what its person wrote, nor what rode back in a callback's response."""
    there = (message for message in sandbox.ledger.messages.values() if message.chat.lower() == chat)
    return [message for message in there if message.form != "todo" and (message.handle or chat.startswith("group/"))]


def _check_progress(sent: Sequence[_Sent], sandbox: Sandbox) -> None:
    """A customer heard of each stage of each order, and twice only where that is marked."""
    for one in sent:
        if one.message.card == "progress":
            heard = sum(_tells(message, one.message.data) for message in _pushed(sandbox, one.chat))
            assert 1 <= heard <= 1 + one.spare, f"{one.chat} heard {heard} times: {one}"


def _tells(message: ChatMessage, data: Mapping[str, str]) -> bool:
    """Whether a customer reads in it of this order and this stage."""
    text = str(message.content)
    return data["order_no"] in text and (data["where"] in text or data["stage_name"] in message.content.get("fields", {}).values())
