"""`read`: a message in, what it says out. The one function between the handlers and the reading of text."""

import re
from collections.abc import Callable
from datetime import date

from language import desk_commands, naming
from language.amounts import base_quantity
from language.asks import settle
from language.catalogue import Catalogue
from language.chat import order_of_chat
from language.day_meant import take_day
from language.inquiries import asked
from language.intents import is_question, read_other
from language.lines import read_lines
from language.logs import is_log
from language.order_form import read_order
from language.pending import answered
from language.phrases import phrase
from language.reading import Ask, Context, Intent, Line, Named, Reading, SaidDay
from language.sizes import match_size
from language.slate import Slate
from language.table import flatten
from language.text import LONGEST, clean, plain
from language.words import command_words
from language.workdays import NO_CALENDAR, WorkingDays

_NOTHING = Context()
_LONG = 1_000
"""Characters: questions and changes are shorter."""
_MENTION = re.compile(r"^@\S{1,40}\s")
_LAUGHTER = re.compile(
    r"(?:[哈嘿呵嘻]{1,20}+|[啦哟噢]{1,5}+)(?=$|[\s,;。!~])|~{1,20}+(?=$|[\n,;。!])|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]"
)
"""Says nothing, and would be taken for a part of the word before it."""
_HEAD = re.compile(r"/? ?")
_OF_OTHERS = (
    "intent", "order", "order_tail", "order_hint", "changes", "about", "also", "reason", "flag", "ask", "conclusion",
)  # fmt: skip
"""What an order's change or anything else says, beside what would correct a draft."""
_MAY_CORRECT = ("amend", "cancel", "other")
"""What may as well be meant for the draft that is open."""
_GLUED = frozenset({"place", "query", "stock"})
"""Commands that a name may follow without a space (下单锐固建材); elsewhere 完成了吗 would be taken for one."""
_ORDER = re.compile(r"(?<![a-z0-9])(?:so[ -]?)?[0-9]{1,12}(?:-[0-9]{1,8}){0,2}(?![a-z0-9-])")
_NUMBER = re.compile(r"(?:采购单号?|单号)[: ]?(?P<named>[a-z0-9][a-z0-9_-]{0,40})|(?<![a-z0-9-])(?P<po>(?:po|cg)[a-z0-9_-]{1,40})")
_LOCATION = re.compile(
    r"(?:库位|货位)[: ]?(?P<named>[^\s,;|]{1,40})"
    r"|(?<![a-z0-9.-])(?P<place>[a-z]{1,2}[0-9]{0,2}(?:-[0-9]{1,3}){1,3})(?![a-z0-9-])"
)
_WAREHOUSE = re.compile(r"仓库[: ]?(?P<named>[^\s,;|]{1,40})")
_BATCH = re.compile(r"(?:批次号?|批号)[: ]?(?P<named>[^\s,;|]{1,60})")
_EXPIRY = re.compile(r"(?:有效期至?|保质期至?|效期至?)[: ]?(?P<named>[^\s,;|]{1,20})")
_WAYBILL = re.compile(r"(?<![a-z0-9])(?=[a-z]{0,4}[0-9])[a-z0-9]{8,40}(?![a-z0-9])")
_LEADING_NUMBER = re.compile(r"^[ |]*(?P<word>[a-z0-9_-]*[0-9][a-z0-9_-]*)(?![^\s,;|])")
_LEADING_ORDER = re.compile(r"^[ |]*(?P<order>" + _ORDER.pattern + r")(?!\.?[0-9月日号/])")
_ENDS = re.compile(r"取消|结束|停止|收回")
_BETWEEN_NAMES = re.compile(r"[\s,;|、到至从给由~-]+")
_BY_THE_WAY = re.compile(
    r"(?:顺便|顺带|另外|对了|还有|再)[,: ]?(?:帮我|再)?(?:请?问|查|看|报|算)(?:一?下)?[^;\n]*;*$"
    r"|(?:顺便|顺带|另外|对了|还有)[,: ]?(?=运费|物流|单价|价格|多少|发票|什么时候|多久|几天|上次|之前|昨天|那单|那批)[^;\n]*;*$"
)
_OF_GOODS = frozenset({"eta", "status"})
_LAST_CLAUSE = re.compile(r"[,;\n][^,;\n]{2,20}[;~ ]*$")
_TASK = re.compile(r"[0-9]{1,9}")


_INTENTS: dict[str, Intent] = {
    "place": "place", "query": "query", "stock": "stock", "amend": "amend", "cancel": "cancel", "communicate": "log",
}  # fmt: skip


def read(text: str, catalogue: Catalogue, today: date, context: Context = _NOTHING, working: WorkingDays = NO_CALENDAR) -> Reading:
    """What `text` says in its context, days by the firm's `working` days. Never raises; takes time in proportion to the text.

    Of one longer than LONGEST only the command is read.
    """
    shown = _MENTION.sub("", clean(text), count=1)
    command, length = _command(plain(shown))
    said = Reading(command=command, intent=_INTENTS.get(command, ""), said=shown, too_long=len(text) > LONGEST)
    if said.too_long:
        return said
    return settle(_understood(said, Slate(_body(text, shown, length), catalogue, today, working), context), catalogue, context)


def _body(text: str, shown: str, length: int) -> str:
    """What stands behind the command, without laughter and emoji; a pasted table as lines."""
    flat = flatten(text)
    body = shown[length:] if flat is text else _MENTION.sub("", clean(flat), count=1)[length:]
    return _LAUGHTER.sub(lambda found: " " * len(found.group()), body)


def _understood(said: Reading, slate: Slate, context: Context) -> Reading:
    if said.command == "drop" and context.pending:
        return said.model_copy(update={"intent": "cancel", "drop_pending": True, "answered": True})
    if said.command in desk_commands.IN_CONTEXT:
        return desk_commands.read_in_context(said, slate, context)
    return _READERS[said.command](said, slate) if said.command else _free(said, slate, context)


def _free(said: Reading, slate: Slate, context: Context) -> Reading:
    """A text without a command: an answer to the open question, an order, or something else; that may still correct an open draft."""
    if context.pending and not is_question(slate) and (answer := answered(said, slate, context.pending)):
        return answer
    slate = _of_chat(slate)
    if asked_besides := _with_question(said, slate, context):
        return asked_besides
    if len(slate.shown) > _LONG:
        return _long(said, slate, context)
    other = read_other(said, slate.copy(), context)
    if other is None:
        return read_order(said.model_copy(update={"intent": "place"}), slate)
    if other.intent not in _MAY_CORRECT:
        return other
    correction = read_order(said, slate)
    said_besides = {name: getattr(other, name) for name in _OF_OTHERS}
    return correction.model_copy(update=said_besides | {"customer": other.customer or correction.customer})


def _of_chat(slate: Slate) -> Slate:
    """A pasted chat as what its customer says, unless it is to be kept as a log."""
    heard = order_of_chat(slate.shown, lambda who: any(True for _ in naming.mentions(slate.part(who))))
    return slate if heard is None or is_log(slate) else slate.part(heard)


def _with_question(said: Reading, slate: Slate, context: Context) -> Reading | None:
    """An order behind which something else is asked by the way."""
    aside = _BY_THE_WAY.search(slate.plain) or _LAST_CLAUSE.search(slate.plain) if len(slate.shown) <= _LONG else None
    if not aside or not aside.start():
        return None
    rest = slate.part(slate.shown[: aside.start()])
    about = asked(aside.group())
    if aside.re is _LAST_CLAUSE:
        about = ("eta",) if _asks_when(slate.part(aside.group()), about, rest) else ()
    if not about or read_other(said, rest.copy(), context) is not None:
        return None
    order = read_order(said.model_copy(update={"intent": "place"}), rest)
    return order.model_copy(update={"also": (*order.also, *about)})


def _asks_when(clause: Slate, about: tuple[str, ...], rest: Slate) -> bool:
    """True for a clause that only asks when goods come that are wanted before; its own day is the wish where no other is named."""
    return "eta" in about and set(about) <= _OF_GOODS and bool(rest.days or not clause.days) and _is_wanted(rest)


def _is_wanted(slate: Slate) -> bool:
    """True where goods are wanted by word or by a day, and not only thought of: 周五要 before 最快哪天能发."""
    wanted = phrase("firmly_wanted").search(slate.plain) or any(day.day and day.day >= slate.today for day in slate.days)
    return bool(wanted) and not phrase("no_new_wish").search(slate.plain) and not asked(slate.plain)


def _long(said: Reading, slate: Slate, context: Context) -> Reading:
    """A text so long is a list of goods or a record of a talk; its beginning tells which. Changes are asked for instead of half read."""
    head = read_other(said, slate.part(slate.shown[:_LONG]), context)
    if head is None:
        beginnings = (slate.part(slate.shown[:length]) for length in (_LONG, 2 * _LONG))
        goods = slate if any(map(_orders_goods, beginnings)) else slate.part(slate.shown[:_LONG])
        return read_order(said.model_copy(update={"intent": "place"}), goods)
    if head.intent == "log":
        return read_other(said, slate, context) or head
    return head.model_copy(update={"changes": (), "ask": Ask(field="change")}) if head.intent == "amend" else head


def _orders_goods(slate: Slate) -> bool:
    """True where a line is clear enough to be placed; else all the rest is not looked through for one."""
    return any(base_quantity(slate.catalogue, line) is not None for _, line in read_lines(slate).lines)


def _command(text: str) -> tuple[str, int]:
    start = _HEAD.match(text).end()  # type: ignore[union-attr]  # it matches the empty text too
    for word, name in command_words().items():
        if text.startswith(word, start) and (name in _GLUED or not text[start + len(word) : start + len(word) + 1].isalpha()):
            return name, start + len(word)
    return "", 0


def _stock(said: Reading, slate: Slate) -> Reading:
    about = desk_commands.stock_about(slate)
    read = _goods(said, slate)
    ask = None if any(line.product.count for line in read.lines) else Ask(field="product")
    return read.model_copy(update={"about": about, "ask": ask})


def _goods(said: Reading, slate: Slate) -> Reading:
    """A command after which a product must be named."""
    read = read_lines(slate)
    lines = [line for _, line in read.lines]
    if not lines and read.unread:
        # what names no product is told back as one that is not known
        lines = [Line(product=Named(said=read.unread.pop(0)))]
    return said.model_copy(update={"lines": tuple(lines), "unread": tuple(read.unread)})


def _inbound(said: Reading, slate: Slate) -> Reading:
    number = slate.take_group(_NUMBER, "named", "po") or _leading_number(slate)
    return _goods(said.model_copy(update={"number": number, "day": take_day(slate)}), slate)


def _leading_number(slate: Slate) -> str | None:
    """The first word, when it is no product and no quantity: a purchase order numbered in the firm's own way."""
    token = _LEADING_NUMBER.match(slate.plain)
    if not token or token["word"] in slate.catalogue.product_codes:
        return None
    size = match_size(token["word"], 0)
    if size and not size[0].is_number and size[1] == len(token["word"]):
        return None
    return slate.take_group(_LEADING_NUMBER, "word")


def _receive(said: Reading, slate: Slate) -> Reading:
    expiry = slate.take_group(_EXPIRY, "named")
    update = {
        "expires_on": take_day(slate.part(expiry)) or SaidDay(said=expiry) if expiry else None,
        "batch": slate.take_group(_BATCH, "named"),
        "number": slate.take_group(_NUMBER, "named", "po"),
        "warehouse": slate.take_group(_WAREHOUSE, "named"),
        "location": slate.take_group(_LOCATION, "named", "place"),
    }
    return _goods(said.model_copy(update=update), slate)


def _one_order(said: Reading, slate: Slate) -> Reading:
    warehouse, order = slate.take_group(_WAREHOUSE, "named"), slate.take(_ORDER)
    return said.model_copy(update={"warehouse": warehouse, "order": order.group() if order else None, "unread": _unread(slate)})


def _ship(said: Reading, slate: Slate) -> Reading:
    # The order is typed first; a waybill is longer than any tail of an order, and may be all digits.
    order, waybill = slate.take_group(_LEADING_ORDER, "order"), slate.take(_WAYBILL)
    return said.model_copy(update={"order": order, "waybill": waybill.group().upper() if waybill else None, "carrier": slate.rest or None})


def _decide(said: Reading, slate: Slate) -> Reading:
    """Everything behind the number is the reason, figures and all."""
    order = slate.take_group(_LEADING_ORDER, "order")
    return said.model_copy(update={"order": order, "reason": slate.rest or None})


def _delegate(said: Reading, slate: Slate) -> Reading:
    days = slate.days
    for day in days:
        slate.wipe(day.start, day.end)
    ends = slate.take(_ENDS) is not None
    names = [word for word in _BETWEEN_NAMES.split(slate.rest) if word]
    update = {
        "person": names[0] if names else None,
        "since": SaidDay(said=days[0].said, day=days[0].day) if len(days) > 1 else None,
        "day": SaidDay(said=days[-1].said, day=days[-1].day) if days else None,
        "drop_pending": ends or None,
        "unread": tuple(names[1:]),
    }
    return said.model_copy(update=update)


def _finish(said: Reading, slate: Slate) -> Reading:
    found = slate.take(_TASK)
    return said.model_copy(update={"task": int(found.group()) if found else None, "unread": _unread(slate)})


def _alone(said: Reading, slate: Slate) -> Reading:
    return said.model_copy(update={"unread": _unread(slate)})


def _unread(slate: Slate) -> tuple[str, ...]:
    return (slate.rest,) if slate.rest else ()


_READERS: dict[str, Callable[[Reading, Slate], Reading]] = {
    "place": read_order,
    "query": desk_commands.read_query,
    "stock": _stock,
    "inbound": _inbound,
    "receive": _receive,
    "pick": _one_order,
    "ship": _ship,
    "sign": _one_order,
    "forwarded": _one_order,
    "approve": _decide,
    "reject": _decide,
    "delegate": _delegate,
    "tasks": _alone,
    "finish": _finish,
    "intercepted": _finish,
    "gone": _finish,
    "help": _alone,
    "drop": _alone,
    **desk_commands.READERS,
}
