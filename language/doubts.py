"""What makes a product doubtful again that the words seem to settle: a look that nobody knows, or one that is not wanted.

A finish, material or colour that stands in no word list is noise to the dictionary. Where it reads like one, the product that is left
without it is another one perhaps, so it is asked for and never taken.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import replace as _replace

from language.lexer import Kind, Piece
from language.phrases import phrase
from language.piece_kinds import kind_of, looks_of
from language.products import Match
from language.row import Row
from language.slate import Slate

_BEFORE = 8
"""Characters before a row in which what is said belongs to it."""
_GAPS = " 的和跟与、"
"""What may stand between the words of one product."""


def settled(slate: Slate, row: Row, match: Match, noise: Sequence[Piece], end: int) -> Match:
    """The match, or its product as the only candidate where something of the row up to `end` contradicts it or is not understood."""
    match = _without(slate, match)
    if match.id is None or not _is_doubted(slate, row, noise, end, slate.catalogue.product_index.looks[match.id]):
        return match
    return Match(candidates=(match.id,))


def _without(slate: Slate, match: Match) -> Match:
    """Without the products that are of a look that is not wanted."""
    if not slate.unwanted:
        return match
    looks = slate.catalogue.product_index.looks
    offered = (match.id,) if match.id else match.candidates
    kept = tuple(number for number in offered if not slate.unwanted.intersection(looks[number]))
    if len(kept) == 1 and match.count:
        return Match(kept[0], count=1)
    return _replace(match, id=None, candidates=kept or offered, count=match.count if kept else 0)


def _is_doubted(slate: Slate, row: Row, noise: Sequence[Piece], end: int, looks: Collection[str]) -> bool:
    start = row.start - _BEFORE
    for number in range(bisect_left(noise, start, key=lambda piece: piece.start), len(noise)):
        piece = noise[number]
        if piece.start >= end:
            return False
        belongs = piece.start >= row.start or _touches(slate.plain, piece.end, row.start)
        if belongs and looks_of(piece) and piece.keys.isdisjoint(looks):
            return True  # a look that is known, and of another product
        if belongs and not looks_of(piece) and (phrase("look").search(piece.text) or _changes_look(row, piece) or _is_inside(row, piece)):
            return True
    return False


def _touches(text: str, end: int, start: int) -> bool:
    return end <= start and not text[end:start].strip(_GAPS)


def _changes_look(row: Row, piece: Piece) -> bool:
    """哑 before 黑, 热 before 镀锌: another look than that of the word alone."""
    return bool(phrase("look_changes").search(piece.text)) and any(said.start == piece.end and looks_of(said) for said in row.phrase)


def _is_inside(row: Row, piece: Piece) -> bool:
    """Between a size and a type that stand in one: M8×30高强螺栓."""
    before = next((said for said in row.phrase if said.end == piece.start and said.kind is Kind.SIZE), None)
    behind = next((said for said in row.phrase if said.start == piece.end and kind_of(said) == "type"), None)
    return before is not None and behind is not None and phrase("look_inside").fullmatch(piece.text) is not None
