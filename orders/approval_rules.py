"""The approval matrix in force: the company's file, or what it said last when it has an error now, or the one that ships."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from orders.approval_matrix import SHIPPED, Matrix, WrongMatrix, parse
from store.models import Installation, Role, Staff
from store.outbox import Urgency, tell, to_role
from store.settings import Settings
from store.transaction import Transaction

_KEPT = "approvals"
"""Where the last text without an error is kept, so that a restart does not lose it."""
_MOST_PROBLEMS = 5


@dataclass(frozen=True)
class _Read:
    """What was found in a file, as it was at that time and size."""

    state: tuple[int, int]
    text: str
    matrix: Matrix | None
    problems: tuple[str, ...] = ()


_read: dict[Path, _Read] = {}


def matrix_in_force(tx: Transaction) -> Matrix:
    """The matrix that counts for what is placed or changed now; never writes."""
    found = _look(_path(tx.settings))
    if found.matrix is not None:
        return found.matrix
    kept = tx.session.get(Installation, _KEPT)
    return parse(kept.value) if kept else _shipped()


def look_again(tx: Transaction) -> None:
    """Keeps the company's file when it is sound, and tells the admins, once for each wrong text, when it is not."""
    found = _look(_path(tx.settings))
    if found.matrix is None:
        _complain(tx, found)
        return
    kept = tx.session.get(Installation, _KEPT)
    if kept is None:
        tx.session.add(Installation(name=_KEPT, value=found.text))
    elif kept.value != found.text:
        kept.value = found.text


def problems(settings: Settings) -> list[str]:
    """What is wrong with the file, line by line; nothing when it can be used."""
    return list(_look(_path(settings)).problems)


def unknown_people(tx: Transaction) -> list[str]:
    """People whom the matrix names and who are not on the staff (any more)."""
    named = {name for one in matrix_in_force(tx).classes for step in one.steps for name, role in step.seats if role is None}
    known = set(tx.session.scalars(select(Staff.name).where(Staff.name.in_(named), Staff.active)))
    return sorted(named - known)


def _path(settings: Settings) -> Path:
    return settings.trade.approvals or SHIPPED


def _shipped() -> Matrix:
    found = _look(SHIPPED).matrix
    assert found is not None, "the matrix that ships is sound"
    return found


def _look(path: Path) -> _Read:
    """What the file says now; read again only when it has changed."""
    try:
        status = path.stat()
        state = (status.st_mtime_ns, status.st_size)
        if path not in _read or _read[path].state != state:
            _read[path] = _understood(state, path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        return _Read((0, 0), type(error).__name__, None, (f"读不了（{type(error).__name__}），要 UTF-8 编码的文本文件",))
    return _read[path]


def _understood(state: tuple[int, int], text: str) -> _Read:
    try:
        return _Read(state, text, parse(text))
    except WrongMatrix as wrong:
        return _Read(state, text, None, tuple(wrong.problems))


def _complain(tx: Transaction, found: _Read) -> None:
    data = {
        "title": "审批矩阵有误，照旧用上一份",
        "text": "改好保存就会生效；打 python bot.py check 可再看一遍。",
        "fields": [{"name": "文件", "value": str(_path(tx.settings))}]
        + [{"name": f"错误{number}", "value": problem} for number, problem in enumerate(found.problems[:_MOST_PROBLEMS], 1)],
    }
    key = f"approvals:{hashlib.sha256(found.text.encode()).hexdigest()[:32]}"
    tell(tx, to_role(Role.ADMIN), "notice", data, key=key, urgency=Urgency.ALERT)
