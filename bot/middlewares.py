"""What every request passes, in this order. Nothing of the inside gets out: no stack trace, no 500 for bad input."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Middleware

from bot.counters import REFUSED
from platforms.words import Rejected

log = structlog.get_logger()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def say_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever breaks is logged with its trace, and said without it."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except ConnectionResetError:
        return web.Response(status=400)  # the caller has gone: nobody reads it
    except web.RequestPayloadError as error:
        return web.json_response({"error": f"the body cannot be read: {error.__cause__ or error}"}, status=400)
    except Exception:
        log.exception("a request broke", path=_path(request))
        return web.json_response({"error": "internal error"}, status=500)


@web.middleware
async def say_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A callback that is refused gets its status and the reason."""
    try:
        return await handler(request)
    except Rejected as refusal:
        REFUSED.labels(_path(request), refusal.status).inc()
        log.warning("callback refused", path=_path(request), status=refusal.status, reason=refusal.reason)
        return web.json_response({"error": refusal.reason}, status=refusal.status)


def take_bodies(seconds: float) -> Middleware:
    """Reads a body before the doors ask for it: who does not send all of it within `seconds` holds no connection."""

    @web.middleware
    async def take_body(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            async with asyncio.timeout(seconds):
                await request.read()
        except TimeoutError:
            raise Rejected(408, "the body came too slowly") from None
        return await handler(request)

    return take_body


def _path(request: web.Request) -> str:
    """The route, not the address: tokens stand in addresses."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"


def _without_trace(record: logging.LogRecord) -> bool:
    """What is no HTTP, as scanners send it, is one line: its trace would show nothing but aiohttp."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError):
        record.exc_info, record.levelno, record.levelname = None, logging.WARNING, "WARNING"
        record.msg = f"{record.msg}: {type(error).__name__}"
    return True


logging.getLogger("aiohttp.server").addFilter(_without_trace)
