"""The stand-in of DingTalk: two gateways with their own manners, cards, to-dos, callbacks, monthly counters."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from sandbox.server import Sandbox
from sandbox.signing import dingtalk_card_sign, dingtalk_sign
from tests.sandbox.conftest import Product
from tests.support.clock import TestClock

Api = Callable[..., Awaitable[tuple[int, dict[str, Any]]]]


async def test_the_new_gateway_takes_its_token_from_the_header_only(sandbox: Sandbox, http: ClientSession) -> None:
    url = sandbox.settings.dingtalk.api_base + "/v1.0/robot/oToMessages/batchSend"
    async with http.post(url, params={"access_token": sandbox.dingtalk.tokens.issue()}, json={}) as response:
        assert (response.status, (await response.json())["code"]) == (400, "AuthenticationFailed.MissingParameter")
    async with http.post(url, headers={"x-acs-dingtalk-access-token": "invented"}, json={}) as response:
        assert (response.status, (await response.json())["code"]) == (400, "InvalidAuthentication")


async def test_the_old_gateway_wraps_errors_of_the_token(sandbox: Sandbox, http: ClientSession) -> None:
    url = sandbox.settings.dingtalk.oapi_base + "/topapi/v2/user/get"
    for query, sub_code in (({}, "40000"), ({"access_token": "invented"}, "40014")):
        async with http.post(url, params=query, json={"userid": "qianwei"}) as response:
            body = await response.json()
            assert (response.status, body["errcode"], body["sub_code"]) == (200, 88, sub_code)


async def test_wrong_credentials_are_refused_by_both_gateways(sandbox: Sandbox, http: ClientSession) -> None:
    base = sandbox.settings.dingtalk
    async with http.post(base.api_base + "/v1.0/oauth2/accessToken", json={"appKey": base.app_key, "appSecret": "x"}) as response:
        assert (response.status, (await response.json())["code"]) == (400, "invalidClientIdOrSecret")
    async with http.get(base.oapi_base + "/gettoken", params={"appkey": base.app_key, "appsecret": "x"}) as response:
        assert (response.status, (await response.json())["errcode"]) == (200, 40096)


async def test_unknown_paths_are_told_in_each_gateways_way(sandbox: Sandbox, http: ClientSession) -> None:
    async with http.get(sandbox.settings.dingtalk.oapi_base + "/topapi/no/such") as response:
        assert (response.status, (await response.json())["errcode"]) == (200, 22)
    async with http.get(sandbox.settings.dingtalk.api_base + "/v1.0/no/such") as response:
        assert response.status == 404


async def test_a_persons_union_id_is_looked_up(sandbox: Sandbox, http: ClientSession) -> None:
    query = {"access_token": sandbox.dingtalk.tokens.issue()}
    async with http.post(sandbox.settings.dingtalk.oapi_base + "/topapi/v2/user/get", params=query, json={"userid": "qianwei"}) as response:
        assert (await response.json())["result"]["unionid"] == "union-qianwei"
    assert sandbox.dingtalk.monthly_calls == 0


def batch(**more: Any) -> dict[str, Any]:
    param = json.dumps({"title": "提醒", "text": "### 提醒"}, ensure_ascii=False)
    return {"robotCode": "dinggendansandbox", "userIds": ["qianwei"], "msgKey": "sampleMarkdown", "msgParam": param} | more


async def test_a_robot_message_names_the_people_it_did_not_reach(sandbox: Sandbox, dingtalk: Api) -> None:
    status, body = await dingtalk("POST", "/v1.0/robot/oToMessages/batchSend", batch(userIds=["qianwei", "ghost"]))
    assert (status, body["invalidStaffIdList"]) == (200, ["ghost"])
    assert [message.form for message in sandbox.messages("qianwei")] == ["markdown"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"robotCode": "another"}, "invalidParameter.robotCode.notFound"),
        ({"userIds": []}, "invalidParameter.userIds.tooMany"),
        ({"userIds": ["qianwei"] * 21}, "invalidParameter.userIds.tooMany"),
        ({"msgKey": "sampleHologram"}, "invalidParameter.msgKey.invalid"),
        ({"msgParam": {"title": "x", "text": "y"}}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": json.dumps({"title": "x", "text": "y" * 15_000})}, "invalidParameter.msgParam.tooLong"),
        ({"msgParam": json.dumps({"title": "x"})}, "invalidParameter.msgParam.invalid"),
    ],
)
async def test_a_robot_message_that_breaks_a_rule_is_refused(sandbox: Sandbox, dingtalk: Api, more: dict[str, Any], code: str) -> None:
    status, body = await dingtalk("POST", "/v1.0/robot/oToMessages/batchSend", batch(**more))
    assert (status, body["code"]) == (400, code)
    assert not sandbox.messages("qianwei")


def card(**more: Any) -> dict[str, Any]:
    return {
        "cardTemplateId": "c0ffee00-9e9d-4a11-8a11-sandbox.schema",
        "outTrackId": "draft-1",
        "callbackType": "HTTP",
        "callbackRouteKey": "gendan",
        "cardData": {"cardParamMap": {"title": "订单草稿", "buttons": json.dumps([{"text": "确认下单", "key": "k1"}])}},
        "openSpaceId": "dtv1.card//IM_ROBOT.qianwei",
        "imRobotOpenSpaceModel": {"supportForward": False},
        "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": "dinggendansandbox"},
    } | more


CREATE = "/v1.0/card/instances/createAndDeliver"


async def test_a_card_is_made_once(sandbox: Sandbox, dingtalk: Api) -> None:
    status, body = await dingtalk("POST", CREATE, card())
    assert (status, body["result"]["deliverResults"][0]["success"]) == (200, True)
    status, body = await dingtalk("POST", CREATE, card())
    assert (status, body["code"]) == (400, "param.cardAlreadyExist")
    assert len(sandbox.messages("qianwei")) == 1


async def test_a_card_for_nobody_says_so_inside_a_success(sandbox: Sandbox, dingtalk: Api) -> None:
    status, body = await dingtalk("POST", CREATE, card(openSpaceId="dtv1.card//IM_ROBOT.ghost"))
    assert (status, body["success"], body["result"]["deliverResults"][0]["success"]) == (200, True, False)
    assert not sandbox.ledger.messages


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"cardTemplateId": "another"}, "param.templateNotExist"),
        ({"openSpaceId": ""}, "param.openSpaceIdInvalid"),
        ({"cardData": {"cardParamMap": {"count": 1}}}, "param.cardDataInvalid"),
        ({"cardData": {"cardParamMap": {"text": "字" * 342}}}, "param.cardDataTooLong"),
        ({"imRobotOpenDeliverModel": None}, "param.deliverModelInvalid"),
    ],
)
async def test_a_card_that_breaks_a_rule_is_refused(sandbox: Sandbox, dingtalk: Api, more: dict[str, Any], code: str) -> None:
    status, body = await dingtalk("POST", CREATE, card(**more))
    assert (status, body["code"]) == (400, code)
    assert not sandbox.ledger.messages


async def test_an_update_overwrites_all_unless_it_goes_by_key(sandbox: Sandbox, dingtalk: Api) -> None:
    await dingtalk("POST", CREATE, card())
    new = {"outTrackId": "draft-1", "cardData": {"cardParamMap": {"title": "已下单"}}}
    await dingtalk("PUT", "/v1.0/card/instances", new | {"cardUpdateOptions": {"updateCardDataByKey": True}})
    assert set(sandbox.messages("qianwei")[0].content) == {"title", "buttons"}
    await dingtalk("PUT", "/v1.0/card/instances", new)
    assert sandbox.messages("qianwei")[0].content == {"title": "已下单"}
    status, body = await dingtalk("PUT", "/v1.0/card/instances", new | {"outTrackId": "no such"})
    assert (status, body["code"]) == (400, "param.cardNotExist")


async def test_a_press_is_signed_and_its_answer_changes_the_card(sandbox: Sandbox, product: tuple[Product, int], dingtalk: Api) -> None:
    url = f"http://127.0.0.1:{product[1]}/dingtalk/card"
    registration = {"callbackRouteKey": "gendan", "callbackUrl": url, "apiSecret": "s", "forceUpdate": False}
    assert (await dingtalk("POST", "/v1.0/card/callbacks/register", registration))[0] == 200
    assert (await dingtalk("POST", "/v1.0/card/callbacks/register", registration))[1]["code"] == "param.callbackAlreadyExist"
    await dingtalk("POST", CREATE, card())
    product[0].reply = json.dumps({"cardUpdateOptions": {"updateCardDataByKey": True}, "cardData": {"cardParamMap": {"title": "已下单"}}})
    await sandbox.press(sandbox.messages("qianwei")[0].id, "确认下单")
    headers, body = product[0].requests[0], json.loads(product[0].came[0])
    assert headers["x-ddpaas-signature"] == dingtalk_card_sign("s", headers["x-ddpaas-signature-timestamp"])
    assert json.loads(body["content"])["cardPrivateData"]["params"] == {"button": "k1"}
    assert sandbox.messages("qianwei")[0].content["title"] == "已下单"


async def test_a_press_without_a_registered_route_goes_nowhere(sandbox: Sandbox, dingtalk: Api) -> None:
    await dingtalk("POST", CREATE, card())
    assert (await sandbox.press(sandbox.messages("qianwei")[0].id, 0)).status == 0
    assert sandbox.ledger.problems


def todo(**more: Any) -> dict[str, Any]:
    links = {"appUrl": "https://example.com", "pcUrl": "https://example.com"}
    return {"subject": "补货 M12×80", "sourceId": "task:3", "executorIds": ["union-zhoufang"], "detailUrl": links} | more


TODOS = "/v1.0/todo/users/union-zhoufang/tasks"


async def test_a_to_do_is_made_once_per_source_and_marked_done(sandbox: Sandbox, dingtalk: Api) -> None:
    _, made = await dingtalk("POST", TODOS, todo())
    status, body = await dingtalk("POST", TODOS, todo())
    assert (status, body["code"]) == (400, "todo.taskCreate.paramError")
    assert "task exist" in body["message"]
    assert made["id"] in body["message"]
    await dingtalk("PUT", f"{TODOS}/{made['id']}", {"done": True})
    (message,) = sandbox.messages("dingtalk/zhoufang")
    assert message.content["done"]
    assert (await dingtalk("PUT", f"{TODOS}/none", {"done": True}))[1]["message"] == "task not exist"


@pytest.mark.parametrize("more", [{"subject": ""}, {"detailUrl": {}}, {"executorIds": ["zhoufang"]}, {"executorIds": []}])
async def test_a_to_do_that_breaks_a_rule_is_refused(sandbox: Sandbox, dingtalk: Api, more: dict[str, Any]) -> None:
    assert (await dingtalk("POST", TODOS, todo(**more)))[1]["code"] == "todo.taskCreate.paramError"
    assert not sandbox.ledger.messages


async def test_a_robot_message_is_signed_and_its_answer_rides_back(sandbox: Sandbox, product: tuple[Product, int]) -> None:
    product[0].reply = json.dumps({"msgtype": "markdown", "markdown": {"title": "帮助", "text": "### 帮助"}})
    await sandbox.say("qianwei", "帮助")
    headers, body = product[0].requests[0], json.loads(product[0].came[0])
    assert headers["sign"] == dingtalk_sign(sandbox.settings.dingtalk.app_secret.get_secret_value(), headers["timestamp"])
    assert (body["senderStaffId"], body["text"]["content"], body["conversationType"]) == ("qianwei", "帮助", "1")
    assert [message.form for message in sandbox.messages("qianwei")] == ["text", "markdown"]


async def test_an_empty_answer_says_nothing_and_a_broken_one_is_noted(sandbox: Sandbox, product: tuple[Product, int]) -> None:
    product[0].reply = json.dumps({"msgtype": "empty"})
    await sandbox.say("qianwei", "帮助")
    assert not sandbox.ledger.problems
    product[0].reply = json.dumps({"msgtype": "markdown", "markdown": {"text": "no title"}})
    await sandbox.say("qianwei", "帮助")
    assert len(sandbox.ledger.problems) == 1
    assert len(sandbox.messages("qianwei")) == 2


async def test_a_session_answers_for_ninety_minutes(
    sandbox: Sandbox, product: tuple[Product, int], http: ClientSession, clock: TestClock
) -> None:
    await sandbox.say("qianwei", "帮助")
    url = json.loads(product[0].came[0])["sessionWebhook"]
    answer = {"msgtype": "text", "text": {"content": "在的"}}
    async with http.post(url, json=answer) as response:
        assert (await response.json())["errcode"] == 0
    clock.forward(timedelta(minutes=90))
    async with http.post(url, json=answer) as response:
        assert (await response.json())["errcode"] != 0
    assert [message.content for message in sandbox.messages("qianwei")][1:] == [{"content": "在的"}]


async def test_the_months_calls_run_out_and_begin_anew(sandbox: Sandbox, dingtalk: Api, clock: TestClock) -> None:
    sandbox.dingtalk.settings.monthly_calls = 1
    assert (await dingtalk("POST", "/v1.0/robot/oToMessages/batchSend", batch()))[0] == 200
    status, body = await dingtalk("POST", "/v1.0/robot/oToMessages/batchSend", batch())
    assert (status, body["code"]) == (403, "Forbidden.AccessDenied.ApiCountLimitForOrg")
    clock.forward(timedelta(days=31))
    assert (await dingtalk("POST", "/v1.0/robot/oToMessages/batchSend", batch()))[0] == 200


async def test_a_message_over_the_months_pushes_comes_without_its_text(sandbox: Sandbox, product: tuple[Product, int]) -> None:
    sandbox.dingtalk.settings.monthly_pushes = 0
    await sandbox.say("qianwei", "帮助")
    body = json.loads(product[0].came[0])
    assert body["errCode"] == 20001
    assert "text" not in body
