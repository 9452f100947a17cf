"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class TestClock:
    """Starts on Monday 2026-03-02 at 09:30 in Shanghai."""

    __test__ = False

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def forward(self, by: timedelta) -> None:
        self.moment += by

    def set(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)
