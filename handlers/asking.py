"""Asking for what is missing or doubtful: one question at a time, until a command has all it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from handlers import dialogs, questions, wording
from handlers.dialogs import Choice
from handlers.notices import notice
from handlers.talk import Talk
from language import Reading
from language.words import confirmations
from orders.people import require
from orders.refusals import Refused
from platforms.words import Reply
from store.models import Dialog, Role

LOOKUPS = frozenset({"query", "stock"})
"""Commands that only look something up: nothing is lost when their question is left."""
_MISSED = "missed"
"""In a question's state: an answer was not understood before."""
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Question:
    """What is asked; `items`: the orders that are shown to choose from, on a card of their own."""

    ask: str
    choices: tuple[Choice, ...] = ()
    items: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Field:
    """Something that a command must know: when to ask for it, and how an answer is filled in.

    `typed` gives the reading back unchanged when it does not understand the answer.
    """

    name: str
    question: Callable[[Talk, Reading], Question | None]
    typed: Callable[[Talk, Reading, str], Reading]
    chosen: Callable[[Reading, Any], Reading]
    free: bool = False
    """Any words answer it, such as a reason: what is typed is never taken for something else."""


@dataclass(frozen=True)
class Draft:
    """What becomes of something that is shown before it is done: it is confirmed, or corrected by typing."""

    confirm: Callable[[Talk, Dialog], Reply]
    correct: Callable[[Talk, "Command", Dialog, Reading], Reply]
    explain: Callable[[Talk, Dialog], Reply] | None = None
    """Asks for the statement that goes with it."""
    free: bool = True
    """Whatever is typed is meant for the draft, such as a reason; else it may also be about something else."""
    meant: Callable[[Talk, Dialog, Reading], bool] | None = None
    """Where not everything is meant for it: what is all the same, whatever it may mean elsewhere."""


@dataclass(frozen=True)
class Command:
    """What a person may ask for: `word` is what they type, no `roles` means everybody.

    With a `draft`, nothing is done before it is confirmed.
    """

    name: str
    word: str
    roles: tuple[Role, ...]
    run: Callable[[Talk, Reading], Reply]
    fields: tuple[Field, ...]
    usage: str
    example: str
    draft: Draft | None = None
    understand: Callable[[Talk, Reading], Reading] | None = None
    """Settles what only the firm's own records can, before anything is asked."""

    def may(self, talk: Talk) -> bool:
        return not self.roles or talk.person.has(*self.roles)


def drafted(command: Command) -> Draft:
    """What becomes of the draft of a command that has one."""
    if command.draft is None:
        raise LookupError(f"{command.name} is done at once")
    return command.draft


def begin(talk: Talk, command: Command, reading: Reading) -> Reply:
    """Answers a command, or asks for the first thing that it must know; refuses who may not."""
    if command.roles:
        require(talk.person, command.roles, command.word)
    return proceed(talk, command, reading)


def proceed(talk: Talk, command: Command, reading: Reading) -> Reply:
    """Asks the next question, or does what the command does."""
    if command.understand:
        reading = command.understand(talk, reading)
    for wanted in command.fields:
        if question := wanted.question(talk, reading):
            return ask(talk, command.name, wanted.name, reading, question)
    return command.run(talk, reading)


def ask(talk: Talk, command: str, name: str, reading: Reading, question: Question, known: Mapping[str, Any] = NOTHING) -> Reply:
    """Opens a dialog for one field and answers with its card; `known` is kept with it."""
    state = {"reading": reading.model_dump(mode="json", exclude_defaults=True), **known}
    dialog = dialogs.start(talk, command, name, state, question.choices)
    if question.items:
        return Reply("orders", {"title": question.ask, "items": question.items})
    choices = [{part: choice[part] for part in ("text", "action", "argument")} for choice in dialog.choices]
    clear = wording.known(reading, talk.catalogue)
    return Reply("question", {"number": str(dialog.number), "ask": question.ask, "known": clear, "choices": choices})


def typed(talk: Talk, command: Command, dialog: Dialog, text: str) -> Reply:
    """Takes a typed answer; what it does not understand it asks again."""
    reading, wanted = _reading(dialog), _field(command, dialog)
    filled = wanted.typed(talk, reading, text)
    if filled == reading and (question := wanted.question(talk, reading)):
        if command.name in LOOKUPS and dialog.state.get(_MISSED):
            dialogs.end(dialog, dialogs.DROPPED)
            return notice(wording.LEFT_OPEN, wording.how_to_look_up(text))
        behind = wording.DRAFT_BEHIND if text.lower() in confirmations() and dialogs.draft_of(talk) else ""
        question = replace(question, ask=questions.again(text, question.ask) + behind)
        return ask(talk, command.name, wanted.name, reading, question, {_MISSED: True})
    return _go_on(talk, command, dialog, filled)


def chosen(talk: Talk, command: Command, dialog: Dialog, index: int) -> Reply:
    """Takes the choice of this index."""
    if not 0 <= index < len(dialog.choices):
        raise Refused("no_such_choice", count=len(dialog.choices))
    filled = _field(command, dialog).chosen(_reading(dialog), dialog.choices[index]["value"])
    return _go_on(talk, command, dialog, filled)


def is_free(talk: Talk, command: Command, dialog: Dialog, said: Reading) -> bool:
    """Whether what is typed is meant for what is open, whatever it may mean elsewhere."""
    if not dialogs.is_draft(dialog):
        return _field(command, dialog).free
    draft = drafted(command)
    return draft.free or bool(draft.meant and draft.meant(talk, dialog, said))


def _go_on(talk: Talk, command: Command, dialog: Dialog, reading: Reading) -> Reply:
    dialogs.end(dialog, dialogs.ANSWERED)
    return proceed(talk, command, reading)


def _reading(dialog: Dialog) -> Reading:
    return Reading.model_validate(dialog.state["reading"])


def _field(command: Command, dialog: Dialog) -> Field:
    return next(wanted for wanted in command.fields if wanted.name == dialog.ask)
