"""The one table of what a button can do; its signature has been checked by the door, its owner too."""

from collections.abc import Callable
from dataclasses import replace

from handlers import agree, approve, asking, communicate, dialogs, drop, intercept, pick, place, schedule, wording
from handlers.asking import Command, drafted
from handlers.commands import COMMANDS
from handlers.finish import finish_task
from handlers.forwarded import forwarded
from handlers.notices import notice
from handlers.talk import Talk
from language import Reading
from orders.refusals import Refused
from platforms.words import Reply
from store.models import Dialog


def confirm(talk: Talk, dialog: Dialog) -> Reply:
    """Does what a draft shows; where its message held more orders, the next one follows on a card of its own."""
    command, waiting = COMMANDS[dialog.command], dialogs.waiting_behind(dialog)
    done = drafted(command).confirm(talk, dialog)
    if waiting is None:
        return done
    return replace(done, then=_next(talk, command, waiting))


def _next(talk: Talk, command: Command, waiting: Reading) -> Reply:
    """What is shown or asked of the next order; that it cannot be shown undoes nothing of the one before."""
    try:
        return asking.proceed(talk, command, waiting)
    except Refused:
        return notice(wording.NEXT_NOT_READ, wording.NEXT_AGAIN)


def _confirm(talk: Talk, number: str) -> Reply:
    return confirm(talk, dialogs.awaited(talk, number, draft=True))


def _explain(talk: Talk, number: str) -> Reply:
    dialog = dialogs.awaited(talk, number, draft=True)
    explain = drafted(COMMANDS[dialog.command]).explain
    if explain is None:
        raise Refused("unknown_button")
    return explain(talk, dialog)


def _drop(talk: Talk, number: str) -> Reply:
    return drop.drop(dialogs.awaited(talk, number, draft=True))


def _choose(talk: Talk, argument: str) -> Reply:
    number, _, index = argument.partition(":")
    dialog = dialogs.awaited(talk, number, draft=False)
    return asking.chosen(talk, COMMANDS[dialog.command], dialog, int(index))


def _not_that(talk: Talk, number: str) -> Reply:
    dialog = dialogs.awaited(talk, number, draft=True)
    return asking.proceed(talk, COMMANDS[dialog.command], place.without_habits(talk, dialog))


def _finish(talk: Talk, number: str) -> Reply:
    return finish_task(talk, int(number))


ACTIONS: dict[str, Callable[[Talk, str], Reply]] = {
    dialogs.CONFIRM: _confirm,
    dialogs.EXPLAIN: _explain,
    dialogs.DROP: _drop,
    dialogs.CHOOSE: _choose,
    communicate.NO_TALK: communicate.no_talk,
    place.FORGET: _not_that,
    "task.done": _finish,
    "pick.done": pick.press,
    "intercept.done": lambda talk, task: intercept.settle(talk, int(task), achieved=True),
    "intercept.failed": lambda talk, task: intercept.settle(talk, int(task), achieved=False),
    "progress.forwarded": forwarded,
    "approval.approve": approve.pressed_approve,
    "approval.reject": approve.pressed_reject,
    "schedule.open": schedule.pressed,
    "promise.accept": agree.press_accept,
    "promise.parts": agree.press_parts,
    "promise.day": agree.press_day,
}


def act(talk: Talk, action: str, argument: str) -> Reply:
    """Does what a button says; refuses one of an earlier version of the desk."""
    if action not in ACTIONS:
        raise Refused("unknown_button")
    return ACTIONS[action](talk, argument)
