"""The settings under which the product talks to the stand-ins instead of the real platforms. Nothing in here is a secret."""

import base64
import hashlib

from pydantic import SecretStr

from store.settings import DingTalkSettings, GroupSettings, Kuaidi100Settings, Settings, WeChatSettings, WeComSettings


def demo_settings(base: Settings, port: int) -> Settings:
    """`base` with every platform pointing at the stand-ins on `port`, three groups, tracking and a movable clock."""
    root = f"http://127.0.0.1:{port}"
    return base.model_copy(
        update={
            "public_url": base.public_url or f"http://127.0.0.1:{base.http_port}",
            "movable_clock": True,
            "wecom": _wecom(root),
            "dingtalk": _dingtalk(root),
            "wechat": _wechat(root),
            "groups": _groups(root),
            "kuaidi100": _kuaidi100(root),
        }
    )


def _wecom(root: str) -> WeComSettings:
    return WeComSettings(
        corp_id="ww5a9d00gendan00",
        agent_id=1000002,
        secret=_pseudo("wecom secret"),
        token=SecretStr("GendanSandbox2026"),
        aes_key=SecretStr(base64.b64encode(hashlib.sha256(b"wecom aes key").digest()).decode().rstrip("=")),
        api_base=f"{root}/wecom/cgi-bin/",
    )


def _dingtalk(root: str) -> DingTalkSettings:
    return DingTalkSettings(
        app_key="dinggendansandbox",
        app_secret=_pseudo("dingtalk secret"),
        robot_code="dinggendansandbox",
        agent_id="300000001",
        card_template_id="c0ffee00-9e9d-4a11-8a11-sandbox.schema",
        api_base=f"{root}/dingtalk",
        oapi_base=f"{root}/dingtalk",
    )


def _wechat(root: str) -> WeChatSettings:
    return WeChatSettings(
        app_id="wx5a9d00gendan00",
        secret=_pseudo("wechat secret"),
        template_progress="progress-template",
        api_base=f"{root}/wechat/cgi-bin/",
    )


def _groups(root: str) -> dict[str, GroupSettings]:
    def dingtalk(name: str) -> GroupSettings:
        return GroupSettings(
            platform="dingtalk", webhook=SecretStr(f"{root}/dingtalk/robot/send?access_token={name}-robot"), secret=_pseudo(f"SEC {name}")
        )

    stock = GroupSettings(platform="wecom", webhook=SecretStr(f"{root}/wecom/cgi-bin/webhook/send?key=stock-robot"))
    return {"stock": stock, "logistics": dingtalk("logistics"), "hongda": dingtalk("hongda")}


def _kuaidi100(root: str) -> Kuaidi100Settings:
    return Kuaidi100Settings(
        key=_pseudo("kuaidi100 key"), customer="GENDANSANDBOX", salt=_pseudo("kuaidi100 salt"), api_base=f"{root}/kuaidi100"
    )


def _pseudo(name: str) -> SecretStr:
    """A text that looks like a secret and is the same at every start."""
    return SecretStr(hashlib.sha256(name.encode()).hexdigest()[:32])
