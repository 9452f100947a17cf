"""Nothing that anybody can type may raise, and reading takes time in proportion to the text."""

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language import Catalogue, CustomerRecord, ProductRecord
from language.text import LONGEST, clean, plain
from tests.language.conftest import CUSTOMERS, PRODUCTS, WORDS, reading

CATALOGUE = Catalogue(PRODUCTS, CUSTOMERS, WORDS)
COMMANDS = ["下单", "查单", "库存", "在途", "入库", "出库", "发货", "签收", "待办", "完成", "帮助", "算了", ""]
SCRAPS = [
    "锐固", "M12×80", "镀锌", "螺栓", "×500支", "3箱", "一千二", "万", "两", "半",
    "3月20日到", "下周三", "周", "月", "号", "-", ".", ",", "，", "x", "*",
    "送到", "地址", "备注", "单价", "@", "第2行", "改成", "加", "去掉", "0007", "SF1234567890123",
    "PO88", "A-03-2", "\n", "\t", "\u202e", "\u200b",
    "\x00", "\ud800", "ﷺ", "İ", "٣", "²", "½", "🙂", "1e99", "9" * 40, "级", "公分", "有效期",
]  # fmt: skip


@given(st.sampled_from(COMMANDS), st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read(command: str, text: str) -> None:
    read = reading(f"{command} {text}", CATALOGUE)
    assert type(read).model_validate(read.model_dump(mode="json")) == read


@given(st.sampled_from(COMMANDS), st.lists(st.sampled_from(SCRAPS), max_size=25))
@settings(max_examples=500, deadline=None)
def test_any_mixture_is_read(command: str, scraps: list[str]) -> None:
    read = reading(f"{command} {''.join(scraps)}", CATALOGUE)
    assert all(line.number is None or abs(line.number) <= Decimal(10) ** 15 for line in read.lines)
    read.model_dump_json().encode()


@given(st.text())
def test_plain_is_as_long_as_what_is_shown(text: str) -> None:
    shown = clean(text)
    assert len(plain(shown)) == len(shown)
    assert clean(shown) == shown


REPEATED = [
    "9", "1,000,", "1.", "-", "x", "1x", "M8×30", "一", "万", " ", "\n", "3月", "下", "周", "送到", "地址 a ", "加", "@", "工艺", "🙂",
    "A-1", "单价1 ", "m", "ab", "的", "\u202e", "ﷺ",
]  # fmt: skip


@pytest.mark.parametrize("unit", REPEATED)
def test_a_hundred_kilobytes_are_read_at_once(unit: str) -> None:
    text = "下单 锐固 " + unit * (100_000 // len(unit))
    started = time.process_time()
    read = reading(text, CATALOGUE)
    assert time.process_time() - started < 2
    assert read.too_long
    assert len(read.said) <= LONGEST


def test_five_hundred_lines(catalogue: Catalogue) -> None:
    text = "下单 锐固 " + "\n".join(["M12×80镀锌螺栓 500支"] * 500)
    started = time.process_time()
    read = reading(text, catalogue)
    assert time.process_time() - started < 1
    assert [line.product.id for line in read.lines] == [1] * 500


def test_a_large_catalogue_is_made_and_searched_quickly() -> None:
    types, finishes = ["六角螺栓", "内六角螺钉", "六角螺母", "平垫圈", "弹簧垫圈"], ["镀锌", "热镀锌", "发黑"]
    products = [
        ProductRecord(
            id=number,
            code=f"P{number:05}",
            name=f"{types[number % 5]} M{number % 40 + 3}×{number // 40 % 50 * 5 + 5} {finishes[number % 3]} {number // 2000}型",
            unit="支",
            type=types[number % 5],
            finish=finishes[number % 3],
            aliases=(f"别名{number}",),
        )
        for number in range(12_000)
    ]
    customers = [CustomerRecord(number, f"C{number:05}", f"客户{number}五金建材有限公司", (f"老{number}",)) for number in range(5_000)]
    started = time.process_time()
    large = Catalogue(products, customers)
    assert time.process_time() - started < 3  # 1.5 s where nothing else runs
    started = time.process_time()
    for number in range(100):
        assert large.product_index.find(f"别名{number * 100}").id == number * 100
        large.product_index.find("镀锌 六角螺栓")
        assert large.customer_index.find(f"老{number}").id == number
    assert (time.process_time() - started) / 300 < 0.002
