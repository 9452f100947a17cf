"""Reading for pages, `/api` and figures: on threads and a database engine of their own, so that they never hold up the chat."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from aiohttp import web

from store.transaction import Store, Transaction

THREADS = 4
_Found = TypeVar("_Found")


class Reader:
    """Runs questions to the database off the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="pages")

    async def read(self, question: Callable[[Transaction], _Found]) -> _Found:
        """The answer of `question`, asked in a read-only transaction."""
        return await self.run(lambda: self._ask(question))

    async def run(self, work: Callable[[], _Found]) -> _Found:
        """Anything else that waits, such as a question to Redis."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _ask(self, question: Callable[[Transaction], _Found]) -> _Found:
        with self._store.reading() as tx:
            return question(tx)

    async def serve(self, _app: web.Application) -> AsyncIterator[None]:
        """Ends the threads with the app."""
        yield
        self._threads.shutdown()
