"""Communication logs 沟通纪要: with whom, by which channel, when, what came of it, and what is to be done.

From one free sentence, or from a chat of several lines that was pasted.
"""

import re
from functools import cache

from language import naming
from language.lines import read_lines
from language.moments import Moment, take_moment
from language.order_references import take_order
from language.phrases import phrase, phrases, text_of
from language.reading import Ask, Named, Reading, SaidDay
from language.slate import WIPED, Slate
from language.text import plain

_NOBODY = frozenset({"客户", "他", "她", "他们", "对方", "那边", "这边", "我", "你", "他家", "客户那边", "我们", "领导"})
_CHATTED = "微信"
"""The channel of a pasted chat that names none."""
_LINES = 60
"""Lines of a text that are looked at to see whether it is a chat."""
_FRAGMENT = re.compile(r"[^,;\n| ]+")
_SPEAKER = re.compile(
    r"\[?(?:(?P<first>[0-9]{1,2}:[0-9]{2})(?::[0-9]{2})?\]? )?(?P<who>[^\s:|0-9\[\]]{1,12})"
    r"(?: ?\(?(?P<when>(?:(?:20[0-9]{2}[-/.])?[0-9]{1,2}[-/.][0-9]{1,2} )?[0-9]{1,2}:[0-9]{2})(?::[0-9]{2})?\)?)?"
    r"(?P<colon> ?:)?(?P<text>[^\n]*)"
)


@cache
def _title() -> re.Pattern[str]:
    surname = f"[{text_of('surnames')}]"
    return re.compile(rf"(?:{surname}(?:{text_of('titles')})|(?<![又也])[老小阿]{surname}(?![时区]))")


@cache
def _with() -> re.Pattern[str]:
    """跟王经理 before what was done with them."""
    return re.compile(
        r"(?:刚才?|已经?)?(?:和|跟|与|同(?!意)|致电|约了?|拜访了?|联系了?)(?P<who>[^\s,;|:0-9]{1,8}?)"
        r"(?=的?(?:在|用|于)?(?:\||$|[,; ]|电话|微信|通|打|沟通|聊|谈|当面|面谈|见|说|商|联系|对接|确认|视频|开会|碰|约|吃|核对|敲定|讲))"
    )


@cache
def _talk_first() -> re.Pattern[str]:
    """The verb that is left of 当面谈: before what was said."""
    return re.compile(f"^(?:{text_of('talked')})了?[:：]")


@cache
def _labels() -> re.Pattern[str]:
    return re.compile(f"(?P<todo>{text_of('todo_label')})|(?P<conclusion>{text_of('conclusion_label')})")


_LABEL = re.compile(
    r".*(?:纪要|记录)|(?:关键)?结论|结果|待办(?:事项)?|todo|下一步|后续|要点|内容|(?:沟通|联系)?(?:对象|时间|方式|渠道)|备注|客户|订单号?|单号"
)
"""What stands before a colon in a filled-in form, and is nobody who says something."""
_STRONG = re.compile(r"纪要|记要|沟通|回访|通话|洽谈|跟进|备忘")
_NUMBERED = re.compile(r"so[- ]?[0-9]{6}")


def is_log(slate: Slate) -> bool:
    """True where a note is asked for, or a talk about a numbered order is told; a mere 记一下 before goods notes an order."""
    text = slate.plain
    if marker := phrase("log").search(text):
        return bool(_STRONG.search(marker.group())) or _is_of_talk(text) or not _has_goods(slate)
    if phrase("talk_told").search(text) and _title().search(text) and phrase("told_result").search(text):
        return not _has_goods(slate)
    return bool(_NUMBERED.search(text)) and ((_with().search(text) is not None and _names_channel(text)) or is_chat(text))


def _is_of_talk(text: str) -> bool:
    return _names_channel(text) or _with().search(text) is not None


def _names_channel(text: str) -> bool:
    return any(pattern.search(text) for pattern in phrases("channels").values())


def _has_goods(slate: Slate) -> bool:
    return any(line.product.count and line.number is not None for _, line in read_lines(slate.part(slate.shown)).lines)


def is_chat(text: str) -> bool:
    """True for a pasted chat: two people or more, and who said what on each line."""
    return len({said["who"] for line in text.split("\n")[:_LINES] if (said := _spoken(line))}) > 1


def read_log(said: Reading, slate: Slate, elsewhere: int | None) -> Reading:
    """All fields of the log, and what must be asked: to which order or customer it belongs, or what came of it."""
    if found := phrase("log").search(slate.plain):
        slate.wipe(*found.span())
    order = take_order(slate, loose=False)
    spoken = slate.part(slate.shown)
    customer = _customer(slate, known=bool(order))
    fields = _of_chat(spoken) if is_chat(spoken.plain) else _of_sentence(spoken, customer)
    ask = None if fields["conclusion"] else Ask(field="conclusion")
    if not order and not customer and elsewhere is None:
        ask = Ask(field="order")
    return said.model_copy(update={"intent": "log", "customer": customer, "ask": ask} | order.fields() | fields)


def _customer(slate: Slate, *, known: bool) -> Named | None:
    """The customer that is named; a name that several bear is no question where the order is known."""
    customer = naming.take_customer(slate.copy())
    if customer is None:
        # 跟老周通了电话: the name stands free when what was done is wiped off
        for pattern in (phrase("talked"), *phrases("channels").values()):
            for found in list(pattern.finditer(slate.plain)):
                slate.wipe(*found.span())
        customer = naming.take_customer(slate.copy())
    if customer is None:
        for found in list(_title().finditer(slate.plain)):
            slate.wipe(*found.span())
        customer = naming.take_customer(slate)
    return customer if customer and (customer.id or (customer.count and not known)) else None


def _of_sentence(slate: Slate, customer: Named | None) -> dict[str, object]:
    contact = slate.take_group(phrase("contact_label"), "who")
    moment = take_moment(slate)
    contact = contact or _take_contact(slate)
    channel = _take_channel(slate)
    for label in list(phrase("note_labels").finditer(slate.plain)):
        slate.wipe(*label.span())
    at = slate.plain.find(plain(customer.said)) if customer and customer.said else -1
    if customer and at >= 0:
        slate.wipe(at, at + len(customer.said))
    conclusion, todo = _sorted(slate)
    return _fields(contact, channel, moment, conclusion, todo)


def _of_chat(slate: Slate) -> dict[str, object]:
    """Of a pasted chat: the first who bears a title, when it began, and what was said in its order."""
    people: dict[str, None] = {}
    told: list[tuple[str, str]] = []
    when = who = ""
    for line in slate.shown.split("\n"):
        said = _spoken(line)
        if said:
            who, when = said["who"], when or said["when"] or said["first"] or ""
            people[who] = None
        if text := (said["text"] if said else line).strip(" ,;|"):
            told.append((who, text))
    contact = next((name for name in people if _title().search(name)), next((name for name in people if name not in _NOBODY), None))
    todo = [text for _, text in told if _is_todo(text)]
    conclusion = [f"{name}:{text}" if name else text for name, text in told if text not in todo]
    channel = _take_channel(slate) or _CHATTED
    return _fields(contact, channel, take_moment(slate.part(when)) if when else None, conclusion, todo)


def _spoken(line: str) -> re.Match[str] | None:
    """Who said what: there is a colon or a time behind the name."""
    said = _SPEAKER.fullmatch(line.strip())
    if said and _LABEL.fullmatch(plain(said["who"])):
        return None
    return said if said and (said["colon"] or (said["when"] and not said["text"].strip())) else None


def _fields(contact: str | None, channel: str | None, moment: Moment | None, conclusion: list[str], todo: list[str]) -> dict[str, object]:
    return {
        "contact": contact,
        "channel": channel,
        "time": moment.at if moment else None,
        "day": SaidDay(said=moment.said, day=moment.day) if moment else None,
        "conclusion": ",".join(conclusion) or None,
        "todo": ",".join(todo) or None,
    }


def _take_channel(slate: Slate) -> str | None:
    """The channel that is named first, wiped off."""
    found = [(match.start(), name, match) for name, pattern in phrases("channels").items() if (match := pattern.search(slate.plain))]
    if not found:
        return None
    _, name, match = min(found, key=lambda item: item[0])
    slate.wipe(*match.span())
    return name


def _take_contact(slate: Slate) -> str | None:
    """With whom it was: 跟王经理, 李总说."""
    found = _with().search(slate.plain)
    who = slate.said(*found.span("who")) if found else ""
    inner = _title().search(who)
    if found and inner:
        slate.wipe(*found.span())
        return inner.group()
    if title := _title().search(slate.plain):
        slate.wipe(*title.span())
        return title.group()
    if found and who and who not in _NOBODY:
        slate.wipe(*found.span())
        return who
    return None


def _sorted(slate: Slate) -> tuple[list[str], list[str]]:
    """What came of it and what is to be done: as labelled, else fragment by fragment."""
    sorted_: tuple[list[str], list[str]] = ([], [])
    labels = list(_labels().finditer(slate.plain))
    starts, ends = [0, *(label.end() for label in labels)], [*(label.start() for label in labels), len(slate.plain)]
    for label, start, end in zip([None, *labels], starts, ends):
        for fragment in _FRAGMENT.findall(slate.shown[start:end].replace("。", ";").replace(WIPED, ";")):
            if (kept := without_particles(fragment)) and not phrase("log_asked").fullmatch(plain(kept)):
                todo = label.lastgroup == "todo" if label else _is_todo(kept)
                sorted_[todo].append(kept)
    return sorted_


def _is_todo(text: str) -> bool:
    return bool(phrase("todo").search(plain(text)))


def without_particles(text: str) -> str:
    """A fragment without what is said for politeness; nothing when nothing else is said."""
    bare = phrase("particles").sub("", phrase("particles").sub("", _talk_first().sub("", text)))
    return "" if phrase("talked").fullmatch(plain(bare)) else bare
