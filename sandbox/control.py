"""What the page and the tests ask of the stand-ins over HTTP, under /sandbox; the product knows nothing of it."""

import asyncio
import json
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from orders.calendar import calendar_of
from sandbox.callbacks import Answer
from sandbox.coach import next_step
from sandbox.kuaidi100 import STATES
from sandbox.people import PERSONAS
from sandbox.scene import steps
from sandbox.suggestions import Lines, suggestions

if TYPE_CHECKING:
    from sandbox.server import Sandbox

_PAGE = Path(__file__).parent / "page"
_LONGEST_TEXT = 2000
_MOST_HOURS = 24 * 366
_MORNING = time(9, 0)
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_PACE, _SLOWEST_PACE = 3.0, 30.0
"""Seconds that a watcher of the demo gets for each step."""
_ALIVE_SECONDS = 15


def add_control(app: web.Application, sandbox: "Sandbox") -> None:
    """Adds the page and its API."""
    control = Control(sandbox)
    app.router.add_get("/sandbox", control.page)
    app.router.add_get("/sandbox/page/{file}", control.file)
    app.router.add_get("/sandbox/api/state", control.state)
    app.router.add_get("/sandbox/api/events", control.events)
    app.router.add_post("/sandbox/api/say", control.say)
    app.router.add_post("/sandbox/api/press", control.press)
    app.router.add_post("/sandbox/api/trace", control.trace)
    app.router.add_post("/sandbox/api/clock", control.move_clock)
    app.router.add_post("/sandbox/api/scene", control.play)
    app.router.add_get("/sandbox/api/suggestions", control.suggest)
    app.router.add_get("/sandbox/api/coach", control.coach)
    app.router.add_get("/sandbox/api/calls", control.calls)
    app.router.add_get("/sandbox/api/faults", control.faults)
    app.router.add_post("/sandbox/api/faults", control.add_fault)
    app.router.add_delete("/sandbox/api/faults", control.clear_faults)


class Control:
    """The handlers; a body that makes no sense is answered with 400 and the reason."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    async def page(self, _request: web.Request) -> web.Response:
        """GET /sandbox"""
        return _file("index.html")

    async def file(self, request: web.Request) -> web.Response:
        """GET /sandbox/page/{file}"""
        return _file(request.match_info["file"])

    async def state(self, _request: web.Request) -> web.Response:
        """GET /sandbox/api/state: all that the page needs to begin with."""
        ledger = self._sandbox.ledger
        return web.json_response(
            {
                "now": self._now().isoformat(),
                "zone": self._sandbox.settings.timezone,
                "personas": [vars(each) for each in PERSONAS],
                "messages": [message.public() for message in ledger.messages.values()],
                "notes": [note.public() for note in ledger.notes][-200:],
                "waybills": list(self._sandbox.kuaidi100.waybills),
                "states": STATES,
                "steps": steps(),
                "scene": self._sandbox.scene.state,
            }
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        """GET /sandbox/api/events: server-sent events of what is new."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        with self._sandbox.ledger.follow() as queue, suppress(ConnectionResetError):
            await response.write(b": ready\n\n")
            while True:
                await response.write(await _next_event(queue))
        return response

    async def say(self, request: web.Request) -> web.Response:
        """POST {chat, text}"""
        body = await _object(request)
        text = _text(body, "text")
        try:
            return _answered(await self._sandbox.say(_text(body, "chat"), text[:_LONGEST_TEXT]))
        except (KeyError, ValueError) as error:
            raise _bad(f"nobody writes there: {error}") from error

    async def press(self, request: web.Request) -> web.Response:
        """POST {message, button}"""
        body = await _object(request)
        try:
            return _answered(await self._sandbox.press(_text(body, "message"), body.get("button", 0)))
        except (KeyError, ValueError, IndexError, TypeError) as error:
            raise _bad(f"no such button: {error}") from error

    async def trace(self, request: web.Request) -> web.Response:
        """POST {waybill, text, state, place}"""
        body = await _object(request)
        state = body.get("state", STATES[0])
        if state not in STATES:
            raise _bad(f"state is one of {STATES}")
        try:
            return _answered(await self._sandbox.push_trace(_text(body, "waybill"), _text(body, "text"), state, str(body.get("place", ""))))
        except KeyError as error:
            raise _bad(f"nobody subscribed {error}") from error

    async def move_clock(self, request: web.Request) -> web.Response:
        """POST {hours} or {to: "next_working_day"}: nine o'clock of that day."""
        body = await _object(request)
        if body.get("to") == "next_working_day":
            by = self._until_next_working_day()
        elif isinstance(body.get("hours"), int | float) and 0 < body["hours"] <= _MOST_HOURS:
            by = timedelta(hours=body["hours"])
        else:
            raise _bad("hours or to is needed")
        self._sandbox.forward(by)
        return web.json_response({"now": self._now().isoformat()})

    def _until_next_working_day(self) -> timedelta:
        now = self._now()
        day = calendar_of(self._sandbox.settings).next_working_day(now.date())
        return datetime.combine(day, _MORNING, now.tzinfo) - now

    async def play(self, request: web.Request) -> web.Response:
        """POST {action: "start" or "stop", pace}: the demo, for everybody who watches."""
        body = await _object(request)
        if body.get("action") == "stop":
            await self._sandbox.scene.stop()
        elif not self._sandbox.scene.start(min(max(float(body.get("pace", _PACE)), 0), _SLOWEST_PACE)):
            raise web.HTTPConflict(text='{"error": "正在播放"}', content_type="application/json")
        return web.json_response(self._sandbox.scene.state)

    async def suggest(self, _request: web.Request) -> web.Response:
        """GET: what each persona might type now."""
        return web.json_response(suggestions(self._now().date(), calendar_of(self._sandbox.settings), self._sandbox.ledger))

    async def coach(self, _request: web.Request) -> web.Response:
        """GET: what to try next."""
        return web.json_response(next_step(self._sandbox.ledger, Lines(self._now().date(), calendar_of(self._sandbox.settings))))

    async def calls(self, _request: web.Request) -> web.Response:
        """GET: how often the product called what, and the newest requests."""
        ledger = self._sandbox.ledger
        newest = [vars(call) | {"at": call.at.isoformat()} for call in list(ledger.requests)[-100:]]
        return web.json_response(
            {
                "calls": dict(ledger.calls),
                "problems": ledger.problems,
                "requests": newest,
                "dingtalk_month": self._sandbox.dingtalk.monthly_calls,
            }
        )

    async def faults(self, _request: web.Request) -> web.Response:
        """GET: the faults that are switched on."""
        return web.json_response({"faults": [vars(fault) for fault in self._sandbox.faults.on]})

    async def add_fault(self, request: web.Request) -> web.Response:
        """POST {where, kind, times, seconds}"""
        body = await _object(request)
        try:
            self._sandbox.faults.add(_text(body, "where"), _text(body, "kind"), int(body.get("times", 1)), float(body.get("seconds", 3)))
        except (TypeError, ValueError) as error:
            raise _bad(str(error)) from error
        return await self.faults(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        """DELETE: all off."""
        self._sandbox.faults.clear()
        return await self.faults(request)

    def _now(self) -> datetime:
        return self._sandbox.clock.now().astimezone(self._sandbox.settings.zone)


def _answered(answer: Answer) -> web.Response:
    return web.json_response({"status": answer.status, "milliseconds": round(answer.milliseconds, 1)})


async def _next_event(queue: "asyncio.Queue[dict[str, Any]]") -> bytes:
    try:
        event = await asyncio.wait_for(queue.get(), _ALIVE_SECONDS)
    except TimeoutError:
        return b": alive\n\n"
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def _file(name: str) -> web.Response:
    path = _PAGE / name
    if path.parent != _PAGE or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(text=path.read_text(encoding="utf-8"), content_type=_TYPES[path.suffix], headers={"Cache-Control": "no-cache"})


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as error:
        raise _bad("not JSON") from error
    if not isinstance(body, dict):
        raise _bad("not a JSON object")
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise _bad(f"{name} is needed")
    return value


def _bad(reason: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"error": reason}, ensure_ascii=False), content_type="application/json")
