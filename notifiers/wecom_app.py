"""WeCom's app to members of staff: template cards, changed in place while that is possible, texts where cards are not shown."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from notifiers.audience import WECOM_APP
from notifiers.channels import Earlier, Parcel
from notifiers.limits import Window
from platforms.errors import FORM_REFUSED, Action, PlatformError
from platforms.text import as_text
from platforms.wecom.cards import TEXT_BYTES, app_message, updated_card
from platforms.wecom.client import WeComClient
from platforms.words import Card
from store.outbox import IN_PLACE, INTERIM

CODE_LIFE = timedelta(hours=72)
"""How long a response code may be used (path/94888)."""
_PER_MEMBER = ((28, 60), (990, 3600))
"""Messages and seconds: a little less than WeCom's 30 and 1,000, since it drops the excess without a word (path/90236) and counts
when a message reaches it, not when a place was taken here."""
_USED_BEFORE = "42017"
"""A card of this task_id, which no other delivery has, is there already."""

log = structlog.get_logger()


class WeComApp:
    """The channel of the self-built app; `cards` is False where members read in the WeChat plugin."""

    def __init__(self, client: WeComClient, cards: bool) -> None:
        self._client = client
        self._cards = cards

    def scope(self, recipient: str) -> str:
        return WECOM_APP

    def windows(self, recipient: str) -> Sequence[Window]:
        return [Window(f"{WECOM_APP}:{recipient.lower()}", most, seconds) for most, seconds in _PER_MEMBER]

    def send(self, parcel: Parcel) -> dict[str, Any] | None:
        if parcel.data.get(INTERIM):
            return None  # a card changes in place once: what it comes to in the end is told there
        card = parcel.render()
        if parcel.earlier and self._changed(parcel.recipient, parcel.earlier, card, parcel.now):
            return {"shown_by": parcel.earlier.delivery}
        if parcel.data.get(IN_PLACE):
            return None
        message = app_message(card, parcel.handle) if self._cards else _text(card)
        try:
            answer = self._client.send(parcel.recipient, message)
        except PlatformError as error:
            if error.action not in FORM_REFUSED or "template_card" not in message:
                raise
            if error.code == _USED_BEFORE and parcel.attempt > 1:
                return {"msgid": ""}  # the try whose outcome was unknown has arrived
            log.warning("card refused", channel=parcel.channel, card=parcel.card, code=error.code)
            answer = self._client.send(parcel.recipient, _text(card))
        return _reference(answer, parcel.now)

    def _changed(self, user: str, earlier: Earlier, card: Card, now: datetime) -> bool:
        """Whether the earlier card could be changed in place."""
        code = earlier.reference.get("response_code")
        if not code or now - datetime.fromisoformat(earlier.reference["code_at"]) >= CODE_LIFE:
            return False
        try:
            self._client.update_card(user, code, updated_card(card))
        except PlatformError as error:
            if error.action not in (Action.GONE, *FORM_REFUSED):
                raise
            return False
        return True


def _text(card: Card) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": as_text(card, TEXT_BYTES)}}


def _reference(answer: dict[str, Any], now: datetime) -> dict[str, Any]:
    reference = {"msgid": answer.get("msgid", "")}
    if code := answer.get("response_code"):
        reference |= {"response_code": code, "code_at": now.isoformat()}
    return reference
