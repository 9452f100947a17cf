"""The error codes of the WeChat service account (wechatpy reads them, we decide; source: the pages of each call)."""

from platforms.errors import Action

_ACTIONS = {
    Action.RETRY: {-1, 45033},
    Action.TOKEN: {40014, 42001, 40001},
    Action.DROP: {40003, 43004, 43101},
    Action.CONFIGURATION: {40013, 40037, 40125, 40164, 41004, 48001, 50002, 61024},
}
_BY_CODE = {code: action for action, codes in _ACTIONS.items() for code in codes}
_WAIT = {45009: 3600.0, 45011: 60.0}
"""45009 is the day's or month's limit of an API, 45011 a limit of the minute."""


def consequence(code: int) -> tuple[Action, float]:
    """What an errcode means, and the seconds to wait; an unknown one is refused content."""
    if code in _WAIT:
        return Action.WAIT, _WAIT[code]
    return _BY_CODE.get(code, Action.REFUSED), 0
