"""Brings what the doors have verified to the gate: each person in turn, on database threads, and acknowledged only once it is kept."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy.exc import OperationalError

from bot.call import Answer, Call, Done
from bot.counters import ANSWERED, MESSAGES
from bot.gate import Gate, refusal
from bot.turns import Turns
from platforms.words import Ignored, Press
from store.transaction import Store

log = structlog.get_logger()
POSTGRES_THREADS = 3
"""Measured: more take the interpreter from each other; with 8 a message costs up to half as much processor time again.
SQLite has one writer, so there is one thread, which is fair and never waits."""


class Reception:
    """Takes calls in; `close` lets all that is under way finish."""

    def __init__(self, store: Store) -> None:
        threads = 1 if store.engine.dialect.name == "sqlite" else POSTGRES_THREADS
        self._gate = Gate(store)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="desk")
        self._turns = Turns()
        self._under_way: set[asyncio.Task[Answer]] = set()

    async def answer(self, call: Call, seconds: float) -> Answer:
        """The answer to a call once its work is committed; after `seconds` the outbox carries it, and what is answered is silence.

        Until then nothing is answered: a platform that is tired of waiting repeats the call, and so it does when this process dies.
        """
        work = asyncio.create_task(self._work(call))
        self._under_way.add(work)
        work.add_done_callback(self._under_way.discard)
        departure = asyncio.get_running_loop().call_later(seconds, call.ride.depart)
        try:
            return await asyncio.shield(work)
        finally:
            departure.cancel()
            call.ride.depart()  # where the caller has gone, nothing rides back any more

    async def close(self) -> None:
        """Waits for the work under way, then ends the threads."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        self._threads.shutdown()

    async def _work(self, call: Call) -> Answer:
        began = time.perf_counter()
        incoming = call.incoming
        try:
            async with self._turns.of(f"{incoming.platform}:{incoming.sender.lower()}"):
                done = await asyncio.get_running_loop().run_in_executor(self._threads, self._take, call)
        finally:
            ANSWERED.labels(incoming.platform).observe(time.perf_counter() - began)
        _note(incoming.platform, done.outcome, staff=done.staff_id, key=incoming.key, seconds=round(time.perf_counter() - began, 4))
        return done.answer

    def _take(self, call: Call) -> Done:
        try:
            return self._take_patiently(call)
        except Exception:
            log.exception("a message broke the desk", platform=call.incoming.platform, key=call.incoming.key)
            return self._apologise(call)

    def _take_patiently(self, call: Call) -> Done:
        try:
            return self._gate.take(call)
        except OperationalError:
            # Two people's orders may have locked each other out, or the database was restarted: nothing was written.
            return self._gate.take(call)

    def _apologise(self, call: Call) -> Done:
        """Nothing was written, so the person is told to say it again; the platform need not."""
        reply = refusal("broken", {})
        card = self._gate.render(reply, None)
        answer = call.form.refused_press(card) if isinstance(call.incoming, Press) else call.form.message(card)
        if answer is not None and call.ride.board():
            return Done(answer, "broken")
        self._gate.say(call, reply)
        return Done(call.form.silence, "broken")


def note_ignored(platform: str, ignored: Ignored) -> None:
    """Counts and logs a callback that asks nothing of the desk."""
    _note(platform, "ignored", reason=ignored.reason)


def _note(platform: str, outcome: str, **said: object) -> None:
    MESSAGES.labels(platform, outcome).inc()
    log.info("message", platform=platform, outcome=outcome, **said)
