"""A catalogue from the tables of a file (products.json, customers.json), for reading without a database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from language.catalogue import Catalogue
from language.records import CustomerRecord, ProductRecord, WordRecord
from language.words import KINDS


@dataclass(frozen=True)
class Tables:
    """The catalogue, and the ids that customers have in the file (products go by their codes)."""

    catalogue: Catalogue
    customer_ids: Mapping[int, str]


def tables_of(products: Mapping[str, Any], customers: Mapping[str, Any]) -> Tables:
    """Products with their word tables, and customers, as parsed from JSON."""
    records = [_product(number, row) for number, row in enumerate(products["products"], 1)]
    people = [_customer(number, row) for number, row in enumerate(customers["customers"], 1)]
    catalogue = Catalogue(records, people, list(_words(products)))
    return Tables(catalogue, {person.id: person.code for person in people})


def _product(number: int, row: Mapping[str, Any]) -> ProductRecord:
    described = {name: str(row.get(name) or "") for name in ("spec", "type", "material", "finish", "colour", "grade")}
    return ProductRecord(
        id=number,
        code=row["code"],
        name=row["name"],
        unit=row["unit"],
        units={unit: Decimal(str(held)) for unit, held in (row.get("units") or {}).items()},
        moq=None if row.get("moq") is None else Decimal(str(row["moq"])),
        aliases=tuple(row.get("aliases") or ()),
        **described,
    )


def _customer(number: int, row: Mapping[str, Any]) -> CustomerRecord:
    return CustomerRecord(number, row["id"], row["name"], tuple(row.get("aliases") or ()))


def _words(products: Mapping[str, Any]) -> Iterator[WordRecord]:
    for section, kind in KINDS.items():
        for means, words in (products.get(section) or {}).items():
            yield from (WordRecord(word, means, kind) for word in words)
    for means, words in (products.get("same_units") or {}).items():
        yield from (WordRecord(word, means, "unit") for word in words)
    yield from (WordRecord(word, "", "piece") for word in products.get("piece_words") or ())
    yield from (WordRecord(word, "", "piece_unit") for word in products.get("piece_units") or ())
