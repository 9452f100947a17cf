"""The HTTP side of the desk: its doors, assembled. What else listens on the same port is added by bot.py."""

from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from bot.doors.dingtalk import DingTalkDoor
from bot.doors.wecom import WeComDoor
from bot.middlewares import say_errors, say_refusals, take_bodies
from bot.reception import Reception
from store.transaction import Store

LARGEST_BODY = 1024 * 1024
"""Bytes; more is answered 413."""
BODY_SECONDS = 10.0
"""Platforms post a few kilobytes at once."""
_AS_SENT = {"auto_decompress": False}
"""No platform packs what it posts: a packed body is no message, and unpacking a large one would keep everybody waiting."""


def build_app(store: Store, body_seconds: float = BODY_SECONDS) -> web.Application:
    """The app with the doors that the settings open; the others answer 404 and say which settings they need.

    Raises ValueError when a door's settings cannot work. `store` is to be closed by the caller, after the app.
    """
    app = web.Application(
        middlewares=(say_errors, say_refusals, take_bodies(body_seconds)), client_max_size=LARGEST_BODY, handler_args=_AS_SENT
    )
    reception = Reception(store)
    _add_wecom(app, store, reception)
    _add_dingtalk(app, store, reception)

    async def finish(_app: web.Application) -> AsyncIterator[None]:
        yield
        await reception.close()

    app.cleanup_ctx.append(finish)
    return app


def _add_wecom(app: web.Application, store: Store, reception: Reception) -> None:
    settings = store.settings.wecom
    path = "/wecom/callback"
    if settings.is_open:
        door = WeComDoor(settings, store.clock, reception)
        app.add_routes([web.get(path, door.verify), web.post(path, door.receive)])
    else:
        app.router.add_route("*", path, closed("GENDAN_WECOM__CORP_ID, __SECRET, __TOKEN and __AES_KEY are not all set"))
    app.router.add_route("*", "/wecom/robot", closed("the WeCom robot is not served by this version"))


def _add_dingtalk(app: web.Application, store: Store, reception: Reception) -> None:
    settings = store.settings.dingtalk
    if settings.is_open and settings.mode == "http":
        door = DingTalkDoor(settings, store.clock, reception)
        app.add_routes([web.post("/dingtalk/robot", door.robot), web.post("/dingtalk/card", door.card)])
        return
    reason = "GENDAN_DINGTALK__MODE is stream" if settings.is_open else "GENDAN_DINGTALK__APP_KEY and __APP_SECRET are not both set"
    for path in ("/dingtalk/robot", "/dingtalk/card"):
        app.router.add_route("*", path, closed(reason))


def closed(reason: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A door that is not open: 404 with what it would need."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"error": f"this door is closed: {reason}"}, status=404)

    return answer
