"""Nothing that anybody can type may raise, and reading takes time in proportion to the text."""

import time
from collections.abc import Callable
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


TEN_TIMES = 50
"""What is ten times as long may take so many times as long: in proportion with room for noise, and far from a square's hundred."""


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the quickest of three."""

    def once() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return min(once() for _ in range(3))


@pytest.mark.parametrize("unit", REPEATED)
def test_anything_repeated_is_read_in_proportion_to_its_length(unit: str) -> None:
    long, short = ("下单 锐固 " + unit * (length // len(unit)) for length in (LONGEST // 2, LONGEST // 20))
    assert not reading(long, CATALOGUE).too_long
    assert seconds(lambda: reading(long, CATALOGUE)) < TEN_TIMES * seconds(lambda: reading(short, CATALOGUE))


def test_a_hundred_kilobytes_are_not_read() -> None:
    read = reading("下单 锐固 " + "9" * 100_000, CATALOGUE)
    assert (read.command, read.too_long, read.customer, len(read.said)) == ("place", True, None, LONGEST)


def test_five_hundred_lines_take_ten_times_as_long_as_fifty(catalogue: Catalogue) -> None:
    long, short = ("下单 锐固 " + "\n".join(["M12×80镀锌螺栓 500支"] * lines) for lines in (500, 50))
    assert [line.product.id for line in reading(long, catalogue).lines] == [1] * 500
    assert seconds(lambda: reading(long, catalogue)) < TEN_TIMES * seconds(lambda: reading(short, catalogue))


def catalogue_of(count: int) -> Catalogue:
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
        for number in range(count)
    ]
    customers = [CustomerRecord(number, f"C{number:05}", f"客户{number}五金建材有限公司", (f"老{number}",)) for number in range(count // 2)]
    return Catalogue(products, customers)


def test_a_catalogue_ten_times_as_large_is_searched_about_as_quickly() -> None:
    def search(catalogue: Catalogue) -> None:
        for number in range(100):
            assert catalogue.product_index.find(f"别名{number}").id == number
            assert catalogue.customer_index.find(f"老{number}").id == number

    large, small = catalogue_of(12_000), catalogue_of(1_200)
    assert seconds(lambda: search(large)) < 5 * seconds(lambda: search(small))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙂🙂🙂",
        "9" * 100_000,
        "\u202e\u202dM8×30\u200b 500支",
        "\x00\x07\x1b[31m",
        "'; DROP TABLE orders; --",
        "{{ 7*7 }}{% for x in y %}",
        "${jndi:x}",
    ],
)
def test_bad_input_orders_nothing_that_was_not_said(text: str) -> None:
    read = reading(text, CATALOGUE)
    assert all(line.product.id is None or "M8" in line.product.said for line in read.lines)
    assert read.too_long == (len(text) > LONGEST)


def test_a_pasted_table_of_500_lines_is_read() -> None:
    rows = [f"{number}\t六角螺栓\tM12×80\t镀锌\t{number * 100}\t支" for number in range(1, 501)]
    read = reading("\n".join(["序号\t品名\t规格\t表面\t数量\t单位", *rows]), CATALOGUE)
    assert [(line.product.id, line.number, line.unit) for line in read.lines] == [
        (1, Decimal(number * 100), "支") for number in range(1, 501)
    ]
