"""`/healthz`: alive. `/readyz`: able to work, which takes the database, Redis and a live worker."""

from collections.abc import Callable

from aiohttp import web
from redis import Redis, RedisError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from pages.reader import Reader
from store.workers import WORKER_KEY


class Health:
    """The handlers of both."""

    def __init__(self, reader: Reader, redis: Redis) -> None:
        self._reader = reader
        self._redis = redis

    async def alive(self, _request: web.Request) -> web.Response:
        """This process answers."""
        return web.json_response({"status": "ok"})

    async def ready(self, _request: web.Request) -> web.Response:
        """200 when everything that work needs is there, else 503 with what is missing."""
        checks = {
            "database": await self._database(),
            "redis": await self._ask_redis(self._redis.ping),
            "worker": await self._ask_redis(lambda: next(self._redis.scan_iter(match=WORKER_KEY + "*", count=1000), None)),
        }
        missing = [name for name, there in checks.items() if not there]
        return web.json_response(
            {"status": "ok", **checks} if not missing else {"status": "not ready", **checks}, status=503 if missing else 200
        )

    async def _database(self) -> bool:
        try:
            return bool(await self._reader.read(lambda tx: tx.session.scalar(select(1))))
        except SQLAlchemyError:
            return False

    async def _ask_redis(self, question: Callable[[], object]) -> bool:
        try:
            return bool(await self._reader.run(question))
        except RedisError:
            return False
