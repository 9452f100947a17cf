"""One transaction per message, opened by the door and handed down as an argument (design: house.md, decision 2)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.orm import Session, sessionmaker

from store.clock import Clock
from store.database import open_engine
from store.settings import Settings
from store.tokens import Signer, signing_key


@dataclass
class Transaction:
    """An open transaction with the time and the firm's settings; `wakes` names the queues that its commit wakes."""

    session: Session
    clock: Clock
    settings: Settings
    wakes: set[str] = field(default_factory=set)
    catalogue_revision: int | None = None
    """See store/revisions.py."""

    @cached_property
    def now(self) -> datetime:
        """The moment of this transaction, aware, in UTC: one for all that it writes."""
        return self.clock.now()

    @cached_property
    def connection(self) -> Connection:
        """Past the ORM, for what every message writes and reads; what the session has not flushed is not seen there."""
        return self.session.connection()

    @cached_property
    def signer(self) -> Signer:
        """Signs the links and buttons of what this transaction tells."""
        return Signer(signing_key(self.session))

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.zone

    @property
    def today(self) -> date:
        """The company's calendar day."""
        return self.now.astimezone(self.zone).date()


def _nobody(_queues: set[str]) -> None:
    """Nobody is waiting: a command line, or a test that works the queues itself."""


class Store:
    """The database of this process with its clock; `wake` is told after a commit which queues have work."""

    def __init__(self, settings: Settings, clock: Clock, wake: Callable[[set[str]], None] | None = None) -> None:
        self.settings = settings
        self.clock = clock
        self.wake = wake or _nobody
        self.engine = open_engine(settings.database)
        self.reader = open_engine(settings.database, read_only=True)
        # A session inside a transaction of its connection is ready sooner than one that keeps a transaction itself.
        self._sessions = sessionmaker(expire_on_commit=False, join_transaction_mode="rollback_only")
        self._readers = sessionmaker(self.reader, expire_on_commit=False)

    @contextmanager
    def transaction(self, connection: Connection | None = None) -> Iterator[Transaction]:
        """Commits when the block ends well, else nothing was; wakes the queues afterwards. `connection`: on that one."""
        lent = nullcontext(connection) if connection else self.engine.connect()
        with lent as held, held.begin(), self._sessions(bind=held) as session:
            transaction = Transaction(session, self.clock, self.settings)
            yield transaction
            session.flush()
        if transaction.wakes:
            self.wake(transaction.wakes)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A look at the present state for pages, `/api` and figures: never waits for a writer, never writes."""
        with self._readers() as session, session.begin():
            yield Transaction(session, self.clock, self.settings)

    def close(self) -> None:
        self.engine.dispose()
        self.reader.dispose()
