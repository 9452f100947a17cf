"""▶ 播放演示: the whole journey of an order, step by step, each step waiting for what the product must do.

The scene does only what people, the tracking service and the clock's buttons can do.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from orders.calendar import calendar_of
from sandbox.callbacks import buttons_of
from sandbox.ledger import ChatMessage
from sandbox.suggestions import Lines, order_number, spoken_number

if TYPE_CHECKING:
    from sandbox.server import Sandbox

_WAIT_SECONDS = 30
_CONFIRM, _AGREE = "确认下单", "同意"
_OPEN_DATE = "交期待商定"
_SHORT_BY = 3000
_RECEIVED = 5000
_SILENT = timedelta(hours=50)
_AFTERNOON = time(13, 30)
_AVAILABLE = re.compile(r"可用\D{0,12}?(\d[\d,]*)")


class SceneFailed(Exception):
    """The product did not do in time what the step waits for."""


@dataclass(frozen=True)
class Step:
    """One step as the page tells it, and what it does."""

    title: str
    caption: str
    focus: str
    """The persona whose screen the page shows while it is done."""
    then: str
    """The persona on whose screen its effect is seen."""
    act: Callable[["Scene"], Awaitable[None]]


class Scene:
    """One playing of the journey; `pace` is how long a watcher gets to read each step, in real seconds."""

    def __init__(self, sandbox: "Sandbox", pace: float = 0) -> None:
        self._sandbox, self._pace = sandbox, pace
        self.order = ""
        self.short_order = ""
        self.waybill = f"SF{secrets.randbelow(10**13):013}"
        self._purchase = f"PO{secrets.randbelow(900) + 100}"

    async def play(self) -> AsyncIterator[tuple[int, str]]:
        """Does one step after another; tells its number and whose screen to look at. Raises SceneFailed."""
        for number, step in enumerate(STEPS):
            yield number, step.focus
            await asyncio.sleep(self._pace * 0.6)
            try:
                await step.act(self)
            except TimeoutError as error:
                raise SceneFailed(f"第 {number + 1} 步「{step.title}」等了 {_WAIT_SECONDS} 秒没有等到结果") from error
            if step.then != step.focus:
                await asyncio.sleep(self._pace * 0.8)
                yield number, step.then
            await asyncio.sleep(self._pace)

    @property
    def lines(self) -> Lines:
        """What people would type today."""
        return Lines(self._now.date(), calendar_of(self._sandbox.settings))

    @property
    def _now(self) -> datetime:
        return self._sandbox.clock.now().astimezone(self._sandbox.settings.zone)

    async def place(self) -> None:
        """赵敏 types an order and gets a draft."""
        self._wanted = self.lines.wanted
        self._draft = await self._say_for_card("zhaomin", self.lines.place())

    async def confirm(self) -> None:
        """She confirms; the customer hears of it."""
        self.order = await self._confirm(self._draft)
        await self._wait("customer", self.order)

    async def approve(self) -> None:
        """王会计 and 吴刚 agree; the warehouse gets its part and the customer hears of it."""
        mark = self._mark()
        await self._agree(self.order)
        await self._news("customer", mark, lambda message: self.order in str(message.content))

    async def place_short(self) -> None:
        """钱伟 orders more than there is, in DingTalk."""
        mark = self._mark()
        await self._say("qianwei", "库存 M12×80镀锌")
        answer = await self._news("qianwei", mark, lambda message: bool(_AVAILABLE.search(str(message.content))))
        available = int(_AVAILABLE.findall(str(answer.content))[0].replace(",", ""))
        self._draft = await self._say_for_card("qianwei", self.lines.place_for_group(available + _SHORT_BY))

    async def confirm_short(self) -> None:
        """He confirms; purchasing gets a to-do, he a suggested date."""
        mark = self._mark()
        self.short_order = await self._confirm(self._draft)
        await self._news("wecom/zhoufang", mark, lambda message: "补货" in str(message.content))
        await self._news("qianwei", mark, lambda message: message.id != self._draft.id and self.short_order in str(message.content))
        await self._news("hongda", mark, lambda message: self.short_order in str(message.content))
        await self._agree(self.short_order)

    async def agree_date(self) -> None:
        """周芳 offers a day on which the goods are surely there, 钱伟 accepts it; where holidays leave no gap there is nothing to agree."""
        number = spoken_number(self.short_order, self._sandbox.ledger)
        asked = await self._say_for_answer("zhoufang", self.lines.why(number))
        if _OPEN_DATE not in str(asked.content):
            return
        await self._say_for_answer("zhoufang", self.lines.offer(number))
        mark = self._mark()
        await self._say_for_answer("qianwei", self.lines.accept(number))
        await self._news("hongda", mark, lambda message: self.short_order in str(message.content))

    async def near_shipping(self) -> None:
        """Under four hours to the promised shipping, and too little on the shelf: purchasing is alarmed."""
        mark = self._mark()
        self._sandbox.forward(max(self._shipping_day() - self._now, timedelta()))
        await self._news("wecom/zhoufang", mark, lambda message: "缺货预警" in str(message.content))
        await self._news("zhaomin", mark, lambda message: "缺货预警" in str(message.content))

    async def announce(self) -> None:
        """周芳 reports the purchase order."""
        await self._say_for_answer("zhoufang", self.lines.inbound(self._purchase, _RECEIVED))

    async def receive(self) -> None:
        """吴刚 receives the goods; the waiting order goes on."""
        mark = self._mark()
        await self._say_for_answer("wugang", self.lines.receive(_RECEIVED))
        await self._news("qianwei", mark, lambda message: self.short_order in str(message.content))

    async def ship(self) -> None:
        """吴刚 ships; the customer hears of it and the waybill is subscribed."""
        mark = self._mark()
        await self._say_for_answer("wugang", self.lines.ship(spoken_number(self.order, self._sandbox.ledger), self.waybill))
        await self._news("customer", mark, lambda message: self.waybill in str(message.content))
        await self._sandbox.until(lambda: self.waybill in self._sandbox.kuaidi100.waybills, _WAIT_SECONDS)

    async def silence(self) -> None:
        """Picked up by the carrier, then nothing for 48 hours: the logistics group is alarmed."""
        await self._sandbox.push_trace(self.waybill, "顺丰速运 已收取快件", "揽收", "上海市")
        mark = self._mark()
        self._sandbox.forward(_SILENT)
        await self._news("logistics", mark, lambda message: self.order in str(message.content))

    async def trace_again(self) -> None:
        """The parcel moves: the group is told that it is over."""
        mark = self._mark()
        await self._sandbox.push_trace(self.waybill, "快件到达【杭州转运中心】，正在发往下一站", "在途", "杭州市")
        await self._news("logistics", mark, lambda message: self.order in str(message.content))

    async def deliver(self) -> None:
        """Delivered: the journey is closed and the customer thanked."""
        mark = self._mark()
        await self._sandbox.push_trace(self.waybill, "快件已签收，签收人：前台", "签收", "杭州市")
        await self._news("customer", mark, lambda message: self.order in str(message.content))

    # how a step is done

    def _mark(self) -> dict[str, int]:
        return {message.id: message.changes for message in self._sandbox.ledger.messages.values()}

    async def _news(self, who: str, mark: dict[str, int], matches: Callable[[ChatMessage], bool]) -> ChatMessage:
        """The first message of a chat that is new or changed since `mark` and matches."""

        def find() -> ChatMessage | None:
            fresh = (message for message in self._sandbox.messages(who) if mark.get(message.id) != message.changes and not message.mine)
            return next((message for message in fresh if matches(message)), None)

        found = await self._sandbox.until(find, _WAIT_SECONDS)
        assert found is not None
        return found

    async def _wait(self, who: str, text: str) -> ChatMessage:
        return await self._news(who, {}, lambda message: text in str(message.content))

    async def _say(self, who: str, text: str) -> None:
        if (await self._sandbox.say(who, text)).status != 200:
            raise SceneFailed(f"发出「{text}」以后跟单没有应答，它可能没有在运行")

    async def _say_for_answer(self, who: str, text: str) -> ChatMessage:
        mark = self._mark()
        await self._say(who, text)
        return await self._news(who, mark, lambda _message: True)

    async def _say_for_card(self, who: str, text: str) -> ChatMessage:
        mark = self._mark()
        await self._say(who, text)
        return await self._news(who, mark, lambda message: _CONFIRM in buttons_of(message))

    async def _confirm(self, draft: ChatMessage) -> str:
        await self._sandbox.press(draft.id, _CONFIRM)
        return await self._sandbox.until(lambda: order_number(str(draft.content)), _WAIT_SECONDS)

    async def _agree(self, order: str) -> None:
        """Finance and the warehouse press their buttons."""
        for who in ("wangkuaiji", "wugang"):
            await self._press_agree(who, order)

    async def _press_agree(self, who: str, order: str) -> None:
        card = await self._news(who, {}, lambda message: _AGREE in buttons_of(message) and order in str(message.content))
        await self._sandbox.press(card.id, _AGREE)
        await self._sandbox.until(lambda: _AGREE not in buttons_of(card), _WAIT_SECONDS)

    def _shipping_day(self) -> datetime:
        leaves = self._wanted - timedelta(days=self._sandbox.settings.trade.transit_days)
        return datetime.combine(self.lines.calendar.working_day_until(leaves), _AFTERNOON, self._sandbox.settings.zone)


STEPS = (
    Step(
        "打一行字下单",
        "赵敏在企业微信里打一行字，几秒后收到订单草稿：识别出的产品、价格、库存、可承诺交期。",
        "zhaomin",
        "zhaomin",
        Scene.place,
    ),
    Step(
        "确认，客户立刻知道",
        "按下「确认下单」，卡片就地变成订单号；订单、预占、快照和消息一次写下，客户的微信收到第一条进度，财务和仓库收到审批卡片。",
        "zhaomin",
        "customer",
        Scene.confirm,
    ),
    Step(
        "财务和仓库会签",
        "按审批矩阵，普通订单要财务和仓库都签：两人在卡片上各按一下「同意」，仓库收到拣货通知，客户收到「已通过审核」。",
        "wangkuaiji",
        "wugang",
        Scene.approve,
    ),
    Step(
        "钉钉里的大单，库存不够",
        "钱伟在钉钉里先查库存，再下一张比库存还大的单。草稿里写明缺多少、哪天能交。",
        "qianwei",
        "qianwei",
        Scene.place_short,
    ),
    Step(
        "缺货单等在配货",
        "有多少先占多少，其余等货：采购主管收到补货待办，销售收到建议交期，客户群收到进度。审核照样走，签完就等货。",
        "qianwei",
        "zhoufang",
        Scene.confirm_short,
    ),
    Step(
        "交期两边商定",
        "可承诺日比客户要的晚太多，订单停住，销售和采购各收到一张写明原因的卡片。周芳提一个日期，钱伟同意，客户群收到商定的送达日。",
        "zhoufang",
        "hongda",
        Scene.agree_date,
    ),
    Step(
        "离承诺发货不到 4 小时",
        "时间快进。可用库存低于安全库存的 1.5 倍，又快到发货时间：采购收到缺货预警，销售收到抄送。",
        "zhoufang",
        "zhaomin",
        Scene.near_shipping,
    ),
    Step("采购报在途", "周芳打一行字报采购单，等货的订单重新计算交期。", "zhoufang", "zhoufang", Scene.announce),
    Step("入库，等货的单先得", "吴刚打一行字入库，货自动配给等着的订单，钱伟马上知道。", "wugang", "qianwei", Scene.receive),
    Step("发货", "吴刚打一行字发货（顺带出库）：客户收到运单号，运单自动订阅物流轨迹。", "wugang", "customer", Scene.ship),
    Step(
        "48 小时没有动静",
        "快递揽收后时间快进 50 小时，轨迹一动不动：物流预警群收到单号、客户和超时小时数。",
        "logistics",
        "logistics",
        Scene.silence,
    ),
    Step("轨迹又动了", "物流服务推来带签名的新轨迹，群里收到解除。", "logistics", "logistics", Scene.trace_again),
    Step("签收", "快件签收，旅程结束，客户收到最后一条进度。", "customer", "customer", Scene.deliver),
)


class ScenePlayer:
    """Plays the scene for everybody who watches the page; one at a time."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._playing: asyncio.Task[None] | None = None
        self.state: dict[str, object] = {"state": "idle"}

    def start(self, pace: float) -> bool:
        """False when it is playing already."""
        if self._playing is not None and not self._playing.done():
            return False
        self._playing = asyncio.create_task(self._play(pace))
        return True

    async def stop(self) -> None:
        """Ends the playing where it is."""
        if self._playing is None or self._playing.done():
            return
        self._playing.cancel()
        await asyncio.wait([self._playing])
        self._tell({"state": "idle"})

    async def _play(self, pace: float) -> None:
        try:
            async for number, focus in Scene(self._sandbox, pace).play():
                self._tell({"state": "playing", "step": number, "focus": focus})
            self._tell({"state": "done"})
        except SceneFailed as failure:
            self._tell({"state": "failed", "reason": str(failure)})

    def _tell(self, state: dict[str, object]) -> None:
        self.state = state
        self._sandbox.ledger.announce({"scene": state})


def steps() -> list[dict[str, str]]:
    """Titles and captions for the page."""
    return [{"title": step.title, "caption": step.caption} for step in STEPS]
