"""Questions beside an order, about one, and about what somebody said; notes of talks that hold nothing yet; over the corpus' catalogue."""

import pytest

from tests.language.test_intents import read

NO = "SO-260226-019"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("青山 自攻4.2*25 20包 周五要，最快哪天能发出？", "2026-03-06"),
        ("青山 自攻4.2*25 20包 周五要，今天能发吗", "2026-03-06"),
        ("青山订自攻4.2*25 20包 周五要，大概几点到？", "2026-03-06"),
        ("青山要自攻4.2*25 20包，最快几号到", None),
        ("青山 自攻4.2*25来20包，预计哪天到？", None),
    ],
)
def test_a_wish_with_a_question_behind_it_is_an_order(text: str, date: str | None) -> None:
    intent, answer = read(text)
    assert (intent, answer["customer"], [line["base_qty"] for line in answer["lines"]]) == ("place", "C024", [10_000])
    assert (answer.get("date"), answer["also"], answer.get("ask")) == (date, ["eta"], None)


@pytest.mark.parametrize(
    "text",
    [
        "想订M8*40 20盒，最快哪天能到",
        "准备要M8*40 20盒，多久能到",
        "我要问下M8*40 20盒，多久能到",
        "恒泰要的M8*40 20盒，什么时候发货",
        "M8*40 20盒已经下单了，什么时候发",
        "之前要了M8*40 20盒，几号能到",
        "客户催M8*40 20盒，周五要，几号能到",
        "M8*40 20盒什么时候能到？",
    ],
)
def test_what_is_only_thought_of_or_ordered_already_is_asked_about(text: str) -> None:
    intent, answer = read(text)
    assert (intent, "eta" in answer["about"]) == ("query", True)


@pytest.mark.parametrize("said", ["发货了吗", "做好了吗", "做好没", "怎么还没到", "发没发", "到了没"])
def test_whether_goods_have_left_is_no_order_for_them(said: str) -> None:
    intent, answer = read(f"永固的M8*40 2盒{said}")
    assert (intent, answer["customer"], "status" in answer["about"]) == ("query", "C004", True)


@pytest.mark.parametrize("said", ["今天到吗", "周五发吗", "明天能送到吗"])
def test_a_day_that_is_asked_for_is_not_set(said: str) -> None:
    intent, answer = read(f"{NO} {said}")
    assert (intent, answer["order"], "eta" in answer["about"]) == ("query", NO, True)


@pytest.mark.parametrize("said", ["审完没", "审好了吗", "批完没有", "批好了没", "审批结束没", "审核完了么", "老板签字没", "批不批"])
def test_whether_it_is_approved(said: str) -> None:
    intent, answer = read(f"{NO}{said}")
    assert (intent, "approval" in answer["about"]) == ("query", True)


@pytest.mark.parametrize(
    "text",
    [
        "你昨天不是讲M16*60要停产吗？",
        "你昨天说M16*60要停产？",
        "上周五你们不是说M16*60要涨价吗",
        "昨天你说M16*60换包装了吧？",
        "昨天不是讲好包邮的吗",
        "M16*60是不是要停产",
    ],
)
def test_what_somebody_said_on_a_day_is_no_order_of_that_day(text: str) -> None:
    assert read(text) == ("other", {})


@pytest.mark.parametrize(
    "text", ["补一下018单的纪要", "补个018单的纪要", "018那单做个纪要", "给018单补一条纪要", "帮我给018单加条沟通记录", "018单纪要补一下"]
)
def test_a_note_that_is_only_announced_asks_what_came_of_it(text: str) -> None:
    assert read(text) == ("log", {"order_tail": "018", "ask": "conclusion"})


def test_a_word_of_a_form_inside_a_sentence_is_kept() -> None:
    _, answer = read("#沟通纪要 永固 王工 微信 同意M12*80分两车送 我们先排车 等他发卸货时间")
    assert (answer["conclusion"], answer["todo"]) == ("同意M12*80分两车送,我们先排车", "等他发卸货时间")
