"""The service account to customers: a template message with each step of their order."""

from collections.abc import Sequence
from typing import Any

from notifiers.audience import WECHAT_TEMPLATE
from notifiers.channels import Parcel
from notifiers.limits import Window
from platforms.wechat.client import WeChatAccount
from platforms.wechat.template import template_data
from store.settings import WeChatSettings


class WeChatTemplates:
    """The channel of the service account."""

    def __init__(self, account: WeChatAccount, settings: WeChatSettings) -> None:
        self._account = account
        self._settings = settings

    def scope(self, recipient: str) -> str:
        return WECHAT_TEMPLATE

    def windows(self, recipient: str) -> Sequence[Window]:
        return []

    def send(self, parcel: Parcel) -> dict[str, Any]:
        data = template_data(parcel.data, self._settings.template_fields.model_dump())
        template = self._settings.template_progress
        return {"msgid": self._account.send_template(parcel.recipient, template, data, parcel.data["url"], parcel.handle)}
