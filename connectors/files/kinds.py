"""The kinds of files: which columns each has is fixed (design: contract.md, Import kinds and columns)."""

from connectors.files import catalogue, people, stock
from connectors.files.kind import Kind
from connectors.files.orders import ORDERS

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        people.STAFF,
        people.CUSTOMERS,
        catalogue.PRODUCTS,
        catalogue.WORDS,
        catalogue.COMPONENTS,
        stock.STOCK,
        stock.INBOUND,
        catalogue.CAPACITY,
        ORDERS,
    )
}


def kind_of(said: str) -> Kind | None:
    """The kind of a code or Chinese name; none when nothing is called so."""
    return next((kind for kind in KINDS.values() if said.strip().casefold() in (kind.name, kind.chinese)), None)
