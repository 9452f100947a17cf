"""A small catalogue of a hardware wholesaler, with everything that is easily confused."""

from datetime import date
from decimal import Decimal

import pytest

from language import Catalogue, CustomerRecord, ProductRecord, Reading, WordRecord, read

TODAY = date(2026, 3, 2)
"""A Monday."""


def _product(number: int, code: str, name: str, unit: str = "支", **fields: object) -> ProductRecord:
    return ProductRecord(id=number, code=code, name=name, unit=unit, **fields)  # type: ignore[arg-type]


PACKS = {"盒": Decimal(50), "箱": Decimal(600)}
NAIL_PACKS = {"箱": Decimal(25), "吨": Decimal(1000)}
BOLT = {"type": "六角螺栓", "material": "碳钢"}
NUT = {"type": "六角螺母", "material": "碳钢", "moq": Decimal(200)}
PRODUCTS = (
    _product(1, "HB-M12x80-Z", "六角螺栓 M12×80 镀锌 4.8级", spec="M12×80", finish="镀锌", grade="4.8", units=PACKS, **BOLT),
    _product(2, "HB-M12x80-HDG", "六角螺栓 M12×80 热镀锌 8.8级", spec="M12×80", finish="热镀锌", grade="8.8", units=PACKS, **BOLT),
    _product(3, "HB-M8x30-Z", "六角螺栓 M8×30 镀锌 4.8级", spec="M8×30", finish="镀锌", grade="4.8", moq=Decimal(100), **BOLT),
    _product(4, "HB-M8x30-304", "六角螺栓 M8×30 304不锈钢", spec="M8×30", type="六角螺栓", material="304", finish="本色"),
    _product(5, "HB-M8x40-Z", "六角螺栓 M8×40 镀锌 4.8级", spec="M8×40", finish="镀锌", grade="4.8", **BOLT),
    _product(6, "NT-M8-Z", "六角螺母 M8 镀锌", "个", spec="M8", finish="镀锌", **NUT),
    _product(7, "NT-M8-304", "六角螺母 M8 304不锈钢", "个", spec="M8", type="六角螺母", material="304"),
    _product(8, "NF-M10-Z", "法兰螺母 M10 镀锌", "个", spec="M10", type="法兰螺母", finish="镀锌", aliases=("花齿螺母",)),
    _product(9, "NT-M10-Z", "六角螺母 M10 镀锌", "个", spec="M10", finish="镀锌", **NUT),
    _product(10, "CD-125", "切割片 125×1.2", "片", spec="125×1.2", type="切割片", units={"盒": Decimal(50)}),
    _product(11, "NA-50", "圆钉 2寸(50mm)", "kg", spec="2寸", type="圆钉", units=NAIL_PACKS, aliases=("铁钉",)),
    _product(12, "AI-CL-08", "内饰卡扣 φ8 尼龙", "个", spec="φ8", type="卡扣", material="尼龙", aliases=("卡子",)),
    _product(13, "AI-CL-10", "内饰卡扣 φ10 尼龙", "个", spec="φ10", type="卡扣", material="尼龙", aliases=("卡子",)),
    _product(14, "BV-DN15", "黄铜球阀 DN15(4分)", "只", spec="DN15", type="球阀", aliases=("4分球阀",)),
    _product(15, "TP-20", "生料带 20m", "卷", spec="20m", type="生料带"),
    _product(16, "ST-16x400", "地脚螺栓 M16×400", "套", spec="M16×400", type="地脚螺栓"),
)
CUSTOMERS = (
    CustomerRecord(1, "C001", "锐固建材", ("锐固",)),
    CustomerRecord(2, "C002", "杭州宏达建材有限公司", ("宏达建材",)),
    CustomerRecord(3, "C003", "宁波宏达机电设备有限公司", ("宏达机电",)),
    CustomerRecord(4, "C004", "义乌小陈五金店", ("小陈",)),
    CustomerRecord(5, "C005", "老李水暖", ("老李",)),
    CustomerRecord(6, "C006", "李记五金", ("老李",)),
)
WORDS = (WordRecord("银锌", "镀锌", "finish"), WordRecord("扎", "盒", "unit"))
CODES = {product.id: product.code for product in PRODUCTS}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue(PRODUCTS, CUSTOMERS, WORDS)


def reading(text: str, catalogue: Catalogue) -> Reading:
    return read(text, catalogue, TODAY)


def settled(read: Reading) -> list[tuple[str | None, str | None, str | None]]:
    """Each line as (code or what was said, number, unit)."""
    return [
        (CODES.get(line.product.id or 0, line.product.said), None if line.number is None else format(line.number, "f"), line.unit)
        for line in read.lines
    ]
