"""What is made of an order that stands when somebody thinks better of it, and of people whom nobody knows; over the corpus' catalogue."""

from typing import Any

import pytest

from tests.language.test_intents import changed, read

NO = "SO-260226-019"


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("瑞丰的M4*10内六角原来10盒，现在只要6盒", ("set_qty", "SC-M4x10-304", 6)),
        ("瑞丰M4*10内六角原先订10盒，现在6盒就够", ("set_qty", "SC-M4x10-304", 6)),
        ("瑞丰M4*10内六角原定10盒现在变6盒", ("set_qty", "SC-M4x10-304", 6)),
        ("瑞丰M4*10内六角刚才说10盒，现在要12盒", ("set_qty", "SC-M4x10-304", 12)),
        ("瑞丰M4*10内六角之前下的10盒，现在只要6盒了", ("set_qty", "SC-M4x10-304", 6)),
        ("瑞丰M4*10内六角10盒减到6盒", ("set_qty", "SC-M4x10-304", 6)),
        ("瑞丰原来那10盒M4*10内六角，现在只要6盒", ("set_qty", "SC-M4x10-304", 6)),
        ("瑞丰M4*10内六角原来10盒，再加2盒", ("add_qty", "SC-M4x10-304", 2)),
        ("瑞丰的M4*10内六角昨天下了10盒，今天只要6盒", ("set_qty", "SC-M4x10-304", 6)),
    ],
)
def test_what_was_and_what_is_now_is_a_change(text: str, change: tuple[Any, ...]) -> None:
    assert changed(text) == [change]
    assert read(text)[1]["customer"] == "C023"


@pytest.mark.parametrize("text", ["瑞丰M4*10内六角上次10盒，这次6盒", "瑞丰M4*10内六角以前都是10盒，现在只要6盒"])
def test_what_was_ordered_another_time_is_none(text: str) -> None:
    intent, answer = read(text)
    assert (intent, [line["qty"] for line in answer["lines"]]) == ("place", [6])


@pytest.mark.parametrize(
    "said", ["有个地方要改", "要改", "需要改动", "想改点东西", "内容有变", "有地方写错了", "数量要改", "地址要改", "帮我改改", "下错了"]
)
def test_what_is_to_be_changed_is_asked(said: str) -> None:
    assert read(f"{NO} {said}") == ("amend", {"order": NO, "ask": "change"})


@pytest.mark.parametrize("said", ["改了吗", "改好了没"])
def test_whether_it_was_changed_is_a_question(said: str) -> None:
    assert read(f"{NO} {said}")[0] == "query"


@pytest.mark.parametrize(
    "text",
    [
        "赵总那家M16*60订100支",
        "给赵总那家发M16*60 100支",
        "赵经理他们要M16*60 100支",
        "老赵那家M16*60订100支",
        "赵姐店里要M16*60 100支",
        "给赵总来M16*60 100支",
        "M16*60 100支，赵总那家的",
    ],
)
def test_a_person_whom_nobody_knows_is_asked_for(text: str) -> None:
    intent, answer = read(text)
    assert (intent, answer.get("ask"), answer.get("candidates", [])) == ("place", "customer", [])


@pytest.mark.parametrize("text", ["陈哥早，M16*60 100支", "M16*60要100支，24小时内发", "2小包要M8平垫", "小单要急：M16*60 100支"])
def test_a_greeting_and_a_small_thing_are_nobody(text: str) -> None:
    intent, answer = read(text)
    assert (intent, answer.get("ask") == "customer") == ("place", False)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("GB/T6170 六角螺母 M8-304 4000pcs", "NT-M8-304"),
        ("M8-304螺母4000个", "NT-M8-304"),
        ("M8-30 镀锌螺栓 200支", "HB-M8x30-Z"),
        ("M8-30-304 200支", "HB-M8x30-304"),
    ],
)
def test_a_steel_behind_a_dash_is_no_length(text: str, product: str) -> None:
    _, answer = read(text)
    assert ([line["product"] for line in answer["lines"]], answer.get("ask")) == ([product], None)


@pytest.mark.parametrize("text", ["M12-304螺母 4000个", "M8-316螺母 4000个"])
def test_another_steel_is_never_taken_for_it(text: str) -> None:
    assert read(text)[1]["ask"] == "product"


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("电话不是13800138000，是13900139000", ("set_phone", "13900139000")),
        ("收货人不是王工，是李工", ("set_contact", "李工")),
        ("收件人原来是王工，现在是李工", ("set_contact", "李工")),
        ("地址原来江宁改柯桥", ("set_address", "柯桥")),
        ("不送江宁了，送柯桥", ("set_address", "柯桥")),
        ("原来自提，现在送柯桥", ("set_address", "柯桥")),
        ("送货改自提", ("set_pickup",)),
        ("M8*40不要了换成M8*30镀锌", ("replace", "HB-M8x40-Z", "HB-M8x30-Z")),
        ("M8平垫少1包", ("sub_qty", "WP-8-Z", 1)),
        ("M8*40多2盒", ("add_qty", "HB-M8x40-Z", 2)),
    ],
)
def test_of_the_old_and_the_new_only_the_new_counts(said: str, change: tuple[Any, ...]) -> None:
    assert changed(f"{NO} {said}") == [change]


@pytest.mark.parametrize("said", ["自提改送货", "不自提了，送货", "别加急了", "物流换一家", "不含税改含税"])
def test_what_is_only_given_up_leaves_the_change_open(said: str) -> None:
    assert read(f"{NO} {said}") == ("amend", {"order": NO, "ask": "change"})


@pytest.mark.parametrize(
    "said", ["M8*40是3盒吗", "M8*40是不是3盒", "我记得M8*40是3盒", "M8*40是不是改成3盒了", "M8*40改成3盒了吗", "不要改了"]
)
def test_who_asks_how_an_order_stands_changes_nothing(said: str) -> None:
    intent, answer = read(f"{NO} {said}")
    assert (intent, answer["order"], answer.get("changes")) == ("query", NO, None)


@pytest.mark.parametrize("said", ["M8*40能不能改成3盒", "M8*40可以改成3盒吗"])
def test_who_asks_kindly_for_a_change_gets_it(said: str) -> None:
    assert changed(f"{NO} {said}") == [("set_qty", "HB-M8x40-Z", 3)]


@pytest.mark.parametrize(
    "text",
    [
        f"取消{NO}的加急",
        f"{NO} 撤回刚才的修改",
        f"{NO} 撤掉备注",
        f"{NO} 除了M8*40其他都不要了",
        f"{NO} 只要M8*40，其他取消",
        f"{NO} 剩下的取消",
    ],
)
def test_a_part_that_is_given_up_cancels_no_order(text: str) -> None:
    assert read(text) == ("amend", {"order": NO, "ask": "change"})


def test_a_cancelling_that_is_not_sure_is_asked_for() -> None:
    assert read(f"客户说{NO}可能不要了")[1]["ask"] == "confirm"
    assert read("取消永固和恒泰的单子")[1]["ask"] == "order"
    assert read(f"{NO} 取消了怎么还在发")[0] == "query"
