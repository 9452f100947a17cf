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
        ("合肥恒泰要M8*40 2盒", {"customer": "C015"}),
        ("然后永固 M8*40 一共300支", {"customer": "C004"}),
        ("M8*40 300 那个永固的", {"customer": "C004"}),
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
        ("黑色、米色座套各3套", [("AI-SC-BK", 3), ("AI-SC-BG", 3)]),
        ("客户：M8*40有的吧\n客户：先来2盒", [("HB-M8x40-Z", 300)]),
        ("M12*80普通镀锌2盒，不要热镀锌", [("HB-M12x80-Z", 100)]),
        ("上回米色座套拿了3套，这回要5套", [("AI-SC-BG", 5)]),
        ("5号以前要 切割片 2盒", [("CD-125", 100)]),
        ("M8*40来2盒（一箱12盒那种）", [("HB-M8x40-Z", 300)]),
    ],
)
def test_goods(text: str, lines: list[tuple[str, int]]) -> None:
    intent, answer = read(text)
    assert (intent, answer.get("ask")) == ("place", None)
    assert [(line["product"], line["base_qty"]) for line in answer["lines"]] == lines


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("M8*40 300支，不急着今天发，10天内到就行", "place", {"date": "2026-03-12", "ask": None}),
        ("M8*40 300支给个实在价", "query", {"about": ["price"]}),
        ("佳美上个月都买过什么", "query", {"customer": "C012", "ask": None}),
        ("客户说M8*40锈成这样没法要", "other", {"flag": "complaint"}),
        ("南京恒泰要M8*40 2盒", "place", {"ask": "customer"}),
        ("M8*40 2盒 跟上次那单一起发", "place", {"repeat_last": None, "ask": None}),
        ("顺发 M8*40 20盒不要了", "amend", {"customer": "C007"}),
        ("顺发那单先别做了", "other", {"flag": "hold"}),
        ("跟顺达林工微信聊了，那批下周三前给，价格不变", "log", {"customer": "C008", "channel": "微信"}),
        ("手套到货了吗", "stock", {"about": ["incoming"]}),
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


@pytest.mark.parametrize(
    ("text", "splits"),
    [
        ("M8*40 300支，分两批各150：周五、月底", [(150, "2026-03-06"), (150, "2026-03-31")]),
        ("M8*40一共300支，周五发100，月底发剩下的", [(100, "2026-03-06"), (200, "2026-03-31")]),
        ("M8*40 300支，6号到100，16号到200", [(100, "2026-03-06"), (200, "2026-03-16")]),
    ],
)
def test_parts(text: str, splits: list[tuple[int, str]]) -> None:
    (line,) = read(text)[1]["lines"]
    assert (line["base_qty"], [(split["base_qty"], split["date"]) for split in line["splits"]]) == (300, splits)


def test_what_is_replaced_is_named_in_two_steps() -> None:
    assert read(f"{NO} M8*30的，304的换成镀锌的")[1]["changes"] == [{"op": "replace", "from": "HB-M8x30-304", "to": "HB-M8x30-Z"}]


def test_a_question_about_what_is_offered_is_no_answer() -> None:
    context = {
        "pending": {"intent": "place", "ask": "product", "candidates": ["AI-SC-BK", "AI-SC-BG"], "lines": [{"qty": 3, "unit": "套"}]}
    }
    answer = ANSWERS.of({"text": "帮我看看米色的还剩几套", "context": context}, TODAY)
    assert (answer["intent"], answer["answer"]["products"]) == ("stock", ["AI-SC-BG"])


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


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("恒泰 M10*40镀锌3箱 合肥市肥西县桃花工业园8号门", "合肥市肥西县桃花工业园8号门"),
        ("M8*40镀锌螺栓3000支，收货：铜山区钢铁路19号", "铜山区钢铁路19号"),
        ("M8*40镀锌螺栓3000支，月底一起发江宁工地", "江宁工地"),
        ("M8*40镀锌螺栓3000支 送北仑大碶厂里", "北仑大碶厂里"),
        ("M8*40镀锌螺栓3000支 交货：3月13日", None),
    ],
)
def test_an_address_is_known_by_its_look(text: str, address: str | None) -> None:
    assert read(text)[1].get("ship_to") == address


@pytest.mark.parametrize(("text", "price"), [("0.35含税，M8*40镀锌螺栓，3000支", "0.35"), ("M8*40镀锌螺栓 3000支 0.4不含税", "0.4")])
def test_a_price_is_known_by_its_tax(text: str, price: str) -> None:
    (line,) = read(text)[1]["lines"]
    assert (str(line["price"]), line["base_qty"]) == (price, 3000)


def test_the_customer_behind_a_correction_counts_and_a_list_may_be_numbered_in_chinese() -> None:
    assert read("顺达 M10螺母镀锌5000个，客户搞错了，是永固的")[1]["customer"] == read("永固 M10螺母镀锌5000个")[1]["customer"]
    assert len(read("一、永固 M8镀锌平垫3包\n二、恒泰 M8镀锌平垫2包")[1]["orders"]) == 2
