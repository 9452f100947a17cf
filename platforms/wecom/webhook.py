"""The robot of a WeCom group: one address with a key in it, no token (https://developer.work.weixin.qq.com/document/path/99110)."""

from typing import Any

import requests

from platforms.errors import Action, PlatformError, from_transport
from platforms.http import BoundedSession
from platforms.wecom.errors import consequence


class WeComWebhook:
    """Posts to group robots; their addresses are secrets."""

    def __init__(self) -> None:
        self._http = BoundedSession()

    def post(self, address: str, message: dict[str, Any]) -> None:
        """Sends one message of the webhook's form; raises PlatformError."""
        try:
            response = self._http.post(address, json=message)
            answer = response.json() if response.ok else {}
        except requests.RequestException as error:
            raise from_transport(error) from None
        if "errcode" not in answer:
            raise PlatformError(Action.UNKNOWN, f"HTTP {response.status_code}")
        if code := int(answer["errcode"]):
            raise PlatformError(consequence(code)[0], code, consequence(code)[1])
