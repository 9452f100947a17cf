"""The lines of an order: what is left of a message as products with their quantities."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from language.amounts import KIT_UNITS, base_quantity
from language.doubts import settled
from language.lexer import Kind, Piece
from language.piece_kinds import kind_of
from language.products import Match
from language.reading import Line, Named
from language.row import Row
from language.rows import RowReader
from language.slate import Slate

_MOST_SAME = 3
"""Times that a quantity is said."""
_BETWEEN = " ,、+|的要来()"
"""What may stand between the pieces of one phrase without saying anything."""
_ABOUT = re.compile(r"(?:大约|大概|差不多|约|估计) ?$"), re.compile(r" ?(?:左右|上下|差不多)")
"""Before a quantity, or behind it: it is meant roughly."""


@dataclass(frozen=True, slots=True)
class LinesRead:
    """The lines in their order with where each began, and the texts that named nothing."""

    lines: list[tuple[int, Line]]
    unread: list[str]


def read_lines(slate: Slate) -> LinesRead:
    """Every line of what is left on the slate."""
    reader = RowReader(slate.finder)
    rows = reader.read(slate.pieces)
    ends = [*(row.start for row in rows[1:]), len(slate.plain)]
    lines = [(row.start, line) for row, end in zip(rows, ends) for line in _lines(slate, row, reader.noise, end)]
    return LinesRead(lines, [said for piece in reader.noise if any(map(str.isalnum, said := slate.said(piece.start, piece.end)))])


def _lines(slate: Slate, row: Row, noise: Sequence[Piece], end: int) -> list[Line]:
    line = _line(slate, row, noise, end)
    return [_kit_line(slate, line), *(_accessory(slate, row, line, piece) for piece in row.kit)] if row.kit else [line]


def _line(slate: Slate, row: Row, noise: Sequence[Piece], end: int) -> Line:
    product = Named()
    if row.phrase or row.noise:
        match = settled(slate, row, slate.finder.match(row.phrase), noise, end)
        product = _named(_said(slate, row.phrase or row.noise), match)
    if len(row.quantities) != 1 and not _same_amount(slate, product, row.quantities):
        return Line(product=product, vague=len(row.quantities) > 1)
    counted = row.quantities[0]
    about = not counted.vague and _is_rough(slate.plain, counted)
    return Line(product=product, number=counted.number, unit=counted.unit, plus=counted.plus, about=about, vague=counted.vague)


def _same_amount(slate: Slate, product: Named, quantities: Sequence[Piece]) -> bool:
    """2盒(300支): the same said in two units."""
    if product.id is None or not 1 < len(quantities) <= _MOST_SAME or any(counted.vague for counted in quantities):
        return False
    lines = [Line(product=product, number=counted.number, unit=counted.unit, plus=counted.plus) for counted in quantities]
    amounts = {base_quantity(slate.catalogue, line) for line in lines}
    return len(amounts) == 1 and None not in amounts


def _named(said: str, match: Match) -> Named:
    return Named(said=said, id=match.id, candidates=match.candidates, count=match.count)


def _kit_line(slate: Slate, line: Line) -> Line:
    """500套 of bolts with all that belongs to them are 500 bolts."""
    product = slate.catalogue.products.get(line.product.id or 0)
    return line.model_copy(update={"unit": product.unit}) if product and line.unit in KIT_UNITS else line


def _accessory(slate: Slate, row: Row, line: Line, piece: Piece) -> Line:
    """A washer or nut of the bolt's own thread and finish, as many as there are bolts."""
    bolt = slate.catalogue.products.get(line.product.id or 0)
    threads = [said._replace(size=replace(said.size, parts=said.size.parts[:1])) for said in row.phrase if said.size]
    sized = [said._replace(text="", keys=frozenset(said.size.wanted())) for said in threads if said.size]
    told = [said for said in row.phrase if kind_of(said) in ("finish", "material", "colour")]
    if bolt:
        told = [Piece(Kind.WORD, "", piece.start, piece.end, keys=frozenset({key})) for key in slate.catalogue.product_index.looks[bolt.id]]
    match = slate.finder.match([*sized, piece, *told])
    unit = line.unit
    if unit in KIT_UNITS:
        product = slate.catalogue.products.get(match.id or 0)
        unit = product.unit if product else None
    said = " ".join([said.text for said in row.phrase if said.size] + [piece.text])
    return line.model_copy(update={"product": _named(said, match), "unit": unit})


def _is_rough(text: str, counted: Piece) -> bool:
    before, behind = _ABOUT
    return bool(before.search(text[max(0, counted.start - 4) : counted.start]) or behind.match(text, counted.end))


def _said(slate: Slate, pieces: Sequence[Piece]) -> str:
    """What the pieces are of; quantities that stand between them are left out."""
    parts: list[list[int]] = []
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if parts and slate.plain[parts[-1][1] : piece.start].strip(_BETWEEN) == "":
            parts[-1][1] = piece.end
        else:
            parts.append([piece.start, piece.end])
    return " ".join(slate.said(start, end) for start, end in parts)
