"""Who may call our DingTalk doors: the robot's sign (platforms' documents, receive-message) and the card callback's signature.

Neither covers the body, so whoever holds a signature may repeat or alter a call for an hour: what a message does is bound to
its `msgId` and a button to its own signed text. dingtalk-sdk checks neither of the two.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from platforms.age import check_age
from platforms.words import Rejected

OLDEST = timedelta(hours=1)
"""DingTalk's own limit for the timestamp of a signature."""
CARD_ROUTE = "gendan"
"""The callbackRouteKey under which our card callback is registered."""


def sign(secret: str, timestamp: str) -> str:
    """The sign of robot calls, in both directions: of callbacks with the app's secret, of group webhooks with theirs."""
    return _seal(secret, f"{timestamp}\n{secret}")


def card_secret(app_secret: str) -> str:
    """The apiSecret that we register for card callbacks; made from the app's secret, so there is nothing more to configure."""
    return hmac.new(app_secret.encode(), b"gendan card callback", hashlib.sha256).hexdigest()


def check_robot(headers: Mapping[str, str], app_secret: str, now: datetime) -> None:
    """Refuses a robot callback that is not DingTalk's; raises Rejected."""
    timestamp = headers.get("timestamp", "")
    _check(headers.get("sign", ""), sign(app_secret, timestamp), timestamp, now)


def check_card(headers: Mapping[str, str], app_secret: str, now: datetime) -> None:
    """Refuses a card callback that is not DingTalk's; raises Rejected."""
    timestamp = headers.get("x-ddpaas-signature-timestamp", "")
    _check(headers.get("x-ddpaas-signature", ""), _seal(card_secret(app_secret), timestamp), timestamp, now)


def _seal(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(errors="replace"), hashlib.sha256).digest()).decode()


def _check(given: str, right: str, timestamp: str, now: datetime) -> None:
    if not given or not hmac.compare_digest(given.encode(errors="replace"), right.encode()):
        raise Rejected(401, "wrong signature")
    check_age(timestamp, 1000, now, OLDEST)
