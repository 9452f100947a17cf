"""Tables pasted from a spreadsheet: their columns put in the order in which people write a line.

Only what a column says that its text alone does not is used: which number counts, which is a price, and which only numbers the rows.
"""

import re
from collections.abc import Iterator, Sequence

_HEADS = {
    "index": r"序号?|编号|行号?|no\.?|项次?|#",
    "customer": r"客户(?:名称?)?|收货单位|门店",
    "name": r"(?:产?品|货|商品|物料|材料|产品)?名称?|品名|产品|货品|商品|品种|物料|存货名称",
    "about": r"(?:产品)?(?:规格|型号|尺寸|尺码|颜色|材质|材料|表面(?:处理)?|等级|强度|性能等级|编码|料号|货号|物料编码|牌号|标准)"
    r"(?:型号)?",
    "count": r"(?:订货|采购|需求|订购|下单)?数量?|qty|订量|要货数",
    "unit": r"(?:计量|数量)?单位",
    "price": r"(?:含税|不含税|未税)?单价(?:\(元\))?|价格",
    "sum": r"金额|小计|总价|合计|总金额|税额|库存",
    "note": r"备注|说明|要求",
    "day": r"交期|交货(?:期|日期)|要货日期?|到货日期?|日期",
}
_HEAD = re.compile("|".join(rf"(?P<{name}>{words})" for name, words in _HEADS.items()), re.IGNORECASE)
_GAP = re.compile(r"\t|[|｜]| {2,}|　+")
_COMMA = re.compile("[,，;；]")
_TOTAL = re.compile(r"合计|总计|共计|小计")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_ORDER = ("customer", "name", "about", "count", "unit", "price", "day", "note")


def flatten(text: str) -> str:
    """The text with each row of a table as a line of an order; a text that holds no table as it is."""
    lines = _by_commas(text.splitlines())
    if len(lines) < 2 or not any(_GAP.search(line) for line in lines[:40]):
        return text
    for number, line in enumerate(lines[:20]):
        if heads := _heads(line):
            return "\n".join([*lines[:number], *(_row(heads, row) for row in lines[number + 1 :] if not _TOTAL.match(row.strip()))])
    return "\n".join(_without_index(lines))


def _by_commas(lines: list[str]) -> list[str]:
    """The cells of a table that was exported with commas, as those of any other."""
    head = next((number for number, line in enumerate(lines[:20]) if _COMMA.search(line) and _heads(_COMMA.sub("\t", line))), None)
    if head is None:
        return lines
    commas = len(_COMMA.findall(lines[head]))
    return [_COMMA.sub("\t", line) if number >= head and len(_COMMA.findall(line)) == commas else line for number, line in enumerate(lines)]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _GAP.split(line.strip(" |｜"))]


def _heads(line: str) -> list[str] | None:
    """What each column is, where the line is a table's head."""
    cells = _cells(line)
    found = [head.lastgroup or "" if (head := _HEAD.fullmatch(cell)) else "" for cell in cells]
    return found if len(cells) > 1 and "count" in found and sum(map(bool, found)) > len(cells) / 2 else None


def _row(heads: Sequence[str], line: str) -> str:
    cells = _cells(line) if _GAP.search(line) else [line]
    if len(cells) < 2:
        return line
    parts = {name: " ".join(cell for head, cell in zip(heads, cells) if head == name and cell) for name in _ORDER}
    unknown = " ".join(cell for head, cell in zip([*heads, *[""] * len(cells)], cells) if not head)
    counted = parts["count"] + (parts["unit"] if _NUMBER.fullmatch(parts["count"].replace(",", "")) else "")
    price = f"单价{parts['price']}" if parts["price"] else ""
    return " ".join(filter(None, [parts["customer"], parts["name"], parts["about"], unknown, counted, price, parts["day"], parts["note"]]))


def _without_index(lines: Sequence[str]) -> Iterator[str]:
    """Rows without a head: a first column that only counts the rows is left out."""
    rows = [_cells(line) for line in lines]
    tabled = [cells for cells in rows if len(cells) > 1]
    counts = len(tabled) > 1 and [cells[0] for cells in tabled] == [str(number) for number in range(1, len(tabled) + 1)]
    for line, cells in zip(lines, rows):
        yield " ".join(cells[1:]) if counts and len(cells) > 1 else line
