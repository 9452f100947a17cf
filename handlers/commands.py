"""The one table of what people may type; how each may be written stands in language/words.yaml."""

from handlers import (
    agree,
    aliases,
    amend,
    approve,
    cancel,
    change_draft,
    change_fields,
    communicate,
    correcting,
    delegate,
    drop,
    finish,
    forwarded,
    habits,
    inbound,
    intercept,
    invoice,
    pick,
    place,
    query,
    receive,
    schedule,
    ship,
    sign,
    stock,
    tasks,
)
from handlers.asking import Command, Draft
from handlers.help import help_card
from handlers.talk import Talk
from language import Reading
from orders.scheduling import SCHEDULERS
from platforms.words import Reply
from store.models import Role


def _help(talk: Talk, _reading: Reading) -> Reply:
    return help_card(talk, COMMANDS.values())


_SELLERS = (Role.SALES, Role.SALES_MANAGER, Role.ADMIN)
_BUYERS = (Role.PURCHASING, Role.ADMIN)
_PACKERS = (Role.WAREHOUSE, Role.ADMIN)
_WITNESSES = (*_SELLERS, Role.WAREHOUSE, Role.SERVICE)
_TALKERS = (*_SELLERS, Role.SERVICE)
_BILLERS = (Role.FINANCE, Role.ADMIN)
_ANYBODY = ()

_PLACE = ("下单 客户 产品×数量 日期", "下单 锐固建材 M12×80镀锌螺栓×500支 免费配送 3月20日到")
_AMEND = ("改单 单号 改什么", "改单 0007 数量改成800支")
_CANCEL = ("取消 单号 原因", "取消 0007 客户工地停了")
_INBOUND = ("在途 采购单号 产品 数量 到货日", "在途 PO88 M12×80镀锌 5000支 3月9日")
_SCHEDULE = ("排产 单号 [开始日期]", "排产 0007 3月9日")
_RECEIVE = ("入库 产品 数量 库位", "入库 M12×80镀锌 5000支 A-03-2")

_FORWARDED = ("已转发 [单号]", "已转发 0007")
_COMMUNICATE = ("沟通 单号 和谁 谈定了什么", "沟通 0007 下午3点跟王经理电话，同意3月15日到，待办：周三前重发确认单")
_AMENDMENT = Draft(amend.confirm, amend.correct, amend.explain, free=False, meant=change_draft.is_meant)
_CANCELLATION = Draft(cancel.confirm, cancel.correct, cancel.explain, free=False, meant=change_draft.is_meant)
_ORDER_DRAFT = Draft(place.confirm, correcting.correct, free=False)
_LOG_DRAFT = Draft(communicate.confirm, communicate.correct)

_TABLE = (
    Command("place", "下单", _SELLERS, place.run, place.FIELDS, *_PLACE, _ORDER_DRAFT, habits.understand),
    Command("amend", "改单", _SELLERS, amend.run, amend.FIELDS, *_AMEND, _AMENDMENT, change_fields.by_rows),
    Command("cancel", "取消", _SELLERS, cancel.run, cancel.FIELDS, *_CANCEL, _CANCELLATION),
    Command("query", "查单", _ANYBODY, query.run, query.FIELDS, "查单 单号或客户", "查单 0007"),
    Command("stock", "库存", _ANYBODY, stock.run, stock.FIELDS, "库存 产品", "库存 M12×80"),
    Command("inbound", "在途", _BUYERS, inbound.run, inbound.FIELDS, *_INBOUND),
    Command("receive", "入库", _PACKERS, receive.run, receive.FIELDS, *_RECEIVE),
    Command("pick", "出库", _PACKERS, pick.run, pick.FIELDS, "出库 单号", "出库 0007"),
    Command("ship", "发货", _PACKERS, ship.run, ship.FIELDS, "发货 单号 快递 运单号", "发货 0007 顺丰 SF1234567890123"),
    Command("sign", "签收", _WITNESSES, sign.run, sign.FIELDS, "签收 单号", "签收 0007"),
    Command("approve", "同意", _ANYBODY, approve.approve, approve.APPROVE_FIELDS, "同意 单号", "同意 0007"),
    Command("reject", "驳回", _ANYBODY, approve.reject, approve.REJECT_FIELDS, "驳回 单号 原因", "驳回 0007 价格不对"),
    Command("delegate", "委托", _ANYBODY, delegate.run, delegate.FIELDS, "委托 同事 到 日期", "委托 张三 到 3月20日"),
    Command("forwarded", "已转发", _SELLERS, forwarded.run, forwarded.FIELDS, *_FORWARDED, understand=forwarded.understand),
    Command("agree", "交期", _ANYBODY, agree.run, agree.FIELDS, "交期 单号 [日期/同意/分批]", "交期 0007 3月25日"),
    Command("schedule", "排产", SCHEDULERS, schedule.run, schedule.FIELDS, *_SCHEDULE, Draft(schedule.confirm, schedule.correct)),
    Command("tasks", "待办", _ANYBODY, tasks.run, (), "待办", ""),
    Command("finish", "完成", _ANYBODY, finish.run, finish.FIELDS, "完成 编号", "完成 3"),
    Command("intercepted", "拦截成功", _PACKERS, intercept.achieved, intercept.FIELDS, "拦截成功 编号", "拦截成功 3"),
    Command("gone", "已经发出", _PACKERS, intercept.failed, intercept.FIELDS, "已经发出 编号", "已经发出 3"),
    Command("communicate", "沟通", _TALKERS, communicate.run, communicate.FIELDS, *_COMMUNICATE, _LOG_DRAFT),
    Command("invoice", "开票", _BILLERS, invoice.run, invoice.FIELDS, "开票 单号", "开票 0007"),
    Command("aliases", "别名", _SELLERS, aliases.run, aliases.FIELDS, "别名 客户", "别名 锐固"),
    Command("help", "帮助", _ANYBODY, _help, (), "帮助", ""),
    Command("drop", "算了", _ANYBODY, drop.run, (), "算了", ""),
)
COMMANDS = {command.name: command for command in _TABLE}
