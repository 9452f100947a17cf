"""How an order reaches the customer: address, contact, phone, carrier, who pays the freight, or whether it is picked up."""

import re
from itertools import pairwise

from language import naming
from language.slate import Slate
from language.words import any_of

_PHONE = r"(?P<phone>1[3-9][0-9](?:[ -]?[0-9]{4}){2}|0[0-9]{2,3}-[0-9]{7,8})(?![0-9])"
_TITLED = rf"[老小][\u4e00-\u9fff]|[\u4e00-\u9fff]{{1,2}}(?:{any_of('titles')})"
_PHONE_ALONE = re.compile(rf"(?:联系)?(?:电话|手机|手机号|号码|tel)?(?:是|换成|改成)?[: ]{{0,2}}(?<![0-9a-z]){_PHONE}")
_CONTACTS = (
    re.compile(
        rf"(?:收货人|收件人|联系人|提货人|收货联系|联系|对接人|找)(?:是|换成|改成)?[: ]{{0,2}}"
        rf"(?P<name>{_TITLED}|(?!电话|手机)[\u4e00-\u9fff]{{2,3}}(?=[\s,;|0-9]|$))(?:收|签收)?"
    ),
    re.compile(
        rf"(?P<name>{_TITLED}|(?<![\u4e00-\u9fff])(?!电话|手机|号码|联系)[\u4e00-\u9fff]{{2,3}})(?:收)?"
        rf"(?=[ ,:|]{{0,3}}(?:电话|手机|tel)?[: ]?{_PHONE})"
    ),
    re.compile(rf"(?:电话|手机)?[: ]?{_PHONE} ?(?P<name>{_TITLED})(?:收)?(?=[\s,;|]|$)"),
)
_NO_ADDRESS = r"[0-9]{1,2}[月/-]|20[0-9]{2}|[免急试今明下本周@]|后天|月底|不?包邮|加急|备注|单价"
"""What may follow an address after a space without being part of it."""
_PLACE = r"(?:(?!m[0-9]{1,2}[x ]|φ[0-9]|收货人|联系人|收件人|电话)[^\s,;|])+"
_ADDRESS = re.compile(
    rf"(?:(?:送货|收货|交货)?地址(?:改成|改为|换成|改到|是)?[: ]?|(?:收货|送货|卸货)(?:地点|处)?: ?(?!{_NO_ADDRESS}))"
    rf"(?P<address>[^\s,;|]+(?: (?!{_NO_ADDRESS})[^\s,;|]+){{0,9}})"
    rf"|(?:直接)?(?:送货?[到至往去](?![前后时了])|发货?[到至往]|发去|寄[到往至]|运[到至往]|拉[到去]|货到(?!付|了|齐|后|再|就)|交到|货送(?![到至往去货上])(?=[\u4e00-\u9fff]{{2}})|货?送(?=门店|工地|仓库|公司|工厂|厂里|店里|现场|楼下|库房))(?P<place>{_PLACE})"
)
_PLACES = (
    r"路|街|大道|巷|弄|大厦|广场|花园|小区|公寓|[0-9一二三四五六七八九十]{1,4}(?:幢|栋|号|楼|座|室)|工地|仓库?|项目部?|工业园|产业园|物流园|园区"
    r"|市场|码头|车间|门店|新村|开发区|中心|学校|医院|酒店|总部|分公司|现场|厂里|厂区|店里|库房|家里"
)
_NO_PLACE = (
    "[货到来去过达完上一样下给我你他她人检审修回点个的了齐吧哈付账位期底时手家哪几多就可行好最没对我即为止中之以再还也都能要会]|店里|厂里"
)
_BROUGHT = re.compile(
    rf"(?<![派赠发])送(?!{_NO_PLACE})(?P<place>(?=[^\s,;|]{{0,20}}?(?:{_PLACES})){_PLACE}|[\u4e00-\u9fff]{{2,4}}(?=$|[\s,;|]))"
    rf"|(?<=[日号天前午早晚内底])到(?!{_NO_PLACE})(?P<arrives>[\u4e00-\u9fff]{{2,4}}(?=$|[\s,;|]))"
)
_SENT = re.compile(
    r"(?<![出先再一不别])发(?P<place>[\u4e00-\u9fff]{2,8}(?:工地|仓库|项目部|现场|门店|厂里|厂区|码头|物流园|市场|园区))(?=$|[\s,;|])"
)
_STANDING = re.compile(
    r"(?<![^\s,;|])(?P<place>[\u4e00-\u9fff]{1,6}(?:省|市|区|县|镇|乡|街道)[\u4e00-\u9fff0-9a-z-]*?(?:路|街|大道|园|村|巷|弄)[\u4e00-\u9fff0-9a-z-]*)(?=$|[\s,;|])"
)
"""A whole address that stands by itself, with its district and its road."""
_UNSAID = (_BROUGHT, _SENT, _STANDING)
_CHAT = re.compile(r"[~!哈啊哦呢吧嘛啦呀\U0001f300-\U0001faff]+$")
"""What is said behind an address without being part of it."""
_DENIED = re.compile(r"(?:别|不|勿)(?:要|用|再|能|走|发|寄)?$")
_DROPPED = re.compile(rf"(?:就|都|也)?(?:不要|不用|不发|不走|别)(?!走?发?(?:{any_of('carriers')}))")
_GIVEN_UP = re.compile("换|改|还是|不对|太[贵慢]")
"""Between two carriers: the later one counts."""
_CARRIER = re.compile(
    rf"(?:走|发|用|寄|叫)?(?P<carrier>{any_of('carriers')})(?:快递|物流|快运|速运|特快|标快|空运|陆运)?(?:发货|发走|发出|发|走|寄)?"
)
_FREE = re.compile(
    r"(?P<no>不|别|没有?)?(?:免费(?:配送|送货上门|送货|送到?|(?![^\s,;|]))|包邮|免掉?(?:运|邮|快递|物流|配送)费|免邮|包运费|包送|送货上门(?:免费|不收)?"
    r"|(?:不收|不要|不算)(?:运|邮|快递|物流|配送)费|(?:运|邮|快递|物流|配送)费(?:就|给|都|也|帮我|给我){0,2}全?免(?:了|掉|去|除)?"
    r"|(?:运|邮|快递|物流|配送)费(?:由|算|归)?(?:我们?|你们?|贵司|你方|厂[里家]|供方|卖[方家])(?:的|来?(?:出|付|承担|包|负责))(?!还是|吗|么))"
)
_COLLECT = re.compile(r"(?:运费|货到|快递|物流)?到付|运费(?:由)?(?:客户|对方|他们?|买家|自己)(?:来)?(?:出|付|承担)|运费自[付理]")
_PICKUP = re.compile(
    r"自提|自取|自己(?:过?来|去|派车)?[拉提拿取]|上门[提取拉拿]货?|来[拉取提拿](?:货|走|一?下)?(?=$|[\s,;|吧哈啊])|(?:我|客户|他们?|对方|司机|师傅|工人)(?:们)?(?:自己|派车|叫车|开车|会|要)?(?:过来|来|去|过去)"
    r"[拿提取拉](?:货)?(?![0-9])|来车[拉提]|过来[拿提取拉]货?|来[提拉]货|派车来?[拉提拿取]|到(?:店|厂|仓库?)[取拿提]"
)


def take_phone(slate: Slate) -> str | None:
    """The phone number, without gaps."""
    found = slate.take(_PHONE_ALONE)
    return re.sub("[ ]", "", found["phone"]) if found else None


def take_contact(slate: Slate) -> str | None:
    """Who receives the goods: named so, or standing beside the phone number. To be taken before the phone."""
    for pattern in _CONTACTS:
        if found := pattern.search(slate.plain):
            name = slate.said(*found.span("name"))
            slate.wipe(*found.span("name" if found.groupdict().get("phone") and found.end("phone") <= found.start("name") else 0))
            return name
    return None


def take_address(slate: Slate) -> str | None:
    """送到… or 地址…, or only 送 and a place: 送江宁, 12号前到柯桥; or a whole address by itself."""
    if address := slate.take_group(_ADDRESS, "address", "place"):
        return _CHAT.sub("", address) or None
    spans = (found.span(found.lastgroup or 0) for pattern in _UNSAID for found in pattern.finditer(slate.plain))
    span = next((span for span in spans if not _is_named(slate, span[0])), None)
    if span is None:
        return None
    address = slate.said(*span)
    slate.wipe(*span)
    return address


def _is_named(slate: Slate, start: int) -> bool:
    """True where a customer or something of a product is named there, and no place."""
    vocabulary = slate.catalogue.product_index.lexer.vocabulary
    word = vocabulary.match(slate.plain, start)
    return bool(word and len(word) > 1 and vocabulary.meanings(word)) or naming.is_named(slate, start)


def take_carrier(slate: Slate) -> str | None:
    """The carrier that is asked for; one that is not wanted (别发德邦) or given up for another is wiped off."""
    found = list(_CARRIER.finditer(slate.plain))
    named = [match for match in found if not is_denied(slate.plain, match)]
    changed = (two for one, two in pairwise(named) if _GIVEN_UP.search(slate.plain[one.end() : two.start() + 1]))
    wanted = next(changed, named[0] if named else None)
    carrier = slate.said(*wanted.span("carrier")) if wanted else None
    slate.wipe_all([match.span() for match in found if match is wanted or match not in named])
    return carrier


def is_denied(text: str, found: re.Match[str]) -> bool:
    """True for a carrier of a plain text that is not to take the goods: 别发德邦, 德邦不要了."""
    return bool(_DENIED.search(text[max(0, found.start() - 4) : found.start()]) or _DROPPED.match(text, found.end()))


def take_free_shipping(slate: Slate) -> bool | None:
    """包邮 and its like; False where it is denied."""
    return slate.take_flag(_FREE)


def take_freight_collect(slate: Slate) -> bool | None:
    """到付 and its like."""
    return slate.take_flag(_COLLECT)


def take_pickup(slate: Slate) -> bool | None:
    """自提 and its like."""
    return slate.take_flag(_PICKUP)
