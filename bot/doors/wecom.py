"""The WeCom door: URL verification, messages and events of the self-built app."""

from datetime import datetime

from aiohttp import web

from bot.call import Answer, Call
from bot.reception import Reception, note_ignored
from platforms.text import as_text, in_pieces
from platforms.wecom import reply
from platforms.wecom.callback import read_callback
from platforms.wecom.cards import TEXT_BYTES, left_out, passive_card, takes_card
from platforms.wecom.crypto import Crypto
from platforms.words import Card, Ignored, Platform
from store.clock import Clock
from store.settings import WeComSettings

SECONDS = 4.0
"""WeCom waits 5 s [90238]."""
DEAD_BUTTON = "按钮已失效"


class WeComForm:
    """The passive reply to one person: text, or another face for the card they pressed [90241].

    A card with buttons goes by the outbox, since no passive reply carries one.
    """

    silence: Answer = ""
    changes_again = False

    def __init__(self, corp: str, person: str, now: datetime, cards: bool) -> None:
        self._to = (person, corp, now)
        self.changes_cards = cards

    def message(self, card: Card) -> Answer | None:
        if card.buttons and self.changes_cards and takes_card(card):
            return None
        return reply.text(*self._to, as_text(card, TEXT_BYTES))

    def beside(self, card: Card) -> Answer:
        lines = left_out(card)
        return reply.text(*self._to, lines) if lines else self.silence

    def pieces(self, card: Card) -> list[list[str]]:
        return in_pieces(card, TEXT_BYTES)

    def press(self, card: Card) -> Answer | None:
        return reply.update_card(*self._to, passive_card(card))

    def refused_press(self, card: Card) -> Answer | None:
        """None: the card stays as it is, and the outbox says why (a card event takes no text in reply)."""
        return None

    def dead_button(self) -> Answer:
        return reply.update_button(*self._to, DEAD_BUTTON)


class WeComDoor:
    """`/wecom/callback`."""

    def __init__(self, settings: WeComSettings, clock: Clock, reception: Reception) -> None:
        self._settings = settings
        self._clock = clock
        self._reception = reception
        self._crypto = Crypto(settings.token.get_secret_value(), settings.aes_key.get_secret_value(), settings.corp_id)

    async def verify(self, request: web.Request) -> web.Response:
        """Says the decrypted echostr, which proves that the URL is ours."""
        # Base64 has no spaces: where one came, a `+` stood in the address as it is.
        echo = request.query.get("echostr", "").replace(" ", "+")
        return web.Response(text=self._crypto.open(request.query, echo, self._clock.now()))

    async def receive(self, request: web.Request) -> web.Response:
        """Takes a message or an event in; HTTP 200 only once it is committed, so that WeCom repeats what was lost."""
        body, now = await request.read(), self._clock.now()
        incoming = read_callback(self._crypto.open_envelope(request.query, body, now))
        if isinstance(incoming, Ignored):
            note_ignored(Platform.WECOM, incoming)
            return web.Response(text=reply.EMPTY)
        form = WeComForm(self._settings.corp_id, incoming.sender, now, self._settings.cards)
        answer = await self._reception.answer(Call(incoming, form), SECONDS)
        if not answer:
            return web.Response(text=reply.EMPTY)
        return web.Response(text=self._crypto.seal(answer, request.query["nonce"], now), content_type="application/xml")
