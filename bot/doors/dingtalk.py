"""The DingTalk door over HTTP: messages to the robot, and buttons of interactive cards."""

from aiohttp import web

from bot.call import Answer, Call
from bot.reception import Reception, note_ignored
from platforms.cutting import clip_bytes
from platforms.dingtalk import reply
from platforms.dingtalk.callback import read_card, read_json, read_robot
from platforms.dingtalk.cards import MARKDOWN_BYTES, VALUE_BYTES, card_params, left_out, markdown, takes_card
from platforms.dingtalk.sign import check_card, check_robot
from platforms.text import in_pieces
from platforms.words import Card, Ignored, Message, Platform, Press
from store.clock import Clock
from store.database import to_json
from store.settings import DingTalkSettings

ROBOT_SECONDS = 2.5
"""No deadline is documented for robot messages; this is the one of DingTalk's events."""
CARD_SECONDS = 1.6
"""A card's callback is answered within 2 s."""
DEAD_BUTTON = "这个按钮已失效"


class DingTalkForm:
    """Answers ride back as Markdown, which costs none of the month's calls; buttons need the card template and the outbox."""

    silence: Answer = to_json(reply.EMPTY)
    changes_again = True

    def __init__(self, has_cards: bool) -> None:
        self.changes_cards = has_cards

    def message(self, card: Card) -> Answer | None:
        if self.changes_cards and takes_card(card):
            return None
        return to_json(reply.markdown(**markdown(card)))

    def beside(self, card: Card) -> Answer:
        lines = left_out(card)
        return to_json(reply.markdown(**lines)) if lines else self.silence

    def pieces(self, card: Card) -> list[list[str]]:
        return in_pieces(card, MARKDOWN_BYTES)

    def press(self, card: Card) -> Answer | None:
        return to_json(reply.card_update(card_params(card)))

    def refused_press(self, card: Card) -> Answer | None:
        """The card stays as it is but for its note, which says why."""
        return to_json(reply.card_update({"note": clip_bytes("。".join((*card.lines, card.note)), VALUE_BYTES)}))

    def dead_button(self) -> Answer:
        return to_json(reply.card_update({"note": DEAD_BUTTON}))


class DingTalkCardForm(DingTalkForm):
    """What a card's callback takes: a card's values, or nothing."""

    silence: Answer = to_json({})


class DingTalkDoor:
    """`/dingtalk/robot` and `/dingtalk/card`."""

    def __init__(self, settings: DingTalkSettings, clock: Clock, reception: Reception) -> None:
        self._secret = settings.app_secret.get_secret_value()
        self._clock = clock
        self._reception = reception
        has_cards = bool(settings.card_template_id)
        self._robot, self._card = DingTalkForm(has_cards), DingTalkCardForm(has_cards)

    async def robot(self, request: web.Request) -> web.Response:
        """A message to the robot; the answer rides back."""
        check_robot(request.headers, self._secret, self._clock.now())
        return await self._answer(read_robot(read_json(await request.read())), self._robot, ROBOT_SECONDS)

    async def card(self, request: web.Request) -> web.Response:
        """A pressed button; the answer is the card's new face."""
        check_card(request.headers, self._secret, self._clock.now())
        return await self._answer(read_card(read_json(await request.read())), self._card, CARD_SECONDS)

    async def _answer(self, incoming: Message | Press | Ignored, form: DingTalkForm, seconds: float) -> web.Response:
        if isinstance(incoming, Ignored):
            note_ignored(Platform.DINGTALK, incoming)
            answer = form.silence
        else:
            answer = await self._reception.answer(Call(incoming, form), seconds)
        return web.Response(text=answer, content_type="application/json")
