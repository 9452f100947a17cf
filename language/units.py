"""Units: which words are units, and how many base units of a product one of them holds."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from language.records import ProductRecord, WordRecord
from language.text import plain
from language.words import shipped


class Units:
    """The unit words of a firm: those that ship, those of its products, and its own."""

    def __init__(self, products: Iterable[ProductRecord], own: Iterable[WordRecord]) -> None:
        units, own = shipped()["units"], list(own)
        self._pieces = frozenset([*units["pieces"], *(plain(word.word) for word in own if word.kind == "piece")])
        self._piece_units = frozenset([*units["piece_units"], *(word.word for word in own if word.kind == "piece_unit")])
        self._meant: dict[str, list[str]] = defaultdict(list)
        for unit, words in units["same"].items():
            self._add_same(unit, words)
        for word in own:
            if word.kind == "unit":
                self._add_same(word.means, [word.word])
        said = {unit for product in products for unit in (product.unit, *product.units)}
        self.words = frozenset(word.lower() for word in (*self._pieces, *units["others"], *said, *self._meant) if word)

    def _add_same(self, unit: str, words: Iterable[str]) -> None:
        for word in map(plain, words):
            self._meant[word].append(plain(unit))
            if word not in self._pieces:  # a 根 may be called 件 where the unit is 件, but no 件 is a 根
                self._meant[plain(unit)].append(word)

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in self.words:
            lengths[word[0]].add(len(word))
        return {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def match(self, text: str, at: int) -> str | None:
        """The longest unit word that begins at `at`; a Latin one ends where its letters end."""
        for length in self._lengths.get(text[at : at + 1], ()):
            word = text[at : at + length]
            if word in self.words and not (
                word[-1].isascii() and text[at + length : at + length + 1].isascii() and text[at + length : at + length + 1].isalnum()
            ):
                return word
        return None

    def factor(self, product: ProductRecord, unit: str) -> Decimal | None:
        """How many base units of the product one `unit` holds; None when the product is not sold in it."""
        packs = {name.lower(): factor for name, factor in product.units.items()} | {product.unit.lower(): Decimal(1)}
        for word in self._meanings(unit.lower()):
            if word in packs:
                return packs[word]
        return Decimal(1) if unit.lower() in self._pieces and product.unit in self._piece_units else None

    def is_piece(self, unit: str) -> bool:
        """True for a word that counts single pieces."""
        return unit.lower() in self._pieces

    def _meanings(self, unit: str) -> Iterable[str]:
        yield unit
        yield from self._meant.get(unit, ())
