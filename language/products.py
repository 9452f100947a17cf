"""Which product is meant: every word and size typed must be found, in any order, in what is known of exactly one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from language.lexer import Kind, Lexer, Piece
from language.literal import LiteralIndex, smallest_first
from language.records import ProductRecord
from language.sizes import number_key
from language.text import clean, plain
from language.units import Units
from language.vocabulary import LITERAL, Vocabulary

OFFERED = 6
"""Candidates that are offered: as many as a card has room for buttons."""
_NAMING = (Kind.WORD, Kind.SIZE, Kind.NUMBER, Kind.OTHER)


@dataclass(frozen=True, slots=True)
class Match:
    """What a phrase leads to: the one id that is meant, or up to OFFERED that come near, of `count` that fit."""

    id: int | None = None
    candidates: tuple[int, ...] = ()
    count: int = 0


class ProductIndex:
    """Finds products by what people type; made once for a catalogue of products, then only read."""

    def __init__(self, products: Sequence[ProductRecord], vocabulary: Vocabulary, units: Units) -> None:
        self._codes = {product.id: product.code for product in products}
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._postings: dict[str, set[int]] = defaultdict(set)
        self.lexer = Lexer(vocabulary, units)
        texts: dict[int, str] = {}
        for product in products:
            texts[product.id] = self._add(product, vocabulary)
        self._literal = LiteralIndex(texts)
        self.lexer.sizes = self._postings.keys()

    def find(self, phrase: str, among: Collection[int] | None = None) -> Match:
        """The product that a plain phrase names, of all or of `among`."""
        return self.match(self.lexer.cut(phrase), among)

    def match(self, pieces: Iterable[Piece], among: Collection[int] | None = None) -> Match:
        """The product that these pieces name; quantities and breaks among them say nothing of it."""
        said = [piece for piece in pieces if piece.kind in _NAMING]
        exact = self._exact.get("".join(piece.text for piece in said).replace(" ", ""), set())
        if len(exact) == 1:
            return Match(next(iter(exact)), count=1)
        sets = [self._having(piece) for piece in said]
        if among is not None and said:
            sets.append(set(among))
        found = smallest_first(sets)
        if len(found) == 1:
            return Match(next(iter(found)), count=1)
        return Match(candidates=self._offered(found or _nearest(said, sets)), count=len(found))

    def knows(self, piece: Piece) -> bool:
        """True when some product has what the piece says."""
        return piece.kind in _NAMING and bool(self._having(piece))

    def _having(self, piece: Piece) -> set[int]:
        if piece.kind is Kind.OTHER:
            return self._literal.containing(piece.text)
        found: set[int] = set()
        for key in piece.keys:
            found |= self._postings.get(key, set())
            if key.startswith(LITERAL):
                found |= self._literal.containing(key.removeprefix(LITERAL))
        return found

    def _offered(self, found: set[int]) -> tuple[int, ...]:
        return tuple(sorted(found, key=self._codes.__getitem__)[:OFFERED])

    def _add(self, product: ProductRecord, vocabulary: Vocabulary) -> str:
        texts = [plain(clean(text)) for text in (product.name, product.spec, *product.aliases, product.code) if text]
        keys = {vocabulary.of_field(kind, value) for kind, value in _fields(product) if value}
        for text in texts:
            for piece in self.lexer.cut(text):
                keys.update(piece.size.keys() if piece.size else piece.keys)
        if product.grade:
            keys.add(number_key(plain(product.grade).removesuffix("级")))
            keys.add(LITERAL + plain(product.grade))
        for key in keys:
            self._postings[key].add(product.id)
        for exact in {product.code, product.name, *product.aliases}:
            self._exact[_compact(exact)].add(product.id)
        return "\n".join(texts)


def _fields(product: ProductRecord) -> tuple[tuple[str, str], ...]:
    return ("type", product.type), ("finish", product.finish), ("material", product.material)


def _compact(text: str) -> str:
    return plain(clean(text)).replace(" ", "")


def _nearest(said: Sequence[Piece], sets: Sequence[set[int]]) -> set[int]:
    """What fits best when nothing fits: a size that is typed must be right, then the words count in their order."""
    sized = [found for piece, found in zip(said, sets) if piece.kind is Kind.SIZE]
    near = smallest_first(sized)
    for piece, found in zip(said, sets):
        if piece.kind is not Kind.SIZE:
            near = near & found or near if near or sized else found
    return near
