"""One person's messages, one after the other in the order of their arrival."""

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """A lock for each person, served in order; it is forgotten when nobody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, person: str) -> asyncio.Lock:
        """What to hold while a message of `person` is worked on."""
        lock = self._locks.get(person)
        if lock is None:
            lock = self._locks[person] = asyncio.Lock()
        return lock
