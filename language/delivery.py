"""How an order reaches the customer: address, contact, phone, carrier, who pays the freight, or whether it is picked up."""

import re

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
    rf"(?:送货|收货|交货)?地址(?:改成|改为|换成|改到|是)?[: ]?(?P<address>[^\s,;|]+(?: (?!{_NO_ADDRESS})[^\s,;|]+){{0,9}})"
    rf"|(?:直接)?(?:送货?[到至往去]|发货?[到至往]|发去|寄[到往至]|运[到至往]|拉[到去]|货到(?!付|了|齐|后|再|就)|交到|货送(?![到至往去货上])(?=[\u4e00-\u9fff]{{2}})|货?送(?=门店|工地|仓库|公司|工厂|厂里|店里|现场|楼下|库房))(?P<place>{_PLACE})"
)
_CARRIER = re.compile(
    rf"(?:走|发|用|寄|叫)?(?P<carrier>{any_of('carriers')})(?:快递|物流|快运|速运|特快|标快|空运|陆运)?(?:发货|发走|发出|发|走|寄)?"
)
_FREE = re.compile(
    r"(?P<no>不|别|没有?)?(?:免费(?:配送|送货上门|送货|送到?|(?![^\s,;|]))|包邮|免运费|免邮|包运费|运费全免|运费我们?(?:来)?(?:出|付|承担)|包送|送货上门(?:免费|不收)?|免配送费)"
)
_COLLECT = re.compile(r"(?:运费|货到|快递|物流)?到付|运费(?:由)?(?:客户|对方|他们?|买家|自己)(?:来)?(?:出|付|承担)|运费自[付理]")
_PICKUP = re.compile(
    r"自提|自取|自己(?:过?来|去|派车)?[拉提拿取]|上门[提取拉拿]货?|(?:我|客户|他们?|对方|司机|师傅|工人)(?:们)?(?:自己|派车|叫车|开车|会|要)?(?:过来|来|去|过去)"
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
    """送到… or 地址…."""
    return slate.take_group(_ADDRESS, "address", "place")


def take_carrier(slate: Slate) -> str | None:
    """The carrier that is asked for."""
    return slate.take_group(_CARRIER, "carrier")


def take_free_shipping(slate: Slate) -> bool | None:
    """包邮 and its like; False where it is denied."""
    return slate.take_flag(_FREE)


def take_freight_collect(slate: Slate) -> bool | None:
    """到付 and its like."""
    return slate.take_flag(_COLLECT)


def take_pickup(slate: Slate) -> bool | None:
    """自提 and its like."""
    return slate.take_flag(_PICKUP)
