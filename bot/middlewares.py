"""What every request passes, in this order. Nothing of the inside gets out: no stack trace, no 500 for bad input."""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.counters import REFUSED
from platforms.words import Rejected

log = structlog.get_logger()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def say_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever breaks is logged with its trace, and said without it."""
    try:
        return await handler(request)
    except (web.HTTPException, ConnectionResetError):
        raise
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


def _path(request: web.Request) -> str:
    """The route, not the address: tokens stand in addresses."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"


MIDDLEWARES = (say_errors, say_refusals)
