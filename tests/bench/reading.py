"""How fast messages are read over a large catalogue, and what its index costs."""

import gc
import random
import time
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from language import Catalogue, CustomerRecord, ProductRecord, read
from tests.bench.figures import Figure, milliseconds, show

PRODUCTS, CUSTOMERS = 12_000, 5_000
TODAY = date(2026, 3, 2)
LONG = 10_000
_MADE_UP = 200

_TYPES = (
    ("六角螺栓", "支", "盒"),
    ("内六角螺钉", "支", "盒"),
    ("六角螺母", "个", "包"),
    ("平垫圈", "片", "包"),
    ("弹簧垫圈", "片", "包"),
    ("自攻螺钉", "支", "包"),
    ("膨胀螺栓", "套", "箱"),
    ("抽芯铆钉", "支", "盒"),
)
_FINISHES = (("镀锌", "碳钢"), ("热镀锌", "碳钢"), ("发黑", "合金钢"), ("本色", "304"), ("本色", "316"), ("达克罗", "碳钢"))
_THREADS = (3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 27, 30)
_LENGTHS = (10, 12, 16, 20, 25, 30, 35, 40, 45, 50, 55, 60, 70, 80, 90, 100, 120, 150)
_SCRAPS = (
    *(
        "M8",
        "×",
        "30",
        "镀锌",
        "螺母",
        "500支",
        "5",
        "箱",
        "，",
        "\n",
        " ",
        "各",
        "带",
        "不对",
        "改",
        "先发",
        "剩下",
        "一半",
        "下周三",
        "和",
    ),
    *("老样子", "送到", "备注", "客户", "P-00001", "不要", "加", "-", "半", "几", "发", "给", "一平一弹", "都是", "地址", "月底", "3.15"),
    *("单价", "那单", "003", "贴标", "锌", "也", "垫片", "@", "0.3元", "配齐", "分两批", "的"),
)
_CITIES = ("杭州", "宁波", "温州", "绍兴", "金华", "苏州", "无锡", "上海", "合肥", "台州")
_FIRMS = ("五金", "建材", "机械", "阀门", "装饰工程", "机电设备", "汽车配件", "贸易", "模具", "水暖")
_CHARACTERS = "宏达永固顺发鑫隆恒泰精准天工华友瑞丰青山蓝鲸佳美驰远中信德力金龙海天东方长城万通利民正大兴旺安泰福源"


def run(*, quick: bool = False, databases: Sequence[str] = ()) -> None:
    """Prints the figures; no database is needed."""
    started = time.process_time()
    catalogue = large_catalogue()
    build = time.process_time() - started
    memory = _memory()
    texts = messages(200 if quick else 2_000)
    seconds = [_seconds(lambda text=text: read(text, catalogue, TODAY)) for text in texts]
    figures = [
        Figure(f"index of {PRODUCTS:,} products and {CUSTOMERS:,} customers", build, "s", 2),
        Figure("memory of the index", memory, "MB", 150),
        *milliseconds("message of up to 200 characters", seconds, {0.5: 2, 0.99: 20}),
        *(
            Figure(f"10,000 characters of {name}", _seconds(lambda text=text: read(text, catalogue, TODAY)) * 1000, "ms", 100)
            for name, text in long_texts()
        ),
        Figure(f"10,000 characters of the worst of {_MADE_UP} scraps", _worst(catalogue, 40 if quick else _MADE_UP) * 1000, "ms", 100),
    ]
    show("reading", figures)


def large_catalogue() -> Catalogue:
    """Products of eight types in all their sizes and finishes, and customers with aliases."""
    return Catalogue(list(_products()), list(_customers()))


def _products() -> list[ProductRecord]:
    made: list[ProductRecord] = []
    for grade in ("4.8", "8.8", "10.9"):
        for kind, unit, pack in _TYPES:
            for thread in _THREADS:
                for length in _LENGTHS:
                    for finish, material in _FINISHES:
                        if len(made) == PRODUCTS:
                            return made
                        made.append(_product(len(made) + 1, kind, unit, pack, f"M{thread}×{length}", finish, material, grade))
    return made


def _product(number: int, kind: str, unit: str, pack: str, size: str, finish: str, material: str, grade: str) -> ProductRecord:
    name = f"{kind} {size} {finish if finish != '本色' else material + '不锈钢'} {grade}级"
    packs = {pack: Decimal(200), "大箱": Decimal(2400)}
    described = {"type": kind, "material": material, "finish": finish, "grade": grade, "spec": size}
    return ProductRecord(id=number, code=f"P-{number:05}", name=name, unit=unit, units=packs, moq=Decimal(100), **described)


def _customers() -> list[CustomerRecord]:
    chance = random.Random(7)
    made = []
    for number in range(1, CUSTOMERS + 1):
        brand = "".join(chance.sample(_CHARACTERS, chance.choice((2, 2, 3))))
        firm, city = chance.choice(_FIRMS), chance.choice(_CITIES)
        made.append(CustomerRecord(number, f"C{number:05}", f"{city}{brand}{firm}有限公司", (f"{brand}{firm}", f"{city}{brand}")))
    return made


def messages(count: int) -> list[str]:
    """Orders, questions and changes as people write them, up to 200 characters long."""
    chance = random.Random(3)
    return [_message(chance)[:200] for _ in range(count)]


def _message(chance: random.Random) -> str:
    brand = "".join(chance.sample(_CHARACTERS, 2)) + chance.choice(_FIRMS)
    lines = "，".join(_line(chance) for _ in range(chance.choice((1, 1, 1, 2, 3, 6))))
    day = chance.choice(("下周三到", "月底前", "3月20日", "后天下午", "尽快", ""))
    tail = chance.choice(("包邮", "送到滨江区江虹路768号 王工 13800001111", "开专票", "顺丰到付", "谢谢", ""))
    form = chance.choice(
        ("{c} {l} {d} {t}", "{c}：{l}，{d}，{t}", "{l} {d}", "帮{c}下{l} {d} {t}", "{l}还有多少库存", "{c}那单改成{l}", "{l}什么价")
    )
    return form.format(c=brand, l=lines, d=day, t=tail)


def _line(chance: random.Random) -> str:
    kind, unit, pack = chance.choice(_TYPES)
    size, finish = f"M{chance.choice(_THREADS)}{chance.choice('×*xX')}{chance.choice(_LENGTHS)}", chance.choice(_FINISHES)
    amount = chance.choice((f"{chance.randint(1, 50)}00{unit}", f"{chance.randint(1, 30)}{pack}", "两千" + unit, "1.5万"))
    return f"{kind if chance.random() < 0.6 else ''}{size}{finish[0]} {amount}"


def long_texts() -> list[tuple[str, str]]:
    """What may be pasted by mistake or by malice."""
    chance = random.Random(5)
    scraps = {
        "orders": "M8×30镀锌 500支，",
        "digits": "9",
        "numerals": "一",
        "sizes": "M8×30",
        "somes": "几",
        "days": "下周三",
        "customers": "宏达建材 ",
        "sizes in a list": "M8，",
        "numbers and names": "003和丁工要",
        "emoji": "🙂",
        "SQL": "'; DROP TABLE orders; -- ",
        "templates": "{{ 7*7 }}{% for %}",
    }
    mixed = "".join(chance.choice("各带配先发剩下几不对改成周月号下M8×30φ500支箱，、 \n送到宏达建材") for _ in range(LONG))
    return [*((name, (text * LONG)[:LONG]) for name, text in scraps.items()), ("a mixture", mixed)]


def _worst(catalogue: Catalogue, count: int) -> float:
    """Seconds of the slowest of texts that repeat something made up of the words that are read."""
    chance = random.Random(11)
    made_up = ["".join(chance.choices(_SCRAPS, k=chance.choice((1, 2, 3, 5)))) for _ in range(count)]
    return max(_seconds(lambda text=(scrap * LONG)[:LONG]: read(text, catalogue, TODAY)) for scrap in made_up)


def _memory() -> float:
    """Megabytes that a catalogue holds."""
    gc.collect()
    tracemalloc.start()
    catalogue = large_catalogue()
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return held / 2**20 if catalogue.products else 0.0


def _seconds(work: Callable[[], object]) -> float:
    """Processor time of the quicker of two: what else runs on the machine is not ours."""
    taken = []
    for _ in range(2):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)
