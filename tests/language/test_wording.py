"""What people say around an order and instead of one, over the catalogue of the corpus, on Monday 2026-03-02."""

from datetime import date
from typing import Any

import pytest

from tests.language.test_intents import ANSWERS, TODAY, read

NO = "SO-260226-019"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("恒泰又来货单啦：M8*40 2盒", {"customer": "C015"}),
        ("鑫隆陈采购：M8*40 2盒", {"customer": "C009"}),
        ("M8*40 2盒 挂顺达账上", {"customer": "C008"}),
        ("天工反映货不够，补M8*40 2盒", {"customer": "C017"}),
        ("M8*40 2盒 送临平世纪大道88号", {"ship_to": "临平世纪大道88号", "date": None}),
        ("M8*40 2盒，15号前到塘栖", {"ship_to": "塘栖", "date": "2026-03-15"}),
        ("M8*40 2盒 下周五前送永固", {"customer": "C004", "date": "2026-03-13", "ship_to": None}),
        ("别走顺丰，发德邦，M8*40 2盒", {"carrier": "德邦"}),
        ("M8*40 2盒 明儿上午来取", {"pickup": True, "date": "2026-03-03", "part": "am"}),
        ("請幫我訂 M8*40 兩盒 下週三要", {"date": "2026-03-11"}),
        ("M8*40 2盒 asap", {"urgent": True}),
        ("恒泰补货：M8*40 2盒", {"customer": "C015"}),
        ("M8*40 2盒 正唛侧唛都要印", {"note": "正唛侧唛都要印"}),
        ("M8*40 2盒，对了运费谁出", {"also": ["freight"]}),
    ],
)
def test_what_stands_around_the_goods(text: str, expected: dict[str, Any]) -> None:
    intent, answer = read(text)
    lines = [(line["product"], line["base_qty"]) for line in answer["lines"]]
    assert (intent, lines, answer.get("ask")) == ("place", [("HB-M8x40-Z", 300)], None)
    assert {name: answer.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("1、M8*40 2盒 2、切割片 3盒 3、手套 1箱", [("HB-M8x40-Z", 300), ("CD-125", 150), ("GL-L", 240)]),
        ("EVA隔音棉20块 明天", [("AI-FL-EVA10", 20)]),
        ("10套黑色座套、5套米色的", [("AI-SC-BK", 10), ("AI-SC-BG", 5)]),
        ("座套米色3套，不对，黑色3套", [("AI-SC-BK", 3)]),
        ("M10*40镀锌200支 打错了 是M10*40发黑 200支", [("HB-M10x40-88B", 200)]),
        ("GB/T 5783 M8*40 300支", [("HB-M8x40-Z", 300)]),
        ("M十乘四十 八点八级 两百支", [("HB-M10x40-88B", 200)]),
        ("16号铁丝2卷", [("IW-1.6", 100)]),
        ("M12*80热镀辛100支", [("HB-M12x80-HDG", 100)]),
    ],
)
def test_goods(text: str, lines: list[tuple[str, int]]) -> None:
    intent, answer = read(text)
    assert (intent, answer.get("ask")) == ("place", None)
    assert [(line["product"], line["base_qty"]) for line in answer["lines"]] == lines


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("小陈，老样子 下周二要", "place", {"repeat_last": True, "date": "2026-03-10"}),
        ("百把支M8*40", "place", {"ask": "qty"}),
        ("要是有现货就来M8*40 3盒", "place", {"ask": "confirm"}),
        (f"{NO} 改发德邦，顺丰不用了", "amend", {}),
        (f"{NO} 专票不要了", "amend", {}),
        ("M8*40 3盒 给报个价呗", "query", {"about": ["price"]}),
        ("M8螺母304 仓库里能调出2万个吗", "stock", {"products": ["NT-M8-304"], "base_qty": 20000}),
        ("单子审核卡在哪了 018那单", "query", {"order_tail": "018"}),
        ("恒泰这个月的单子有几张", "query", {"customer": "C015", "ask": None}),
        ("M8螺栓的抗拉强度是多少", "other", {}),
        ("通知：周五仓库盘点不出货", "other", {}),
        ("这周冲刺20万，大家加把劲", "other", {}),
        ("昨天收到的M8螺母一半是锈的", "other", {"flag": "complaint"}),
        ("座套你们是不是换过面料？", "other", {}),
    ],
)
def test_what_is_no_plain_order(text: str, intent: str, expected: dict[str, Any]) -> None:
    read_as, answer = read(text)
    assert read_as == intent
    assert {name: answer.get(name) for name in expected} == expected


def answered(text: str, **pending: Any) -> tuple[str, dict[str, Any]]:
    answer = ANSWERS.of({"text": text, "context": {"pending": pending}}, TODAY)
    return answer["intent"], answer["answer"]


def test_an_order_answers_which_one_is_meant() -> None:
    intent, answer = answered("018那单", intent="amend", ask="order", changes=[{"op": "set_qty", "qty": 300, "unit": "支"}])
    assert (intent, answer["order_tail"], answer["changes"]) == ("amend", "018", [{"op": "set_qty", "qty": 300, "unit": "支"}])
    assert answered("刚才那个", intent="cancel", ask="order") == ("cancel", {"order_hint": "last"})


def test_a_change_answers_what_is_to_be_changed() -> None:
    intent, answer = answered("改到下周五", intent="amend", ask="change", order=NO)
    assert (intent, answer) == ("amend", {"order": NO, "changes": [{"op": "set_date", "date": date(2026, 3, 13).isoformat()}]})


def test_what_came_of_a_talk_is_kept_in_its_words() -> None:
    intent, answer = answered("价格按1.2，月底前签合同", intent="log", ask="conclusion", order_tail="018")
    assert (intent, answer["order_tail"]) == ("log", "018")
    assert "1.2" in answer["conclusion"]


@pytest.mark.parametrize("text", ["算了 工地停了", "不要了，客户改主意", "先不下了 等通知"])
def test_an_open_question_is_let_go_with_a_reason(text: str) -> None:
    intent, answer = answered(text, intent="place", ask="confirm", lines=[{"product": "HB-M8x40-Z", "qty": 300, "unit": "支"}])
    assert (intent, answer.get("drop_pending")) == ("cancel", True)
