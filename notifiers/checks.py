"""What `bot.py check` finds out about the doors out: credentials by asking for a token, groups, DingTalk's quota."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from redis import Redis, RedisError

from notifiers.clients import dingtalk_client, wechat_client, wecom_client
from notifiers.quota import is_used_up, report
from platforms.access import SharedToken
from platforms.errors import PlatformError
from store.checks import Finding
from store.settings import Settings
from store.transaction import Store

_OUR_GROUPS = {"logistics": "物流超时的提醒发到这个群"}
"""Groups that the shipped rules name."""


def check_platforms(store: Store, redis: Redis) -> Iterator[Finding]:
    """Asks each platform that is configured for an access token."""
    settings = store.settings
    wecom, dingtalk = wecom_client(redis, settings), dingtalk_client(store, redis, settings)
    wechat = wechat_client(redis, settings)
    yield _token("企业微信", wecom.token if wecom else None, "Corp ID、Agent ID 和 Secret，以及应用的可信 IP")
    yield _token("钉钉", dingtalk.token if dingtalk else None, "AppKey 和 AppSecret")
    yield _token("公众号", wechat.token if wechat else None, "AppID 和 AppSecret，以及 IP 白名单")
    tracking = "已填写，发货后订阅运单（密钥对不对，要到第一次订阅才知道）" if settings.kuaidi100.is_open else "没有配置，不使用"
    yield Finding("快递100", None, tracking)


def _token(what: str, token: SharedToken | None, look_at: str) -> Finding:
    if token is None:
        return Finding(what, None, "没有配置，不使用")
    try:
        token.ask()
    except PlatformError as error:
        return Finding(what, False, f"拿不到访问凭证（{error.code}），请核对{look_at}")
    except RedisError:
        return Finding(what, False, "Redis 不通，没法检查")
    return Finding(what, True, "凭证有效")


def check_groups(settings: Settings) -> Iterator[Finding]:
    """Whether each group has a webhook that can be one."""
    for name, group in settings.groups.items():
        url = urlsplit(group.webhook.get_secret_value())
        sound = bool(url.scheme in ("http", "https") and url.hostname and url.query)
        text = f"{'企业微信' if group.platform == 'wecom' else '钉钉'}群机器人"
        yield Finding(f"群 {name}", sound, text if sound else f"{text}的 webhook 不完整，请从群机器人设置里重新复制")
    for name, why in _OUR_GROUPS.items():
        if name not in settings.groups:
            yield Finding(f"群 {name}", None, f"没有配置；{why}")


def check_quota(store: Store) -> Iterator[Finding]:
    """How much of DingTalk's month is left."""
    if not store.settings.dingtalk.is_open:
        return
    with store.reading() as look:
        yield Finding("钉钉额度", not is_used_up(look), report(look))
