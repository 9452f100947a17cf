"""What only time makes due: the table `timers` says when each comes next, in the time of the trade (design: house.md, 8 and 9).

croniter reads calendar times; RQ's own schedulers double, pickle or wake late, so they are not used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from croniter import croniter
from sqlalchemy import select

from orders.calendar import calendar_of
from store.models import Timer
from store.transaction import Store, Transaction

log = structlog.get_logger()


class Rhythm(Protocol):
    """When something comes next."""

    def after(self, tx: Transaction) -> datetime:
        """The next moment after the present one."""
        ...


@dataclass(frozen=True)
class Every:
    """Again and again after so much time."""

    interval: timedelta

    def after(self, tx: Transaction) -> datetime:
        return tx.now + self.interval


@dataclass(frozen=True)
class Calendar:
    """At calendar times of the company's zone, written as cron does. Those that were skipped run once."""

    times: str

    def after(self, tx: Transaction) -> datetime:
        found: datetime = croniter(self.times, tx.now.astimezone(tx.zone)).get_next(datetime)
        return found


@dataclass(frozen=True)
class Opening:
    """When people begin to work, on every working day of the company."""

    def after(self, tx: Transaction) -> datetime:
        calendar, now = calendar_of(tx.settings), tx.now.astimezone(tx.zone)
        opens = tx.settings.trade.working_hours[0][0]
        first = calendar.working_day_from(now.date())
        day = first if datetime.combine(first, opens, tx.zone) > now else calendar.next_working_day(first)
        return datetime.combine(day, opens, tx.zone)


@dataclass(frozen=True)
class Duty:
    """Something to be done in a rhythm; doing it twice does no harm."""

    name: str
    rhythm: Rhythm
    do: Callable[[Store], object]


def due(tx: Transaction, duties: Sequence[Duty]) -> list[Duty]:
    """The duties whose time has come, or which have no time yet."""
    timers = {timer.name: timer for timer in tx.session.scalars(select(Timer))}
    return [duty for duty in duties if duty.name not in timers or _has_come(tx, duty, timers[duty.name])]


def _has_come(tx: Transaction, duty: Duty, timer: Timer) -> bool:
    """A time later than the rhythm allows has come too: the clock of the trade was set back."""
    return timer.due_at <= tx.now or timer.due_at > duty.rhythm.after(tx)


def run_due(store: Store, duties: Sequence[Duty]) -> None:
    """Does what is due and notes when it comes next; a duty that fails waits for its next time, the others go on.

    A duty that is new is given its first time, and not done yet.
    """
    with store.reading() as look:
        found = [(duty, look.session.get(Timer, duty.name) is None) for duty in due(look, duties)]
    for duty, is_new in found:
        if not is_new:
            _do(store, duty)
        with store.transaction() as tx:
            timer = tx.session.get(Timer, duty.name) or Timer(name=duty.name)
            timer.due_at, timer.last_run_at = duty.rhythm.after(tx), timer.last_run_at if is_new else tx.now
            tx.session.add(timer)


def _do(store: Store, duty: Duty) -> None:
    try:
        duty.do(store)
    except Exception:
        log.exception("a timed duty failed", duty=duty.name)
