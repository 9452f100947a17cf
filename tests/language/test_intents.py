"""What is no order: changes, cancellations, questions, stock questions and logs, over the catalogue of the corpus."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language import read as read_text
from language.answers import Answers
from language.tables import tables_of

CORPUS = Path(__file__).with_name("corpus")
TABLES = tables_of(*(json.loads((CORPUS / name).read_text(encoding="utf-8")) for name in ("products.json", "customers.json")))
ANSWERS = Answers(TABLES)
TODAY = date(2026, 3, 2)


def read(text: str) -> tuple[str, dict[str, Any]]:
    answer = ANSWERS.of({"text": text}, TODAY)
    return answer["intent"], answer["answer"]


def changed(text: str) -> list[tuple[Any, ...]]:
    """Each change as its op and what it holds, without the unit's own name."""
    intent, answer = read(text)
    assert intent == "amend"
    return [tuple(value for key, value in change.items() if key not in ("unit", "base_qty")) for change in answer["changes"]]


NO = "SO-260226-019"
HDG, BOLT = "HB-M12x80-HDG", "HB-M8x30-Z"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{NO} 把M8*30镀锌改成900支", [("set_qty", BOLT, 900)]),
        (f"{NO} M8*30镀锌多打了个0，是600", [("set_qty", BOLT, 600)]),
        ("刚才那单 M12*80热镀锌 由300改到800支", [("set_qty", HDG, 800)]),
        ("018那单M8平垫少要2包", [("sub_qty", "WP-8-Z", 2)]),
        ("上一单再追加M8*30 304 200支", [("add_line", "HB-M8x30-304", 200)]),
        (f"{NO} 去掉M8弹垫", [("remove_line", "WS-8-Z")]),
        (f"{NO} 取消切割片那行", [("remove_line", "CD-125")]),
        (f"{NO} M8*30镀锌的换成304", [("replace", BOLT, "HB-M8x30-304")]),
        (f"{NO} 座椅套黑色换米色", [("replace", "AI-SC-BK", "AI-SC-BG")]),
        ("上一单交期提前3天", [("shift_date", -3)]),
        ("018那单晚一周发", [("shift_date", 7)]),
        (f"{NO} 从周四改到下周三", [("set_date", "2026-03-11")]),
        (f"{NO} 数量减半", [("scale", 0.5)]),
        (f"{NO} 按1块2结", [("set_price", 1.2)]),
        ("018那单收货人改成小王 13800138000", [("set_contact", "小王"), ("set_phone", "13800138000")]),
        (f"{NO} 地址换一下，改送滨江区星光路88号", [("set_address", "滨江区星光路88号")]),
        (f"{NO} 换德邦发", [("set_carrier", "德邦")]),
        (f"{NO} 改成客户自己来提", [("set_pickup",)]),
        ("最后那单运费我们出", [("set_free_shipping",)]),
        (f"{NO} 外箱要贴客户标签", [("set_note", "外箱要贴客户标签")]),
        (f"{NO} 先发400支，剩下的下周五", [("split", [{"base_qty": 400}, {"rest": True, "date": "2026-03-13"}])]),
        (f"{NO} 切割片加2盒 手套减1打", [("add_qty", "CD-125", 2), ("sub_qty", "GL-L", 1)]),
        (f"{NO} 螺母304 M8减500个，手套加2箱", [("sub_qty", "NT-M8-304", 500), ("add_qty", "GL-L", 2)]),
    ],
)
def test_changes(text: str, expected: list[tuple[Any, ...]]) -> None:
    assert changed(text) == expected
    assert "ask" not in read(text)[1]


@pytest.mark.parametrize(
    ("text", "intent", "ask"),
    [
        ("改一下数量", "amend", "order"),
        ("那单改成自提", "amend", "order"),
        (f"{NO} 和 SO-260226-020 都改自提", "amend", "order"),
        (f"{NO} 改一下", "amend", "change"),
        (f"{NO} M8*30改成500支", "amend", "product"),
        (f"{NO} 换成M8*37镀锌", "amend", "product"),
        (f"{NO} 推到下礼拜", "amend", "date"),
        (f"{NO} 圆钉加3件", "amend", "unit"),
        ("这单不要了", "cancel", "order"),
        (f"如果周五前发不了就取消{NO}", "cancel", "confirm"),
        ("什么时候能发货", "query", "order"),
        ("M8*30 500支多少钱", "query", "product"),
        ("M14*65镀锌有货吗", "stock", "product"),
        ("纪要：跟王经理电话，同意涨价", "log", "order"),
        ("018单纪要", "log", "conclusion"),
    ],
)
def test_what_is_open_is_asked(text: str, intent: str, ask: str) -> None:
    read_as, answer = read(text)
    assert (read_as, answer.get("ask")) == (intent, ask)


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("昨天下的单取消掉", "cancel", {"order_hint": "2026-03-01"}),
        ("上周五那单作废，重复下了", "cancel", {"order_hint": "2026-02-27", "reason": "重复下了"}),
        ("0227-011 客户不做了，撤掉吧", "cancel", {"order_tail": "0227-011", "reason": "客户不做了"}),
        (f"{NO}取消了吗", "query", {"order": NO, "about": ["status"]}),
        (f"{NO} 周五能送到吗", "query", {"order": NO, "about": ["status", "eta"]}),
        ("我今天下了几单", "query", {"about": ["list"]}),
        ("M8螺母镀锌还有货吗", "stock", {"products": ["NT-M8-Z"], "about": ["available"]}),
        ("手套够不够200双", "stock", {"products": ["GL-L"], "base_qty": 200}),
        ("座椅套黑色什么时候到货", "stock", {"products": ["AI-SC-BK"], "about": ["incoming"]}),
        ("先别安排M8*40镀锌，客户还没定", "other", {"flag": "hold"}),
        ("平垫发错了，客户投诉", "other", {"flag": "complaint"}),
        ("切割片要退5盒", "other", {"flag": "return"}),
        ("M8和M10的扳手通用吗", "other", {}),
        ("刚收到货款5万", "other", {}),
        ("M8*30镀锌的检测报告有吗", "other", {}),
        ("M12*80镀锌上次发了600支，这次要900支", "place", {}),
    ],
)
def test_questions_and_the_rest(text: str, intent: str, expected: dict[str, Any]) -> None:
    read_as, answer = read(text)
    assert read_as == intent
    assert {key: answer.get(key) for key in expected} == expected


def test_to_agree_is_not_to_talk_with_somebody() -> None:
    intent, answer = read(f"沟通 {NO} 客户同意按现在的日期到")
    assert (intent, answer.get("contact"), answer["conclusion"]) == ("log", None, "客户同意按现在的日期到")


def test_a_log_from_one_sentence() -> None:
    intent, answer = read(f"{NO} 今天上午10点半和徐工当面谈：颜色以色板为准，周五前给他寄样")
    told = {"order": NO, "contact": "徐工", "channel": "当面", "time": "2026-03-02T10:30", "date": "2026-03-02"}
    assert intent == "log"
    assert answer == told | {"conclusion": "颜色以色板为准", "todo": "周五前给他寄样"}


def test_a_log_by_its_labels_in_any_order() -> None:
    intent, answer = read(f"纪要 {NO} 待办：寄样品；结论：价格按1.3；对象：Linda；时间：昨天14:30；渠道：邮件")
    told = {"contact": "Linda", "channel": "邮件", "time": "2026-03-01T14:30", "date": "2026-03-01"}
    assert intent == "log"
    assert answer == told | {"order": NO, "conclusion": "价格按1.3", "todo": "寄样品"}


@pytest.mark.parametrize(
    ("today", "text", "day", "conclusion"),
    [
        (date(2026, 11, 27), "跟王经理电话，同意3月15日到", None, "同意3月15日到"),
        (date(2026, 11, 27), "王经理 要求3月15日前送到工地", None, "要求3月15日前送到工地"),
        (date(2026, 11, 27), "20号跟王经理电话，同意2027年3月15日交货", date(2026, 11, 20), "同意2027年3月15日交货"),
        (date(2026, 11, 27), "11月25日跟王经理电话，同意20号到", date(2026, 11, 25), "同意20号到"),
        (date(2026, 11, 27), "跟王经理电话，同意20号到", None, "同意20号到"),
        (date(2027, 1, 3), "12月28日跟王经理电话，同意1月15日到", date(2026, 12, 28), "同意1月15日到"),
    ],
)
def test_a_day_that_was_agreed_on_stays_in_the_conclusion(today: date, text: str, day: date | None, conclusion: str) -> None:
    said = read_text(f"沟通 {NO} {text}", TABLES.catalogue, today)
    assert (said.day.day if said.day else None, said.conclusion) == (day, conclusion)


@pytest.mark.parametrize("text", ["客户说价格太贵了", "永固王工说想换一家物流", "宏达建材希望下个月开始月结"])
def test_what_a_customer_wants_is_kept_for_a_log(text: str) -> None:
    said = read_text(text, TABLES.catalogue, TODAY)
    assert (said.intent, said.flag, said.conclusion) == ("other", "wish", text)


def test_a_log_from_a_pasted_chat() -> None:
    chat = "王经理 2026-03-02 14:05\n这批货能不能晚两天到\n赵敏 2026-03-02 14:06\n可以，改到3月15号"
    intent, answer = read(f"沟通纪要 {NO}\n{chat}")
    assert (intent, answer["order"], answer["contact"], answer["time"]) == ("log", NO, "王经理", "2026-03-02T14:05")
    assert "3月15号" in answer["conclusion"]


@given(
    st.sampled_from([f"{NO} M8*30镀锌改成900支", "上一单M8平垫不要了", f"撤单 {NO}", f"{NO}到哪了", "手套还有多少"]),
    st.sampled_from(["", "你好，", "麻烦，", "@小助手 ", "您好 "]),
    st.sampled_from(["", "，谢谢", "，辛苦了", " 谢谢！"]),
)
@settings(max_examples=60, deadline=None)
def test_politeness_changes_nothing(text: str, before: str, behind: str) -> None:
    intent, plain = read(text)
    politely_as, polite = read(before + text + behind)
    assert (politely_as, polite) == (intent, plain)


@pytest.mark.parametrize(
    ("text", "command", "order"),
    [
        ("改单 19 M8*30镀锌 900支", "amend", "19"),
        ("沟通 0227-011 微信 价格谈好了", "communicate", "0227-011"),
        ("沟通 7 跟王经理电话，价格谈好了", "communicate", "7"),
        ("沟通 1127-2 王经理说可以", "communicate", "1127-2"),
        ("交期 018 3月20日", "agree", "018"),
    ],
)
def test_commands_about_an_order(text: str, command: str, order: str) -> None:
    said = read_text(text, TABLES.catalogue, TODAY)
    assert (said.command, said.order) == (command, order)
