"""Which product is meant: every word and size typed must be found, in any order, in what is known of exactly one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from heapq import nsmallest

from language.lexer import Kind, Lexer, Piece
from language.literal import LiteralIndex, smallest_first
from language.piece_kinds import NAMES, kind_of
from language.records import ProductRecord
from language.sizes import number_key
from language.text import clean, plain
from language.units import Units
from language.vocabulary import LITERAL, Vocabulary

OFFERED = 30
"""Candidates that are kept at most: whoever shows fewer says of how many."""
_NAMING = (Kind.WORD, Kind.SIZE, Kind.NUMBER, Kind.OTHER)
_NOTHING: frozenset[int] = frozenset()
_Said = tuple[str, frozenset[str], bool]
"""What a piece says, wherever it stands."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a phrase leads to: the one id that is meant, or up to OFFERED that come near, of `count` that fit."""

    id: int | None = None
    candidates: tuple[int, ...] = ()
    count: int = 0


class ProductIndex:
    """What products have, by what people type; made once for a catalogue of products, then only read."""

    def __init__(self, products: Sequence[ProductRecord], vocabulary: Vocabulary, units: Units) -> None:
        self.codes = {product.id: product.code for product in products}
        self.exact: dict[str, set[int]] = defaultdict(set)
        self.postings: dict[str, set[int]] = defaultdict(set)
        self.lengthy: set[str] = set()
        """The types of which some product has a length: all others go by the thread alone."""
        self.lexer = Lexer(vocabulary, units)
        self.looks = {product.id: _look(product, vocabulary) for product in products}
        """The finish, material and colour of each product, as keys."""
        texts: dict[int, str] = {}
        self._read: dict[str, tuple[frozenset[str], bool]] = {}
        for product in products:
            texts[product.id] = self._add(product, vocabulary)
        self._read.clear()
        self.literal = LiteralIndex(texts)
        self.lexer.sizes = self.postings.keys()

    def find(self, phrase: str, among: Collection[int] | None = None) -> Match:
        """The product that a plain phrase names, of all or of `among`."""
        return Finder(self).match([piece for piece in self.lexer.cut(phrase) if piece.kind in _NAMING and piece.text], among)

    def _add(self, product: ProductRecord, vocabulary: Vocabulary) -> str:
        texts = [plain(clean(text)) for text in (product.name, product.spec, *product.aliases, product.code) if text]
        keys = {vocabulary.of_field(kind, value) for kind, value in _fields(product) if value}
        for word in (word for text in texts[:-1] for word in _words(text)):
            said, has_length = self._keys_of(word)
            keys |= said
            if has_length:
                self.lengthy.update(key for key in keys if key.startswith("type:"))
        if product.grade:
            keys.add(number_key(plain(product.grade).removesuffix("级")))
            keys.add(LITERAL + plain(product.grade))
        for key in keys:
            self.postings[key].add(product.id)
        for exact in {product.code, product.name, *product.aliases}:
            self.exact[_compact(exact)].add(product.id)
        return "\n".join(texts)

    def _keys_of(self, text: str) -> tuple[frozenset[str], bool]:
        """What a product with this text is found by, and whether a size with a length is in it; many products share a word."""
        if text not in self._read:
            pieces = self.lexer.cut(text)
            keys = frozenset(key for piece in pieces for key in (piece.size.keys() if piece.size else piece.keys))
            self._read[text] = keys, any(piece.size and len(piece.size.parts) > 1 for piece in pieces)
        return self._read[text]


class Finder:
    """Looks products up for one message, and remembers for its length what was found."""

    def __init__(self, index: ProductIndex) -> None:
        self._index = index
        self._found: dict[_Said, Set[int]] = {}
        self._matched: dict[tuple[_Said, ...], Match] = {}
        self._apart: dict[tuple[_Said, _Said], bool] = {}
        self._cuts: dict[str, Sequence[Piece]] = {}

    def cut(self, text: str) -> Sequence[Piece]:
        """The pieces of a plain text."""
        if text not in self._cuts:
            self._cuts[text] = self._index.lexer.cut(text)
        return self._cuts[text]

    def match(self, said: Sequence[Piece], among: Collection[int] | None = None) -> Match:
        """The product that these pieces name; of `among` only when given."""
        if among is not None:
            return self._match(said, among)
        key = tuple(map(_said, said))
        if key not in self._matched:
            self._matched[key] = self._match(said, None)
        return self._matched[key]

    def _match(self, said: Sequence[Piece], among: Collection[int] | None) -> Match:
        exact = self._index.exact.get("".join(piece.text for piece in said).replace(" ", ""), _NOTHING)
        if len(exact) == 1:
            return Match(next(iter(exact)), count=1)
        found = self._fitting(said, among) or self._fitting(self._by_thread(said), among)
        if len(found) == 1:
            return Match(next(iter(found)), count=1)
        return Match(candidates=self._offered(found or self._nearest(said)), count=len(found))

    def fits(self, said: Sequence[Piece]) -> bool:
        """True when some product has all that is said, word for word."""
        return bool(self._fitting(said, None))

    def knows(self, piece: Piece) -> bool:
        """True when some product has what the piece says."""
        return piece.kind in _NAMING and bool(self.having(piece))

    def having(self, piece: Piece) -> Set[int]:
        """The products that have what the piece says."""
        key = _said(piece)
        if key not in self._found:
            self._found[key] = self._having(piece)
        return self._found[key]

    def apart(self, one: Piece, other: Piece) -> bool:
        """True when no product has both; what says the same is never apart, though no product may have it."""
        if one.keys and one.keys == other.keys:
            return False
        key = _said(one), _said(other)
        if key not in self._apart:
            self._apart[key] = self.having(one).isdisjoint(self.having(other))
        return self._apart[key]

    def _having(self, piece: Piece) -> Set[int]:
        if piece.kind is Kind.OTHER and not piece.keys:
            return self._index.literal.containing(piece.text)
        found = [having for key in piece.keys for having in self._of_key(key) if having]
        if not found and piece.kind is Kind.WORD and len(piece.text) > 1:
            return self._index.literal.containing(piece.text)
        return found[0] if len(found) == 1 else set().union(*found)

    def _of_key(self, key: str) -> Iterable[Set[int]]:
        yield self._index.postings.get(key, _NOTHING)
        if key.startswith(LITERAL):
            yield self._index.literal.containing(key.removeprefix(LITERAL))

    def _fitting(self, said: Sequence[Piece], among: Collection[int] | None) -> set[int]:
        sets = [self.having(piece) for piece in said]
        if among is not None and said:
            sets.append(set(among))
        return smallest_first(sets)

    def _by_thread(self, said: Sequence[Piece]) -> Sequence[Piece]:
        """A nut for M8×30 is one for M8: where the type is named and goes by the thread alone, the length says nothing of it."""
        types = {key for piece in said for key in piece.keys if key.startswith("type:")}
        if not types or types & self._index.lengthy:
            return said
        return [_thread(piece) for piece in said]

    def _offered(self, found: Iterable[int]) -> tuple[int, ...]:
        return tuple(nsmallest(OFFERED, found, key=self._index.codes.__getitem__))

    def _nearest(self, said: Sequence[Piece]) -> set[int]:
        """What fits best when nothing fits: a size that is typed must be right, then the type, then the other words in their order."""
        sized = [self.having(piece) for piece in said if piece.kind is Kind.SIZE]
        near = smallest_first(sized)
        for piece in sorted(said, key=lambda piece: kind_of(piece) not in NAMES):
            if piece.kind is not Kind.SIZE:
                found = self.having(piece)
                near = near.intersection(found) or near if near or sized else set(found)
        return near


def _words(text: str) -> list[str]:
    """A text in words, unless a gap belongs to a size: M12 x 80."""
    return [text] if " x" in text or "x " in text or " 乘" in text else text.split()


def _said(piece: Piece) -> _Said:
    return piece.text, piece.keys, piece.kind is Kind.OTHER


def _thread(piece: Piece) -> Piece:
    if piece.size is None or len(piece.size.parts) < 2:
        return piece
    size = replace(piece.size, parts=piece.size.parts[:1])
    return piece._replace(size=size, keys=frozenset(size.wanted()))


def _fields(product: ProductRecord) -> tuple[tuple[str, str], ...]:
    return ("type", product.type), ("finish", product.finish), ("material", product.material), ("colour", product.colour)


def _look(product: ProductRecord, vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(vocabulary.of_field(kind, value) for kind, value in _fields(product)[1:] if value)


def _compact(text: str) -> str:
    return plain(clean(text)).replace(" ", "")
