"""The catalogue that reading is done over: an immutable index of products and customers, made once and shared."""

from collections.abc import Collection, Sequence
from functools import cached_property

from language.customers import CustomerIndex
from language.products import Match, ProductIndex
from language.records import CustomerRecord, ProductRecord, WordRecord
from language.text import clean, plain
from language.units import Units
from language.vocabulary import Vocabulary


class Catalogue:
    """Products, customers and words of a firm, ready to be looked up by what people type."""

    def __init__(self, products: Sequence[ProductRecord], customers: Sequence[CustomerRecord], words: Sequence[WordRecord] = ()) -> None:
        self.products = {product.id: product for product in products}
        self.customers = {customer.id: customer for customer in customers}
        self.units = Units(products, words)
        self.product_index = ProductIndex(products, Vocabulary(products, words), self.units)
        self.customer_index = CustomerIndex(customers)

    def find_product(self, said: str, among: Collection[int] | None = None) -> Match:
        """The product that is meant by `said`; of `among` alone when given."""
        return self.product_index.find(plain(clean(said)), among)

    def find_customer(self, said: str) -> Match:
        """The customer that is meant by `said`."""
        return self.customer_index.find(plain(clean(said)))

    def unit(self, said: str) -> str | None:
        """The unit, when `said` is one and nothing else."""
        word = plain(clean(said))
        return word if word in self.units.words else None

    @cached_property
    def product_codes(self) -> frozenset[str]:
        """The codes in plain form."""
        return frozenset(plain(product.code) for product in self.products.values())
