"""Nothing that anybody can type may raise, and reading takes time in proportion to the text."""

import json
import random
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language import Catalogue, CustomerRecord, ProductRecord
from language.text import LONGEST, clean, plain
from language.words import shipped
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
    "金", "棕", "镀", "钢", "万火", "哈", "上次一箱5", "那单", "A-1", "单价1 ", "m", "ab", "的", "\u202e", "ﷺ",
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


TWICE = 2.6
"""The work for twice the text is at most so many times as much: in proportion, with room for what is done once."""
_MESSAGES = Path(__file__).with_name("corpus") / "orders-dev.jsonl"
_SEEDS = range(60)


def scraps(seed: int) -> str:
    """Something nobody means, of the words that mean most to the reader."""
    chance = random.Random(seed)
    texts = [json.loads(line)["text"] for line in _MESSAGES.read_text(encoding="utf-8").splitlines()]
    words = [word for section in ("signals", "types", "finishes", "materials") for said in shipped()[section].values() for word in said]
    words += [*shipped()["fillers"], *shipped()["notes"], *shipped()["units"]["others"], "M8", "500", "先发", "剩下", "下周", "不对", "改"]

    def scrap() -> str:
        text = chance.choice(texts)
        start, length = chance.randrange(len(text)), chance.choice((1, 2, 4, 9))
        return chance.choice([text[start : start + length], chance.choice(words), chance.choice("，、 \n；58一半x-.|")])

    return "".join(scrap() for _ in range(chance.choice((1, 2, 3, 5)))) or "x"


def calls(text: str) -> int:
    """The work of reading a text, as the number of calls that it makes."""
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        reading(text, CATALOGUE)
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("seed", _SEEDS)
def test_the_work_grows_with_the_length_whatever_is_repeated(seed: int) -> None:
    scrap = scraps(seed)
    reading((scrap * 2_000)[:4_000], CATALOGUE)  # so that what is kept for the next time is there for both
    short, long = ((scrap * length)[:length] for length in (2_000, 4_000))
    assert calls(long) < TWICE * calls(short), scrap


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
