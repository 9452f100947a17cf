"""What a piece of a text says of a product: its type, size, finish and the like."""

from collections.abc import Sequence
from functools import lru_cache

from language.lexer import Kind, Piece

NAMES = ("type", "word", "size")
"""Kinds of words that can name a product; all others only describe one."""


def kind_of(piece: Piece) -> str:
    """type, word, size, finish, material, colour or number: what the piece says of a product."""
    return "size" if piece.kind is Kind.SIZE else _kind_of(piece.keys)


def looks_of(piece: Piece) -> frozenset[str]:
    """All that a word may say: 黑 is a colour and a finish."""
    return _looks_of(piece.keys)


@lru_cache(maxsize=4_096)
def _kind_of(keys: frozenset[str]) -> str:
    kinds = {key.partition(":")[0] for key in keys if ":" in key}
    return next((kind for kind in ("type", "finish", "material", "colour", "word") if kind in kinds), "number" if keys else "word")


@lru_cache(maxsize=4_096)
def _looks_of(keys: frozenset[str]) -> frozenset[str]:
    return frozenset(kind for key in keys if (kind := key.partition(":")[0]) in ("finish", "material", "colour"))


def says(phrase: Sequence[Piece], piece: Piece) -> bool:
    """True where the same stands in the phrase already."""
    return any(said.text == piece.text and said.keys == piece.keys for said in phrase)


def alike(kind: str, other: str) -> bool:
    """True for kinds that say the same of a product: its type and its own words name it alike."""
    return kind == other or {kind, other} == {"type", "word"}


def names_product(phrase: Sequence[Piece]) -> bool:
    """True when a type, a size or a product's own word is among the pieces; 黑色 or 304 alone only describe."""
    return any(kind_of(piece) in NAMES for piece in phrase)


def types_of(phrase: Sequence[Piece]) -> list[Piece]:
    """The pieces that name a type."""
    return [piece for piece in phrase if kind_of(piece) == "type"]
