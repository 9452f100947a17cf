"""The words that ship with the desk (words.yaml), read once."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from language.text import plain

KINDS = {"types": "type", "finishes": "finish", "materials": "material", "colours": "colour"}
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


@cache
def places() -> frozenset[str]:
    """Places that a firm's name may begin with."""
    return frozenset(shipped()["places"])


def any_of(section: str) -> str:
    """The words of a list in words.yaml as alternatives of a regular expression, longest first."""
    return "|".join(re.escape(plain(word)) for word in sorted(shipped()[section], key=len, reverse=True))
