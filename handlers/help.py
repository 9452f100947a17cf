"""帮助: what the person may type."""

from collections.abc import Iterable

from handlers.asking import Command
from handlers.talk import Talk
from platforms.words import Reply


def help_card(talk: Talk, commands: Iterable[Command]) -> Reply:
    """The commands that this person may use, each with an example."""
    items = [{"command": command.word, "usage": command.usage, "example": command.example} for command in commands if command.may(talk)]
    return Reply("help", {"name": talk.person.name, "items": items})
