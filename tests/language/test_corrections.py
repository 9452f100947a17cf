"""What is said later and puts right what was said before, and what is left open on purpose, on Monday 2026-03-02."""

from decimal import Decimal

import pytest

from language import Catalogue
from tests.language.conftest import reading


@pytest.mark.parametrize(
    ("said", "number", "day"),
    [
        ("M8*40镀锌 2000支 下周三要，哦改成下周四", 2000, "2026-03-12"),
        ("M8*40镀锌 2000支 下礼拜三送，不，下礼拜二", 2000, "2026-03-10"),
        ("M8*40镀锌 2000支 下周三要，数量改3000吧", 3000, "2026-03-11"),
        ("M8*40镀锌 3盒，等一下，不是3盒是5盒，周五", 5, "2026-03-06"),
    ],
)
def test_the_later_word_counts(said: str, number: int, day: str, catalogue: Catalogue) -> None:
    said_now = reading(said, catalogue)
    assert said_now.intent == "place"
    assert [line.number for line in said_now.lines] == [number]
    assert said_now.day is not None
    assert str(said_now.day.day) == day


@pytest.mark.parametrize(
    ("said", "ask"),
    [
        ("M8*40镀锌 2000支 下周二三送", "date"),
        ("M8*40镀锌 2000支 过完节要", "date"),
        ("M8*40镀锌有现货就发300支", "confirm"),
        ("仓库有货的话就安排 M8*40镀锌 300支", "confirm"),
        ("003和004那单都改到周五", "order"),
    ],
)
def test_what_is_left_open_is_asked(said: str, ask: str, catalogue: Catalogue) -> None:
    asked = reading(said, catalogue).ask
    assert asked is not None
    assert asked.field == ask


@pytest.mark.parametrize(
    ("said", "price", "taxed"),
    [
        ("M8*40镀锌 2000支 单价含税0.21", "0.21", True),
        ("含税价0.21，M8*40镀锌 2000支", "0.21", True),
        ("M8*40镀锌 2000支 0.21一支 不含税", "0.21", False),
    ],
)
def test_tax_stands_before_or_behind_the_price(said: str, price: str, taxed: bool, catalogue: Catalogue) -> None:
    (line,) = reading(said, catalogue).lines
    assert (line.price, line.tax_included, line.number) == (Decimal(price), taxed, 2000)
