"""How many base units a typed unit holds."""

from decimal import Decimal

import pytest

from language import Catalogue


@pytest.mark.parametrize(
    ("product", "unit", "factor"),
    [
        (1, "支", 1),
        (1, "盒", 50),
        (1, "箱", 600),
        (1, "扎", 50),
        (1, "个", 1),
        (1, "pcs", 1),
        (1, "件", None),
        (1, "吨", None),
        (1, "kg", None),
        (11, "公斤", 1),
        (11, "KG", 1),
        (11, "吨", 1000),
        (11, "个", None),
    ],
)
def test_factor(catalogue: Catalogue, product: int, unit: str, factor: int | None) -> None:
    assert catalogue.units.factor(catalogue.products[product], unit) == (None if factor is None else Decimal(factor))
