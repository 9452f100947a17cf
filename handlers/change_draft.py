"""The draft of an amendment or a cancellation: its effects, its impact statement and the log of the talk, confirmed by one press.

The impact statement is suggested from the effects until somebody types another; so is what the log says.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from handlers import change_words, dialogs, wording
from handlers.changing import REST
from handlers.dialogs import Choice
from handlers.order_card import order_card
from handlers.place import replaced_draft
from handlers.talk import Talk
from language import Reading
from orders.amendments import DEEDS, WAITING
from orders.communication import Agreed, contacts_of
from orders.concerned import told_names
from orders.effects import Effects
from orders.impact import suggested
from orders.numbers import find_orders
from orders.owed_logs import owe_log
from orders.words import moment, money
from platforms.words import Reply
from store.models import Amendment, Dialog, Order, Stage

_IMPACT = re.compile(r"^(?:变更)?(?:影响)?说明(?:改成|为)?[:： ]*(?P<text>.+)$", re.DOTALL)
_LOG = re.compile(r"^(?:沟通|关键)?(?P<label>对象|时间|结论|方式|待办)(?:事项)?(?:改成|是|为)?[:： ]*(?P<text>.+)$", re.DOTALL)
_CUSTOMER_SAID = re.compile("客户|说|微信|来电|电话[里中]|打.{0,3}电话")
"""Words that tell of a talk with a customer; 收货电话 is none."""
_LOG_FIELDS = {"对象": "contact", "结论": "conclusion", "方式": "channel", "待办": "todo"}


@dataclass(frozen=True)
class ChangeDraft:
    """What a dialog keeps of a change: of which version, what was said, and what was typed instead of the suggestions."""

    order_no: str
    version: int
    reading: dict[str, Any]
    impact: str = ""
    log: dict[str, Any] = field(default_factory=dict)
    expects: bool = False
    """True when the next text is the impact statement."""

    @classmethod
    def of(cls, dialog: Dialog) -> "ChangeDraft":
        return cls(**dialog.state["change"])

    @property
    def said(self) -> Reading:
        return Reading.model_validate(self.reading)

    def with_reading(self, reading: Reading) -> "ChangeDraft":
        return replace(self, reading=reading.model_dump(mode="json", exclude_defaults=True))


def new_draft(order_no: str, version: int, reading: Reading) -> ChangeDraft:
    """A draft with nothing but suggestions."""
    return ChangeDraft(order_no, version, {}).with_reading(reading)


def owe_mentioned(talk: Talk, order: Order, reading: Reading) -> None:
    """A customer's wish that is told in passing is owed a log from now on: saving the change pays it, dropping the draft does not."""
    if not reading.command and _CUSTOMER_SAID.search(reading.said):
        owe_log(talk.tx, order, talk.person, reading.said)


def show(talk: Talk, command: str, draft: ChangeDraft, effects: Effects, stale: Sequence[str] = (), replaces: str = "") -> Reply:
    """The card of the draft, with a dialog that confirms it, takes another impact statement, or drops it."""
    deed = DEEDS[command]
    choices = [
        Choice(change_words.CONFIRM[deed], action=dialogs.CONFIRM),
        Choice(change_words.EXPLAIN, action=dialogs.EXPLAIN),
        Choice(wording.DROP, action=dialogs.DROP),
    ]
    unread = tuple(part for part in draft.said.unread if not (effects.is_of_rest and REST.fullmatch(part)))
    impact, agreed = draft.impact or suggested(effects), _agreed(talk, draft, effects)
    at = agreed.talked_at.astimezone(talk.tx.zone).replace(tzinfo=None).isoformat()
    log = draft.log | {"contact": agreed.contact, "time": at, "conclusion": agreed.conclusion}
    kept, former = replace(draft, version=effects.order.version), None if replaces else dialogs.draft_of(talk)
    state = {"change": vars(kept), "impact": impact, "log": log}
    dialog = dialogs.start(talk, command, None, state, choices)
    assumptions = (
        replaced_draft(talk, former)
        + ([change_words.REST_ONLY] if effects.is_of_rest else [])
        + ([wording.not_read(unread)] if unread else [])
    )
    shown = {"draft": str(dialog.number), "stale": list(stale), "assumptions": assumptions}
    data = {**_card(talk, deed, kept, effects, impact, agreed), **shown}
    brief = "；".join(part for part in ("，".join(one.words for one in effects.differences), impact and f"影响说明：{impact}") if part)
    if former:
        return Reply("amendment", data, key=dialogs.card_key(dialog), replaces=dialogs.former_key(talk, former))
    return Reply("amendment", data, key=dialogs.card_key(dialog), replaces=replaces, brief=brief)


def typed(talk: Talk, draft: ChangeDraft, text: str) -> ChangeDraft | None:
    """The draft with another impact statement, or another part of the log; None when the text says neither."""
    if draft.expects:
        return replace(draft, impact=text, expects=False)
    if found := _IMPACT.match(text):
        return replace(draft, impact=found["text"].strip())
    if found := _LOG.match(text):
        part = _part_of_log(talk, found["label"], found["text"].strip())
        return replace(draft, log=draft.log | part) if part else None
    return None


def is_meant(talk: Talk, dialog: Dialog, said: Reading) -> bool:
    """Whether a text is about the draft: what was asked for, a labelled part, or one more change of the same order."""
    draft = ChangeDraft.of(dialog)
    if draft.expects or _IMPACT.match(said.said) or _LOG.match(said.said):
        return True
    named = said.order or said.order_tail
    return said.intent == "amend" and bool(named) and find_orders(talk.tx, named or "", talk.person)[:1] == talk.orders(draft.order_no)


def _part_of_log(talk: Talk, label: str, text: str) -> dict[str, Any]:
    """One labelled part of the log, as a document; empty for a time that cannot be read."""
    if label in _LOG_FIELDS:
        return {_LOG_FIELDS[label]: text}
    at = talk.read(f"{wording.COMMUNICATE} {label} {text}").time
    return {"time": at.isoformat()} if at else {}


def confirmed(dialog: Dialog, talk: Talk) -> tuple[ChangeDraft, str, Agreed]:
    """What is saved when the draft is confirmed: as it was shown."""
    draft = ChangeDraft.of(dialog)
    return draft, dialog.state["impact"], _as_agreed(talk, Reading.model_validate(dialog.state["log"]), draft)


def expecting(dialog: Dialog) -> ChangeDraft:
    """The draft that takes the next text as its impact statement."""
    return replace(ChangeDraft.of(dialog), expects=True)


def saved(talk: Talk, dialog: Dialog, deed: str, amendment: Amendment) -> Reply:
    """What the draft has become, in the place of its card."""
    order, key = amendment.order, dialogs.card_key(dialog)
    dialogs.end(dialog, dialogs.AMENDED, order_no=order.no)
    waits = amendment.state == WAITING
    is_caught = any(part.stage == Stage.PICKED for part in order.fulfilments)
    message = change_words.awaited(deed, is_caught=is_caught) if waits else change_words.saved(deed, order.version, order.on_hold)
    return replace(order_card(talk, order, message), replaces=key)


def _agreed(talk: Talk, draft: ChangeDraft, effects: Effects) -> Agreed:
    """The log as typed, and what is known for the rest."""
    said, reading = Reading.model_validate(draft.log), draft.said
    now = talk.tx.now.astimezone(talk.tx.zone).replace(tzinfo=None)
    known = {
        "contact": said.contact or contacts_of(talk.tx, effects.order)[0],
        "time": said.time or now,
        "conclusion": said.conclusion or _conclusion(reading, effects),
    }
    return _as_agreed(talk, said.model_copy(update=known), draft)


def _conclusion(reading: Reading, effects: Effects) -> str:
    if effects.is_cancellation:
        return f"取消订单：{reading.reason}"
    return "，".join(one.words for one in effects.differences)[:1024]


def _as_agreed(talk: Talk, log: Reading, draft: ChangeDraft) -> Agreed:
    at = log.time.replace(tzinfo=talk.tx.zone) if log.time else talk.tx.now
    return Agreed(log.contact or "", at, log.conclusion or "", log.channel, log.todo, source=draft.said.said or None)


def _card(talk: Talk, deed: str, draft: ChangeDraft, effects: Effects, impact: str, agreed: Agreed) -> Mapping[str, Any]:
    order = effects.order
    return {
        "deed": deed,
        "order_no": order.no,
        "version": order.version,
        "customer": order.customer.name,
        "differences": [one.to_dict() for one in effects.differences],
        "stock": change_words.stock_texts(effects.shifts),
        "gap": money(effects.gap),
        "promised_before": str(order.promised_date or ""),
        "promised_after": str(effects.promised or ""),
        "reopened": effects.reopened,
        "told": told_names(talk.tx, effects, talk.person),
        "waits": [part.warehouse for part in effects.out if part.stage == Stage.PICKED],
        "reroutes": [f"{part.carrier} {part.waybill}" for part in effects.out if part.stage == Stage.SHIPPED],
        "impact": impact,
        "log": {"contact": agreed.contact, "at": moment(agreed.talked_at, talk.tx.zone), "conclusion": agreed.conclusion},
        "expects": draft.expects,
        "explained": bool(draft.impact),
        "concluded": "conclusion" in draft.log,
    }
