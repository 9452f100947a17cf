"""To-dos: made once per sourceId, always linking out, marked done by the app that made them."""

import secrets
from itertools import count
from typing import Any

from aiohttp import web

from sandbox.dingtalk.errors import DingTalkError
from sandbox.ledger import ChatMessage, Ledger
from sandbox.people import Directory

_LINK_BYTES = 1024


class Todos:
    """The to-do lists of all members; a to-do is a message in its executor's chat."""

    def __init__(self, ledger: Ledger, directory: Directory) -> None:
        self._ledger, self._directory = ledger, directory
        self._by_source: dict[str, str] = {}
        self._tasks: dict[str, list[ChatMessage]] = {}
        self._numbers = count(1 + secrets.randbelow(2**60))  # the desk still knows those of an earlier run

    def create(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """POST /v1.0/todo/users/{unionId}/tasks."""
        self._check(request, body)
        source = body.get("sourceId", "")
        if source in self._by_source:
            raise DingTalkError("todo.taskCreate.paramError", f"task exist, taskId:{self._by_source[source]}")
        task = f"task{next(self._numbers):08}"
        if source:
            self._by_source[source] = task
        shown = body | {"done": False}
        self._tasks[task] = [
            self._ledger.post(f"dingtalk/{self._userid(union)}", "todo", shown, handle=task) for union in body["executorIds"]
        ]
        return {"id": task, "subject": body["subject"], "sourceId": source, "done": False, "executorIds": body["executorIds"]}

    def _check(self, request: web.Request, body: dict[str, Any]) -> None:
        if not body.get("subject") or len(body["subject"]) > 1024:
            raise DingTalkError("todo.taskCreate.paramError", "subject 1..1024")
        links = body.get("detailUrl") or {}
        if not links.get("appUrl") or not links.get("pcUrl") or any(len(url.encode()) > _LINK_BYTES for url in links.values()):
            raise DingTalkError("todo.taskCreate.paramError", "detailUrl.appUrl and pcUrl are required, 1024 bytes")
        people = [request.match_info["union"], *body.get("executorIds", [])]
        if not body.get("executorIds") or any(self._userid(union) not in self._directory.dingtalk for union in people):
            raise DingTalkError("todo.taskCreate.paramError", "unionId invalid")

    def update(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """PUT …/tasks/{taskId}: subject, dueTime, done."""
        for message in self._find(request):
            self._ledger.change(
                message,
                "todo",
                message.content | {name: body[name] for name in ("subject", "description", "dueTime", "done") if name in body},
            )
        return {"result": True}

    def update_executor(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """PUT …/tasks/{taskId}/executorStatus."""
        states = {self._userid(each["id"]): each["isDone"] for each in body.get("executorStatusList", [])}
        for message in self._find(request):
            userid = message.chat.removeprefix("dingtalk/")
            if userid in states:
                self._ledger.change(message, "todo", message.content | {"done": states[userid]})
        return {"result": True}

    def delete(self, request: web.Request, _body: dict[str, Any]) -> dict[str, Any]:
        """DELETE …/tasks/{taskId}."""
        for message in self._find(request):
            self._ledger.change(message, "todo", message.content | {"deleted": True})
        return {"result": True}

    def _find(self, request: web.Request) -> list[ChatMessage]:
        messages = self._tasks.get(request.match_info["task"])
        if messages is None:
            raise DingTalkError("todo.taskUpdate.paramError", "task not exist")
        return messages

    def _userid(self, union: str) -> str:
        return union.removeprefix("union-") if union.startswith("union-") else ""
