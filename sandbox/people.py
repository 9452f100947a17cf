"""Who takes part in the demo, and whom the stand-in platforms know."""

import csv
from dataclasses import dataclass
from pathlib import Path

_FIRM = Path(__file__).parent / "firm"


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
    Persona("zhaomin", "赵敏", "销售 · 企业微信", ("wecom/zhaomin",), "点一句示例，发出去，看订单怎么开始。"),
    Persona("qianwei", "钱伟", "销售 · 钉钉", ("dingtalk/qianwei",), "同一个跟单，换成钉钉：下单、改单、查单都一样。"),
    Persona("lina", "李娜", "销售 · 汽车内饰", ("wecom/lina",), "座椅套要自己车：没有现货就排产，交期跟生产商定。"),
    Persona("sunlei", "孙磊", "销售主管", ("wecom/sunlei",), "超额的订单要他批；没人答复的审核、没补的沟通纪要会找到他。"),
    Persona("wangkuaiji", "王会计", "财务", ("wecom/wangkuaiji",), "订单要她审核：在卡片上按同意，或者驳回并写明原因。开票也找她。"),
    Persona("wugang", "吴刚", "仓管 · 主仓", ("wecom/wugang",), "审核一通过，拣货通知就到这里。入库、发货都打一行字。"),
    Persona("fengtao", "冯涛", "仓管 · 二仓", ("dingtalk/fengtao",), "二仓的货归他：汽车内饰、分仓的五金，在钉钉里收通知。"),
    Persona("zhenggong", "郑工", "生产总监", ("wecom/zhenggong",), "VIP 加急要他批；自制的货由他排产、谈交期。"),
    Persona("zhoufang", "周芳", "采购主管", ("wecom/zhoufang", "dingtalk/zhoufang"), "缺货的时候，补货待办会自己找上门。"),
    Persona("chengong", "陈工", "技术部", ("dingtalk/chengong",), "试单客户的订单，技术部也要会签。"),
    Persona("hejing", "何静", "客服", ("wecom/hejing",), "客户来电她接：查到哪了，谈定了什么就记一笔。"),
    Persona("admin", "管理员", "系统", ("wecom/admin",), "没人接的事最后到这里；审批矩阵写错了也会告诉他。"),
    Persona("customer", "锐固建材", "客户的微信", ("wechat/openid-ruigu",), "赵敏确认一张订单，第一条进度几秒内就到。"),
    Persona("stock", "缺货群", "企业微信群", ("group/stock",), "这里留给您自己的规则：写上 group:stock，提醒就发到这个群。"),
    Persona("logistics", "物流预警群", "钉钉群", ("group/logistics",), "包裹 48 小时没有动静，这里就会响。"),
    Persona("hongda", "宏达客户群", "钉钉外部群", ("group/hongda",), "宏达五金的订单，进度发到他们自己的群。"),
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

    wecom: dict[str, str]
    dingtalk: dict[str, str]
    followers: dict[str, str]
    """Who follows the WeChat service account, by openid."""


def directory_of_the_firm() -> Directory:
    """Everybody whom the sample firm's files name with an id on a platform."""
    staff, customers = _rows("staff"), _rows("customers")
    return Directory(_ids(staff, "wecom_userid", "姓名"), _ids(staff, "dingtalk_userid", "姓名"), _ids(customers, "wechat_openid", "名称"))


def _rows(kind: str) -> list[dict[str, str]]:
    with (_FIRM / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ids(rows: list[dict[str, str]], column: str, name: str) -> dict[str, str]:
    return {row[column]: row[name] for row in rows if row[column]}
