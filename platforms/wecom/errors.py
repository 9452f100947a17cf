"""The error codes of WeCom, by what they mean to a sender (https://developer.work.weixin.qq.com/document/path/90313)."""

from platforms.errors import Action

_ACTIONS = {
    Action.RETRY: {-1, 45033},
    Action.TOKEN: {40014, 42001},
    Action.GONE: {60140},
    Action.PLAIN: {40008, 43012, *range(42014, 42052)},
    Action.DROP: {40003, 43004, 46004, 60011, 60111, 81013, 82001},
    Action.CONFIGURATION: {
        *{40001, 40013, 40056, 41001, 41004, 301002},
        *{48002, 48009, 50003, 60020},
        *{93000, 93004, 93008},
    },
}
_BY_CODE = {code: action for action, codes in _ACTIONS.items() for code in codes}
_TOO_FAST = 45009
_WAIT_SECONDS = 60.0


def consequence(code: int) -> tuple[Action, float]:
    """What an errcode means, and the seconds to wait; an unknown one is refused content."""
    if code == _TOO_FAST:
        return Action.WAIT, _WAIT_SECONDS
    return _BY_CODE.get(code, Action.REFUSED), 0
