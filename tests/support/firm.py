"""A small firm for the tests: the people, customers and products of the scene."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from store.models import Customer, Level, Product, Role, Staff, StockBatch
from store.transaction import Transaction


@dataclass(frozen=True)
class Firm:
    """Everybody by name; `bolt` has 8,000 in stock, `small_bolt` and `nut` have none."""

    zhaomin: Staff
    qianwei: Staff
    sunlei: Staff
    zhoufang: Staff
    wugang: Staff
    zhenggong: Staff
    wangkuaiji: Staff
    admin: Staff
    ruigu: Customer
    hongda: Customer
    laozhou: Customer
    bolt: Product
    small_bolt: Product
    nut: Product
    batches: tuple[StockBatch, ...]


def make_firm(tx: Transaction) -> Firm:
    """Writes the firm into the open transaction."""
    staff = _staff()
    customers = _customers(staff)
    products = _products()
    batches = _batches(products["bolt"])
    tx.session.add_all([*staff.values(), *customers.values(), *products.values(), *batches])
    tx.session.flush()
    return Firm(**staff, **customers, **products, batches=batches)


def _staff() -> dict[str, Staff]:
    sunlei = Staff(name="孙磊", roles=[Role.SALES_MANAGER], wecom_userid="sunlei", mobile="13800000003")
    return {
        "zhaomin": Staff(name="赵敏", roles=[Role.SALES], wecom_userid="zhaomin", manager=sunlei, mobile="13800000001"),
        "qianwei": Staff(name="钱伟", roles=[Role.SALES], dingtalk_userid="qianwei", manager=sunlei, mobile="13800000002"),
        "sunlei": sunlei,
        "zhoufang": Staff(name="周芳", roles=[Role.PURCHASING], wecom_userid="zhoufang", dingtalk_userid="zhoufang"),
        "wugang": Staff(name="吴刚", roles=[Role.WAREHOUSE], warehouse="主仓", wecom_userid="wugang"),
        "zhenggong": Staff(name="郑工", roles=[Role.PRODUCTION]),
        "wangkuaiji": Staff(name="王会计", roles=[Role.FINANCE]),
        "admin": Staff(name="管理员", roles=[Role.ADMIN], wecom_userid="admin"),
    }


def _customers(staff: dict[str, Staff]) -> dict[str, Customer]:
    zhaomin, qianwei = staff["zhaomin"], staff["qianwei"]
    ruigu = {"phone": "13600001234", "address": "杭州市余杭区良渚物流园B2", "wechat_openid": "openid-ruigu"}
    return {
        "ruigu": Customer(code="C001", name="锐固建材", aliases=["锐固"], level=Level.VIP, salesperson=zhaomin, **ruigu),
        "hongda": Customer(code="C002", name="宏达五金", aliases=["宏达"], group="hongda", salesperson=qianwei),
        "laozhou": Customer(code="C003", name="老周水暖", aliases=["老周"], salesperson=zhaomin),
    }


def _products() -> dict[str, Product]:
    shared = {"type": "六角螺栓", "finish": "镀锌", "unit": "支"}
    return {
        "bolt": Product(
            code="LS-M12x80-Z",
            name="M12×80镀锌螺栓",
            spec="M12×80",
            units={"盒": "50", "箱": "600"},
            price=Decimal("1.20"),
            safety_stock=Decimal(3000),
            lead_days=7,
            **shared,
        ),
        "small_bolt": Product(
            code="LS-M8x30-Z", name="M8×30镀锌螺栓", spec="M8×30", price=Decimal("0.28"), safety_stock=Decimal(500), **shared
        ),
        "nut": Product(code="LM-M12-Z", name="M12镀锌螺母", spec="M12", type="六角螺母", finish="镀锌", unit="个", price=Decimal("0.15")),
    }


def _batches(bolt: Product) -> tuple[StockBatch, ...]:
    near, later = date(2026, 9, 30), date(2027, 3, 31)
    return (
        StockBatch(product=bolt, warehouse="主仓", location="A-03-1", batch="B2601", expires_on=near, on_hand=Decimal(3000)),
        StockBatch(product=bolt, warehouse="主仓", location="A-03-2", batch="B2602", expires_on=later, on_hand=Decimal(5000)),
    )
