"""The gate: what came in is worked on in one transaction and answered (design: house.md, decisions 1, 2 and 4).

In order: the button's own seal, a repetition, who is it, the desk (who may do what is for its commands to say), the answer
rendered, and whether it rides back in the callback's response or goes by the outbox.
"""

from dataclasses import replace

from bot.call import Answer, Call, Done
from bot.incoming import Arrival, Overtaken, arrive, keep, recognise
from bot.pushes import count_push, is_withheld, withheld
from handlers import desk
from platforms.words import GREETING, Card, Message, Press, Reply
from store.deliveries import message_key, remember_code
from store.models import Staff
from store.outbox import IN_PLACE, Urgency, tell, to_staff
from store.tokens import BadToken, Signer, signing_key
from store.transaction import Store, Transaction
from templates.refusals import refusal_data
from templates.render import render_card

BUTTON = "button"
"""The purpose for which buttons are signed; the parts are action, argument and the id of whose button it is."""
_HANDLED = "handled"
SUPERSEDED = "superseded"
"""The card that a draft's card turns into once what it says stands anew on another card."""
HELP = "帮助"
"""What a person who comes to the desk for the first time is taken to have said."""


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
        try:
            return self._work_prepared(call, button)
        except desk.Refused as refused:
            # What was written on the way to a refusal is gone with its transaction; a second one only says so.
            return self._work(call, button, refusal(refused.reason, refused.details))

    def say(self, call: Call, reply: Reply) -> None:
        """Says by the outbox, in a transaction of its own, what no longer rides back; a repetition is then not worked on."""
        incoming = call.incoming
        with self._store.transaction() as tx:
            kept, person, _ = recognise(tx, incoming)
            if kept is not None:
                return
            if person is not None:
                _send(tx, person, incoming, reply)
            keep(tx, incoming, call.form.silence, person.id if person else None)

    def render(self, reply: Reply, person: Staff | None) -> Card:
        """The reply as a card whose buttons are signed for this person alone."""
        owner = person.id if person else 0
        return render_card(reply.card, reply.data, lambda action, argument: self._signer.sign(BUTTON, action, argument, owner))

    def _work_prepared(self, call: Call, button: list[str]) -> Done:
        """After an import the desk prepares itself between two transactions, not in one."""
        while True:
            try:
                return self._work(call, button)
            except desk.Outdated:
                desk.prepare(self._store)

    def _work(self, call: Call, button: list[str], refused: Reply | None = None) -> Done:
        while True:
            try:
                with self._store.transaction() as tx:
                    return self.work(tx, call, button, refused)
            except Overtaken:
                continue

    def work(self, tx: Transaction, call: Call, button: list[str], refused: Reply | None = None) -> Done:
        """One message or press in an open transaction; `refused` is said instead of asking the desk (again)."""
        incoming = call.incoming
        tx.signer = self._signer  # of the same key, which need not be read again
        arrival = arrive(tx, incoming)
        if arrival.kept is not None:
            return Done(arrival.kept, "repeated")
        if isinstance(incoming, Press):
            done = self._press(tx, arrival, incoming, button, call, refused)
        else:
            done = self._message(tx, arrival, incoming, call, refused)
        if isinstance(incoming, Press) and not incoming.code and done.outcome != _HANDLED:
            # Known by card and button alone: it works at the next press if nothing stands in its way any more.
            count_push(tx, incoming)
        else:
            keep(tx, incoming, done.answer, done.staff_id)
        return done

    def _message(self, tx: Transaction, arrival: Arrival, message: Message, call: Call, refused: Reply | None) -> Done:
        person = arrival.person
        if person is None:
            return Done(call.form.message(self.render(desk.stranger(message), None)) or call.form.silence, "unknown person")
        if message.kind == GREETING:
            if person.last_platform:
                return Done(call.form.silence, "greeted before", person.id)
            message = replace(message, kind="text", text=HELP)
        if person.last_platform != message.platform:
            person.last_platform = message.platform
        reply = refused or (withheld() if is_withheld(message) else desk.answer(tx, person, message, arrival.dialog))
        return self._below(tx, person, call, reply, refused)

    def _below(self, tx: Transaction, person: Staff, call: Call, reply: Reply, refused: Reply | None) -> Done:
        """A message is answered below it, also where it is about a card further up, which then must not say otherwise.

        That card changes in its place where it can go on changing and being pressed; else what it was stands anew below.
        """
        card = self.render(reply, person)
        answer = call.form.message(card)
        if reply.replaces and call.form.changes_cards:
            if answer is None and call.form.changes_again and reply.brief:
                _send(tx, person, call.incoming, reply)
                return self._below(tx, person, call, Reply("changed", {"now": reply.brief}, then=reply.then), refused)
            _close(tx, person, reply.replaces, Reply(SUPERSEDED, {}) if card.buttons else reply)
            reply = replace(reply, replaces="")
        for number, lines in enumerate(call.form.pieces(card)):
            _send(tx, person, call.incoming, Reply("lines", {"title": card.title, "lines": lines}), f"lines{number}")
        return _done(tx, person, call, reply, answer, refused, call.form.beside(card))

    def _press(self, tx: Transaction, arrival: Arrival, press: Press, button: list[str], call: Call, refused: Reply | None) -> Done:
        action, argument, owner = button
        person = arrival.person
        if person is None or owner != str(person.id):
            return Done(call.form.dead_button(), "somebody else's button", person.id if person else None)
        if press.code:
            remember_code(tx, press.card, press.code)
        reply = refused or desk.press(tx, person, action, argument, press, arrival.dialog)
        card = self.render(reply, person)
        answer = call.form.refused_press(card) if refused else call.form.press(card)
        if reply.replaces and call.form.changes_cards and message_key(tx, press.card) not in ("", reply.replaces):
            # The answer to a question: the draft that it was about stands on another card.
            _close(tx, person, reply.replaces, Reply(SUPERSEDED, {}))
        return _done(tx, person, call, reply, answer, refused)


def refusal(reason: str, details: dict[str, object]) -> Reply:
    """The card that says what is not done, and what to do instead."""
    return Reply("refusal", refusal_data(reason, details))


def _done(
    tx: Transaction, person: Staff, call: Call, reply: Reply, answer: Answer | None, refused: Reply | None, beside: Answer = ""
) -> Done:
    """The answer on its way: in the response where it can carry it and is still waited for, else by the outbox, `beside` it."""
    outcome = "refused" if refused else _HANDLED
    rides = call.ride.board()
    if answer is None or not rides:
        _send(tx, person, call.incoming, reply)
    if reply.then:
        _send(tx, person, call.incoming, reply.then, "then")
    riding = answer if answer is not None else beside
    return Done(riding or call.form.silence if rides else call.form.silence, outcome, person.id)


def _close(tx: Transaction, person: Staff, earlier: str, face: Reply) -> None:
    """Puts what an earlier card has become in its place, if that still can be; it has been said below as well."""
    data = face.data | {IN_PLACE: True}
    tell(tx, to_staff(person), face.card, data, key=f"{earlier}:over", urgency=Urgency.WAITING, updates=earlier)


def _send(tx: Transaction, person: Staff, incoming: Message | Press, reply: Reply, which: str = "answer") -> None:
    key = reply.key or f"{which}:{incoming.platform}:{incoming.key}"
    tell(tx, to_staff(person), reply.card, reply.data, key=key, urgency=Urgency.WAITING, updates=reply.replaces or None)
