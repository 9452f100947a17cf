"""The stand-in of WeCom keeps to the platform's rules of sending."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from sandbox.server import Sandbox
from tests.sandbox.conftest import Call
from tests.support.clock import TestClock

URL = "https://example.com/o/1"


def text(to: str = "zhaomin", content: str = "你好", **more: Any) -> dict[str, Any]:
    return {"touser": to, "agentid": 1000002, "msgtype": "text", "text": {"content": content}} | more


def card(task_id: str = "t1", **more: Any) -> dict[str, Any]:
    content = {
        "card_type": "button_interaction",
        "main_title": {"title": "订单草稿"},
        "task_id": task_id,
        "button_list": [{"text": "确认下单", "key": "k1"}, {"text": "算了", "key": "k2"}],
    }
    return {"touser": "zhaomin", "agentid": 1000002, "msgtype": "template_card", "template_card": content | more}


def notice(**more: Any) -> dict[str, Any]:
    content = {"card_type": "text_notice", "main_title": {"title": "已发货"}, "card_action": {"type": 1, "url": URL}}
    return {"touser": "zhaomin", "agentid": 1000002, "msgtype": "template_card", "template_card": content | more}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, 41004),
        ({"corpid": "wrong", "corpsecret": "wrong"}, 40013),
        ({"corpid": "ww5a9d00gendan00", "corpsecret": "wrong"}, 40001),
    ],
)
async def test_token_errors_come_in_the_platforms_order(sandbox: Sandbox, http: ClientSession, query: dict[str, str], code: int) -> None:
    async with http.get(sandbox.settings.wecom.api_base + "gettoken", params=query) as response:
        assert (response.status, (await response.json())["errcode"]) == (200, code)


async def test_a_token_stays_the_same_until_it_expires_or_is_killed(sandbox: Sandbox, clock: TestClock) -> None:
    first = sandbox.wecom.tokens.issue()
    assert sandbox.wecom.tokens.issue() == first
    clock.forward(timedelta(seconds=7200))
    assert sandbox.wecom.tokens.state(first) == "expired"
    second = sandbox.wecom.tokens.issue()
    sandbox.wecom.tokens.kill()
    assert second != first
    assert sandbox.wecom.tokens.state(second) == "unknown"


@pytest.mark.parametrize(("token", "code"), [("", 41001), ("invented", 40014)])
async def test_the_token_is_checked_before_the_body(sandbox: Sandbox, http: ClientSession, token: str, code: int) -> None:
    async with http.post(sandbox.settings.wecom.api_base + "message/send", params={"access_token": token}, data=b"{") as response:
        assert (response.status, (await response.json())["errcode"]) == (200, code)


async def test_an_unknown_path_is_an_empty_404(sandbox: Sandbox, http: ClientSession) -> None:
    async with http.get(sandbox.settings.wecom.api_base + "no/such") as response:
        assert (response.status, await response.text()) == (404, "")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (text(agentid="1000002"), 40056),
        (text(agentid=7), 301002),
        (text(to=""), 82001),
        (text(to="nobody|noone"), 81013),
        (text(msgtype="video"), 40008),
        (text(content=""), 44004),
        (text(content="字" * 683), 45002),
    ],
)
async def test_a_message_that_breaks_a_rule_is_refused(sandbox: Sandbox, wecom: Call, body: dict[str, Any], code: int) -> None:
    assert (await wecom("message/send", body))["errcode"] == code
    assert not sandbox.ledger.messages


async def test_a_part_of_the_receivers_may_be_wrong(sandbox: Sandbox, wecom: Call) -> None:
    answer = await wecom("message/send", text(to="ZhaoMin|NoBody"))
    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody")
    assert [message.content["content"] for message in sandbox.messages("zhaomin")] == ["你好"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (card(card_type="poster"), 42031),
        (card(task_id=""), 42014),
        (card(task_id="编号"), 42014),
        (card(main_title={}), 42033),
        (card(button_list=[]), 42020),
        (card(button_list=[{"text": f"{n}", "key": f"{n}"} for n in range(7)]), 42020),
        (card(button_list=[{"text": "", "key": "k"}]), 42038),
        (card(button_list=[{"text": "好", "key": "k" * 1025}]), 42039),
        (card(button_list=[{"text": "好", "key": "k"}, {"text": "不好", "key": "k"}]), 42016),
        (card(button_list=[{"text": "看", "type": 1, "url": "ftp://x"}]), 42028),
        (card(horizontal_content_list=[{"keyname": "客户", "value": "锐固"}] * 7), 42035),
        (card(horizontal_content_list=[{"value": "锐固"}]), 42027),
        (card(horizontal_content_list=[{"keyname": "文件", "type": 2}]), 42029),
        (card(horizontal_content_list=[{"keyname": "人", "type": 3}]), 42050),
        (card(jump_list=[{"title": "看", "type": 1, "url": URL}] * 4), 42042),
        (card(jump_list=[{"title": "小程序", "type": 2}]), 42030),
        (card(action_menu={"action_list": []}), 42051),
        (card(button_selection={"option_list": [{"id": "1", "text": "一"}]}), 42043),
        (notice(card_action={}), 42045),
        (notice(card_action={"type": 1, "url": "nowhere"}), 42028),
        (notice(vertical_content_list=[{"title": "一"}] * 5), 42036),
        (notice(card_type="news_notice"), 42044),
    ],
)
async def test_a_card_that_breaks_a_rule_is_refused_with_its_code(sandbox: Sandbox, wecom: Call, body: dict[str, Any], code: int) -> None:
    assert (await wecom("message/send", body))["errcode"] == code
    assert not sandbox.ledger.messages


async def test_a_card_with_buttons_needs_a_callback_address(sandbox: Sandbox, wecom: Call) -> None:
    sandbox.wecom.callback_url = ""
    assert (await wecom("message/send", card()))["errcode"] == 43012
    assert (await wecom("message/send", notice()))["errcode"] == 0


async def test_only_cards_that_can_change_get_a_response_code(wecom: Call) -> None:
    assert "response_code" in await wecom("message/send", card())
    assert "response_code" not in await wecom("message/send", notice())
    menu = {"action_menu": {"desc": "更多", "action_list": [{"text": "静音", "key": "mute"}]}, "task_id": "t2"}
    assert "response_code" in await wecom("message/send", notice(**menu))


async def test_a_text_that_the_reader_would_not_see_whole_is_noted(sandbox: Sandbox, wecom: Call) -> None:
    await wecom("message/send", notice(horizontal_content_list=[{"keyname": "六个字太长了", "value": "短"}]))
    assert sandbox.messages("zhaomin")[0].overlong == ["horizontal_content_list.keyname: 六个字太长了"]


async def test_the_same_request_is_not_sent_again_inside_its_interval(sandbox: Sandbox, wecom: Call, clock: TestClock) -> None:
    body = text(enable_duplicate_check=1, duplicate_check_interval=600)
    first = await wecom("message/send", body)
    assert (await wecom("message/send", body))["msgid"] == first["msgid"]
    assert len(sandbox.messages("zhaomin")) == 1
    clock.forward(timedelta(seconds=600))
    await wecom("message/send", body)
    assert len(sandbox.messages("zhaomin")) == 2


async def test_the_thirty_first_message_of_a_minute_is_dropped_without_a_word(sandbox: Sandbox, wecom: Call, clock: TestClock) -> None:
    answers = [await wecom("message/send", text(content=f"{n}")) for n in range(31)]
    assert {answer["errcode"] for answer in answers} == {0}
    assert len(sandbox.messages("zhaomin")) == 30
    clock.forward(timedelta(minutes=1))
    await wecom("message/send", text())
    assert len(sandbox.messages("zhaomin")) == 31


async def update(wecom: Call, code: str, **more: Any) -> dict[str, Any]:
    body = {"userids": ["zhaomin"], "agentid": 1000002, "response_code": code, "button": {"replace_name": "已确认"}}
    return await wecom("message/update_template_card", body | more)


async def test_a_response_code_changes_the_card_once(sandbox: Sandbox, wecom: Call) -> None:
    code = (await wecom("message/send", card()))["response_code"]
    answer = await update(wecom, code)
    assert (answer["errcode"], answer["invaliduser"]) == (0, [])
    assert sandbox.messages("zhaomin")[0].content["replace_text"] == "已确认"
    assert (await update(wecom, code))["errcode"] == 60140
    assert sandbox.messages("zhaomin")[0].changes == 1


async def test_a_response_code_lives_for_72_hours(sandbox: Sandbox, wecom: Call, clock: TestClock) -> None:
    code = (await wecom("message/send", card()))["response_code"]
    clock.forward(timedelta(hours=72))
    assert (await update(wecom, code))["errcode"] == 60140
    assert sandbox.messages("zhaomin")[0].changes == 0


async def test_an_update_may_bring_another_card_and_keeps_the_task(sandbox: Sandbox, wecom: Call) -> None:
    code = (await wecom("message/send", card()))["response_code"]
    await update(wecom, code, template_card=notice(main_title={"title": "已下单"})["template_card"])
    shown = sandbox.messages("zhaomin")[0].content
    assert (shown["main_title"]["title"], shown["task_id"]) == ("已下单", "t1")


async def test_a_message_can_be_recalled_for_a_day(sandbox: Sandbox, wecom: Call, clock: TestClock) -> None:
    msgid = (await wecom("message/send", text()))["msgid"]
    assert (await wecom("message/recall", {"msgid": msgid}))["errcode"] == 0
    assert sandbox.messages("zhaomin")[0].content == {"content": "（已撤回）"}
    late = (await wecom("message/send", text(content="又一条")))["msgid"]
    clock.forward(timedelta(hours=24))
    assert (await wecom("message/recall", {"msgid": late}))["errcode"] == 40058
