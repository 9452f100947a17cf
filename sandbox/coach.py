"""What a visitor may try next: the bar above the phone. A step is done when the chats show what comes of it."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property

from sandbox.callbacks import buttons_of
from sandbox.ledger import ChatMessage, Ledger
from sandbox.people import PERSONAS, Persona
from sandbox.suggestions import Lines, order_number, spoken_number

_ORDER_TOO_LARGE = 9000


@dataclass(frozen=True)
class Hint:
    """What to do now: whose chat to open, and what to type there; nothing to type where a button is to be pressed."""

    who: str
    text: str
    say: str = ""


@dataclass(frozen=True)
class Chats:
    """What all chats show by now."""

    ledger: Ledger
    lines: Lines

    @cached_property
    def texts(self) -> list[str]:
        """Everything that was told to anybody, as it stands now."""
        return [str(message.content) for message in self.ledger.messages.values() if not message.mine]

    def tells(self, pattern: str) -> bool:
        """Whether anybody was told this."""
        return any(re.search(pattern, text) for text in self.texts)

    def holder(self, button: str, *keys: str) -> Persona | None:
        """The first, of these personas or of all, who can press this button."""
        asked = (persona for persona in PERSONAS if persona.key in keys or not keys)
        return next((each for each in asked if any(button in buttons_of(message) for message in self._messages(each))), None)

    def order(self, who: str) -> str:
        """The order that was seen last in somebody's chats, as people say it."""
        chats = next(persona.chats for persona in PERSONAS if persona.key == who)
        own = [message for chat in chats for message in self.ledger.chats[chat]]
        found = next((number for message in reversed(own) if (number := order_number(str(message.content)))), "")
        return spoken_number(found, self.ledger) if found else ""

    def _messages(self, persona: Persona) -> list[ChatMessage]:
        return [message for chat in persona.chats for message in self.ledger.chats[chat]]


@dataclass(frozen=True)
class Step:
    """One thing to try: until `done` matches what the chats tell, `hint` says how to go on."""

    title: str
    done: str
    hint: Callable[[Chats], Hint]


def next_step(ledger: Ledger, lines: Lines) -> dict[str, object]:
    """`number` of `steps`, `title`, `who`, `text`, `say` of the first step that is not done."""
    chats = Chats(ledger, lines)
    number = next(number for number, step in enumerate(STEPS, start=1) if number == len(STEPS) or not chats.tells(step.done))
    step = STEPS[number - 1]
    return {"number": number, "steps": len(STEPS), "title": step.title, **asdict(step.hint(chats))}


def _place(chats: Chats) -> Hint:
    if chats.holder("确认下单", "zhaomin"):
        return Hint("zhaomin", "看清草稿，按【确认下单】")
    return Hint("zhaomin", "赵敏照平常的写法打一行字", chats.lines.place())


def _approve(chats: Chats) -> Hint:
    signer = chats.holder("同意")
    return Hint(signer.key, f"{signer.name}收到了审批卡片，按【同意】") if signer else Hint("wangkuaiji", "财务和仓库都按【同意】")


def _amend(chats: Chats) -> Hint:
    if chats.holder("确认改单", "zhaomin"):
        return Hint("zhaomin", "看清影响预览，按【确认改单】")
    return Hint("zhaomin", "赵敏改数量，先看影响预览", f"改单 {chats.order('zhaomin')} 数量改成800支")


def _log(chats: Chats) -> Hint:
    if chats.holder("确认记录", "zhaomin"):
        return Hint("zhaomin", "核对四项，按【确认记录】")
    return Hint("zhaomin", "赵敏把电话里谈定的记一笔", f"沟通 {chats.order('zhaomin')} 昨天下午3点跟王经理电话，同意按现在的日期到")


def _invoice(chats: Chats) -> Hint:
    if signer := chats.holder("同意"):
        return Hint(signer.key, f"改过的单要重新审：{signer.name}先按【同意】")
    return Hint("wangkuaiji", "没有沟通纪要就开不了票，有了才行", f"开票 {chats.order('zhaomin')}")


def _agree_date(chats: Chats) -> Hint:
    if not chats.tells("交期待商定"):
        ready = chats.holder("确认下单", "qianwei")
        say = "" if ready else chats.lines.place_for_group(_ORDER_TOO_LARGE)
        return Hint("qianwei", "看清缺多少，按【确认下单】" if ready else "钱伟在钉钉里下一张库存不够的大单", say)
    asked = chats.holder("接受", "zhoufang", "qianwei") or chats.holder("另定日期", "zhoufang", "qianwei")
    return Hint(asked.key if asked else "zhoufang", "采购和销售各有一张交期卡片：一方提，另一方接受")


def _ship(chats: Chats) -> Hint:
    return Hint("wugang", "吴刚发货，再去客户的微信看进度", f"发货 {chats.order('zhaomin')} 顺丰 SF1234567890123")


def _look(chats: Chats) -> Hint:
    return Hint("zhaomin", "点卡片上的【查看订单】：二维码、旧版、签名的 PDF", f"查单 {chats.order('zhaomin')}")


STEPS = (
    Step("下一张单", r"SO\d{6}-\d{4}", _place),
    Step("审核会签", "审核通过", _approve),
    Step("改一次单", "改到第", _amend),
    Step("记沟通纪要", "已记入订单", _log),
    Step("开票", "已开票", _invoice),
    Step("商定交期", r"交期 SO.*已定|送达日已商定", _agree_date),
    Step("发货", "已发货 SO", _ship),
    Step("看订单网页", "", _look),
)
