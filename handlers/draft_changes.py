"""What a correction has changed of the draft of an order, in words: 第2行 M8×30镀锌螺栓 800支, 期望交付 3月25日(周三)."""

from handlers.wording import day_text, line_text, price, short
from language import Catalogue, Line, Reading

LONGEST_SAID = 500
FREIGHT = ("pickup", "free_shipping", "freight_collect")
"""Of these, what is said last is what counts."""
CORRECTABLE = ("customer", "day", *FREIGHT, "urgent", "trial", "address", "contact", "phone", "carrier", "remarks")
"""What of an order a correction may say, besides its lines."""
YES_OR_NO = {
    "pickup": ("客户自提", "不自提"),
    "free_shipping": ("包邮", "运费另计"),
    "freight_collect": ("运费到付", "运费不到付"),
    "urgent": ("加急", "不加急"),
    "trial": ("试产", "不是试产"),
}
_NAMED = {"day": "期望交付 ", "address": "送到 ", "contact": "收货人：", "phone": "收货电话：", "carrier": "快递：", "remarks": "备注："}


def appended(before: Reading, said: str) -> str:
    """What was said for a draft and then to correct it, at its end."""
    return f"{before.said}{said}"[-LONGEST_SAID:]


def continues(before: Reading, after: Reading) -> bool:
    """Whether a draft is an earlier one as corrected, be it after a question about the correction."""
    return any(appended(before, after.said[at:]) == after.said for at, mark in enumerate(after.said) if mark == "；")


def changed(before: Reading, after: Reading, catalogue: Catalogue) -> list[str]:
    """Each change as it is understood now; pure."""
    said = [name for name in CORRECTABLE if (value := getattr(after, name)) != getattr(before, name) and value is not None]
    return [*_lines(before.lines, after.lines, catalogue), *(_field(name, after, catalogue) for name in said)]


def _lines(before: tuple[Line, ...], after: tuple[Line, ...], catalogue: Catalogue) -> list[str]:
    if len(after) < len(before):
        return [f"去掉 {line_text(line, catalogue)}" for line in before if line not in after]
    new = [(number, line) for number, line in enumerate(after, 1) if line not in before]
    return [f"{_which(number, len(before), len(after))}{_line(line, catalogue)}" for number, line in new]


def _which(number: int, before: int, after: int) -> str:
    if number > before:
        return "加一行 "
    return f"第{number}行 " if after > 1 else ""


def _line(line: Line, catalogue: Catalogue) -> str:
    product = catalogue.products.get(line.product.id or 0)
    unit = product.unit if product else ""
    said = [line_text(line, catalogue)]
    said += [f"单价{price(line.price, unit)}"] if line.price is not None else []
    said += ["含税"] if line.tax_included else []
    said += [f"工艺{short('、'.join(line.processes))}"] if line.processes else []
    return " ".join(said)


def _field(name: str, after: Reading, catalogue: Catalogue) -> str:
    value = getattr(after, name)
    if name in YES_OR_NO:
        return YES_OR_NO[name][0 if value else 1]
    if name == "customer":
        return f"客户 {catalogue.customers[value.id].name if value.id in catalogue.customers else value.said}"
    return f"{_NAMED[name]}{_day(after) if name == 'day' else short(value)}"


def delivery(reading: Reading) -> list[str]:
    """Who receives the goods and who brings them, and what is to be remarked: what has no place of its own on the card."""
    return [f"{_NAMED[name]}{short(value)}" for name in ("contact", "phone", "carrier", "remarks") if (value := getattr(reading, name))]


def _day(reading: Reading) -> str:
    day = reading.day
    return day_text(day.day) if day and day.day else (day.said if day else "不限")
