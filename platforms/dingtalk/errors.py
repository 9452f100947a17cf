"""The error codes of DingTalk's two gateways, by what they mean to a sender; numbers of oapi, names of the newer API.

Sources: how-to-process-api-throttling-on-the-dingtalk-server and the pages of each call. Names come with prefixes that
vary by call, so they are found by a part of them.
"""

from typing import Any

from platforms.errors import Action, PlatformError

_TOKEN = {"40014", "42001", "40001", "33001", "InvalidAuthentication"}
_NUMBERS = {
    Action.RETRY: {"-1"},
    Action.UNKNOWN: {"15", "88"},
    Action.QUOTA: {"90020", "90030", "20001"},
    Action.DROP: {"33012", "60121", "50002", "400013"},
    Action.CONFIGURATION: {"60011", "60020", "40096", "310000", "300005", "52019", "40056", "400101", "400102", "400106"},
}
_SECOND = 1.0
_BLOCKED = 600.0
"""A group robot over 20 messages a minute is blocked for ten minutes."""
_WAITS = {
    "90018": _SECOND,
    "90002": _SECOND,
    "90005": _SECOND,
    "90006": _SECOND,
    "410100": _BLOCKED,
    "130101": _BLOCKED,
    "660026": _BLOCKED,
}
_BY_NUMBER = {number: action for action, numbers in _NUMBERS.items() for number in numbers}
_NAMES = (
    ("ApiCountLimit", Action.QUOTA),
    ("QpsLimit", Action.WAIT),
    ("QpmLimit", Action.WAIT),
    ("too.fast", Action.WAIT),
    ("tooFast", Action.WAIT),
    ("too.many", Action.WAIT),
    ("flowControl", Action.WAIT),
    ("Throttling", Action.WAIT),  # in no table of DingTalk's, but in those of the gateway that it runs on
    ("lockError", Action.RETRY),
    ("system.busy", Action.UNKNOWN),
    ("system.error", Action.UNKNOWN),
    ("AccessTokenPermissionDenied", Action.CONFIGURATION),
    ("IpNotInWhiteList", Action.CONFIGURATION),
    ("invalidClientIdOrSecret", Action.CONFIGURATION),
    ("invalidParameter.robotCode", Action.CONFIGURATION),
    ("resource.not.found", Action.CONFIGURATION),
    ("bot.stopped", Action.CONFIGURATION),
    ("auth.error", Action.CONFIGURATION),
    ("template", Action.PLAIN),
    ("cardNotExist", Action.GONE),
    ("staffId.notExisted", Action.DROP),
    ("userIdNotExist", Action.DROP),
    ("group.disbanded", Action.DROP),
)


def refusal(code: str) -> PlatformError:
    """What a code of either gateway means; an unknown one is refused content."""
    if code in _TOKEN:
        return PlatformError(Action.TOKEN, code)
    if code in _WAITS:
        return PlatformError(Action.WAIT, code, _WAITS[code])
    if code in _BY_NUMBER:
        return PlatformError(_BY_NUMBER[code], code)
    action = next((action for part, action in _NAMES if part in code), Action.REFUSED)
    return PlatformError(action, code, _SECOND if action is Action.WAIT else 0)


def oapi_code(answer: Any) -> str:
    """The real cause of an oapi answer: its sub_code where errcode 88 wraps one. `0` is success; empty: no oapi answer."""
    if not isinstance(answer, dict) or "errcode" not in answer:
        return ""
    code = str(answer["errcode"])
    return str(answer.get("sub_code") or code) if code == "88" else code
