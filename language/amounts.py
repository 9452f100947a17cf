"""How much of a product a line asks for, in the product's own unit."""

from decimal import Decimal

from language.catalogue import Catalogue
from language.reading import Line, Split

KIT_UNITS = ("套", "副", "付", "组")
"""Units of a bolt with all that belongs to it."""


def base_quantity(catalogue: Catalogue, line: Line) -> Decimal | None:
    """The line's quantity in the product's own unit; None while the product, the number or its unit is doubtful.

    Without a unit the own one is meant, unless the number does not even reach the smallest order.
    """
    product = catalogue.products.get(line.product.id or 0)
    if product is None or line.number is None:
        return None
    if line.unit is None:
        return None if product.moq and 0 < line.number < product.moq else line.number
    return _total(catalogue, line, ((line.number, line.unit), *([line.plus] if line.plus else [])))


def split_quantities(catalogue: Catalogue, line: Line) -> list[Decimal | None]:
    """What each part of a partial shipment comes to; None where the words do not add up."""
    whole = base_quantity(catalogue, line)
    parts = [_part(catalogue, line, split, whole) for split in line.splits]
    if whole is not None and sum(split.rest for split in line.splits) == 1:
        left = whole - sum(part or Decimal(0) for part in parts)
        parts = [left if split.rest and left > 0 else part for split, part in zip(line.splits, parts)]
    return parts


def _part(catalogue: Catalogue, line: Line, split: Split, whole: Decimal | None) -> Decimal | None:
    if split.fraction is not None:
        return None if whole is None else whole * split.fraction
    if split.number is None:
        return None
    unit = split.unit or line.unit
    if line.product.id is None:
        return split.number if unit is None or catalogue.units.is_piece(unit) else None
    return split.number if unit is None else _total(catalogue, line, ((split.number, unit),))


def _total(catalogue: Catalogue, line: Line, counted: tuple[tuple[Decimal, str], ...]) -> Decimal | None:
    product, total = catalogue.products[line.product.id or 0], Decimal(0)
    for number, unit in counted:
        factor = catalogue.units.factor(product, unit)
        if factor is None:
            return None
        total += number * factor
    return total
