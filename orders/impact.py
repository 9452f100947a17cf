"""The suggested impact statement 变更影响说明: what a change comes to, in one line that the salesperson accepts or edits."""

from datetime import date

from orders.effects import Effects
from orders.words import money, plain
from store.models import Stage

LONGEST = 1024


def suggested(effects: Effects) -> str:
    """数量500→800支；金额+360.00元；交期顺延3天（2026-03-04→2026-03-07）；需重新审核：财务."""
    said = [_cancelled(effects)] if effects.is_cancellation else [one.words for one in effects.differences if one.kind != "amount"]
    if effects.gap and not effects.is_cancellation:
        said.append(f"金额{'+' if effects.gap > 0 else '-'}{money(abs(effects.gap))}元")
    said += [words for words in (_dates(effects), _lacks(effects), _approvals(effects), _picks(effects)) if words]
    text = "；".join(said)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _cancelled(effects: Effects) -> str:
    return f"订单取消，金额{money(effects.before.total)}元，占用的库存全部释放"


def _dates(effects: Effects) -> str:
    before, after = effects.order.promised_date, effects.promised
    if effects.is_cancellation or before is None or after is None or before == after:
        return ""
    return f"交期{_shift(before, after)}（{before}→{after}）"


def _shift(before: date, after: date) -> str:
    days = (after - before).days
    return f"顺延{days}天" if days > 0 else f"提前{-days}天"


def _lacks(effects: Effects) -> str:
    lacks = [
        f"{shift.item.goods.name}缺{plain(shift.missing)}{shift.item.goods.unit}"
        for shift in effects.shifts
        if shift.item and shift.missing
    ]
    return "缺货：" + "、".join(lacks) if lacks else ""


def _approvals(effects: Effects) -> str:
    return f"需重新审核：{'、'.join(effects.reopened)}" if effects.reopened else ""


def _picks(effects: Effects) -> str:
    picked = [part.warehouse for part in effects.parts(Stage.PICKED)]
    shipped = [f"{part.carrier} {part.waybill}" for part in effects.out if part.stage == Stage.SHIPPED]
    waiting = list(dict.fromkeys(part.warehouse for part in effects.parts(Stage.ALLOCATED)))
    said = [f"{'、'.join(picked)}已出库，须先拦截"] if picked else []
    said += [f"{'、'.join(shipped)}已发货，须请快递改派"] if shipped else []
    said += ["已发出的不变，只改没发的"] if effects.is_of_rest else []
    said += ["已排的产能和备料释放" + ("" if effects.is_cancellation else "，须重新排产")] if effects.unbooks else []
    said += [f"{'、'.join(waiting)}{'停止配货' if effects.is_cancellation else '改配货单'}"] if waiting else []
    return "；".join(said)
