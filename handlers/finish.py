"""完成: a task is done."""

from typing import Any

from handlers import questions, wording
from handlers.asking import Field, Question
from handlers.dialogs import Choice
from handlers.notices import notice
from handlers.talk import Talk
from language import Reading
from orders.refusals import Refused
from orders.tasks import finish, open_tasks
from platforms.words import Reply

_MOST_TASKS = 6


def run(talk: Talk, reading: Reading) -> Reply:
    """Finishes the task of this number."""
    return finish_task(talk, reading.task or 0)


def finish_task(talk: Talk, number: int) -> Reply:
    """Finishes a task, by typing or by its button."""
    task = finish(talk.tx, number, talk.person)
    return notice(wording.TASK_DONE, task.title, 编号=str(task.id))


def _ask(talk: Talk, reading: Reading) -> Question | None:
    if reading.task is not None:
        return None
    tasks = open_tasks(talk.tx, talk.person)
    if not tasks:
        raise Refused("no_tasks")
    return Question(questions.WHICH_TASK, tuple(Choice(f"{task.id} {task.title}", task.id) for task in tasks[:_MOST_TASKS]))


def _type(talk: Talk, reading: Reading, text: str) -> Reading:
    return _choose(reading, talk.read(f"完成 {text}").task)


def _choose(reading: Reading, value: Any) -> Reading:
    return reading.model_copy(update={"task": value})


FIELDS = (Field("task", _ask, _type, _choose),)
