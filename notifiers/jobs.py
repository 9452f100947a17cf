"""What the worker of the queue `deliver` does when it is woken: sends whatever is due (house: RQ wakes, the database decides)."""

import secrets

from redis import Redis

from notifiers import channels
from notifiers.audience import DINGTALK_GROUP, DINGTALK_ROBOT, DINGTALK_TODO, WECHAT_TEMPLATE, WECOM_APP, WECOM_WEBHOOK
from notifiers.channels import Channel
from notifiers.clients import dingtalk_client, wechat_client, wecom_client
from notifiers.dingtalk_group import DingTalkGroups
from notifiers.dingtalk_robot import DingTalkRobot
from notifiers.dingtalk_todo import DingTalkTodos
from notifiers.limits import Limits
from notifiers.sending import Office
from notifiers.wechat_template import WeChatTemplates
from notifiers.wecom_app import WeComApp
from notifiers.wecom_webhook import WeComGroups
from platforms.dingtalk.oapi import OapiClient
from platforms.dingtalk.webhook import DingTalkWebhook
from platforms.wecom.webhook import WeComWebhook
from store.outbox import DELIVER
from store.queues import waiting_key
from store.settings import Settings
from store.transaction import Store


class _Desk:
    """What `configure` was told, and the office made of it by the process that delivers."""

    store: Store
    redis: Redis
    settings: Settings
    run: str
    office: Office | None = None


def configure(store: Store, redis: Redis, settings: Settings) -> None:
    """Says what to deliver from and by; before the fork. Connections are made after it, by the first delivery."""
    _Desk.store, _Desk.redis, _Desk.settings = store, redis, settings
    _Desk.run, _Desk.office = secrets.token_hex(8), None


def deliver() -> None:
    """Sends all that is due. The waiting key goes first: what is committed from now on wakes another job."""
    _Desk.redis.delete(waiting_key(DELIVER))
    if _Desk.office is None:
        _Desk.office = open_office(_Desk.store, _Desk.redis, _Desk.settings, _Desk.run)
    _Desk.office.deliver()


def open_office(store: Store, redis: Redis, settings: Settings, run: str) -> Office:
    """An office with every channel that the settings open; to be called in the process that sends. `run` is one start of the workers."""
    opened: dict[str, Channel] = {
        WECOM_WEBHOOK: WeComGroups(WeComWebhook(), settings.groups),
        DINGTALK_GROUP: DingTalkGroups(DingTalkWebhook(), settings.groups),
        **_wecom(redis, settings),
        **_dingtalk(store, redis, settings, run),
        **_wechat(redis, settings),
        **channels.registered(),
    }
    return Office(store, Limits(redis), opened)


def _wecom(redis: Redis, settings: Settings) -> dict[str, Channel]:
    client = wecom_client(redis, settings)
    return {WECOM_APP: WeComApp(client, settings.wecom.cards)} if client else {}


def _dingtalk(store: Store, redis: Redis, settings: Settings, run: str) -> dict[str, Channel]:
    dingtalk = settings.dingtalk
    client = dingtalk_client(store, redis, settings)
    if not client:
        return {}
    directory = OapiClient(client.token, dingtalk.app_key, dingtalk.app_secret.get_secret_value(), dingtalk.oapi_base)
    return {
        DINGTALK_ROBOT: DingTalkRobot(client, redis, dingtalk, settings.link_base, run),
        DINGTALK_TODO: DingTalkTodos(client, directory, store, dingtalk),
    }


def _wechat(redis: Redis, settings: Settings) -> dict[str, Channel]:
    account = wechat_client(redis, settings)
    return {WECHAT_TEMPLATE: WeChatTemplates(account, settings.wechat)} if account else {}
