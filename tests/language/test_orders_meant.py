"""Orders that are meant by day and customer, and how their days, notes and lines are changed; on Monday 2026-03-02."""

from typing import Any

import pytest

from tests.language.test_intents import NO, changed, read


@pytest.mark.parametrize(
    "text",
    [
        "2月27号天工那单加急",
        "27号给天工下的单子加急",
        "2.27天工那单加急",
        "周五天工那单加急",
        "天工2月27号那单加急",
        "2月27日下的天工的单加急",
    ],
)
def test_an_order_by_its_day_and_its_customer(text: str) -> None:
    intent, answer = read(text)
    told = (intent, answer.get("customer"), answer.get("order_hint"), answer["changes"])
    assert told == ("amend", "C017", "2026-02-27", [{"op": "set_urgent"}])


def test_the_day_on_which_an_order_is_to_go_is_not_the_day_it_was_placed() -> None:
    assert "order_hint" not in read("周五天工那单能发吗")[1]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("交期往后拖三天", 3),
        ("往后推三天", 3),
        ("提前两天", -2),
        ("晚两天再发", 2),
        ("能不能提前两天发", -2),
        ("拖一周", 7),
        ("放后两天", 2),
    ],
)
def test_a_date_is_moved(text: str, days: int) -> None:
    intent, answer = read(text)
    assert (intent, answer["changes"], answer["ask"]) == ("amend", [{"op": "shift_date", "days": days}], "order")
    assert changed(f"{NO} {text}") == [("shift_date", days)]


@pytest.mark.parametrize("text", ["顺发那单晚几天", "顺发那单晚两三天发"])
def test_by_how_much_a_date_is_moved_is_asked(text: str) -> None:
    intent, answer = read(text)
    assert (intent, answer.get("ask")) == ("amend", "date")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("周日不收货", [("set_note", "周日不收货")]),
        ("箱子上写绍兴工地", [("set_note", "箱子上写绍兴工地")]),
        ("包装跟上次一样", [("set_note", "包装跟上次一样")]),
        ("加一句：卸货找老刘", [("set_note", "卸货找老刘")]),
        ("切割片要3盒不是2盒", [("set_qty", "CD-125", 3)]),
        ("多了一盒切割片 去掉", [("sub_qty", "CD-125", 1)]),
        ("少写了一盒切割片", [("add_line", "CD-125", 1)]),
        ("再带2盒切割片", [("add_line", "CD-125", 2)]),
        ("改0.35", [("set_price", 0.35)]),
        ("别走德邦了 走顺丰", [("set_carrier", "顺丰")]),
        ("自提改送货 送到余杭仓库", [("set_address", "余杭仓库")]),
        ("收货地址不变 换收货人王强13812345678", [("set_contact", "王强"), ("set_phone", "13812345678")]),
        ("第二行不要了", [("remove_line",)]),
        ("M8平垫、M8弹垫各加1包", [("add_qty", "WP-8-Z", 1), ("add_qty", "WS-8-Z", 1)]),
    ],
)
def test_changes_by_the_way(text: str, expected: list[tuple[Any, ...]]) -> None:
    assert changed(f"{NO} {text}") == expected
    assert "ask" not in read(f"{NO} {text}")[1]


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("价格降5分", "change"),
        ("打95折", "change"),
        ("镀锌的改成500 304的改成300", "product"),
        ("的M8平垫改到周五", "change"),
        ("把M8*30的1000支改到周五发，其他照旧", "change"),
    ],
)
def test_what_is_changed_is_asked_where_it_stays_open(text: str, ask: str) -> None:
    intent, answer = read(f"{NO} {text}")
    assert (intent, answer.get("ask")) == ("amend", ask)


@pytest.mark.parametrize(
    ("text", "intent", "flag"),
    [
        ("M8*40那2盒发了没", "query", None),
        ("018里有没有平垫", "query", None),
        ("永固要的M8*40 2盒装好了没", "query", None),
        ("给永固报M8*40 2盒的价", "query", None),
        ("018和019合并发", "query", None),
        ("客户催M8*40那2盒", "query", None),
        ("我要的M8*40 2盒呢", "query", None),
        ("M8*40是不是还欠我2盒", "other", "complaint"),
        ("M8*40发成M8*30了", "other", "complaint"),
        ("M8*40 2盒退了吧", "other", "return"),
        ("考虑下M8*40 2盒", "other", "hold"),
        ("上次M8*40 2盒用完了", "other", None),
        ("M8*40 2盒大概多重", "other", None),
    ],
)
def test_goods_that_are_only_spoken_of_are_not_ordered(text: str, intent: str, flag: str | None) -> None:
    assert (read(text)[0], read(text)[1].get("flag")) == (intent, flag)


def test_what_is_ordered_instead_is_no_line_of_what_is_cancelled() -> None:
    intent, answer = read(f"撤掉{NO}重下M8*40 2盒")
    assert (intent, answer["order"]) == ("cancel", NO)
