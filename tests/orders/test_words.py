from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders import words
from store.models import Level, Role, Stage


@pytest.mark.parametrize(
    ("value", "text"), [("500", "500"), ("0.5", "0.5"), ("5E+2", "500"), ("1.2000", "1.2"), ("0.0000", "0"), ("100", "100")]
)
def test_quantities_are_written_plainly(value: str, text: str) -> None:
    assert words.plain(Decimal(value)) == text


@given(st.decimals(-(10**12), 10**12, places=4))
def test_a_plain_number_reads_back_as_itself(value: Decimal) -> None:
    assert Decimal(words.plain(value)) == value


def test_money_has_two_places_rounded_half_up() -> None:
    assert words.money(Decimal("1234.5")) == "1234.50"
    assert words.money(Decimal("0.005")) == "0.01"


def test_codes_and_chinese_names_lead_to_each_other() -> None:
    assert [words.role_of(name) for name in ("仓管", " sales_manager ", "采购", "牛")] == [
        Role.WAREHOUSE,
        Role.SALES_MANAGER,
        Role.PURCHASING,
        None,
    ]
    assert [words.stage_of(name) for name in ("已发货", "SHIPPED", "x")] == [Stage.SHIPPED, Stage.SHIPPED, None]
    assert [words.level_of(name) for name in ("vip", "普通", "采购")] == [Level.VIP, Level.REGULAR, None]
    assert all(words.stage_of(words.stage_name(stage)) is stage for stage in Stage)
    assert all(words.role_of(words.role_name(role)) is role for role in Role)
