"""Cleaning what was typed, so that one way of writing is left of many."""

import re
import unicodedata
from pathlib import Path

import yaml

LONGEST = 20_000
"""Characters that are read; DingTalk's own limit for a message, and room for an order of 500 lines."""

_CIRCLED = {0x2460 + number: f"\n{number + 1}、" for number in range(20)}
"""① begins an item of a list."""
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[ \n]*")


def clean(text: str) -> str:
    """Full-width as half-width, one space for many, without control and direction characters; at most LONGEST characters."""
    shaped = unicodedata.normalize("NFKC", text[: LONGEST + 1].translate(_CIRCLED))
    visible = shaped if shaped.isprintable() else "".join(filter(None, map(_visible, shaped)))
    return _BREAKS.sub("\n", _SPACES.sub(" ", visible)).strip()[:LONGEST]


def _visible(character: str) -> str:
    if character in "\n\t\r\v\f":
        return "\n" if character == "\n" else " "
    return "" if unicodedata.category(character)[0] == "C" else character


def plain(text: str) -> str:
    """The same text in lower case, simplified, character for character as long, with one sign for sizes: what is compared."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return lowered.translate(_ALIKE)


_SIGNS = {"×": "x", "✕": "x", "╳": "x", "*": "x", "∗": "x", "ø": "φ", "⌀": "φ", "。": ";", "!": ";"}
_PAIRS = yaml.safe_load(Path(__file__).with_name("traditional.yaml").read_text(encoding="utf-8"))["pairs"].split()
_ALIKE = str.maketrans({**{pair[0]: pair[1] for pair in _PAIRS}, **_SIGNS})
