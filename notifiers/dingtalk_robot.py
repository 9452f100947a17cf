"""DingTalk's robot to members of staff: the interactive card where there is something to press, else Markdown.

Each call costs quota, so a card is changed only where somebody could still press it.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from redis import Redis

from notifiers.channels import Earlier, Parcel
from notifiers.limits import Window
from platforms.dingtalk.cards import card_params, robot_message, takes_card
from platforms.dingtalk.client import DingTalkClient
from platforms.dingtalk.sign import CARD_ROUTE, card_secret
from platforms.errors import FORM_REFUSED, Action, PlatformError
from platforms.words import Card
from store.outbox import IN_PLACE
from store.settings import DingTalkSettings

CARD_PATH = "/dingtalk/card"
"""Where presses come in (HTTP mode)."""
_REGISTERED_SECONDS = 86400

log = structlog.get_logger()


def calls_per_second(settings: DingTalkSettings) -> Window:
    """The limit that robot and to-dos share."""
    return Window("dingtalk", settings.calls_per_second, 1)


class DingTalkRobot:
    """The channel of the robot; `link_base` begins the address to which presses are pushed, `run` names this start of the workers."""

    def __init__(self, client: DingTalkClient, redis: Redis, settings: DingTalkSettings, link_base: str, run: str) -> None:
        self._client = client
        self._redis = redis
        self._settings = settings
        self._callback = f"{link_base}{CARD_PATH}"
        self._registered = f"gendan:dingtalk:callback:{run}"

    def scope(self, recipient: str) -> str:
        return "dingtalk"

    def windows(self, recipient: str) -> Sequence[Window]:
        return [calls_per_second(self._settings)]

    def send(self, parcel: Parcel) -> dict[str, Any] | None:
        card = parcel.render()
        if parcel.earlier:
            if self._changed(parcel.earlier, card):
                return {"shown_by": parcel.earlier.delivery}
            if not card.buttons:
                return None
        if parcel.data.get(IN_PLACE):
            return None
        if self._settings.card_template_id and takes_card(card) and self._card_delivered(parcel, card):
            return {"outTrackId": parcel.handle}
        kind, parameters = robot_message(card)
        return {"processQueryKey": self._client.send_to_person(self._settings.robot, parcel.recipient, kind, parameters)}

    def _changed(self, earlier: Earlier, card: Card) -> bool:
        """Whether the earlier card was one that can be changed, and still is."""
        track = earlier.reference.get("outTrackId")
        if not track:
            return False
        try:
            self._client.update_card(track, card_params(card))
        except PlatformError as error:
            if error.action is not Action.GONE:
                raise
            return False
        return True

    def _card_delivered(self, parcel: Parcel, card: Card) -> bool:
        """False where DingTalk takes no card: a template that is not published, no right to cards, an address it does not call."""
        settings = self._settings
        try:
            route = self._route()
            self._client.deliver_card(settings.robot, parcel.recipient, settings.card_template_id, parcel.handle, card_params(card), route)
        except PlatformError as error:
            if error.action not in (*FORM_REFUSED, Action.CONFIGURATION):
                raise
            log.warning("card refused", channel=parcel.channel, card=parcel.card, code=error.code)
            return False
        return True

    def _route(self) -> str:
        """The route of presses, registered again by every run and every day; none in Stream mode."""
        if self._settings.mode == "stream":
            return ""
        if not self._redis.exists(self._registered):
            secret = card_secret(self._settings.app_secret.get_secret_value())
            self._client.register_callback(CARD_ROUTE, self._callback, secret)
            self._redis.set(self._registered, 1, ex=_REGISTERED_SECONDS)
        return CARD_ROUTE
