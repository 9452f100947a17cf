"""One product in place of another, where each is named only by what differs: 304的换成镀锌的."""

from language.lexer import Kind, Piece
from language.piece_kinds import kind_of
from language.reading import Named
from language.slate import Slate
from language.text import plain

_LOOKS = ("finish", "material", "colour")
"""One takes the place of another: what is of 304 is not galvanised."""


def described(slate: Slate, said: str) -> Named | None:
    """What a text says of a product, be it only its finish; None when it says nothing of one."""
    pieces = _pieces(slate, said)
    if not pieces:
        return None
    match = slate.finder.match(pieces)
    words = said[pieces[0].start : pieces[-1].end]
    return Named(said=words, id=match.id, candidates=match.candidates, count=match.count)


def replaced(slate: Slate, old: Named, new: Named) -> tuple[Named, Named]:
    """Both products, each settled by the other's words where its own leave several."""
    if old.id is None:
        old = completed(slate, old, new)
    if new.id is None:
        new = completed(slate, new, old)
    if old.id is not None and new.id is None:
        new = _alike(slate, new, old)
    elif new.id is not None and old.id is None:
        old = _alike(slate, old, new)
    return old, new


def completed(slate: Slate, named: Named, other: Named) -> Named:
    """With what the other names and this does not: its size, its type."""
    own = _pieces(slate, named.said)
    said = {_sort(piece) for piece in own}
    return _settled(slate, named, [*own, *(piece for piece in _pieces(slate, other.said) if _sort(piece) not in said)])


def _alike(slate: Slate, named: Named, settled: Named) -> Named:
    """Among the products of the settled one's type, and of its size unless another is named."""
    products = slate.catalogue.products
    product, pieces = products[settled.id or 0], _pieces(slate, named.said)
    sized = any(piece.kind is Kind.SIZE for piece in pieces)
    among = [
        other.id
        for other in products.values()
        if other.id != settled.id and other.type == product.type and (sized or other.spec == product.spec)
    ]
    return _settled(slate, named, pieces, among)


def _settled(slate: Slate, named: Named, pieces: list[Piece], among: list[int] | None = None) -> Named:
    match = slate.finder.match(pieces, among)
    if match.id is None and named.count and not match.count:
        return named
    return Named(said=named.said, id=match.id, candidates=match.candidates, count=match.count)


def _pieces(slate: Slate, said: str) -> list[Piece]:
    """The pieces that say something of a product."""
    cut = slate.finder.cut(plain(said))
    return [piece for piece in cut if piece.kind in (Kind.WORD, Kind.SIZE) or (piece.kind is Kind.OTHER and _is_word(slate, piece))]


def _is_word(slate: Slate, piece: Piece) -> bool:
    return len(piece.text) > 1 and slate.finder.knows(piece)


def _sort(piece: Piece) -> str:
    return "looks" if kind_of(piece) in _LOOKS else kind_of(piece)
