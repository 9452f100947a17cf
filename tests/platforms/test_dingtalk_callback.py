"""What DingTalk sends becomes the desk's words, in each of the shapes that the documents show."""

import json
from typing import Any

import pytest

from platforms.dingtalk.callback import read_card, read_json, read_robot
from platforms.words import WITHHELD, Ignored, Message, Platform, Press, Rejected


def robot(**fields: Any) -> Message | Ignored:
    return read_robot({"msgtype": "text", "msgId": "m1", "conversationType": "1", "senderStaffId": "qianwei"} | fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": {"content": " 查单 0007 "}},
        {"content": "查单 0007"},
        {"content": {"content": "查单 0007"}},
        {"msgtype": "richText", "content": {"richText": [{"text": "查单 "}, {"type": "picture", "downloadCode": "x"}, {"text": "0007"}]}},
    ],
)
def test_a_text_is_found_wherever_it_stands(fields: dict[str, Any]):
    assert robot(**fields) == Message(Platform.DINGTALK, "m1", "qianwei", "查单 0007")


def test_a_message_in_a_group_names_the_group():
    message = robot(text={"content": "库存"}, conversationType="2", conversationId="cid9", isInAtList=True)
    assert isinstance(message, Message)
    assert message.group == "cid9"


@pytest.mark.parametrize("kind", ["picture", "audio", "file", "unknownMsgType"])
def test_another_kind_has_its_kind_and_no_text(kind: str):
    message = robot(msgtype=kind, content={"downloadCode": "x", "recognition": "语音"})
    assert isinstance(message, Message)
    assert (message.kind, message.text) == (kind, "")


def test_somebody_outside_the_organisation_has_no_name():
    message = read_robot({"msgtype": "text", "msgId": "m1", "text": {"content": "你好"}})
    assert isinstance(message, Message)
    assert message.sender == ""


@pytest.mark.parametrize("fields", [{}, {"errCode": 20001, "senderStaffId": ""}])
def test_a_message_without_text_is_ignored(fields: dict[str, Any]):
    assert isinstance(robot(**fields), Ignored)


@pytest.mark.parametrize("fields", [{"errCode": 20001}, {"content": {"errCode": "20001"}}])
def test_a_message_whose_content_is_withheld_is_still_somebodys(fields: dict[str, Any]):
    assert robot(**fields) == Message(Platform.DINGTALK, "m1", "qianwei", "", WITHHELD)


def test_an_empty_text_is_still_a_message():
    message = robot(text={"content": "  "})
    assert isinstance(message, Message)
    assert (message.kind, message.text) == ("text", "")


def test_without_an_id_the_same_message_is_still_the_same():
    first, again, other = (read_robot({"msgtype": "text", "text": {"content": text}, "createAt": 1}) for text in ("a", "a", "b"))
    assert isinstance(first, Message)
    assert isinstance(other, Message)
    assert first == again
    assert first.key != other.key


def test_an_endless_id_is_shortened_and_unreadable_characters_go():
    message = robot(msgId="m" * 5000, text={"content": "a\x00b\ud800c"})
    assert isinstance(message, Message)
    assert len(message.key) < 200
    assert message.text == "abc"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b"\xff", b"[" * 200_000])
def test_what_is_no_object_is_malformed(body: bytes):
    with pytest.raises(Rejected) as rejected:
        read_json(body)
    assert rejected.value.status == 400


def test_what_is_no_message_is_malformed():
    with pytest.raises(Rejected):
        read_robot({"hello": "world"})


PRIVATE = {"cardPrivateData": {"actionIds": ["b1"], "params": {"button": "signed"}}}


@pytest.mark.parametrize(
    "fields",
    [
        {"content": json.dumps(PRIVATE)},
        {"content": PRIVATE},
        {"value": json.dumps(PRIVATE)},
        {"content": json.dumps({"params": {"button": "signed"}})},
        {"params": {"button": "signed"}},
        {"content": "{broken", "value": json.dumps(PRIVATE)},
    ],
)
def test_a_button_is_found_wherever_it_stands(fields: dict[str, Any]):
    press = read_card({"type": "actionCallback", "outTrackId": "d7-abc", "userId": "qianwei"} | fields)
    assert isinstance(press, Press)
    assert (press.sender, press.button, press.card) == ("qianwei", "signed", "d7-abc")


def test_the_same_button_of_the_same_card_is_the_same_press():
    def press(card: str, button: str) -> str:
        read = read_card({"outTrackId": card, "userId": "qianwei", "params": {"button": button}})
        assert isinstance(read, Press)
        return read.key

    assert press("c1", "b1") == press("c1", "b1")
    assert len({press("c1", "b1"), press("c1", "b2"), press("c2", "b1")}) == 3


def test_a_callback_without_button_is_ignored_and_without_person_malformed():
    assert isinstance(read_card({"outTrackId": "c1", "userId": "qianwei", "content": "{}"}), Ignored)
    with pytest.raises(Rejected):
        read_card({"outTrackId": "c1", "params": {"button": "b"}})
