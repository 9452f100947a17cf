"""The phrases that ship with the desk (phrases.yaml): what is said of orders that stand, of stock, and of what was talked about."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_PIECE = re.compile("<<(?P<name>[a-z_]+)>>")


@cache
def phrase(name: str) -> re.Pattern[str]:
    """The pattern of one section of phrases.yaml."""
    return _pattern(_shipped()[name])


@cache
def phrases(name: str) -> dict[str, re.Pattern[str]]:
    """The patterns of a section that names several things, by what each means."""
    return {means: _pattern(said) for means, said in _shipped()[name].items()}


def text_of(name: str) -> str:
    """A section that is one text, as it stands."""
    return str(_shipped()[name])


def named(name: str, text: str) -> tuple[str, ...]:
    """What of a section is said in a plain text, in the section's order."""
    return tuple(means for means, pattern in phrases(name).items() if pattern.search(text))


def _pattern(said: str | list[str]) -> re.Pattern[str]:
    return re.compile(_filled(said if isinstance(said, str) else "|".join(said)))


def _filled(said: str) -> str:
    """With the pieces in place of their names; a piece may hold others."""
    return _PIECE.sub(lambda found: f"(?:{_filled(_shipped()['pieces'][found['name']])})", said)


@cache
def _shipped() -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8")))
