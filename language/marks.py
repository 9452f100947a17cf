"""What stands beside the products of an order: urgency, price, day, remarks and the like."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Generic, TypeVar

from language.lexer import Kind
from language.numbers import match_number
from language.piece_kinds import NAMES, kind_of, looks_of
from language.slate import Slate
from language.words import shipped

Value = TypeVar("Value")

_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,4})?"
_PIECES = "[支个只片套根双条件张米粒颗枚副kg斤吨]"
_PACKS = "[盒箱包捆卷打袋板桶托]"
_COUNTS = "[支个只片套根双条张米粒颗枚副盒箱包捆卷打袋板桶件斤]"
_REMARK = re.compile(r"(?:备注|附注|注明|注意|[加写添]一?句话?|[加写添]个备注)(?:改成|改为|换成|一?下)?[: ]?(?P<text>[^\n]+)")
_THANKS = re.compile(
    r"(?:[,;!~。， ]*(?:辛苦了?|谢谢(?:老板|您|你)?|谢了|多谢|感谢|拜托了?|麻烦(?:了|你了|您了|尽快回复|回复一?下)?"
    r"|收到(?:请)?回复?(?:一?下)?))+[!~。 ]*$|[!~。]+$"
)
_URGENT = re.compile(
    r"(?P<no>不用?|别|不着)(?:加急|特急|急用|紧急|急(?!着))|(?:加急|特急|急单|急件|急用|急要|急需|紧急|(?:十万)?火急|火烧眉毛|着急|(?:尽快|尽早|抓紧|赶紧|赶快|马上|立刻|立马)(?!回|答|复|确认|报价|告诉|联系|通知|给个?(?:回|答|消息|报价))|越快越好|越早越好|要快(?!递)|火速|快点|速发|速速|asap|urgent(?:ly)?|rush)(?:要|用|发|单|哦|哈)?"
    r"|(?<![应救不])急(?![救停诊])"
)
_TRIAL = re.compile(r"(?P<no>不是?|非)?(?:试产|试制)(?:订?单)?")
_TAX = r"(?P<tax{0}>,? ?(?:不含税|不带票|含税|含票|带票|未税))?"
_YUAN = r"(?:元|块钱|(?<=\.[0-9])块|(?<=\.[0-9][0-9])块|块(?= ?(?:[/每]|一[支个片])|,? ?(?:不含税|不带票|含税|含票|带票|未税)))"
"""30块 may be pieces of something: money has a fraction, a 钱, a tax or a unit beside it."""
_PRICE = re.compile(
    rf"{_TAX.format(8)}(?<!总)(?:单价|价格|价){_TAX.format(9)}(?:还是|还按|就是|就按|按|是|给|算|走)?[: |]{{0,5}}"
    rf"(?P<named>-?{_NUMBER})(?:元|块)?(?: ?[/每一][^\s,;|0-9]{{1,2}})?{_TAX.format(1)}"
    rf"|(?P<tax10>不含税|含税|含票|带票|未税)价?[: ]?(?P<taxed>[0-9]{{1,6}}\.[0-9]{{1,4}})(?:元|块)?"
    rf"|(?<![0-9.a-z])(?P<taxed_behind>[0-9]{{1,4}}\.[0-9]{{1,4}}) ?(?P<tax11>不含税|不带票|含税|含票|带票|未税)"
    rf"|@ ?(?P<sign>-?{_NUMBER})(?:元|块)?(?:/[^\s,;|0-9]{{1,2}})?{_TAX.format(2)}"
    rf"|[¥￥] ?(?P<yuan>{_NUMBER})(?: ?[/每一][^\s,;|0-9]{{1,2}})?{_TAX.format(3)}"
    rf"|(?<![0-9.])(?P<each>{_NUMBER}){_YUAN} ?(?:[/每一][^\s,;|0-9])?{_TAX.format(4)}"
    rf"|(?:(?<=按)|(?<![0-9.a-z]))(?P<per>[0-9]{{1,4}}\.[0-9]{{1,4}})(?: ?[/一]{_PIECES}|(?=(?:算|走)))(?:算|走)?{_TAX.format(5)}"
    rf"|(?P<jiao>[0-9一二两三四五六七八九])毛(?P<fen>[0-9一二两三四五六七八九])?(?:分)?(?:钱)?(?: ?[/一每]{_PIECES})?{_TAX.format(6)}"
    rf"|(?:每|一){_PIECES}(?P<every>[0-9]{{1,4}}\.[0-9]{{1,4}})(?:元|块)?{_TAX.format(7)}"
    rf"|(?<={_COUNTS})[ ,]{{1,2}}(?:还是|就|按|算|能|能不能|不超过)? ?(?P<bare>0\.[0-9]{{1,4}})(?=$|[\s,;|]|的|行|卖|能|可以|以内|就)"
)
_AMOUNTS = ("named", "taxed", "taxed_behind", "sign", "yuan", "each", "per", "every", "bare")
_TOTALS = re.compile(
    rf"(?:总价|合计|共计|总额|金额)[: ]?{_NUMBER}(?:元|块钱?|万)?(?![0-9支个只片套根盒箱包])|(?:总共|一共)[: ]?{_NUMBER}(?:元|块钱|万元)"
    rf"|(?:上次|上回|之前|以前|原来)(?:的?价格?|的?单价|给|算|拿)?(?:是|的|按)?[0-9]{{0,3}}\.[0-9]{{1,4}}(?:元|块)?的?(?=$|[\s,;|])"
)
_PROCESS = re.compile(r"(?:特殊)?工艺[: ]?(?P<tags>[^\s,;|]+)")
_PACKED = re.compile(
    rf"(?<![0-9])[0-9]{{1,7}} ?{_PIECES} ?(?:[/一每]|装?一) ?[小大]?{_PACKS}(?:的|装)?"
    rf"|(?:(?:每|一|1)[小大]?{_PACKS}(?:有|装|是)?[0-9]{{1,7}}{_PIECES}|每[小大]?{_PACKS}[装是]?[0-9]{{1,7}}(?=[,;|) ]|$)"
    rf"|[一1]{_PACKS}[0-9]{{1,7}}的?那种)"
    rf"|(?:每|一|1){_PACKS}(?:有|装|是)?[0-9]{{1,7}} ?{_PACKS}(?:装|的?那种|的(?=[,;| ]|$))"
)
"""How a product is packed, which is no quantity: 200支/盒, 8套一箱."""
_NEAR = 8
"""Characters before a remark in which a quantity may begin that reaches into it."""
_MONTHS = re.compile(r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月份?(?=用|开工|施工|安装|装修)")
"""When the goods will be used is neither a quantity nor a day."""
_FORMER = re.compile(
    r"(?:上次|上回|(?<![号日天底末初前后一二三四五六0-9 |])(?:之前|以前)|原来|去年|上个?月|前几天)(?:是|要|拿|订|买|做)?(?:的|了)?"
    r"(?P<goods>(?:(?!一样|另|加|照)[^,;|\n0-9再来]){0,10}?)[0-9]{1,7} ?[^\s0-9a-z,;|]"
)
"""What was ordered another time is no quantity either."""
_NOT_BUT = re.compile(
    r"不是(?:要)?(?P<what>[^,;|\n]{1,14}?)[,;\n ]{0,2}(?:而?是)"
    r"|(?:不要|不用|别(?:给我|再)?[拿用发来])(?P<unwanted>[^,;|\n不别]{1,10}?)(?:的|了|啊|吧)?[,;\n ]{1,2}(?:就?要|改要|换|拿|用|来)"
    r"|(?:不是|不要|非)(?P<other>[^,;|\n是了]{1,8}?)(?P<sort>那种|那款|的)?(?=[,;|\n ]|$)"
)
_COUNT = re.compile(r"[0-9一二两三四五六七八九十百千万半]")
_COUNT_ONLY = re.compile(r" ?[0-9.一二两三四五六七八九十百千万半]{1,8} ?[^0-9a-z\s,;|-]? ?")
"""不是3箱是5箱: only the number is put right."""
_BEFORE = r"上次|上回|上一?单|上一次|上个月|上批|之前|以前|往常"
_REPEAT = re.compile(
    r"(?:老样子|老规矩|照旧|照(?:老样子?|上[次回]|之前|以前|原样)(?:的|那样|一样)?(?:来|下(?![个周月午]|礼拜|星期)|发|做)?"
    rf"|(?:跟|和|同|按|与|像|照)着?(?:{_BEFORE})(?:(?!一起|一块|一并|一同|合并)[^,;\n0-9]){{0,5}}?(?:一样|一致|相同|同样|量|数|单子?(?!一[起块并同]|合并)|来|下|发)(?:的|来|下(?![个周月午]|礼拜|星期)|发)?"
    r"|同上次|一样的?再来一?[单份遍]|再来一(?:单|份|遍)(?:一样的?|同样的?)?|上次(?:那单|那些|的)?再来一[单份遍]|原单(?:再来|重下))"
    r"(?:[, ]?(?:再|给我|帮我)?(?:来|下(?![个周月午]|礼拜|星期)|发|订)一?(?:批|单|份|次|遍|些)?)?"
)
_DECLINED = re.compile(r"(?<=[,;|\n])(?P<what>[^,;|\n不别]{2,16})(?:不要|不用|不需要|不拿|不订|不来)了?[吧哈啊先]?(?=[,;|\n ]|$)")


@dataclass(frozen=True, slots=True)
class Mark(Generic[Value]):
    """Something that belongs to the line before it; `at` is where it stood."""

    at: int
    value: Value


@dataclass(frozen=True, slots=True)
class Price:
    """A unit price in yuan; `taxed` is None where nothing was said of tax."""

    amount: Decimal
    taxed: bool | None = None


def take_remarks(slate: Slate) -> str | None:
    """备注 and all that follows on its line."""
    return without_thanks(slate.take_group(_REMARK, "text"))


def without_thanks(note: str | None) -> str | None:
    """A remark without the polite words behind it."""
    return _THANKS.sub("", note) or None if note else None


def take_notes(slate: Slate) -> list[str]:
    """What is to be done with the goods or the papers, though nobody wrote 备注 before it: 贴标, 开专票, 月结."""
    notes = []
    for found in list(_notes().finditer(slate.plain)):
        if not _in_product(slate, found.start("word")) and (said := slate.said(*_note_span(slate, found))) and said not in notes:
            notes.append(said)
            slate.wipe(*_note_span(slate, found))
    return notes


def take_urgent(slate: Slate) -> bool | None:
    """加急 and its like; False where it is denied."""
    return slate.take_flag(_URGENT)


def take_trial(slate: Slate) -> bool | None:
    """试产; False where it is denied."""
    return slate.take_flag(_TRIAL)


def take_repeat(slate: Slate) -> bool | None:
    """老样子 and its like."""
    return slate.take_flag(_REPEAT)


def take_prices(slate: Slate) -> list[Mark[Price]]:
    """Every unit price, in yuan."""
    return [Mark(found.start(), _price(found)) for found in _all(slate, _PRICE)]


def take_processes(slate: Slate) -> list[Mark[tuple[str, ...]]]:
    """Every 工艺…, as its tags."""
    return [Mark(found.start(), tuple(re.split("[、/+]", found["tags"]))) for found in _all(slate, _PROCESS)]


def take_declined(slate: Slate) -> None:
    """Wipes off what is not wanted beside what is: …24套,丝圈的先不要了."""
    for found in list(_DECLINED.finditer(slate.plain)):
        if _COUNT.search(slate.plain[: found.start()]) and not _COUNT.search(found["what"]):
            slate.wipe(*found.span())


def take_no_quantities(slate: Slate) -> None:
    """Wipes off the numbers that look like quantities: packs, sums, and what was ordered another time."""
    for pattern in (_PACKED, _TOTALS, _MONTHS):
        _all(slate, pattern)
    _take_former(slate)
    for found in list(_NOT_BUT.finditer(slate.plain)):
        if found["what"] and _COUNT_ONLY.fullmatch(found["what"]) and _COUNT.search(slate.plain[: found.start()]):
            slate.put(*found.span(), "不对")
            continue
        said = found["what"] or found["unwanted"] or found["other"]
        looks = {key for piece in slate.finder.cut(said) if looks_of(piece) for key in piece.keys}
        gone = found["sort"] or (_names(slate, said) and _COUNT.search(slate.plain[: found.start()]))
        if looks or not found["other"] or (gone and not _COUNT.search(said)):
            slate.unwanted |= looks
            slate.wipe(*found.span())


def _names(slate: Slate, said: str) -> bool:
    return any(piece.keys and kind_of(piece) in NAMES for piece in slate.finder.cut(said))


def _take_former(slate: Slate) -> None:
    """What was ordered another time; the goods stay where none are named behind: 上次黑座套拿了20套,这次30套."""
    found = list(_FORMER.finditer(slate.plain))
    last = max((piece.start for piece in slate.pieces if piece.keys and kind_of(piece) in ("type", "size")), default=-1) if found else -1
    spans = []
    for match in found:
        start, end = match.span("goods")
        spans += [match.span()] if last >= match.end() or start == end else [(match.start(), start), (end, match.end())]
    slate.wipe_all(spans)


def _price(found: re.Match[str]) -> Price:
    taxed = next((said for number in range(1, 12) if (said := found[f"tax{number}"])), None)
    is_taxed = None if taxed is None else not any(no in taxed for no in ("不", "未"))
    if found["jiao"]:
        return Price(_digit(found["jiao"]) / 10 + (_digit(found["fen"]) / 100 if found["fen"] else Decimal(0)), is_taxed)
    amount = next(
        said for name in ("named", "taxed", "taxed_behind", "sign", "yuan", "each", "per", "every", "bare") if (said := found[name])
    )
    return Price(Decimal(amount), is_taxed)


def _digit(said: str) -> Decimal:
    number = match_number(said, 0)
    return number[0] if number else Decimal(0)


@cache
def _notes() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(shipped()["notes"], key=len, reverse=True))
    return re.compile(
        rf"(?P<before>(?:[开带要]?[0-9]{{1,2}}(?:个点|%|点)的?)?[\u4e00-\u9fff]{{0,8}}?)(?P<word>{words})(?P<behind>[^\s,;|0-9a-z]{{0,16}})"
    )


def _note_span(slate: Slate, found: re.Match[str]) -> tuple[int, int]:
    """The words around it that belong to it: all that stand there in one, unless they speak of a product."""
    vocabulary = slate.catalogue.product_index.lexer.vocabulary
    start, end = found.start("before"), found.end("behind")
    window = max(0, start - _NEAR)
    counted = [window + piece.end for piece in slate.finder.cut(slate.plain[window : found.start("word")]) if piece.kind is Kind.QUANTITY]
    start = max([start, *counted])  # 2箱带合格证
    for at in range(found.start("before"), found.start("word")):
        word = vocabulary.match(slate.plain, at)
        if word and vocabulary.meanings(word):
            start = max(start, at + len(word))
    for at in range(found.end("word"), end):
        word = vocabulary.match(slate.plain, at)
        if word and vocabulary.meanings(word):
            end = at
            break
    return min(start, found.start("word")), end


def _in_product(slate: Slate, at: int) -> bool:
    """True where the word is a part of a product's: the 打包 of 打包带."""
    vocabulary = slate.catalogue.product_index.lexer.vocabulary
    for start in range(max(0, at - 6), at + 1):
        word = vocabulary.match(slate.plain, start)
        if word and vocabulary.meanings(word) and start + len(word) > at:
            return True
    return False


def _all(slate: Slate, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    found = list(pattern.finditer(slate.plain))
    slate.wipe_all([match.span() for match in found])
    return found
