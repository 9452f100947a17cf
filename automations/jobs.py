"""What the worker of the queue `bulk` does when it is woken: reactions to events, then what time has made due."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from redis import Redis

from automations import approvals, clock, leaving, retention
from automations.chasing import chase
from automations.episodes import sweep
from automations.reactions import react
from automations.recording import record_ended
from automations.rules import Rule, load_rules
from automations.timers import Calendar, Duty, Every, Opening, run_due
from store.events import BULK
from store.queues import waiting_key
from store.transaction import Store

log = structlog.get_logger()

SWEEP_EVERY = timedelta(seconds=4)
"""Of the trade's time: what only time makes true is told within ten seconds."""
_READ_EVERY = timedelta(seconds=20)
_CLEAN_AT = "10 3 * * *"


@dataclass(frozen=True)
class _Desk:
    store: Store
    redis: Redis
    rules: Sequence[Rule]
    duties: Sequence[Duty]


_desk: _Desk | None = None


def configure(store: Store, redis: Redis) -> None:
    """Tells this process where it works; an unsound rule is named in the log and left out."""
    global _desk
    rules, problems = load_rules()
    for problem in problems:
        log.error("a rule is left out", problem=str(problem))
    _desk = _Desk(store, redis, rules, duties(rules))


def duties(rules: Sequence[Rule]) -> list[Duty]:
    """Everything that the clock makes due."""
    return [
        Duty("rules.sweep", Every(SWEEP_EVERY), partial(sweep, rules=rules)),
        Duty("approvals.climb", Every(SWEEP_EVERY), approvals.watch),
        Duty("approvals.read", Every(_READ_EVERY), approvals.read_matrix),
        Duty("tasks.chase", Every(SWEEP_EVERY), chase),
        Duty("parts.remind", Opening(), leaving.remind),
        Duty("retention.clean", Calendar(_CLEAN_AT), retention.clean),
    ]


def _here() -> _Desk:
    if _desk is None:
        raise RuntimeError("automations.jobs.configure has not been called in this process")
    return _desk


def work() -> None:
    """The job of the queue `bulk`: takes up what is unread, and does what is due.

    Records last and a few at a time, since each takes half a second: the clock wakes again while some are missing.
    """
    desk = _here()
    desk.redis.delete(waiting_key(BULK))
    react(desk.store, desk.rules)
    run_due(desk.store, desk.duties)
    record_ended(desk.store)


def keep_time(pause: Callable[[float], bool]) -> None:
    """The clock of this process, until `pause` says that it is time to stop."""
    desk = _here()
    clock.run(desk.store, desk.redis, desk.duties, pause)
