"""When a delivery that did not succeed is tried again, and when it is given up."""

from datetime import datetime, timedelta

from platforms.errors import Action
from store.outbox import Urgency

LEASE = timedelta(seconds=15)
"""How long a worker has a delivery (real time); after that it is taken to be dead and another one sends."""
CONFIGURATION_PAUSE = 300.0
"""Seconds in which a channel that a person has to put right is left alone: wrong secrets asked again get an address banned."""

_DELAYS = (1, 3, 10, 30, 60, 300, 900, 3600)
_UNKNOWN_DELAYS = (5, 30, 120, 600)
"""Seldom, and not for long: each repetition may be a second message."""
_LONGEST_WAIT = 900.0
"""Seconds up to which the wait for a platform that says too fast is doubled."""
_LONGEST = {
    Urgency.WAITING: timedelta(minutes=15),
    Urgency.ALERT: timedelta(hours=6),
    Urgency.PROGRESS: timedelta(hours=24),
    Urgency.BULK: timedelta(hours=24),
}


def next_try(action: Action, wait: float, times: int, urgency: int, addressed_at: datetime, now: datetime) -> datetime | None:
    """The moment (real time) of the next try, None when it is given up; `times`: how often it ended like this time."""
    due: datetime | None = None
    if action is Action.WAIT:
        due = now + timedelta(seconds=max(wait, min(wait * 2.0 ** min(times - 1, 10), _LONGEST_WAIT)))
    elif action is Action.UNKNOWN:
        due = now + timedelta(seconds=_UNKNOWN_DELAYS[times - 1]) if times <= len(_UNKNOWN_DELAYS) else None
    elif action is Action.CONFIGURATION:
        due = now + timedelta(seconds=CONFIGURATION_PAUSE)
    elif action is Action.RETRY:
        due = now + timedelta(seconds=_DELAYS[min(times, len(_DELAYS)) - 1])
    return due if due is not None and due <= addressed_at + _LONGEST[Urgency(urgency)] else None
