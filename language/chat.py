"""A chat that was pasted to order from it: the customer's words without who said them and when, and without our own side's."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_DAY = r"(?:20[0-9]{2}[-/.年])?[0-9]{1,2}[-/.月][0-9]{1,2}日? |昨天 ?|今天 ?|(?:周|星期)[一二三四五六日天] ?"
_CLOCK = rf"(?:{_DAY})?(?:上午|下午|晚上|早上|凌晨|中午)? ?[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?"
_WHO = r"(?P<who>[^\s:,;0-9\[(][^\n:,;\[(]{0,24}?)"
_HEADS = (
    re.compile(rf"{_WHO} ?[\[(]?{_CLOCK}[\])]?:?(?P<text>)"),
    re.compile(rf"{_WHO} ?[\[(]{_CLOCK}[\])]:? ?(?P<text>.+)"),
    re.compile(rf"[\[(]?{_CLOCK}[\])]? {_WHO}:(?P<text>.*)"),
)
_TIME = re.compile("[0-9]:[0-9]{2}")
_OURS = re.compile(r"(?:我|本人|客服|销售|业务员?|内勤|跟单|小助手|me)(?:[-(_].*)?")
_BETWEEN = re.compile(r"[-_/@·|]+")
_MOST = 200
"""Lines of a chat that are looked at."""


class _Said(NamedTuple):
    who: str
    """Empty before the first head."""
    text: str


def order_of_chat(text: str, is_customer: Callable[[str], bool]) -> str | None:
    """What customers say in a pasted chat, behind the name of the first who does; None where the text is no chat.

    Where none of those who speak is a customer, all but our own side are heard, and nobody is named.
    """
    if not _TIME.search(text):
        return None
    lines = text.split("\n")[:_MOST]
    if not any(map(_head, lines)):
        return None
    said = list(_spoken(lines))
    speakers = dict.fromkeys(one.who for one in said if one.who)
    customers = [who for who in speakers if is_customer(who)]
    heard = [one.text for one in said if not one.who or (one.who in customers if customers else not _OURS.fullmatch(one.who))]
    return "\n".join(filter(None, [*customers[:1], *heard])) if heard else None


def _spoken(lines: list[str]) -> Iterator[_Said]:
    who = ""
    for line in lines:
        head = _head(line)
        who = " ".join(_BETWEEN.sub(" ", head["who"]).split()) if head else who
        yield _Said(who, (head["text"] if head else line).strip())


def _head(line: str) -> re.Match[str] | None:
    """Who speaks and when; a line that only ends with a time, as 明天送到 9:30, is none."""
    found = next((found for pattern in _HEADS if (found := pattern.fullmatch(line.strip()))), None)
    return found if found and not re.search(r"[0-9]|(?:送|到|发货|要|前|后|在|于|约|是|改)$", found["who"]) else None
