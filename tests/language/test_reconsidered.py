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
