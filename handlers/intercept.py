"""拦截成功 · 已经发出 · 已改派 · 改不了: a warehouse answers whether it got hold of goods whose order is to be changed."""

from handlers import questions, wording
from handlers.asking import Field, Question
from handlers.dialogs import Choice
from handlers.notices import notice
from handlers.talk import Talk
from language import Reading
from orders.amendments import APPLIED
from orders.intercepting import answer
from orders.refusals import Refused
from orders.tasks import NEED_ANSWERS, open_tasks
from platforms.words import Reply

_MOST_TASKS = 6


def achieved(talk: Talk, reading: Reading) -> Reply:
    """拦截成功 or 已改派, typed."""
    return settle(talk, reading.task or 0, achieved=True)


def failed(talk: Talk, reading: Reading) -> Reply:
    """已经发出 or 改不了, typed."""
    return settle(talk, reading.task or 0, achieved=False)


def settle(talk: Talk, task: int, *, achieved: bool) -> Reply:
    """Takes the answer, by typing or by its button, and says what has become of the change."""
    amendment = answer(talk.tx, task, achieved, talk.person)
    title = wording.INTERCEPTED if achieved else wording.NOT_INTERCEPTED
    if amendment.state == APPLIED:
        return notice(title, wording.amended_now(amendment.order.version), 订单=amendment.order.no)
    return notice(title, wording.NOT_AMENDED if amendment.settled_at else wording.OTHERS_AWAITED, 订单=amendment.order.no)


def _ask(talk: Talk, reading: Reading) -> Question | None:
    if reading.task is not None:
        return None
    tasks = [task for task in open_tasks(talk.tx, talk.person) if task.kind in NEED_ANSWERS]
    if not tasks:
        raise Refused("no_tasks")
    return Question(questions.WHICH_TASK_ANSWERED, tuple(Choice(f"{task.id} {task.title}", task.id) for task in tasks[:_MOST_TASKS]))


def _type(talk: Talk, reading: Reading, text: str) -> Reading:
    return reading.model_copy(update={"task": talk.read(f"完成 {text}").task})


FIELDS = (Field("task", _ask, _type, lambda reading, value: reading.model_copy(update={"task": value})),)
