"""Carriers 快递公司: what people call them, and their codes at the tracking service (kuaidi100's company list)."""

import re

from orders.refusals import Refused

_CARRIERS = {
    "shunfeng": ("顺丰", "顺丰速运", "顺丰快递", "SF", "sf express"),
    "zhongtong": ("中通", "中通快递", "ZTO"),
    "yuantong": ("圆通", "圆通速递", "圆通快递", "YTO"),
    "shentong": ("申通", "申通快递", "STO"),
    "yunda": ("韵达", "韵达快递", "韵达速递", "YD"),
    "jtexpress": ("极兔", "极兔速递", "极兔快递", "J&T", "JT"),
    "jd": ("京东", "京东物流", "京东快递"),
    "ems": ("EMS", "邮政EMS", "邮政特快"),
    "youzhengguonei": ("邮政", "中国邮政", "邮政包裹"),
    "debangwuliu": ("德邦", "德邦物流", "德邦快递"),
}
_BY_NAME = {name.casefold(): (names[0], code) for code, names in _CARRIERS.items() for name in (*names, code)}
NAMES = [names[0] for names in _CARRIERS.values()]
_WAYBILL = re.compile(r"[0-9A-Z]{6,32}", re.ASCII)
"""kuaidi100 takes numbers of 6 to 32 characters."""


def carrier(text: str) -> tuple[str, str] | None:
    """The short name and the tracking code of a carrier by any of its names; none when it is not known."""
    return _BY_NAME.get(re.sub(r"\s+", " ", text).strip().casefold())


def check_carrier(text: str) -> tuple[str, str]:
    """As `carrier`, but refuses one that is not known."""
    found = carrier(text)
    if found is None:
        raise Refused("unknown_carrier", carrier=text.strip(), known=NAMES)
    return found


def check_waybill(text: str) -> str:
    """The waybill number in capitals without spaces and dashes; refuses what cannot be one."""
    number = re.sub(r"[\s-]", "", text).upper()
    if not _WAYBILL.fullmatch(number):
        raise Refused("bad_waybill", waybill=text.strip())
    return number
