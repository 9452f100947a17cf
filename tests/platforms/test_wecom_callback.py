"""What WeCom sends becomes the desk's words."""

import pytest

from platforms.wecom.callback import read_callback
from platforms.words import GREETING, Ignored, Message, Platform, Press, Rejected

HEAD = (
    "<ToUserName>ww1</ToUserName><FromUserName><![CDATA[ZhaoMin]]></FromUserName>"
    "<CreateTime>1772415000</CreateTime><AgentID>1000002</AgentID>"
)


def xml(inner: str) -> str:
    return f"<xml>{HEAD}{inner}</xml>"


def event(name: str, inner: str = "") -> str:
    return xml(f"<MsgType>event</MsgType><Event>{name}</Event>{inner}")


def card_event(response_code: str = "fresh", key: str = "signed-text", items: int = 0) -> str:
    item = "<SelectedItem><QuestionKey>q</QuestionKey><OptionIds><OptionId>1</OptionId></OptionIds></SelectedItem>"
    selected = f"<SelectedItems>{item * items}</SelectedItems>" if items else ""
    return event(
        "template_card_event",
        f"<EventKey><![CDATA[{key}]]></EventKey><TaskId>d7-abc</TaskId><ResponseCode>{response_code}</ResponseCode>{selected}",
    )


def test_a_text_is_a_message_with_the_platforms_id():
    message = read_callback(xml("<MsgType>text</MsgType><Content><![CDATA[ 查单 0007 <&>\n]]></Content><MsgId>1234567890123456</MsgId>"))
    assert message == Message(Platform.WECOM, "1234567890123456", "ZhaoMin", "查单 0007 <&>")


@pytest.mark.parametrize("kind", ["image", "voice", "file", "location"])
def test_another_kind_of_message_has_its_kind_and_no_text(kind: str):
    message = read_callback(xml(f"<MsgType>{kind}</MsgType><MediaId>m</MediaId><MsgId>5</MsgId>"))
    assert message == Message(Platform.WECOM, "5", "ZhaoMin", "", kind)


def test_a_message_without_text_is_empty():
    message = read_callback(xml("<MsgType>text</MsgType><Content></Content><MsgId>6</MsgId>"))
    assert isinstance(message, Message)
    assert message.text == ""


@pytest.mark.parametrize("items", [0, 1, 2])
def test_a_card_event_is_a_press(items: int):
    press = read_callback(card_event(items=items))
    assert isinstance(press, Press)
    assert (press.sender, press.button, press.card, press.code) == ("ZhaoMin", "signed-text", "d7-abc", "fresh")


def test_two_quick_presses_are_two():
    first, second, other = (read_callback(card_event(*args)) for args in (("code1",), ("code2",), ("code1", "other-button")))
    assert isinstance(first, Press)
    assert isinstance(second, Press)
    assert isinstance(other, Press)
    assert len({first.key, second.key, other.key}) == 3


def test_a_repeated_press_is_the_same():
    assert read_callback(card_event()) == read_callback(card_event())


def test_a_menu_entry_is_what_it_stands_for():
    message = read_callback(event("click", "<EventKey><![CDATA[待办]]></EventKey>"))
    assert isinstance(message, Message)
    assert message.text == "待办"


@pytest.mark.parametrize("name", ["subscribe", "enter_agent"])
def test_coming_to_the_desk_is_a_greeting(name: str):
    message = read_callback(event(name, "<EventKey></EventKey>"))
    assert isinstance(message, Message)
    assert message.kind == GREETING


@pytest.mark.parametrize("name", ["unsubscribe", "view", "LOCATION", "batch_job_result", "something_new", "taskcard_click"])
def test_other_events_are_ignored(name: str):
    assert isinstance(read_callback(event(name)), Ignored)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "no xml",
        "<xml></xml>",
        "<xml>text</xml>",
        "<other/>",
        "<xml><MsgType>text</MsgType></xml>",
        xml("<MsgType>event</MsgType>"),
        xml("<MsgType>text</MsgType><MsgType>text</MsgType><Content>x</Content>"),
        xml("<MsgType>text</MsgType>").replace("1772415000", "soon"),
        xml("<MsgType>text</MsgType><Content>&bomb;</Content>"),
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + xml("<MsgType>text</MsgType><Content>&b;</Content>"),
    ],
)
def test_what_is_no_message_is_rejected(broken: str):
    with pytest.raises(Rejected) as rejected:
        read_callback(broken)
    assert rejected.value.status == 400
