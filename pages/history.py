"""Events of an order as sentences for staff."""

from collections.abc import Callable
from typing import Any

from store.events import Fact

Data = dict[str, Any]


def _shipped(data: Data) -> str:
    return f"{data.get('warehouse', '')}已发货 {data.get('carrier') or ''} {data.get('waybill') or ''}".strip()


def _at_warehouse(what: str) -> Callable[[Data], str]:
    return lambda data: f"{data.get('warehouse', '')}{what}"


def _plainly(what: str) -> Callable[[Data], str]:
    return lambda _data: what


_SENTENCES: dict[str, Callable[[Data], str]] = {
    Fact.ORDER_PLACED: _plainly("下单"),
    Fact.ORDER_APPROVED: _plainly("审核通过"),
    Fact.ORDER_ALLOCATED: _plainly("配货完成"),
    Fact.ORDER_SHORT: _plainly("缺货，等待补货"),
    Fact.ORDER_SERVED: _plainly("到货，缺口已补齐"),
    Fact.ORDER_SCHEDULED: _plainly("已排产"),
    Fact.PROMISE_AGREED: lambda data: f"交期商定为 {data.get('day', '')}",
    Fact.PROMISE_SETTLED: _plainly("货期赶上了，交期不用再商定"),
    Fact.ORDER_PICKED: _at_warehouse("已出库"),
    Fact.ORDER_SHIPPED: _shipped,
    Fact.ORDER_SIGNED: _plainly("客户已签收"),
    Fact.ORDER_AMENDED: lambda data: f"改到第{data.get('version', '')}版",
    Fact.ORDER_CANCELLED: _plainly("取消"),
    Fact.ORDER_INTERCEPTED: _at_warehouse("拦截成功，货回库位"),
    Fact.ORDER_CLOSED: _plainly("订单完成"),
    Fact.ORDER_REOPENED: _plainly("改单后退回审核"),
    Fact.APPROVAL_OPENED: lambda data: f"送审：{data.get('step', '')}",
    Fact.APPROVAL_DECIDED: lambda data: f"{data.get('seat', '')}{'同意' if data.get('decision') == 'approve' else '驳回'}",
    Fact.APPROVAL_ESCALATED: lambda data: f"审核超时，升级给{'、'.join(data.get('to', []))}",
    Fact.LOG_WRITTEN: _plainly("记下沟通纪要"),
    Fact.ORDER_INVOICED: _plainly("已开票"),
    Fact.ORDER_IMPORTED: _plainly("从外部导入"),
    Fact.SHIPMENT_SUBSCRIBED: _plainly("已订阅物流轨迹"),
    Fact.CUSTOMER_TOLD: _plainly("已告知客户进度"),
    Fact.TASK_OPENED: _plainly("开出待办"),
    Fact.TASK_DONE: _plainly("待办完成"),
    Fact.ALERT_OPENED: _plainly("出现异常"),
    Fact.ALERT_RESOLVED: _plainly("异常解除"),
}


def told(kind: str, data: Data) -> str:
    """The sentence of an event; empty for one that says nothing to people (single traces, stock)."""
    sentence = _SENTENCES.get(kind)
    return sentence(data) if sentence else ""
