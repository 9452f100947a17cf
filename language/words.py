"""The words that ship with the desk (words.yaml), read once."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from language.text import plain

KINDS = {"types": "type", "finishes": "finish", "materials": "material"}
"""The sections of words.yaml that describe products, and what each says of one."""


@cache
def shipped() -> dict[str, Any]:
    """The whole of words.yaml."""
    return dict(yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8")))


@cache
def command_words() -> dict[str, str]:
    """What may be typed for a command → the command's name; longest words first."""
    words = {plain(word): name for name, said in shipped()["commands"].items() for word in said}
    return dict(sorted(words.items(), key=lambda item: -len(item[0])))


@cache
def confirmations() -> frozenset[str]:
    """What confirms an open draft when it is all that is typed."""
    return frozenset(plain(word) for word in shipped()["confirm"])
