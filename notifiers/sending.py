"""The post office of one worker process: claims what is due, sends it outside of any transaction, writes down what came of it."""

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import monotonic
from typing import Any

import structlog
from redis import RedisError

from notifiers import outbox, settling
from notifiers.channels import Channel, Parcel
from notifiers.limits import Limits
from notifiers.retry import CONFIGURATION_PAUSE
from platforms.errors import Action, PlatformError
from store.deliveries import DUE, handle
from store.models import Delivery
from store.outbox import DELIVER
from store.transaction import Store, Transaction

LANES = 4
"""Sendings at the same time, so that one slow platform does not hold up the others."""
_LONGEST = 30.0
"""Seconds after which a job ends and wakes the next one, well inside RQ's time limit."""
_LOOK_AGAIN = 0.05
"""Seconds between two looks for new work while something is being sent."""

log = structlog.get_logger()


@dataclass
class Office:
    """Everything a process needs to deliver; made after its fork."""

    store: Store
    limits: Limits
    channels: Mapping[str, Channel]

    def deliver(self) -> None:
        """Sends until nothing is due; what cannot go now is put off, and the clock wakes again for it."""
        end = monotonic() + _LONGEST
        with ThreadPoolExecutor(LANES) as pool:
            going: set[Future[None]] = set()
            while True:
                late = monotonic() > end
                parcel = self._next() if len(going) < LANES and not late else None
                if parcel:
                    going.add(pool.submit(self._send, parcel))
                elif going:
                    done, going = wait(going, timeout=_LOOK_AGAIN, return_when=FIRST_COMPLETED)
                    for future in done:
                        future.result()
                else:
                    break
        if late:
            self.store.wake({DELIVER})

    def _next(self) -> Parcel | None:
        with self.store.transaction() as tx:
            for letter in outbox.address_new(tx):
                settling.complain(tx, letter, None)
            delivery = outbox.claim(tx)
            return self._parcel(tx, delivery) if delivery else None

    def _parcel(self, tx: Transaction, delivery: Delivery) -> Parcel:
        signer = tx.signer
        staff = delivery.staff_id or ""
        return Parcel(
            delivery=delivery.id,
            attempt=delivery.attempts,
            handle=handle(tx.session, delivery.id),
            channel=delivery.channel,
            recipient=delivery.recipient,
            card=delivery.message.card,
            data=delivery.message.data,
            now=tx.now,
            key_for=lambda action, argument: signer.sign("button", action, argument, staff),
            reference=delivery.reference,
            earlier=outbox.earlier_card(tx, delivery),
        )

    def _send(self, parcel: Parcel) -> None:
        channel = self.channels.get(parcel.channel)
        if channel is None:
            self._settle(parcel, lambda _tx, delivery: settling.skipped(delivery, "channel is not open"))
            return
        try:
            seconds = self.limits.take(channel.windows(parcel.recipient), (channel.scope(parcel.recipient),))
            if seconds:
                self._settle(parcel, lambda _tx, delivery: settling.put_off(delivery, seconds))
                return
            reference = channel.send(parcel)
        except Exception as error:
            self._refused(parcel, channel, _meaning(error, parcel))
        else:
            self._taken(parcel, reference)

    def _taken(self, parcel: Parcel, reference: dict[str, Any] | None) -> None:
        if reference is None:
            self._settle(parcel, lambda _tx, delivery: settling.skipped(delivery, "not needed"))
        else:
            self._settle(parcel, lambda tx, delivery: settling.sent(tx, delivery, reference))

    def _refused(self, parcel: Parcel, channel: Channel, error: PlatformError) -> None:
        self._settle(parcel, lambda tx, delivery: settling.refused(tx, delivery, error))
        pause = CONFIGURATION_PAUSE if error.action is Action.CONFIGURATION else error.wait
        if pause:
            self.limits.pause(channel.scope(parcel.recipient), pause)

    def _settle(self, parcel: Parcel, outcome: Callable[[Transaction, Delivery], None]) -> None:
        """Writes down what came of it, unless another worker has taken this delivery up meanwhile."""
        with self.store.transaction() as tx:
            delivery = tx.session.get_one(Delivery, parcel.delivery, with_for_update=True)
            if delivery.state == DUE and delivery.attempts == parcel.attempt:
                outcome(tx, delivery)


def _meaning(error: Exception, parcel: Parcel) -> PlatformError:
    if isinstance(error, PlatformError):
        return error
    if isinstance(error, OSError | RedisError):
        return PlatformError(Action.RETRY, type(error).__name__)
    log.exception("channel failed", channel=parcel.channel, card=parcel.card, delivery=parcel.delivery, exc_info=error)
    return PlatformError(Action.UNKNOWN, type(error).__name__)
