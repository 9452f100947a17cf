"""What is said freely, asked back, signed, amended and billed, and what a customer calls a product: over the wire of both platforms."""

import copy
import re
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from orders.verifying import verify
from sandbox.callbacks import buttons_of
from sandbox.ledger import ChatMessage
from sandbox.suggestions import order_number
from store.models import Order, Snapshot
from store.settings import Settings
from tests.scenes.conftest import Desk
from tests.scenes.test_journey import available, stage
from tests.support.product import free_port
from tests.support.waiting import wait_until

_SECONDS = 20
_PAGE = re.compile(r"http://127\.0\.0\.1:\d+/o/[\w-]+")
_WAYBILL = "SF1234567890123"


@dataclass(frozen=True)
class Telling:
    """Who sells what to whom, and which warehouse has it."""

    seller: str
    packer: str
    said: str
    answer: str
    code: str
    unit: str


_ON_WECOM = Telling("zhaomin", "wugang", "锐固建材那边要M12×80 500支 3月20号到", "镀锌的", "HB-M12x80-Z", "支")
_ON_DINGTALK = Telling("qianwei", "fengtao", "宏达五金那边要卡扣 500个 3月20号到", "φ8的", "AI-CL-08", "个")


@pytest.fixture
def settings(home: Path) -> Settings:
    """As the desk runs: orders need the signatures of the matrix that ships."""
    return Settings(home=home, http_port=free_port())


@pytest.mark.parametrize(
    ("telling", "database_url"),
    [(_ON_WECOM, "sqlite"), (_ON_DINGTALK, "postgresql")],
    indirect=["database_url"],
    ids=["wecom-sqlite", "dingtalk-postgresql"],
)
def test_an_order_is_asked_about_signed_amended_shipped_and_billed(desk: Desk, telling: Telling) -> None:
    before = available(desk, telling.code)
    desk.say(telling.seller, telling.said)
    desk.wait(telling.seller, "哪一种")
    desk.product.serve.stop()
    desk.product.serve.start()
    wait_until(desk.product.is_ready, 60)
    desk.say(telling.seller, telling.answer)
    no = _confirmed(desk, telling.seller)
    assert (stage(desk, no), available(desk, telling.code)) == ("placed", before - 500)

    old_page = _PAGE.search(str(_sign(desk, telling, no)))
    pick = desk.card(telling.packer, "已出库", no)
    old_content = copy.deepcopy(pick.content)
    assert stage(desk, no) == "allocated"

    desk.say(telling.seller, f"改单 0001 数量改成300{telling.unit}，3月25号到")
    preview = desk.wait(telling.seller, "改单预览", "500", "300")
    desk.press(preview, "确认改单")
    desk.card("wangkuaiji", "同意", no, "300")
    assert desk.look(select(Snapshot.version).order_by(Snapshot.version)) == [(1,), (2,)]
    assert (stage(desk, no), available(desk, telling.code)) == ("placed", before - 300)
    desk.threaded.do(desk.sandbox.until(lambda: "已出库" not in buttons_of(pick), _SECONDS))
    pick.content = old_content
    desk.threaded.do(desk.sandbox.press(pick.id, "已出库"))
    desk.wait(telling.packer, "已经作废")
    assert stage(desk, no) == "placed"
    assert old_page
    assert "第 1 版已作废" in _read(old_page.group())

    _sign(desk, telling, no, "300")
    assert stage(desk, no) == "allocated"
    desk.press(desk.card(telling.packer, "已出库", no, "300"), "已出库")
    desk.say(telling.packer, f"发货 0001 顺丰 {_WAYBILL}")
    desk.threaded.do(desk.sandbox.until(lambda: stage(desk, no) == "shipped", _SECONDS))

    desk.say(telling.seller, "沟通 0001 今天上午9点跟王经理电话，同意3月25日到")
    desk.press(desk.wait(telling.seller, "王经理", "确认记录"), "确认记录")
    desk.say("wangkuaiji", "开票 0001")
    desk.wait("wangkuaiji", "已登记开票")
    assert desk.look(select(Order.version, Order.stage)) == [(2, "shipped")]
    with desk.store.reading() as tx:
        assert list(verify(tx)) == []
    assert desk.sandbox.ledger.problems == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_customers_word_is_learned_and_taken_back_and_a_cancelled_order_frees_its_stock(desk: Desk) -> None:
    before = available(desk)
    for _ in range(2):
        desk.say("zhaomin", "锐固建材要M12×80 100支")
        desk.wait("zhaomin", "哪一种")
        desk.say("zhaomin", "第一个")
        _confirmed(desk, "zhaomin")
    desk.say("zhaomin", "锐固建材要M12×80 100支")
    desk.press(desk.wait("zhaomin", "按贵方习惯"), "不是这个意思")
    desk.wait("zhaomin", "哪一种")
    desk.say("zhaomin", "算了")

    for tail in ("0001", "0002"):
        desk.say("zhaomin", f"取消 {tail} 客户工地停了")
        desk.press(desk.wait("zhaomin", "取消预览", tail), "确认取消")
    assert desk.look(select(Order.stage)) == [("cancelled",), ("cancelled",)]
    assert available(desk) == before
    assert desk.sandbox.ledger.problems == []


def _confirmed(desk: Desk, who: str) -> str:
    """The number of the order whose draft is the newest card."""
    draft = desk.card(who, "确认下单")
    desk.press(draft, "确认下单")
    return desk.threaded.do(desk.sandbox.until(lambda: order_number(str(draft.content)), _SECONDS))


def _sign(desk: Desk, telling: Telling, no: str, *texts: str) -> ChatMessage:
    """Finance and the warehouse agree; the last card that was signed."""
    for who in ("wangkuaiji", telling.packer):
        card = desk.card(who, "同意", no, *texts)
        desk.press(card, "同意")
    return card


def _read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=_SECONDS) as page:
        return str(page.read().decode())
