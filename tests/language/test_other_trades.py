"""Catalogues of other trades: cables by 平方, lamps by watts, pipes by diameter, paint by the litre, paper by the gram."""

from datetime import date
from decimal import Decimal

import pytest

from language import Catalogue, CustomerRecord, ProductRecord, read
from language.amounts import base_quantity

TODAY = date(2026, 3, 2)


def _product(code: str, name: str, unit: str, spec: str, kind: str, pack: dict[str, int] | None = None, **more: object) -> ProductRecord:
    units = {unit: Decimal(held) for unit, held in (pack or {}).items()}
    return ProductRecord(id=len(PRODUCTS) + 1, code=code, name=name, unit=unit, spec=spec, type=kind, units=units, **more)  # type: ignore[arg-type]


PRODUCTS: list[ProductRecord] = []
for letter, colour in (("R", "红"), ("B", "蓝")):
    for section in ("2.5", "4"):
        PRODUCTS.append(_product(f"BV-{section}-{letter}", f"电线 BV {section}平方 {colour}", "卷", f"BV {section}", "电线", colour=colour))
for diameter in (20, 25):
    PRODUCTS.append(_product(f"PPR-{diameter}", f"PPR水管 φ{diameter}", "根", f"φ{diameter}", "PPR水管", aliases=("水管",)))
    PRODUCTS.append(_product(f"PW-{diameter}", f"PPR弯头 φ{diameter}", "个", f"φ{diameter}", "PPR弯头", {"包": 50}, aliases=("弯头",)))
for watts in (9, 12):
    for letter, light in (("W", "白光"), ("N", "暖光")):
        PRODUCTS.append(_product(f"TD-{watts}-{letter}", f"LED筒灯 {watts}W {light}", "只", f"{watts}W", "筒灯", {"箱": 60}, colour=light))
for litres in (5, 18):
    PRODUCTS.append(_product(f"RJ-{litres}", f"内墙乳胶漆 {litres}L 白", "桶", f"{litres}L", "乳胶漆", colour="白", aliases=("乳胶漆",)))
for grams in (70, 80):
    PRODUCTS.append(_product(f"A4-{grams}", f"复印纸 A4 {grams}g", "包", f"A4 {grams}g", "复印纸", {"箱": 5}, aliases=("A4纸",)))
for inches in (8, 10):
    PRODUCTS.append(_product(f"BS-{inches}", f"活动扳手 {inches}寸", "把", f"{inches}寸", "扳手", aliases=("活扳手",)))
PRODUCTS.append(_product("SN-425", "水泥 P.O42.5 海螺", "袋", "P.O42.5", "水泥", {"吨": 20}, grade="42.5"))
PRODUCTS.append(_product("SN-325", "水泥 M32.5 海螺", "袋", "M32.5", "水泥", {"吨": 20}, grade="32.5"))

CATALOGUE = Catalogue(PRODUCTS, [CustomerRecord(1, "K1", "杭州万家装饰有限公司", ("万家装饰", "万家"))])
CODES = {product.id: product.code for product in PRODUCTS}


def ordered(text: str) -> list[tuple[str | None, Decimal | None]]:
    said = read(text, CATALOGUE, TODAY)
    assert (said.intent, said.ask) == ("place", None)
    return [(CODES.get(line.product.id or 0), base_quantity(CATALOGUE, line)) for line in said.lines]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("万家装饰：2.5平方电线红蓝各10卷", [("BV-2.5-R", 10), ("BV-2.5-B", 10)]),
        ("电线2.5红10卷，4平方蓝5卷", [("BV-2.5-R", 10), ("BV-4-B", 5)]),
        ("2.5平的红线5卷 蓝线3卷", [("BV-2.5-R", 5), ("BV-2.5-B", 3)]),
        ("弯头20、25各50个", [("PW-20", 50), ("PW-25", 50)]),
        ("弯头20和25各2包", [("PW-20", 100), ("PW-25", 100)]),
        ("水管φ20 10根 φ25 5根", [("PPR-20", 10), ("PPR-25", 5)]),
        ("9瓦12瓦白光筒灯各1箱", [("TD-9-W", 60), ("TD-12-W", 60)]),
        ("筒灯12W白光暖光各60只", [("TD-12-W", 60), ("TD-12-N", 60)]),
        ("乳胶漆18升的10桶", [("RJ-18", 10)]),
        ("A4纸 70克、80克各5箱", [("A4-70", 25), ("A4-80", 25)]),
        ("活扳手8寸6把10寸6把", [("BS-8", 6), ("BS-10", 6)]),
        ("42.5的水泥5吨 下车码好", [("SN-425", 100)]),
        ("水管25的10根 跟上次一样送到店里", [("PPR-25", 10)]),
    ],
)
def test_goods_of_other_trades(text: str, lines: list[tuple[str, int]]) -> None:
    assert ordered(text) == lines


def test_another_delivery_like_the_last_one_repeats_no_order() -> None:
    said = read("万家 水管25的10根 跟上次一样送到店里", CATALOGUE, TODAY)
    assert (said.repeat_last, said.address) == (None, "店里")


@pytest.mark.parametrize("text", ["筒灯12w 2箱", "A4纸10箱", "水泥200袋", "水管φ20 10根 φ32 5根", "弯头20、32各50个"])
def test_what_several_or_none_fit_is_asked(text: str) -> None:
    said = read(text, CATALOGUE, TODAY)
    assert (said.intent, said.ask and said.ask.field) == ("place", "product")
