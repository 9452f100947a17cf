"""Units: which words are units, and how many base units of a product one of them holds."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from language.records import ProductRecord
from language.words import shipped


class Units:
    """The unit words of a firm: those that ship, those of its products, and its own synonyms (`own`: word → unit)."""

    def __init__(self, products: Iterable[ProductRecord], own: dict[str, str]) -> None:
        units = shipped()["units"]
        self._pieces = frozenset(units["pieces"])
        self._piece_units = frozenset(units["piece_units"])
        self._same = [frozenset((unit, *words)) for unit, words in units["same"].items()]
        self._own = own
        said = {unit for product in products for unit in (product.unit, *product.units)}
        self.words = frozenset(
            word.lower() for word in (*self._pieces, *units["others"], *said, *own, *(word for same in self._same for word in same)) if word
        )

    @cached_property
    def lengths(self) -> list[int]:
        return sorted({len(word) for word in self.words}, reverse=True)

    def match(self, text: str, at: int) -> str | None:
        """The longest unit word that begins at `at`; a Latin one ends where its letters end."""
        for length in self.lengths:
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

    def _meanings(self, unit: str) -> Iterable[str]:
        yield unit
        if unit in self._own:
            yield self._own[unit].lower()
        for same in self._same:
            if unit in same:
                yield from same
