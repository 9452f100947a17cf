"""Under which terms an order is wanted: only if something comes true, by whom it goes, who pays for the way; over the corpus' catalogue."""

import pytest

from tests.language.test_intents import changed, read

NO = "SO-260226-019"


@pytest.mark.parametrize(
    "condition",
    [
        "价格再让点我就拿",
        "少点就拿",
        "打个九折我就要",
        "再便宜两块就下单",
        "价格降到30就拿",
        "价格合适就下",
        "包邮我就要",
        "抹个零就订",
        "老板点头就下",
        "价格谈拢了就下",
        "给个好价我就拿",
        "价格好商量的话我拿",
        "0.3以内就拿",
        "不超过0.3就拿",
        "价格没变就发",
        "质量没问题就定",
        "样品过了就下",
        "没货就算了",
        "贵了我就不要了",
    ],
)
def test_an_order_with_an_if_is_asked_for(condition: str) -> None:
    intent, answer = read(f"黑色座椅套20套，{condition}")
    lines = [(line["product"], line["base_qty"]) for line in answer["lines"]]
    assert (intent, lines, answer.get("ask")) == ("place", [("AI-SC-BK", 20)], "confirm")


@pytest.mark.parametrize("text", ["那我就订M8*40 2盒", "这次我就拿2盒M8*40", "我们就要2盒M8*40"])
def test_so_then_is_no_if(text: str) -> None:
    intent, answer = read(text)
    assert (intent, answer.get("ask"), [line["base_qty"] for line in answer["lines"]]) == ("place", None, [300])


def test_an_if_may_stand_first() -> None:
    intent, answer = read("只要价格不涨，黑色座椅套20套我就拿")
    assert (intent, answer.get("ask")) == ("place", "confirm")


@pytest.mark.parametrize(
    "wish", ["下周三就要", "就要黑的", "早点到就行", "包邮就行", "现在就下", "价格按上次的就行", "急着就要", "款到就发", "收到了吗"]
)
def test_when_and_how_it_is_wanted_is_no_if(wish: str) -> None:
    intent, answer = read(f"黑色座椅套20套，{wish}")
    assert (intent, answer.get("ask")) == ("place", None)


@pytest.mark.parametrize(
    "said", ["免运费", "运费免了", "运费给免了吧", "快递费免掉", "免邮费", "不收运费", "运费你们出", "运费算你们的", "运费全免"]
)
def test_whoever_pays_no_freight_asks_for_no_price_of_it(said: str) -> None:
    intent, answer = read(f"M8*40 2盒，{said}")
    assert (intent, answer.get("free_shipping"), answer.get("ask")) == ("place", True, None)
    assert changed(f"{NO} {said}") == [("set_free_shipping",)]


@pytest.mark.parametrize("said", ["运费能免吗", "免运费吗", "运费多少", "运费"])
def test_a_question_about_freight_stays_one(said: str) -> None:
    assert read(f"M8*40 2盒，{said}")[0] == read(f"{NO} {said}")[0] == "query"


@pytest.mark.parametrize(
    "said",
    [
        "别走德邦了，换中通",
        "不用德邦了，用中通",
        "德邦不要了，换中通",
        "德邦换中通",
        "从德邦换到中通",
        "德邦太慢，换中通发",
        "走中通不走德邦",
        "中通，别发德邦",
        "改中通，德邦不走了",
        "原来走德邦，现在改中通",
    ],
)
def test_it_goes_by_the_carrier_that_is_not_turned_down(said: str) -> None:
    assert changed(f"{NO} {said}") == [("set_carrier", "中通")]


@pytest.mark.parametrize("said", ["走中通不走德邦", "走德邦太贵了，换中通", "别走德邦，走中通"])
def test_so_does_an_order(said: str) -> None:
    assert read(f"M8*40 2盒，{said}")[1]["carrier"] == "中通"


def test_only_to_turn_one_down_leaves_the_change_open() -> None:
    assert read(f"{NO} 别走德邦了")[1] == {"order": NO, "ask": "change"}


@pytest.mark.parametrize("said", ["单价还是0.3对吧", "价格就按0.3", "上次是0.3的"])
def test_a_price_that_is_spoken_of_is_no_quantity(said: str) -> None:
    intent, answer = read(f"M8*40 2盒 {said}")
    assert (intent, answer.get("ask"), [line["base_qty"] for line in answer["lines"]]) == ("place", None, [300])
