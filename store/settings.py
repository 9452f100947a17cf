"""The configuration: `gendan.toml` overridden by `GENDAN_…` variables (design: docs/configuration.md).

pydantic-settings reads and checks it: nested names, secrets that do not print, and errors that name the field.
"""

import os
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from store.setting_names import CONFIG, unknown_keys


class WeComSettings(BaseModel):
    """The self-built WeCom app (企业自建应用) and, later, the group robot 智能机器人."""

    corp_id: str = ""
    agent_id: int = 0
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")
    api_base: str = "https://qyapi.weixin.qq.com/cgi-bin/"
    robot_token: SecretStr = SecretStr("")
    robot_aes_key: SecretStr = SecretStr("")
    cards: bool = True
    """False where members read in the WeChat plugin, which shows no cards: everything is sent as text."""

    @property
    def is_open(self) -> bool:
        return bool(self.corp_id and self.secret.get_secret_value() and self.token.get_secret_value() and self.aes_key.get_secret_value())


class DingTalkSettings(BaseModel):
    """The DingTalk enterprise app and its robot."""

    app_key: str = ""
    app_secret: SecretStr = SecretStr("")
    robot_code: str = ""
    agent_id: str = ""
    card_template_id: str = ""
    api_base: str = "https://api.dingtalk.com"
    oapi_base: str = "https://oapi.dingtalk.com"
    mode: Literal["http", "stream"] = "http"
    monthly_calls: int = 5000
    """API calls the organisation may make in a calendar month (standard edition: 5,000)."""
    monthly_pushes: int = 3000
    """Webhook and stream pushes in a calendar month (standard edition: 3,000)."""
    calls_per_second: int = 20

    @property
    def is_open(self) -> bool:
        return bool(self.app_key and self.app_secret.get_secret_value())

    @property
    def robot(self) -> str:
        """The robot's code; for an internal app it equals the app key."""
        return self.robot_code or self.app_key


class WeChatTemplateFields(BaseModel):
    """Which of our fields goes into which field of the customer's progress template."""

    order: str = "character_string1"
    stage: str = "thing2"
    date: str = "time3"
    note: str = "thing4"


class WeChatSettings(BaseModel):
    """The WeChat Official Account (服务号) that reaches customers."""

    app_id: str = ""
    secret: SecretStr = SecretStr("")
    api_base: str = "https://api.weixin.qq.com/cgi-bin/"
    template_progress: str = ""
    template_fields: WeChatTemplateFields = WeChatTemplateFields()

    @property
    def is_open(self) -> bool:
        return bool(self.app_id and self.secret.get_secret_value() and self.template_progress)


class GroupSettings(BaseModel):
    """A group chat with a robot of its own, known by a name of ours (`stock`, `logistics`, a customer's group)."""

    platform: Literal["wecom", "dingtalk"] = "wecom"
    webhook: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")


class Kuaidi100Settings(BaseModel):
    """Tracking by 快递100."""

    key: SecretStr = SecretStr("")
    customer: str = ""
    salt: SecretStr = SecretStr("")
    api_base: str = "https://poll.kuaidi100.com"

    @property
    def is_open(self) -> bool:
        """Without a salt anybody could sign a push."""
        return bool(self.key.get_secret_value() and self.salt.get_secret_value())


class TradeSettings(BaseModel):
    """The firm's own numbers of trade (design: trade.md)."""

    earliest_working_days: int = 3
    """A wanted date lies at least so many working days after today, unless the order is urgent."""
    transit_days: int = 2
    """Calendar days between the warehouse and the customer."""
    ship_hour: int = Field(default=17, ge=0, le=23)
    """Hour of the company's day by which a promised parcel leaves."""
    gap_days: int = 2
    """A promisable date later than the wanted one by more than so many days is shown red."""
    default_lead_days: int = 7
    """Replenishment lead time of a product that names none."""
    default_warehouse: str = "主仓"
    first_response_minutes: int = 5
    working_hours: Annotated[tuple[tuple[time, time], ...], NoDecode] = ((time(9), time(18)),)
    """When people are at work on a working day, written 09:00-12:00,13:00-18:00."""
    certificate: Path | None = None
    """The company's certificate with its key (PKCS#12) for the records of approvals; none: the installation's own."""
    certificate_password: SecretStr = SecretStr("")
    approvals: Path | None = None
    """The company's own approval matrix; none: the one that ships (orders/approvals.yaml)."""
    log_minutes: int = Field(default=10, ge=1)
    """How long a salesperson has to log what they agreed with a customer, before they are reminded."""
    chase_minutes: int = Field(default=30, ge=1)
    """After how long a task that is past its time climbs to the next manager."""
    days_off: frozenset[date] = frozenset()
    """The company's own days off, on top of the public calendar."""
    extra_working_days: frozenset[date] = frozenset()
    """Days on which the company works although the public calendar says otherwise."""

    @field_validator("working_hours", mode="before")
    @classmethod
    def _read_hours(cls, said: Any) -> Any:
        if not isinstance(said, str):
            return said
        try:
            spans = [span.split("-") for span in said.replace("，", ",").split(",")]
            hours = tuple((time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())) for opens, closes in spans)
        except ValueError as error:
            raise ValueError("要像 09:00-12:00,13:00-18:00 这样写") from error
        moments = [moment for span in hours for moment in span]
        if moments != sorted(set(moments)):
            raise ValueError("各段要从早到晚，互不重叠")
        return hours

    @model_validator(mode="after")
    def _check_days(self) -> Self:
        if both := self.days_off & self.extra_working_days:
            raise ValueError(f"既列为放假又列为上班：{'、'.join(map(str, sorted(both)))}")
        return self


class Settings(BaseSettings):
    """Everything that can be configured; unset means the embedded default. `load_settings` reads it."""

    model_config = SettingsConfigDict(env_prefix="GENDAN_", env_nested_delimiter="__", extra="ignore")

    home: Path = Path("data")
    database_url: str = ""
    redis_url: str = ""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=1, le=65535)
    public_url: str = ""
    timezone: str = "Asia/Shanghai"
    api_token: SecretStr = SecretStr("")
    movable_clock: bool = False
    """True in the demo and in tests only: the clock may be fast-forwarded through Redis."""
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = "INFO"

    wecom: WeComSettings = WeComSettings()
    dingtalk: DingTalkSettings = DingTalkSettings()
    wechat: WeChatSettings = WeChatSettings()
    groups: dict[str, GroupSettings] = {}
    kuaidi100: Kuaidi100Settings = Kuaidi100Settings()
    trade: TradeSettings = TradeSettings()

    @field_validator("timezone")
    @classmethod
    def _check_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("没有这个时区，要像 Asia/Shanghai 这样写") from error
        return name

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, url: str) -> str:
        if url and not (url.startswith(("http://", "https://")) and urlsplit(url).hostname):
            raise ValueError("要写完整的网址，如 https://gendan.example.com")
        return url

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL; SQLite in `home` unless one is given."""
        return self.database_url or f"sqlite:///{quote(str((self.home / 'gendan.db').resolve()))}"

    @property
    def link_base(self) -> str:
        """What links in cards begin with, without a trailing slash."""
        return (self.public_url or f"http://{self.http_host}:{self.http_port}").rstrip("/")

    @property
    def has_public_url(self) -> bool:
        return bool(self.public_url)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())


_IN_WORDS = {
    "int_parsing": "要填整数",
    "bool_parsing": "要填 true 或 false",
    "literal_error": "只能填 {expected}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
}
"""What pydantic finds wrong most often, by its type of error; the rest is said as pydantic says it."""


class WrongSettings(ValueError):
    """The configuration cannot be used; the text names what is wrong with it, and shows no values."""


def config_file() -> Path:
    """The file that is read, whether it exists or not."""
    return Path(os.environ.get(CONFIG) or "gendan.toml")


def load_settings() -> Settings:
    """The settings of this process, read now from file and environment. Raises WrongSettings."""
    try:
        _check_names(config_file())
        return Settings()
    except ValidationError as error:
        raise WrongSettings("\n".join(map(_said, error.errors(include_input=False)))) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise WrongSettings(f"{config_file()} 读不了：{error}") from None
    except SettingsError as error:
        raise WrongSettings(f"环境变量里的 JSON 写得不对：{error}") from None


def _check_names(file: Path) -> None:
    document = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    if unknown := unknown_keys(document, Settings):
        raise WrongSettings(f"{file} 里写了没有的设置：{'、'.join(map(str, unknown))}")


def _said(wrong: ErrorDetails) -> str:
    found = _IN_WORDS.get(wrong["type"], "").format_map(wrong.get("ctx", {})) or wrong["msg"].removeprefix("Value error, ")
    return f"{'.'.join(map(str, wrong['loc']))}：{found}"
