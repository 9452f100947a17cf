"""A line of an order while it is being read."""

from dataclasses import dataclass, field

from language.lexer import Piece

MOST_PIECES = 24
"""Pieces of a phrase; no product is described by more."""
MOST_TOGETHER = 60
"""Rows that a word may say something for at once, and the times that it may for all."""


@dataclass(slots=True)
class Row:
    """A line while it is being read."""

    phrase: list[Piece] = field(default_factory=list)
    quantities: list[Piece] = field(default_factory=list)
    kit: list[Piece] = field(default_factory=list)
    """What comes with each one of the product: 带平垫弹垫."""
    noise: list[Piece] = field(default_factory=list)
    """Where there is no phrase: what was said in its place."""
    counted_first: bool = False
    shared: int | None = None
    """Where the quantity stood, if it was said for several rows at once."""

    @property
    def start(self) -> int:
        return min(piece.start for piece in (*self.phrase, *self.quantities, *self.noise))

    @property
    def has_length(self) -> bool:
        """True for a bolt's size, as against a thread alone."""
        return any(said.size and len(said.size.parts) > 1 for said in self.phrase)
