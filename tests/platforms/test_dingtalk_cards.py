"""DingTalk's forms of a card: Markdown, action card and the values of the interactive template."""

import json

from hypothesis import given, settings

from platforms.dingtalk.cards import action_card, card_params, left_out, markdown, robot_message, takes_card, webhook_message
from platforms.words import Card
from tests.support.cards import ORDER_NO, any_card, sample, sample_card


def test_an_answer_is_markdown_with_numbered_answers() -> None:
    answer = markdown(sample_card("order_draft", changed=[], url=""))
    assert answer["title"] == "【待确认】加急订单草稿，请核对"
    assert "  \n  回复 **1** 确认下单  \n  回复 **2** 不是这个意思  \n  回复 **3** 算了" in answer["text"]
    assert "可承诺：**！3月25日(周三) 晚5天**" in answer["text"]


def test_a_card_with_a_page_is_an_action_card() -> None:
    key, parameters = robot_message(sample_card("served"))
    assert key == "sampleActionCard"
    assert parameters["singleURL"] == sample("served")["url"]
    assert parameters["singleTitle"] == "查看订单"
    assert ORDER_NO in parameters["title"]
    assert sample("served")["url"] not in parameters["text"]


def test_a_card_without_a_page_is_markdown() -> None:
    key, parameters = robot_message(sample_card("served", url=""))
    assert key == "sampleMarkdown"
    assert set(parameters) == {"title", "text"}


def test_a_group_robot_gets_the_same_in_its_own_form() -> None:
    assert webhook_message(sample_card("shipping_alert"))["actionCard"] == action_card(sample_card("shipping_alert"))
    assert webhook_message(sample_card("shipping_over"))["msgtype"] == "markdown"


def test_the_template_gets_every_value_as_text() -> None:
    draft = sample_card("order_draft", changed=[], url="")
    assert takes_card(draft)
    params = card_params(draft)
    assert (params["title"], params["status"], params["tone"]) == ("加急订单草稿，请核对", "待确认", "alert")
    assert json.loads(params["fields"])[1] == {"name": "可承诺", "value": "3月25日(周三) 晚5天", "tone": "alert"}
    assert json.loads(params["buttons"])[0] == {"text": "确认下单", "key": "dialog.confirm(1048576)", "style": "primary"}
    assert json.loads(params["lines"]) == draft.lines
    assert (params["link_text"], params["link_url"]) == ("", "")


def test_an_update_clears_what_no_longer_stands() -> None:
    before, after = card_params(sample_card("order_draft")), card_params(sample_card("order"))
    assert before.keys() == after.keys()
    assert after["buttons"] == "[]"


def test_more_choices_than_the_template_shows_are_answered_by_number() -> None:
    choices = [{"text": f"M12×{size}", "action": "dialog.choose", "argument": f"7:{size}"} for size in range(20, 100, 10)]
    assert not takes_card(sample_card("question", choices=choices))


def test_a_draft_too_long_for_the_template_is_not_shown_in_part() -> None:
    assert not takes_card(sample_card("order_draft", lines=sample("order_draft")["lines"] * 10, url=""))


def test_beside_a_draft_that_links_to_its_page_all_lines_are_said() -> None:
    draft = sample_card("order_draft", lines=sample("order_draft")["lines"] * 6)
    assert takes_card(draft)
    beside = left_out(draft)
    assert beside is not None
    assert all(f"- {number}、" in beside["text"] for number in range(1, 25))
    assert left_out(sample_card("order_draft")) is None
    assert left_out(sample_card("order_draft", lines=sample("order_draft")["lines"] * 30)) is None


@settings(max_examples=200, deadline=None)
@given(any_card())
def test_any_card_stays_inside_the_limits(card: Card) -> None:
    params = card_params(card)
    assert all(isinstance(value, str) and len(value.encode()) <= 1024 for value in params.values())
    assert all(isinstance(json.loads(params[name]), list) for name in ("fields", "lines", "buttons"))
    assert ORDER_NO in params["title"]
    assert len(markdown(card)["text"].encode()) <= 5000
    if takes_card(card):
        assert [button["key"] for button in json.loads(params["buttons"])] == [button.key for button in card.buttons]
