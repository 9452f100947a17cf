"""What is said beside the goods: terms, instructions, what is as before, money and days off; over the corpus, on Monday 2026-03-02."""

from typing import Any

import pytest

from tests.language.test_intents import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("包装跟上次一样", {"note": "包装跟上次一样", "repeat_last": None}),
        ("价格照旧", {"note": "价格照旧", "repeat_last": None}),
        ("还按老价格", {"note": "还按老价格", "price": None}),
        ("地址跟上次一样", {"note": "地址跟上次一样", "ship_to": None}),
        ("别跟上次一样迟到", {"note": "别跟上次一样迟到", "repeat_last": None}),
        ("月底结账", {"note": "月底结账", "date": None}),
        ("货款月底一起付", {"note": "货款月底一起付", "date": None}),
        ("周日休息别送", {"note": "周日休息别送", "date": None}),
        ("周末没人收货，周四送", {"note": "周末没人收货", "date": "2026-03-05"}),
        ("后天5点前到", {"note": "5点前", "date": "2026-03-04"}),
        ("明天14:30送", {"note": "14:30", "date": "2026-03-03"}),
        ("外面套个塑料袋", {"note": "外面套个塑料袋"}),
        ("头部打字母", {"note": "头部打字母"}),
        ("到了打我电话", {"note": "到了打我电话"}),
        ("做好了拍个照", {}),
        ("别压坏了", {"note": "别压坏了"}),
        ("提前一天打电话", {"note": "提前一天打电话", "date": None}),
        ("送货的时候带上对账单", {"note": "送货的时候带上对账单"}),
        ("后面还有一批", {"note": "后面还有一批"}),
        ("50支一小袋", {}),
        ("6月份用", {"date": None}),
        ("昨天说的那个价", {}),
        ("跟昨天的货一起走", {}),
        ("同一批号的", {}),
        ("3 月 5 号", {"date": "2026-03-05"}),
        ("分3车", {"note": "分3车"}),
        ("除了周三都行", {"note": "除了周三都行", "date": None}),
        ("8:00-17:00收货", {"date": None}),
        ("48小时内发", {"date": "2026-03-04"}),
        ("3天到", {"date": "2026-03-05"}),
        ("送到老地方", {"note": "送到老地方", "ship_to": None}),
        ("运费你们出", {"free_shipping": True}),
        ("有多少先发多少", {"note": "有多少先发多少"}),
        ("等款到了发", {}),
    ],
)
def test_what_is_said_beside_the_goods_changes_nothing_of_them(text: str, expected: dict[str, Any]) -> None:
    intent, answer = read(f"M8*40 300支，{text}")
    lines = [(line["product"], line["base_qty"]) for line in answer["lines"]]
    assert (intent, lines, answer.get("ask")) == ("place", [("HB-M8x40-Z", 300)], None)
    assert {name: answer.get(name) for name in expected} == expected


@pytest.mark.parametrize(("said", "price"), [("0.45", 0.45), ("还是0.45", 0.45), ("0.45的", 0.45)])
def test_a_fraction_without_a_unit_is_a_price(said: str, price: float) -> None:
    line = read(f"M8*40 300支 {said}")[1]["lines"][0]
    assert (line["base_qty"], line["price"]) == (300, price)


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("M8*40 300支 晚两天送", "date"),
        ("M8*40 300支 6月要", "date"),
        ("M8*40 300支 周三以后送", "date"),
        ("M8*40 300支 不要早于周三", "date"),
        ("M8*40 300支 三五天内", "date"),
        ("M8*40 300支 清明前到", "date"),
        ("切割片2盒 有就发没有就不发", "confirm"),
        ("估计要切割片2盒", "confirm"),
        ("切割片2盒等领导批", "confirm"),
        ("够的话来切割片2盒", "confirm"),
        ("切割片2盒 0.4行不行", "confirm"),
        ("M8*40 3000支，没货的话先发2000", "qty"),
        ("M8*25 半圆头 2盒", "product"),
        ("M8*40 2盒(400支)", "qty"),
        ("304的和镀锌的M8*30 一箱", "product"),
        ("顺发和永固要M8*40 2盒", "customer"),
        ("顺发要M8*40 2盒，同样的给永固也来一份", "customer"),
    ],
)
def test_what_leaves_something_open_is_asked(text: str, ask: str) -> None:
    intent, answer = read(text)
    assert (intent, answer.get("ask")) == ("place", ask)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("M8*40镀锌 不带母 600支", [("HB-M8x40-Z", 600)]),
        ("M8*40镀锌 600支 不要螺母", [("HB-M8x40-Z", 600)]),
        ("M8*40镀锌 600支 不用配垫片", [("HB-M8x40-Z", 600)]),
        ("切割片1箱加2盒", [("CD-125", 500)]),
        ("切割片2盒(100片)", [("CD-125", 100)]),
        ("切割片100片=2盒", [("CD-125", 100)]),
        ("切割片 2盒（一盒50的那种）", [("CD-125", 100)]),
        ("切割片 2盒 每盒50", [("CD-125", 100)]),
        ("别给我发M8*30，要M8*40 2盒", [("HB-M8x40-Z", 300)]),
        ("M8*30 304的和镀锌的各一箱", [("HB-M8x30-304", 2000), ("HB-M8x30-Z", 2400)]),
        ("304的和镀锌的M8*30各一箱", [("HB-M8x30-304", 2000), ("HB-M8x30-Z", 2400)]),
        ("M8螺母，304的和镀锌的各一箱", [("NT-M8-304", 10000), ("NT-M8-Z", 10000)]),
        ("M8*30、M8*40各2盒 都要镀锌", [("HB-M8x30-Z", 400), ("HB-M8x40-Z", 300)]),
    ],
)
def test_goods_that_share_words(text: str, lines: list[tuple[str, int]]) -> None:
    intent, answer = read(text)
    assert (intent, answer.get("ask")) == ("place", None)
    assert [(line["product"], line["base_qty"]) for line in answer["lines"]] == lines


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("M12*80镀锌、热镀锌各剩多少", ["HB-M12x80-Z", "HB-M12x80-HDG"]),
        ("黑色和米色的座套还有吗", ["AI-SC-BK", "AI-SC-BG"]),
        ("M8螺母镀锌和304都有货吗", ["NT-M8-Z", "NT-M8-304"]),
    ],
)
def test_stock_of_two_looks_of_one_size(text: str, products: list[str]) -> None:
    intent, answer = read(text)
    assert (intent, answer["products"], answer.get("ask")) == ("stock", products, None)


@pytest.mark.parametrize("text", ["顺发和永固各要M8*40 2盒", "给顺发、永固各发M8*40 2盒", "顺发 M8*40 2盒 永固 M8*40 2盒"])
def test_an_order_for_each_customer(text: str) -> None:
    intent, answer = read(text)
    found = [(order["customer"], order["lines"][0]["product"], order["lines"][0]["base_qty"]) for order in answer["orders"]]
    assert (intent, found) == ("place", [("C007", "HB-M8x40-Z", 300), ("C004", "HB-M8x40-Z", 300)])
