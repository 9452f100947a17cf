"""Cutting the rest of a message into lines: a product phrase and its quantity, in either order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from language.lexer import Kind, Piece
from language.products import ProductIndex
from language.reading import Line, Named
from language.slate import Slate

_BETWEEN = " ,、+|的要来()"
"""What may stand between the pieces of one phrase without saying anything."""
_ABOUT = re.compile(r"(?:大约|大概|差不多|约) ?$"), re.compile(r" ?左右")
"""Before a quantity, or behind it: it is meant roughly."""


@dataclass
class Row:
    """A line while it is being read."""

    phrase: list[Piece] = field(default_factory=list)
    quantities: list[Piece] = field(default_factory=list)

    @property
    def start(self) -> int:
        return min(piece.start for piece in (*self.phrase, *self.quantities))

    @property
    def has_size(self) -> bool:
        return any(piece.kind is Kind.SIZE for piece in self.phrase)


@dataclass(frozen=True, slots=True)
class LinesRead:
    """The lines in their order with where each began, and the texts that named nothing."""

    lines: list[tuple[int, Line]]
    unread: list[str]


def read_lines(slate: Slate) -> LinesRead:
    """Every line of what is left on the slate."""
    read, index = LinesRead([], []), slate.catalogue.product_index
    for group in _groups(index.lexer.cut(slate.plain)):
        for row in _rows(index, group):
            if row.quantities or any(index.knows(piece) for piece in row.phrase):
                read.lines.append((row.start, _line(slate, row)))
            elif said := _said(slate, row.phrase):
                read.unread.append(said)
    return read


def _groups(pieces: Iterable[Piece]) -> Iterable[list[Piece]]:
    group: list[Piece] = []
    for piece in pieces:
        if piece.kind is Kind.NEWLINE:
            yield group
            group = []
        else:
            group.append(piece)
    yield group


def _rows(index: ProductIndex, group: Sequence[Piece]) -> list[Row]:
    said = [piece for piece in group if piece.kind is not Kind.BREAK]
    if len(said) > 1 and said[0].kind is Kind.QUANTITY and said[-1].kind is not Kind.QUANTITY:
        return _quantity_first(said)
    return _product_first(index, group, alone=len(said) == 1)


def _quantity_first(said: Sequence[Piece]) -> list[Row]:
    rows: list[Row] = []
    for piece in said:
        if piece.kind is Kind.QUANTITY:
            rows.append(Row(quantities=[piece]))
        else:
            rows[-1].phrase.append(piece)
    return rows


def _product_first(index: ProductIndex, group: Sequence[Piece], *, alone: bool) -> list[Row]:
    rows = [Row()]
    broken = False
    for piece in group:
        row = rows[-1]
        if piece.kind is Kind.BREAK:
            broken = True
        elif piece.kind is Kind.QUANTITY or (piece.kind is Kind.NUMBER and (alone or _counts(index, row, piece))):
            row.quantities.append(piece)
        elif row.quantities or (broken and piece.kind is Kind.SIZE and row.has_size):
            rows.append(Row(phrase=[piece]))
            broken = False
        else:
            row.phrase.append(piece)
    return _with_trailing_words(index, [row for row in rows if row.phrase or row.quantities])


def _with_trailing_words(index: ProductIndex, rows: list[Row]) -> list[Row]:
    """Words behind the last quantity may say which product was meant before it: M8×30×500支 镀锌."""
    if len(rows) > 1 and not rows[-1].quantities and not rows[-1].has_size and index.match(rows[-2].phrase).id is None:
        together = [*rows[-2].phrase, *rows[-1].phrase]
        if index.match(together).id is not None:
            return [*rows[:-2], Row(together, rows[-2].quantities)]
    return rows


def _counts(index: ProductIndex, row: Row, number: Piece) -> bool:
    """True when a bare number after a phrase is its quantity: no product has it in its name."""
    return bool(row.phrase) and not row.quantities and not index.match([*row.phrase, number]).count


def _line(slate: Slate, row: Row) -> Line:
    match = slate.catalogue.product_index.match(row.phrase)
    product = Named(said=_said(slate, row.phrase), id=match.id, candidates=match.candidates, count=match.count) if row.phrase else Named()
    if len(row.quantities) != 1:
        return Line(product=product)
    counted = row.quantities[0]
    return Line(product=product, number=counted.number, unit=counted.unit, plus=counted.plus, about=_is_rough(slate.plain, counted))


def _is_rough(text: str, counted: Piece) -> bool:
    before, behind = _ABOUT
    return bool(before.search(text[max(0, counted.start - 4) : counted.start]) or behind.match(text, counted.end))


def _said(slate: Slate, pieces: Sequence[Piece]) -> str:
    """What the pieces are of; quantities that stand between them are left out."""
    parts: list[list[int]] = []
    for piece in pieces:
        if parts and slate.plain[parts[-1][1] : piece.start].strip(_BETWEEN) == "":
            parts[-1][1] = piece.end
        else:
            parts.append([piece.start, piece.end])
    return " ".join(slate.said(start, end) for start, end in parts)
