"""The age of a signed call, by the timestamp that its signature covers."""

import re
from datetime import datetime, timedelta

from platforms.words import Rejected

_NUMBER = re.compile("[0-9]{1,16}")
"""More digits are no moment, and too large for a float."""


def check_age(timestamp: str, per_second: int, now: datetime, oldest: timedelta) -> None:
    """Refuses a timestamp that is no whole number, or too far from `now` either way; raises Rejected."""
    if not _NUMBER.fullmatch(timestamp):
        raise Rejected(400, "the timestamp is no number")
    if abs(now.timestamp() - int(timestamp) / per_second) > oldest.total_seconds():
        raise Rejected(401, "stale timestamp")
