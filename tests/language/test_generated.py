"""Orders that are made up at random read back to what they were made of, however they are written."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from language import Reading, read
from language.tables import tables_of
from tests.language.test_corpus import BASE_DAY, parsed

CATALOGUE = tables_of(parsed("products.json"), parsed("customers.json")).catalogue
SIZED = [product for product in CATALOGUE.products.values() if product.finish in ("镀锌", "热镀锌") and product.spec.startswith("M")]
NAMED = [(customer.id, alias) for customer in CATALOGUE.customers.values() for alias in customer.aliases if len(alias) > 3]
FULL_WIDTH = {ord(" "): "　"} | {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
HANZI = {200: "两百", 350: "三百五十", 1200: "一千二", 2000: "两千", 5500: "5千5", 15000: "一万五", 20000: "2w", 3000: "3k", 4000: "4千"}


@dataclass(frozen=True)
class Wanted:
    text: str
    lines: dict[int, Decimal]
    customer: int | None
    day: date | None


@st.composite
def orders(draw: st.DrawFn) -> Wanted:
    products = draw(st.lists(st.sampled_from(SIZED), min_size=1, max_size=4, unique_by=lambda product: product.id))
    lines = [draw(lines_of(product)) for product in products]
    customer, name = draw(st.sampled_from([(None, ""), *NAMED]))
    day, said = draw(days())
    separator = draw(st.sampled_from(["，", "、", "；", "\n", "+"]))
    text = " ".join(part for part in (name, separator.join(line for line, _ in lines), said) if part)
    return Wanted(text, {product.id: amount for product, (_, amount) in zip(products, lines)}, customer, day)


@st.composite
def lines_of(draw: st.DrawFn, product: object) -> tuple[str, Decimal]:
    sign = draw(st.sampled_from("×xX*＊"))
    size = product.spec.replace("×", sign)  # type: ignore[attr-defined]
    words = draw(st.permutations([size, product.finish, product.type]))  # type: ignore[attr-defined]
    phrase = draw(st.sampled_from(["", " "])).join(words)
    unit, factor = draw(st.sampled_from(sorted((product.units | {product.unit: Decimal(1)}).items())))  # type: ignore[attr-defined]
    if draw(st.booleans()):
        number, said = draw(st.sampled_from(sorted(HANZI.items())))
    else:
        number = draw(st.integers(1, 30_000))
        said = draw(st.sampled_from([str(number), f"{number:,}"]))
    gap = draw(st.sampled_from([" ", "，要"]))
    return draw(st.sampled_from([f"{phrase}{gap}{said}{unit}", f"{said}{unit}{phrase}"])), number * factor


@st.composite
def days(draw: st.DrawFn) -> tuple[date | None, str]:
    ahead = draw(st.integers(1, 25))
    day = BASE_DAY + timedelta(days=ahead)
    forms = [f"{day.month}月{day.day}日到", f"{day.month}/{day.day}", day.isoformat(), f"{day.month}月{day.day}号前"]
    forms += [f"{day.day}号要"] if day.month == BASE_DAY.month else []
    near = {1: "明天", 2: "后天", 3: "大后天", 4: "周五", 9: "下周三前"}
    return draw(st.sampled_from([(None, ""), *((day, form) for form in forms), *([(day, near[ahead])] if ahead in near else [])]))


def of(text: str) -> Reading:
    return read(text, CATALOGUE, BASE_DAY)


def amounts(reading: Reading) -> dict[int | None, Decimal | None]:
    from language.amounts import base_quantity

    return {line.product.id: base_quantity(CATALOGUE, line) for line in reading.lines}


def is_as(reading: Reading, wanted: Wanted) -> bool:
    customer, day = reading.customer and reading.customer.id, reading.day and reading.day.day
    return (reading.intent, amounts(reading), customer, day, reading.ask) == ("place", wanted.lines, wanted.customer, wanted.day, None)


@given(orders())
@settings(max_examples=200, deadline=None)
def test_an_order_reads_back(wanted: Wanted) -> None:
    assert is_as(of(wanted.text), wanted), (wanted.text, of(wanted.text))


@given(
    orders(),
    st.sampled_from(["你好，", "早，", "老板好 ", "麻烦下单 ", "帮我安排 ", "@订单助手 ", "辛苦，"]),
    st.sampled_from(["，谢谢", " 辛苦了", "，麻烦了", "哈", " 谢谢老板", ""]),
)
@settings(max_examples=150, deadline=None)
def test_politeness_changes_nothing(wanted: Wanted, greeting: str, thanks: str) -> None:
    assert is_as(of(greeting + wanted.text + thanks), wanted), (greeting + wanted.text + thanks, of(greeting + wanted.text + thanks))


@given(orders())
@settings(max_examples=100, deadline=None)
def test_full_width_reads_as_half_width(wanted: Wanted) -> None:
    assert is_as(of(wanted.text.translate(FULL_WIDTH)), wanted)
