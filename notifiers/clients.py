"""The clients of the platforms as the settings describe them; none for a door that is closed."""

from redis import Redis

from notifiers.quota import Quota
from platforms.dingtalk.client import DingTalkClient
from platforms.wechat.client import WeChatAccount
from platforms.wecom.client import WeComClient
from store.settings import Settings
from store.transaction import Store


def wecom_client(redis: Redis, settings: Settings) -> WeComClient | None:
    """The self-built WeCom app."""
    wecom = settings.wecom
    if not wecom.is_open:
        return None
    return WeComClient(redis, wecom.corp_id, wecom.secret.get_secret_value(), wecom.agent_id, wecom.api_base)


def dingtalk_client(store: Store, redis: Redis, settings: Settings) -> DingTalkClient | None:
    """The DingTalk app, whose calls are counted."""
    dingtalk = settings.dingtalk
    if not dingtalk.is_open:
        return None
    return DingTalkClient(redis, dingtalk.app_key, dingtalk.app_secret.get_secret_value(), dingtalk.api_base, Quota(store).spend)


def wechat_client(redis: Redis, settings: Settings) -> WeChatAccount | None:
    """The Official Account."""
    wechat = settings.wechat
    if not wechat.is_open:
        return None
    return WeChatAccount(redis, wechat.app_id, wechat.secret.get_secret_value(), wechat.api_base)
