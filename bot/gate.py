"""The gate: what came in is worked on in one transaction and answered (design: house.md, decisions 1, 2 and 4).

In order: the button's own seal, a repetition, who is it, the desk (who may do what is for its commands to say), the answer
rendered, and whether it rides back in the callback's response or goes by the outbox.
"""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.call import Answer, Call, Done
from handlers import desk
from orders.refusals import Refused
from platforms.words import GREETING, Card, Message, Platform, Press, Reply
from store.deliveries import remember_code
from store.meters import DINGTALK_PUSHES, count
from store.models import Incoming, Staff
from store.outbox import Urgency, tell, to_staff
from store.tokens import BadToken, Signer, signing_key
from store.transaction import Store, Transaction
from templates.refusals import refusal_data
from templates.render import render_card

BUTTON = "button"
"""The purpose for which buttons are signed; the parts are action, argument and the id of whose button it is."""
HANDLED, REFUSED = "handled", "refused"


class Gate:
    """Works on what came in; called on database threads only."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.transaction() as tx:
            self._signer = Signer(signing_key(tx.session))

    def take(self, call: Call) -> Done:
        """One message or press in one transaction; whatever breaks it leaves nothing behind."""
        incoming = call.incoming
        try:
            button = self._signer.open(BUTTON, incoming.button) if isinstance(incoming, Press) else []
        except BadToken:
            return Done(call.form.dead_button(), "forged button")
        with self._store.transaction() as tx:
            if not _claim(tx, incoming):
                return _again(tx, call)
            person = _who(tx, incoming)
            if isinstance(incoming, Press):
                done = self._press(tx, person, incoming, button, call)
            else:
                done = self._message(tx, person, incoming, call)
            _keep(tx, incoming, done)
            return done

    def say(self, call: Call, reply: Reply) -> None:
        """Says by the outbox, in a transaction of its own, what no longer rides back."""
        with self._store.transaction() as tx:
            person = _who(tx, call.incoming)
            if person is not None:
                _send(tx, person, call.incoming, reply)

    def render(self, reply: Reply, person: Staff | None) -> Card:
        """The reply as a card whose buttons are signed for this person alone."""
        owner = person.id if person else 0
        return render_card(reply.card, reply.data, lambda action, argument: self._signer.sign(BUTTON, action, argument, owner))

    def _message(self, tx: Transaction, person: Staff | None, message: Message, call: Call) -> Done:
        if person is None:
            return Done(call.form.message(self.render(desk.stranger(message), None)) or call.form.silence, "unknown person")
        if message.kind == GREETING:
            if person.last_platform:
                return Done(call.form.silence, "greeted before", person.id)
            message = replace(message, kind="text", text="帮助")
        if person.last_platform != message.platform:
            person.last_platform = message.platform
        reply, outcome = _asked(tx, lambda: desk.answer(tx, person, message))
        in_place = reply.replaces and call.form.changes_cards
        answer = None if in_place else call.form.message(self.render(reply, person))
        return Done(_given(tx, person, call, reply, answer), outcome, person.id)

    def _press(self, tx: Transaction, person: Staff | None, press: Press, button: list[str], call: Call) -> Done:
        action, argument, owner = button
        if person is None or owner != str(person.id):
            return Done(call.form.dead_button(), "somebody else's button", person.id if person else None)
        if press.code:
            remember_code(tx, press.card, press.code)
        reply, outcome = _asked(tx, lambda: desk.press(tx, person, action, argument, press))
        card = self.render(reply, person)
        answer = call.form.press(card) if outcome == HANDLED else call.form.refused_press(card)
        return Done(_given(tx, person, call, reply, answer), outcome, person.id)


def refusal(reason: str, details: dict[str, object]) -> Reply:
    """The card that says what is not done, and what to do instead."""
    return Reply("refusal", refusal_data(reason, details))


def _claim(tx: Transaction, incoming: Message | Press) -> bool:
    """False when this key was taken in before; waits for another process that is at work on it."""
    dialect = sqlite if tx.session.get_bind().dialect.name == "sqlite" else postgresql
    row = {"platform": incoming.platform, "key": incoming.key, "received_at": tx.now, "reply": ""}
    claimed = tx.session.execute(dialect.insert(Incoming).values(row).on_conflict_do_nothing().returning(Incoming.key))
    return claimed.first() is not None


def _again(tx: Transaction, call: Call) -> Done:
    """The answer that the first of these got; what went by the outbox is not said again."""
    return Done(tx.session.scalars(select(Incoming.reply).where(_this(call.incoming))).one(), "repeated")


def _keep(tx: Transaction, incoming: Message | Press, done: Done) -> None:
    if incoming.platform == Platform.DINGTALK:
        # Last, since all of DingTalk's messages count in one row.
        count(tx, DINGTALK_PUSHES)
    tx.session.execute(update(Incoming).where(_this(incoming)).values(reply=done.answer, staff_id=done.staff_id))


def _this(incoming: Message | Press) -> ColumnElement[bool]:
    return and_(Incoming.platform == incoming.platform, Incoming.key == incoming.key)


def _who(tx: Transaction, incoming: Message | Press) -> Staff | None:
    """The person by their platform id; their row is held, so that other serve processes keep their messages in order."""
    if incoming.platform == Platform.WECOM:
        known = func.lower(Staff.wecom_userid) == incoming.sender.lower()
    else:
        known = Staff.dingtalk_userid == incoming.sender
    # key_share: rows that refer to the person may still be written meanwhile.
    return tx.session.scalar(select(Staff).where(known, Staff.active).with_for_update(key_share=True))


def _asked(tx: Transaction, ask: Callable[[], Reply]) -> tuple[Reply, str]:
    """What the desk says; a refusal undoes what was written on the way to it."""
    try:
        with tx.session.begin_nested():
            return ask(), HANDLED
    except Refused as refused:
        return refusal(refused.reason, refused.details), REFUSED


def _given(tx: Transaction, person: Staff, call: Call, reply: Reply, answer: Answer | None) -> Answer:
    if answer is not None and call.ride.board():
        return answer
    _send(tx, person, call.incoming, reply)
    return call.form.silence


def _send(tx: Transaction, person: Staff, incoming: Message | Press, reply: Reply) -> None:
    key = reply.key or f"answer:{incoming.platform}:{incoming.key}"
    tell(tx, to_staff(person), reply.card, reply.data, key=key, urgency=Urgency.WAITING, updates=reply.replaces or None)
