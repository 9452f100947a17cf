"""The clients of the platforms: one token for all processes, bounded repetition, and what a failure means."""

import logging
import multiprocessing
import socket
from collections.abc import Iterator

import pytest
import requests
from redis import Redis

from platforms.dingtalk.client import DingTalkClient
from platforms.dingtalk.errors import oapi_code, refusal
from platforms.dingtalk.oapi import OapiClient
from platforms.errors import Action, PlatformError
from platforms.wechat.client import WeChatAccount
from platforms.wecom.client import WeComClient
from platforms.wecom.webhook import WeComWebhook
from sandbox.server import Sandbox, in_thread
from store.settings import Settings
from tests.support.clock import TestClock

TEXT = {"msgtype": "text", "text": {"content": "你好"}}


@pytest.fixture
def sandbox(settings: Settings, clock: TestClock) -> Iterator[Sandbox]:
    with in_thread(settings, clock) as running:
        yield running.sandbox


def wecom(sandbox: Sandbox, redis: Redis, base: str = "") -> WeComClient:
    settings = sandbox.settings.wecom
    return WeComClient(redis, settings.corp_id, settings.secret.get_secret_value(), settings.agent_id, base or settings.api_base)


def wechat(sandbox: Sandbox, redis: Redis) -> WeChatAccount:
    settings = sandbox.settings.wechat
    return WeChatAccount(redis, settings.app_id, settings.secret.get_secret_value(), settings.api_base)


def dingtalk(sandbox: Sandbox, redis: Redis) -> DingTalkClient:
    settings = sandbox.settings.dingtalk
    return DingTalkClient(redis, settings.app_key, settings.app_secret.get_secret_value(), settings.api_base, lambda: None)


def oapi(sandbox: Sandbox, redis: Redis) -> OapiClient:
    settings = sandbox.settings.dingtalk
    secret = settings.app_secret.get_secret_value()
    return OapiClient(dingtalk(sandbox, redis).token, settings.app_key, secret, settings.oapi_base)


def test_processes_share_one_token_fetched_by_one_of_them(sandbox: Sandbox, redis: Redis) -> None:
    sandbox.faults.add("gettoken", "slow", seconds=0.5)
    fork = multiprocessing.get_context("fork")
    senders = [fork.Process(target=lambda: wecom(sandbox, redis).send("wugang", TEXT)) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert [sender.exitcode for sender in senders] == [0, 0, 0]
    assert len(sandbox.messages("wecom/wugang")) == 3
    assert sandbox.calls["wecom gettoken"] == 1


def test_a_token_that_dies_early_is_replaced_once(sandbox: Sandbox, redis: Redis) -> None:
    client = wecom(sandbox, redis)
    client.send("wugang", TEXT)
    sandbox.wecom.tokens.kill()
    client.send("wugang", TEXT)
    assert len(sandbox.messages("wecom/wugang")) == 2
    assert sandbox.calls["wecom gettoken"] == 2


def test_a_token_that_stays_dead_ends_after_one_repetition(sandbox: Sandbox, redis: Redis) -> None:
    sandbox.faults.add("message/send", "40014", times=100)
    with pytest.raises(PlatformError) as refused:
        wecom(sandbox, redis).send("wugang", TEXT)
    assert refused.value.action is Action.RETRY
    assert sandbox.calls["wecom message/send"] == 2


def test_a_follower_of_the_service_account_is_reached_with_a_new_token(sandbox: Sandbox, redis: Redis) -> None:
    account, fields = wechat(sandbox, redis), sandbox.settings.wechat.template_fields.model_dump()
    data = {field: {"value": "x"} for field in fields.values()}
    for number in range(2):
        account.send_template("openid-ruigu", sandbox.settings.wechat.template_progress, data, "", f"key{number}")
        sandbox.wechat.tokens.kill()
    assert len(sandbox.messages("wechat/openid-ruigu")) == 2
    assert sandbox.calls["wechat token"] == 2


def test_dingtalks_two_gateways_share_a_token_and_see_it_die(sandbox: Sandbox, redis: Redis) -> None:
    directory = oapi(sandbox, redis)
    assert directory.unionid("zhoufang") == "union-zhoufang"
    sandbox.dingtalk.tokens.kill()
    assert directory.unionid("zhoufang") == "union-zhoufang"
    sandbox.dingtalk.tokens.kill()
    dingtalk(sandbox, redis).send_to_person(sandbox.settings.dingtalk.robot, "zhoufang", "sampleText", {"content": "你好"})
    assert len(sandbox.messages("dingtalk/zhoufang")) == 1
    assert sandbox.calls["dingtalk /v1.0/oauth2/accessToken"] == 3


@pytest.mark.parametrize(("code", "action"), [("40014", Action.RETRY), ("60011", Action.CONFIGURATION), ("90020", Action.QUOTA)])
def test_the_cause_inside_errcode_88_counts(sandbox: Sandbox, redis: Redis, code: str, action: Action) -> None:
    sandbox.faults.add("user/get", code, times=5)
    with pytest.raises(PlatformError) as refused:
        oapi(sandbox, redis).unionid("zhoufang")
    assert refused.value.action is action


def test_a_wrong_secret_is_for_a_person_to_put_right(sandbox: Sandbox, redis: Redis) -> None:
    settings = sandbox.settings
    wrong = [
        WeComClient(redis, settings.wecom.corp_id, "wrong", settings.wecom.agent_id, settings.wecom.api_base).token,
        WeChatAccount(redis, settings.wechat.app_id, "wrong", settings.wechat.api_base).token,
        DingTalkClient(redis, settings.dingtalk.app_key, "wrong", settings.dingtalk.api_base, lambda: None).token,
    ]
    for token in wrong:
        with pytest.raises(PlatformError) as refused:
            token.get()
        assert refused.value.action is Action.CONFIGURATION


@pytest.mark.parametrize(
    ("fault", "action"), [("html502", Action.UNKNOWN), ("drop", Action.UNKNOWN), ("-1", Action.RETRY), ("45009", Action.WAIT)]
)
def test_what_a_bad_day_of_wecom_means(sandbox: Sandbox, redis: Redis, fault: str, action: Action) -> None:
    client = wecom(sandbox, redis)
    client.send("wugang", TEXT)
    sandbox.faults.add("message/send", fault)
    with pytest.raises(PlatformError) as failed:
        client.send("wugang", TEXT)
    assert failed.value.action is action
    sandbox.faults.add("webhook/send", fault)
    with pytest.raises(PlatformError) as failed:
        WeComWebhook().post(sandbox.settings.groups["stock"].webhook.get_secret_value(), TEXT)
    assert failed.value.action is action


@pytest.mark.parametrize(
    ("fault", "action", "wait"),
    [
        ("unavailable", Action.UNKNOWN, 0),
        ("busy", Action.UNKNOWN, 0),
        ("throttled", Action.WAIT, 1),
        ("punish", Action.WAIT, 300),
        ("quota", Action.QUOTA, 0),
    ],
)
def test_what_a_bad_day_of_dingtalk_means(sandbox: Sandbox, redis: Redis, fault: str, action: Action, wait: float) -> None:
    sandbox.faults.add("batchSend", fault)
    with pytest.raises(PlatformError) as failed:
        dingtalk(sandbox, redis).send_to_person(sandbox.settings.dingtalk.robot, "zhoufang", "sampleText", {"content": "你好"})
    assert (failed.value.action, failed.value.wait) == (action, wait)
    assert not sandbox.messages("dingtalk/zhoufang")


def test_a_to_do_that_somebody_deleted_is_done(sandbox: Sandbox, redis: Redis) -> None:
    dingtalk(sandbox, redis).finish_todo("union-zhoufang", "task-of-yesterday")
    assert sandbox.calls["dingtalk /v1.0/todo/users/{union}/tasks/{task}"] == 1


def test_where_nobody_listens_nothing_had_an_effect(sandbox: Sandbox, redis: Redis) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    with pytest.raises(PlatformError) as failed:
        wecom(sandbox, redis, f"http://127.0.0.1:{port}/cgi-bin/").send("wugang", TEXT)
    assert failed.value.action is Action.RETRY


def test_no_token_and_no_secret_is_ever_logged_or_raised(sandbox: Sandbox, redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said = []
    for fault in ("html502", "drop", "40014", "60011", "busy"):
        sandbox.faults.add("", fault, times=1)
        for call in (lambda: wecom(sandbox, redis).send("wugang", TEXT), lambda: oapi(sandbox, redis).unionid("zhoufang")):
            try:
                call()
            except (PlatformError, requests.RequestException) as error:
                said.append(f"{error!r} {error.__cause__!r}")
    tokens = [value.decode() for key in redis.keys("gendan:token:*") if redis.type(key) == b"string" for value in [redis.get(key)]]
    secrets = [sandbox.settings.wecom.secret.get_secret_value(), sandbox.settings.dingtalk.app_secret.get_secret_value()]
    assert tokens
    heard = caplog.text + "".join(said)
    assert not [secret for secret in (*tokens, *secrets) if secret in heard]


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", Action.WAIT),
        ("Forbidden.AccessDenied.ApiCountLimitForOrg", Action.QUOTA),
        ("Forbidden.AccessDenied.IpNotInWhiteList", Action.CONFIGURATION),
        ("invalidParameter.robotCode.notFound", Action.CONFIGURATION),
        ("param.templateNotExist", Action.PLAIN),
        ("param.cardNotExist", Action.GONE),
        ("todo.taskCreate.lockError", Action.RETRY),
        ("todo.taskCreate.flowControlError", Action.WAIT),
        ("system.busy", Action.UNKNOWN),
        ("Throttling.User", Action.WAIT),
        ("130101", Action.WAIT),
        ("33012", Action.DROP),
        ("something.new", Action.REFUSED),
    ],
)
def test_what_dingtalks_codes_mean(code: str, action: Action) -> None:
    assert refusal(code).action is action


def test_a_gateway_timeout_inside_errcode_88_is_an_unknown_outcome() -> None:
    assert refusal(oapi_code({"errcode": 88, "sub_code": ""})).action is Action.UNKNOWN
    assert oapi_code({"errcode": "0"}) == "0"
    assert oapi_code("<html>") == ""


def test_a_proxy_for_the_world_outside_does_not_stand_before_this_machine(
    sandbox: Sandbox, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    wecom(sandbox, redis).send("wugang", TEXT)
    assert len(sandbox.messages("wecom/wugang")) == 1
