"""The robots of WeCom groups: alerts to our own groups, progress to a customer's."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from notifiers.audience import WECOM_WEBHOOK
from notifiers.channels import Parcel
from notifiers.limits import Window
from platforms.errors import FORM_REFUSED, PlatformError
from platforms.wecom.cards import webhook_markdown, webhook_message
from platforms.wecom.webhook import WeComWebhook
from store.settings import GroupSettings

_A_MINUTE = 20
"""Messages a robot may post in a minute (path/99110)."""

log = structlog.get_logger()


class WeComGroups:
    """The channel of all WeCom groups, known by their names in the settings."""

    def __init__(self, webhook: WeComWebhook, groups: Mapping[str, GroupSettings]) -> None:
        self._webhook = webhook
        self._groups = groups

    def scope(self, recipient: str) -> str:
        return f"{WECOM_WEBHOOK}:{recipient}"

    def windows(self, recipient: str) -> Sequence[Window]:
        return [Window(self.scope(recipient), _A_MINUTE, 60)]

    def send(self, parcel: Parcel) -> dict[str, Any]:
        address, card = self._groups[parcel.recipient].webhook.get_secret_value(), parcel.render()
        message = webhook_message(card)
        try:
            self._webhook.post(address, message)
        except PlatformError as error:
            if error.action not in FORM_REFUSED or "template_card" not in message:
                raise
            log.warning("card refused", channel=parcel.channel, card=parcel.card, code=error.code)
            self._webhook.post(address, webhook_markdown(card))
        return {}
