"""What `bot.py check` finds out about the configuration, the database and Redis; a finding never shows a secret."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import SecretStr
from redis import RedisError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from store.database import open_engine
from store.embedded import RedisDidNotStart, redis_url
from store.migrate import is_up_to_date
from store.queues import connect
from store.setting_names import unknown_variables
from store.settings import Settings, config_file

_AES_KEY_CHARACTERS = 43


@dataclass(frozen=True)
class Finding:
    """One line of the check: `ok` None where there is nothing to be right or wrong, such as a door that is closed."""

    what: str
    ok: bool | None
    text: str

    def __str__(self) -> str:
        mark = {True: "✓", False: "✗", None: "-"}[self.ok]
        return f"{mark} {self.what}：{self.text}"


def check_configuration(settings: Settings) -> Iterator[Finding]:
    """Where the configuration comes from, and doors that are only half described."""
    file = config_file()
    source = str(file) if file.exists() else f"没有配置文件（{file}），用环境变量和默认值"
    yield Finding("配置", True, f"{source}；数据目录 {settings.home.resolve()}；时区 {settings.timezone}")
    for variable in unknown_variables(Settings):
        yield Finding("配置", None, f"环境变量不是这里的设置，没有用它：{variable}")
    yield from _not_served(settings)
    for what, missing in _half_open(settings):
        yield Finding("配置", False, f"{what}只填了一部分，还缺 {'、'.join(missing)}")
    key = settings.wecom.aes_key.get_secret_value()
    if key and len(key) != _AES_KEY_CHARACTERS:
        yield Finding("配置", False, f"GENDAN_WECOM__AES_KEY 应有 {_AES_KEY_CHARACTERS} 个字符，现在有 {len(key)} 个")


def _not_served(settings: Settings) -> Iterator[Finding]:
    """What is set and has no effect, or needs an address at which the platforms reach this machine."""
    if settings.dingtalk.mode == "stream":
        yield Finding("配置", False, "GENDAN_DINGTALK__MODE=stream 这个版本还不支持，钉钉的消息收不到：请改成 http")
    if settings.wecom.robot_token:
        yield Finding("配置", None, "GENDAN_WECOM__ROBOT_TOKEN 没有用到：这个版本还不接企业微信智能机器人")
    if not settings.has_public_url and (settings.wecom.is_open or settings.dingtalk.is_open or settings.kuaidi100.is_open):
        calls = "和".join(_told_our_address(settings))
        nowhere = f"；{calls}会发到 {settings.link_base}，平台从外面到不了" if calls else ""
        yield Finding("配置", None, f"没有设 GENDAN_PUBLIC_URL：卡片不带链接{nowhere}")


def _told_our_address(settings: Settings) -> list[str]:
    """What comes to the address that we name ourselves; of the others the platform's console is told."""
    dingtalk = settings.dingtalk
    pressed = dingtalk.is_open and dingtalk.card_template_id and dingtalk.mode == "http"
    return [name for name, comes in {"钉钉卡片的按钮": pressed, "快递100 的推送": settings.kuaidi100.is_open}.items() if comes]


def _half_open(settings: Settings) -> Iterator[tuple[str, list[str]]]:
    wecom, dingtalk, wechat, tracking = settings.wecom, settings.dingtalk, settings.wechat, settings.kuaidi100
    doors: dict[str, tuple[str, dict[str, str | SecretStr]]] = {
        "企业微信": (
            "WECOM",
            {
                "CORP_ID": wecom.corp_id,
                "AGENT_ID": str(wecom.agent_id or ""),
                "SECRET": wecom.secret,
                "TOKEN": wecom.token,
                "AES_KEY": wecom.aes_key,
            },
        ),
        "钉钉": ("DINGTALK", {"APP_KEY": dingtalk.app_key, "APP_SECRET": dingtalk.app_secret}),
        "公众号": ("WECHAT", {"APP_ID": wechat.app_id, "SECRET": wechat.secret, "TEMPLATE_PROGRESS": wechat.template_progress}),
        "快递100": ("KUAIDI100", {"KEY": tracking.key, "SALT": tracking.salt}),
    }
    for what, (prefix, values) in doors.items():
        missing = [f"GENDAN_{prefix}__{name}" for name, value in values.items() if not value]
        if 0 < len(missing) < len(values):
            yield what, missing


def check_database(settings: Settings) -> Finding:
    """Whether the database answers and has the schema of this version."""
    try:
        where = make_url(settings.database).render_as_string(hide_password=True)
        engine = open_engine(settings.database, read_only=True)
        with engine.connect() as connection:
            if is_up_to_date(connection):
                return Finding("数据库", True, where)
    except (SQLAlchemyError, ImportError, OSError) as error:
        return Finding("数据库", False, f"连不上（{type(error).__name__}），请检查 GENDAN_DATABASE_URL 和 GENDAN_HOME")
    return Finding("数据库", False, f"{where} 的结构不是这个版本的，请先运行：python bot.py migrate")


def check_redis(settings: Settings) -> Finding:
    """Whether Redis answers; the embedded one is started for it."""
    try:
        with connect(redis_url(settings)) as redis:
            version = redis.info("server")["redis_version"]
    except RedisDidNotStart as error:
        return Finding("Redis", False, str(error))
    except (RedisError, ValueError, OSError) as error:
        return Finding("Redis", False, f"连不上（{type(error).__name__}），请检查 GENDAN_REDIS_URL 和 GENDAN_HOME")
    return Finding("Redis", True, f"版本 {version}")
