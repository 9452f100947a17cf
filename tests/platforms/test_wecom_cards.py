"""WeCom's forms of a card: the right type, inside the limits, and what a pressed card turns into."""

import json

import pytest
import xmltodict
from hypothesis import given, settings

from platforms.limits import breaches
from platforms.wecom import reply
from platforms.wecom.cards import app_message, left_out, passive_card, takes_card, template_card, updated_card, webhook_message
from platforms.words import Card, CardButton, CardLink
from tests.support.cards import ORDER_NO, any_card, sample, sample_card
from tests.support.clock import TestClock

DRAFT = {
    "lines": [sample("order_draft")["lines"][0]],
    "assumptions": [],
}


def test_a_draft_is_a_card_with_buttons() -> None:
    message = app_message(sample_card("order_draft", **DRAFT), "task-1")
    card = message["template_card"]
    assert (card["card_type"], card["task_id"]) == ("button_interaction", "task-1")
    assert card["source"] == {"desc": "待确认", "desc_color": 2}
    assert [(button["text"], button["key"]) for button in card["button_list"]] == [
        ("确认下单", "dialog.confirm(1048576)"),
        ("不是这个意思", "habit.forget(1048576)"),
        ("算了", "dialog.drop(1048576)"),
    ]
    assert "500支(10盒) ¥1.20 → ¥600.00" in card["quote_area"]["quote_text"]
    assert {"keyname": "可承诺", "value": "！3月25日(周三) 晚5天"} in card["horizontal_content_list"]


def test_a_draft_that_a_card_cannot_show_whole_is_a_text_with_all_of_it() -> None:
    lines = [sample("order_draft")["lines"][0] | {"name": f"12.9级内六角圆柱头螺栓M12×80镀锌 {number}"} for number in range(8)]
    message = app_message(sample_card("order_draft", lines=lines, url=""), "task-1")
    assert message["msgtype"] == "text"
    assert all(line["name"] in message["text"]["content"] for line in lines)
    assert "回复 1 确认下单" in message["text"]["content"]


def test_beside_a_draft_that_links_to_its_page_all_lines_are_said_where_one_text_has_room() -> None:
    def draft(count: int) -> Card:
        return sample_card("order_draft", lines=[sample("order_draft")["lines"][0] | {"name": f"M12×80镀锌 {n}"} for n in range(count)])

    assert takes_card(draft(12))
    assert all(f"· {number + 1}、“M12×80镀锌” → M12×80镀锌 {number} ×" in left_out(draft(12)) for number in range(12))
    assert (left_out(draft(2)), left_out(draft(40))) == ("", "")


def test_a_long_order_shows_its_first_lines_and_links_to_the_rest() -> None:
    lines = [sample("order")["lines"][0] | {"name": f"12.9级内六角圆柱头螺栓M12×80镀锌 {number}"} for number in range(12)]
    card = app_message(sample_card("order", lines=lines), "task-1")["template_card"]
    area = card["quote_area"]["quote_text"].splitlines()
    assert [row.split()[1] for row in area[:3]] == ["0", "1", "2"]
    assert area[3:] == ["等12行"]
    assert card["card_action"]["url"] == card["jump_list"][0]["url"] == sample("order")["url"]


def test_a_notice_shows_its_date_large_and_opens_the_page() -> None:
    card = app_message(sample_card("progress", parcel=[], rest=[]), "task-1")["template_card"]
    assert card["card_type"] == "text_notice"
    assert card["main_title"]["title"] == "您的订单 SO260302-0007"
    assert card["emphasis_content"] == {"title": "3月20日(周五)", "desc": "预计送达"}
    assert card["card_action"] == {"type": 1, "url": sample("progress")["url"]}
    assert {"keyname": "运单号", "value": "SF1234567890123"} in card["horizontal_content_list"]


def test_without_a_page_a_notice_is_a_text() -> None:
    message = app_message(sample_card("served", url=""), "task-1")
    assert message["msgtype"] == "text"
    assert ORDER_NO in message["text"]["content"]


def test_choices_too_long_for_buttons_are_numbered() -> None:
    card = template_card(sample_card("question"), "task-1")
    assert card["quote_area"]["quote_text"].splitlines()[1] == "2 M12×80不锈钢螺栓304"
    assert [button["text"] for button in card["button_list"]] == ["1", "2", "3", "4", "5", "6"]
    assert card["button_list"][1]["key"] == "dialog.choose(1048576:1)"


def test_more_choices_than_buttons_are_a_text() -> None:
    choices = [{"text": f"M12×{size}", "action": "dialog.choose", "argument": f"7:{size}"} for size in range(20, 100, 10)]
    message = app_message(sample_card("question", choices=choices), "task-1")
    assert message["msgtype"] == "text"
    assert "回复 8 M12×90" in message["text"]["content"]


def test_a_pressed_card_without_buttons_keeps_one_that_is_grey() -> None:
    card = updated_card(sample_card("order", on_hold=None, stage="approved"))
    assert card["card_type"] == "button_interaction"
    assert card["replace_text"] == "已审核"
    assert len(card["button_list"]) == 1
    assert "task_id" not in card


def test_the_passive_form_survives_its_xml(clock: TestClock) -> None:
    card = sample_card("question", ask="]]><evil>&amp; M12<M14?")
    written = reply.update_card("zhaomin", "ww1", clock.now(), passive_card(card))
    read = xmltodict.parse(written)["xml"]["TemplateCard"]
    assert read["MainTitle"]["Title"] == "]]><evil>&amp; M12<M14?"
    assert [button["Key"] for button in read["ButtonList"]] == [button.key for button in card.buttons]
    assert read["CardType"] == "button_interaction"


def test_xml_names_are_those_of_the_documentation() -> None:
    passive = passive_card(sample_card("order", lines=[]))
    assert {
        "CardType",
        "Source",
        "MainTitle",
        "HorizontalContentList",
        "JumpList",
        "CardAction",
        "ButtonList",
        "ReplaceText",
    } <= passive.keys()
    assert set(passive["HorizontalContentList"][0]) == {"KeyName", "Value"}
    assert set(passive["Source"]) == {"Desc", "DescColor"}


def test_a_group_gets_a_notice_or_markdown_and_never_a_button() -> None:
    notice = webhook_message(sample_card("shipping_alert"))
    assert notice["template_card"]["card_type"] == "text_notice"
    assert notice["template_card"]["emphasis_content"]["title"] == "超时1032小时"
    plain = webhook_message(sample_card("shipping_alert", url=""))
    assert plain["msgtype"] == "markdown"
    assert "物流超时 SO260302-0007" in plain["markdown"]["content"]
    assert "button_list" not in json.dumps(webhook_message(sample_card("restock")))


@pytest.mark.parametrize("count", [1, 6])
def test_as_many_buttons_as_wecom_takes(count: int) -> None:
    buttons = [CardButton(text=f"选项{number}", key=str(number)) for number in range(count)]
    assert takes_card(Card(name="x", title="选一个", buttons=buttons))
    assert not takes_card(Card(name="x", title="选一个", buttons=[*buttons, *buttons, *buttons, *buttons, *buttons, *buttons, *buttons]))


def test_a_key_that_is_too_long_is_not_sent() -> None:
    link = CardLink(text="查看", url="https://gendan.example.com")
    assert not takes_card(Card(name="x", title="选一个", buttons=[CardButton(text="好", key="k" * 1025)], links=[link]))


@settings(max_examples=200, deadline=None)
@given(any_card())
def test_any_card_stays_inside_every_limit_and_names_its_order(card: Card) -> None:
    assert breaches(card) == []
    message = app_message(card, "task-1")
    assert ORDER_NO in json.dumps(message, ensure_ascii=False)
    assert (message["msgtype"] == "template_card") == takes_card(card)
    if takes_card(card) and card.buttons:
        assert [button["key"] for button in message["template_card"]["button_list"]] == [button.key for button in card.buttons]


@settings(max_examples=100, deadline=None)
@given(any_card())
def test_what_was_measured_is_what_is_sent(card: Card) -> None:
    """The limits once more, from the documentation and not from our own measuring."""
    if not takes_card(card):
        assert len(app_message(card, "t")["text"]["content"].encode()) <= 2048
        return
    sent = app_message(card, "t")["template_card"]
    assert len(sent["main_title"]["title"]) <= 36
    assert len(sent["main_title"]["desc"]) <= 44
    assert len(sent["sub_title_text"]) <= 160
    assert len(sent["horizontal_content_list"]) <= 6
    assert all(0 < len(field["keyname"]) <= 5 and len(field["value"]) <= 30 for field in sent["horizontal_content_list"])
    assert all(len(button["text"]) <= 10 for button in sent.get("button_list", []))
    assert len(sent.get("jump_list", [])) <= 3
