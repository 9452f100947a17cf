"""What the desk says itself of amendments and cancellations; refusals stand in templates/refusals.yaml, cards in templates/cards."""

from orders.rebooking import Shift
from orders.words import plain
from store.models import OrderLine, StockBatch

AMEND, CANCEL = "改单", "取消"
CONFIRM, EXPLAIN = {AMEND: "确认改单", CANCEL: "确认取消"}, "改说明"
WHICH_CHANGE = "改什么？请点一项，或直接打，如“数量改成800支”"
CHANGES = {
    "数量": "数量改成",
    "加一行": "加一行 ",
    "去掉一行": "去掉 ",
    "改交期": "交期改到",
    "送货地址": "地址改成",
    "收货电话": "收货电话改成",
}
"""What may be chosen, and what the typed answer then continues."""
_ASKED = {
    "数量改成": "改成多少？请打数量和单位",
    "加一行 ": "加什么？请打产品和数量",
    "去掉 ": "去掉哪一行？请打产品",
    "交期改到": "改到哪天？请打日期，如 3月20日",
    "地址改成": "改成什么地址？",
    "收货电话改成": "改成哪个电话？",
}
WHY_CANCELLED = "为什么取消？请打原因，如“客户工地停了”"
REST_ONLY = "已发出的包裹不变，只改没发的"
EXPLAINING = "请打变更影响说明"


def ask_value(prefix: str) -> str:
    """What was chosen to be changed, before it was said to what."""
    return _ASKED[prefix]


def ask_line(said: str) -> str:
    """Several lines of the order may be meant, or none."""
    return f"“{said}”是订单里的哪一行？" if said else "改订单里的哪一行？"


def line_text(line: OrderLine) -> str:
    """M12×80镀锌螺栓 500支."""
    return f"{line.product.name} {plain(line.quantity)}{line.product.unit}"


def stock_texts(shifts: list[Shift]) -> list[str]:
    """What is taken from which place, freed at which, and missing."""
    said = []
    for shift in shifts:
        said += [f"释放 {_place(freed.batch)} {plain(quantity)}{freed.batch.product.unit}" for freed, quantity in shift.freed]
        said += [f"占用 {_place(batch)} {plain(quantity)}{batch.product.unit}" for batch, quantity in shift.taken]
        if shift.item and shift.missing:
            said.append(f"缺货 {shift.item.goods.name} {plain(shift.missing)}{shift.item.goods.unit}")
    return said


def _place(batch: StockBatch) -> str:
    where = " ".join(part for part in (batch.warehouse, batch.location, batch.batch and f"批次{batch.batch}") if part)
    return f"{batch.product.name} {where}"


def saved(deed: str, version: int, on_hold: str | None) -> str:
    """A change counts."""
    held = f"，{on_hold}" if on_hold else ""
    return "已取消，占用的库存已释放，各方已通知" if deed == CANCEL else f"已改到第{version}版{held}，各方已通知"


def awaited(deed: str, *, is_caught: bool) -> str:
    """A change waits for the warehouse, which catches the goods or has their carrier take them elsewhere."""
    if is_caught:
        return f"{deed}已记下，仓库正在拦截；拦到了才生效，结果会告诉您"
    return f"{deed}已记下，仓库正在请快递改派，结果会告诉您"
