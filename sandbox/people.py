"""Who takes part in the demo, and whom the stand-in platforms know."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Persona:
    """Somebody whom a visitor of the page can be: one person or group with one chat or more."""

    key: str
    name: str
    title: str
    chats: tuple[str, ...]
    """`<platform>/<id>` or `group/<name>`; the first one is shown first."""
    about: str


PERSONAS = (
    Persona("zhaomin", "赵敏", "销售 · 企业微信", ("wecom/zhaomin",), "下单、查单，确认订单草稿"),
    Persona("qianwei", "钱伟", "销售 · 钉钉", ("dingtalk/qianwei",), "在钉钉里做同样的事"),
    Persona("zhoufang", "周芳", "采购主管", ("wecom/zhoufang", "dingtalk/zhoufang"), "收补货待办，报在途采购"),
    Persona("wugang", "吴刚", "仓管 · 主仓", ("wecom/wugang",), "入库、出库、发货"),
    Persona("customer", "锐固建材", "客户的微信", ("wechat/openid-ruigu",), "在公众号里收到进度"),
    Persona("stock", "缺货群", "企业微信群", ("group/stock",), "缺货预警发到这里"),
    Persona("logistics", "物流预警群", "钉钉群", ("group/logistics",), "48 小时没有物流轨迹就报警"),
    Persona("hongda", "宏达五金客户群", "钉钉外部群", ("group/hongda",), "进度发到客户自己的群"),
)


def persona(key: str) -> Persona:
    """The persona of this key. Raises KeyError."""
    return next((each for each in PERSONAS if each.key == key), None) or _unknown(key)


def _unknown(key: str) -> Persona:
    raise KeyError(key)


def chat_of(who: str) -> str:
    """The chat of a persona's key; a chat's own name (`dingtalk/zhoufang`) stands for itself."""
    return who if "/" in who else persona(who).chats[0]


@dataclass
class Directory:
    """Whom the platforms know: an id and a name. Tests add their own people."""

    wecom: dict[str, str] = field(
        default_factory=lambda: {
            "zhaomin": "赵敏",
            "sunlei": "孙磊",
            "zhoufang": "周芳",
            "wugang": "吴刚",
            "zhenggong": "郑工",
            "wangkuaiji": "王会计",
            "admin": "管理员",
            "lina": "李娜",
            "hejing": "何静",
        }
    )
    dingtalk: dict[str, str] = field(default_factory=lambda: {"qianwei": "钱伟", "zhoufang": "周芳", "fengtao": "冯涛", "chengong": "陈工"})
    followers: dict[str, str] = field(default_factory=lambda: {"openid-ruigu": "锐固建材"})
    """Who follows the WeChat service account, by openid."""
