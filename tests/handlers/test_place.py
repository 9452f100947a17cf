"""下单: from what is typed over a draft to one order, and never to two."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from store import revisions
from store.models import Customer, Order, OrderLine, OutboxMessage, Product, Reservation
from store.transaction import Store
from tests.handlers.conftest import Chat, Heard
from tests.support.clock import TestClock

SCENE = "下单 锐固建材 M12×80镀锌螺栓×500支 免费配送 3月20日到"


def orders(store: Store) -> list[Order]:
    with store.reading() as tx:
        return list(tx.session.scalars(select(Order).order_by(Order.id)))


def lines_of(heard: Heard) -> list[tuple[str, str]]:
    return [(line["name"], line["quantity"]) for line in heard.data["lines"]]


def test_a_typed_order_becomes_a_draft_and_nothing_else(chat: Chat) -> None:
    heard = chat.say(chat.firm.zhaomin, SCENE)
    assert heard.card == "order_draft"
    assert heard.data["customer"] == "锐固建材"
    assert lines_of(heard) == [("M12×80镀锌螺栓", "500")]
    assert (heard.data["freight"], heard.data["wanted_date"], heard.data["total"]) == ("免运费", "2026-03-20", "600.00")
    assert list(heard.buttons) == ["确认下单", "算了"]
    assert orders(chat.store) == []


def test_a_confirmed_draft_is_placed_once(chat: Chat) -> None:
    draft = chat.say(chat.firm.zhaomin, SCENE)
    placed = chat.press(chat.firm.zhaomin, draft.buttons["确认下单"])
    assert (placed.card, placed.data["no"]) == ("order", "SO260302-0001")
    again = chat.press(chat.firm.zhaomin, draft.buttons["确认下单"])
    assert again.reason == "dialog_placed"
    assert "SO260302-0001" in again.words
    (order,) = orders(chat.store)
    assert (order.customer_id, order.free_shipping, order.wanted_date) == (chat.firm.ruigu.id, True, date(2026, 3, 20))
    with chat.store.reading() as tx:
        assert tx.session.scalar(select(func.sum(Reservation.quantity))) == Decimal(500)
        keys = set(tx.session.scalars(select(OutboxMessage.key).where(OutboxMessage.audience == f"customer:{chat.firm.ruigu.id}")))
    assert len(keys) == 1


@pytest.mark.parametrize(
    "said",
    [
        ("下单", "锐固建材 M12×80镀锌螺栓×500支 免费配送 3月20日到"),
        ("下单", "锐固建材", "M12×80镀锌螺栓×500支 免费配送 3月20日到"),
        ("下单 免费配送", "锐固建材 M12×80镀锌螺栓", "500支，3月20日到"),
    ],
)
def test_the_word_alone_is_enough_to_begin_with(chat: Chat, said: tuple[str, ...]) -> None:
    for text in said:
        heard = chat.say(chat.firm.zhaomin, text)
    assert heard.card == "order_draft", heard.words
    assert (heard.data["customer"], lines_of(heard)) == ("锐固建材", [("M12×80镀锌螺栓", "500")])
    assert (heard.data["freight"], heard.data["wanted_date"], heard.data["total"]) == ("免运费", "2026-03-20", "600.00")
    assert orders(chat.store) == []


@pytest.mark.parametrize("word", ["1", "确认", "确认！", "OK。", "确认下单", "确定", "下单"])
def test_a_draft_is_confirmed_by_typing(chat: Chat, word: str) -> None:
    draft = chat.say(chat.firm.zhaomin, SCENE)
    placed = chat.say(chat.firm.zhaomin, word)
    assert placed.card == "order"
    assert placed.reply.replaces == draft.reply.key
    assert len(orders(chat.store)) == 1


@pytest.mark.parametrize("how", ["算了", "2", "press"])
def test_a_dropped_draft_is_not_placed(chat: Chat, how: str) -> None:
    draft = chat.say(chat.firm.zhaomin, SCENE)
    dropped = chat.press(chat.firm.zhaomin, draft.buttons["算了"]) if how == "press" else chat.say(chat.firm.zhaomin, how)
    assert dropped.card == "notice"
    assert chat.press(chat.firm.zhaomin, draft.buttons["确认下单"]).reason == "dialog_dropped"
    assert orders(chat.store) == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("改成800支", {"lines": [("M12×80镀锌螺栓", "800")], "total": "960.00"}),
        ("800支", {"lines": [("M12×80镀锌螺栓", "800")]}),
        ("800", {"lines": [("M12×80镀锌螺栓", "800")]}),
        ("数量改成800", {"lines": [("M12×80镀锌螺栓", "800")]}),
        ("2箱", {"lines": [("M12×80镀锌螺栓", "1200")]}),
        ("1箱零2盒", {"lines": [("M12×80镀锌螺栓", "700")]}),
        ("把数量改成800支左右", {"lines": [("M12×80镀锌螺栓", "800")]}),
        ("单价改成1.5", {"total": "750.00"}),
        ("地址改成 松江工地", {"address": "松江工地"}),
        ("M12×80 800支", {"lines": [("M12×80镀锌螺栓", "800")]}),
        ("加一行 M8×30镀锌 200支", {"lines": [("M12×80镀锌螺栓", "500"), ("M8×30镀锌螺栓", "200")]}),
        ("改成 M8×30镀锌", {"lines": [("M8×30镀锌螺栓", "500")]}),
        ("单价1.5", {"total": "750.00"}),
        ("3月25日到", {"wanted_date": "2026-03-25"}),
        ("不包邮", {"freight": "运费另计"}),
        ("加急", {"urgent": True}),
        ("试产", {"trial": True}),
        ("送到松江工地3号楼", {"address": "松江工地3号楼"}),
        ("客户：宏达", {"customer": "宏达五金"}),
    ],
)
def test_a_draft_is_corrected_by_typing(chat: Chat, typed: str, expected: dict[str, object]) -> None:
    draft = chat.say(chat.firm.zhaomin, SCENE)
    corrected = chat.say(chat.firm.zhaomin, typed)
    assert corrected.card == "order_draft"
    assert corrected.reply.replaces == draft.reply.key
    shown = corrected.data | {"lines": lines_of(corrected)}
    assert {name: shown[name] for name in expected} == expected
    assert chat.press(chat.firm.zhaomin, draft.buttons["确认下单"]).reason == "dialog_replaced"
    assert orders(chat.store) == []
    chat.press(chat.firm.zhaomin, corrected.buttons["确认下单"])
    assert len(orders(chat.store)) == 1


@pytest.mark.parametrize(("typed", "day"), [("往后推三天", "2026-03-23"), ("交期提前两天", "2026-03-18")])
def test_the_day_of_a_draft_is_moved(chat: Chat, typed: str, day: str) -> None:
    chat.say(chat.firm.zhaomin, SCENE)
    assert chat.say(chat.firm.zhaomin, typed).data["wanted_date"] == day


def test_a_draft_without_a_day_has_none_to_move(chat: Chat) -> None:
    chat.say(chat.firm.zhaomin, SCENE.removesuffix(" 3月20日到"))
    assert chat.say(chat.firm.zhaomin, "往后推三天").reason == "correction_not_understood"
    chat.say(chat.firm.zhaomin, "确认")
    assert [order.wanted_date for order in orders(chat.store)] == [None]


def test_remarks_go_with_the_order(chat: Chat) -> None:
    chat.say(chat.firm.zhaomin, SCENE)
    assert "备注：装车前打电话" in chat.say(chat.firm.zhaomin, "备注：装车前打电话").words
    chat.say(chat.firm.zhaomin, "确认")
    assert [order.remarks for order in orders(chat.store)] == ["装车前打电话"]


def test_one_line_of_several_is_corrected(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    chat.say(zhaomin, "下单 锐固 M12×80镀锌 500支，M8×30镀锌 200支")
    assert chat.say(zhaomin, "800支").reason == "which_row"
    assert chat.say(zhaomin, "第3行 800支").reason == "no_such_row"
    assert lines_of(chat.say(zhaomin, "第2行改成800支"))[1] == ("M8×30镀锌螺栓", "800")
    assert lines_of(chat.say(zhaomin, "M8×30镀锌 300支"))[1] == ("M8×30镀锌螺栓", "300")
    assert "第2行" in chat.say(zhaomin, "第二行单价1.5").shown.note
    assert lines_of(chat.say(zhaomin, "把第1行去掉")) == [("M8×30镀锌螺栓", "300")]
    assert chat.say(zhaomin, "去掉 M8×30").reason == "last_row"


@pytest.mark.parametrize(
    ("typed", "reason"), [("今天到", "short_of_time"), ("0支", "bad_quantity"), ("嗯嗯好的吧", "correction_not_understood")]
)
def test_a_correction_that_cannot_be_leaves_the_draft_as_it_was(chat: Chat, typed: str, reason: str) -> None:
    draft = chat.say(chat.firm.zhaomin, SCENE)
    assert chat.say(chat.firm.zhaomin, typed).reason == reason
    assert chat.press(chat.firm.zhaomin, draft.buttons["确认下单"]).card == "order"


def test_what_was_shown_is_what_is_placed(chat: Chat) -> None:
    chat.say(chat.firm.zhaomin, SCENE)
    with chat.store.transaction() as tx:
        product = tx.session.get_one(Product, chat.firm.bolt.id)
        product.price, product.units = Decimal(9), {"箱": "700"}
        revisions.bump(tx)
    placed = chat.say(chat.firm.zhaomin, "确认")
    assert placed.data["total"] == "600.00"


@pytest.mark.parametrize("how", ["choose", "1", "锐固科技", "C009", "第二个", "选2"])
def test_a_doubtful_customer_is_asked_for(chat: Chat, how: str) -> None:
    with chat.store.transaction() as tx:
        tx.session.add_all(
            [Customer(code="C008", name="永固钢构", aliases=["老王"]), Customer(code="C009", name="锐固科技", aliases=["老王"])]
        )
        revisions.bump(tx)
    asked = chat.say(chat.firm.zhaomin, "下单 老王 M12×80镀锌 500支")
    assert asked.card == "question"
    assert [choice["text"] for choice in asked.data["choices"]] == ["永固钢构", "锐固科技"]
    answer = {"choose": "2", "1": "1"}.get(how, how)
    heard = chat.press(chat.firm.zhaomin, asked.buttons["锐固科技"]) if how == "choose" else chat.say(chat.firm.zhaomin, answer)
    assert (heard.card, heard.data["customer"]) == ("order_draft", "永固钢构" if how == "1" else "锐固科技")


def test_an_unknown_customer_is_asked_for_until_known(chat: Chat) -> None:
    asked = chat.say(chat.firm.zhaomin, "下单 王二麻子 M12×80镀锌 500支")
    assert (asked.card, asked.data["choices"]) == ("question", [])
    assert "没有客户“王二麻子”" in asked.words
    assert "没有客户“李四”" in chat.say(chat.firm.zhaomin, "李四").words
    assert chat.say(chat.firm.zhaomin, "锐固").data["customer"] == "锐固建材"


def test_who_is_no_customer_is_told_back_wherever_they_are_named(chat: Chat) -> None:
    assert "哪个客户？（没看懂“王二麻子”）" in chat.say(chat.firm.zhaomin, "下单 M12×80镀锌 500支 王二麻子").words
    assert chat.say(chat.firm.zhaomin, "下单 M12×80镀锌 500支 给锐固").data["customer"] == "锐固建材"


def test_an_unknown_product_is_asked_for_until_known(chat: Chat) -> None:
    assert "没有产品“电冰箱”" in chat.say(chat.firm.zhaomin, "下单 锐固 电冰箱 300支").words
    assert "没有产品“电视机”" in chat.say(chat.firm.zhaomin, "电视机").words
    assert lines_of(chat.say(chat.firm.zhaomin, "M12×80镀锌")) == [("M12×80镀锌螺栓", "300")]


def test_a_doubtful_product_is_asked_for_with_the_candidates(chat: Chat) -> None:
    asked = chat.say(chat.firm.zhaomin, "下单 锐固 镀锌螺栓 500支 3月20日")
    assert [choice["text"] for choice in asked.data["choices"]] == ["M12×80镀锌螺栓", "M8×30镀锌螺栓"]
    assert "客户：锐固建材" in asked.data["known"]
    heard = chat.say(chat.firm.zhaomin, "M8的")
    assert lines_of(heard) == [("M8×30镀锌螺栓", "500")]
    assert heard.data["wanted_date"] == "2026-03-20"


def test_another_finish_is_never_taken(chat: Chat) -> None:
    asked = chat.say(chat.firm.zhaomin, "下单 锐固 M12×80热镀锌 500支")
    assert asked.card == "question"
    assert "最接近" in asked.words
    assert lines_of(chat.press(chat.firm.zhaomin, asked.buttons["M12×80镀锌螺栓"])) == [("M12×80镀锌螺栓", "500")]


def test_one_thing_after_the_other_is_asked_for(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    assert chat.say(zhaomin, "下单").data["ask"] == "哪个客户？"
    assert "要订什么" in chat.say(zhaomin, "锐固").words
    assert "要多少" in chat.say(zhaomin, "M12×80镀锌").words
    asked = chat.say(zhaomin, "3吨")
    assert [choice["text"] for choice in asked.data["choices"]] == ["支", "盒", "箱"]
    assert lines_of(chat.say(zhaomin, "箱")) == [("M12×80镀锌螺栓", "1800")]


@pytest.mark.parametrize(
    ("said", "quantity", "told"),
    [
        ("500支左右", "500", "“500支左右”按500支算"),
        ("1箱2盒", "700", "“1箱零2盒”按700支算"),
        ("大概2箱", "1200", "“2箱左右”按1200支算"),
    ],
)
def test_what_is_assumed_of_a_quantity_is_said_on_the_draft(chat: Chat, said: str, quantity: str, told: str) -> None:
    heard = chat.say(chat.firm.zhaomin, f"下单 锐固 M12×80镀锌 {said}")
    assert lines_of(heard) == [("M12×80镀锌螺栓", quantity)]
    assert told in heard.words


def test_a_second_unit_that_a_product_is_not_sold_in_is_asked_for(chat: Chat) -> None:
    assert "要多少" in chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 1箱零2吨").words
    assert lines_of(chat.say(chat.firm.zhaomin, "700支")) == [("M12×80镀锌螺栓", "700")]


def test_quantities_in_packs_are_shown_as_said(chat: Chat) -> None:
    heard = chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 两箱")
    assert (heard.data["lines"][0]["quantity"], heard.data["lines"][0]["said"]) == ("1200", "2箱")


def test_a_number_below_the_smallest_order_needs_its_unit(chat: Chat) -> None:
    with chat.store.transaction() as tx:
        tx.session.get_one(Product, chat.firm.bolt.id).moq = Decimal(50)
        revisions.bump(tx)
    assert chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 5").card == "question"
    assert lines_of(chat.say(chat.firm.zhaomin, "2")) == [("M12×80镀锌螺栓", "250")]


def test_a_day_too_early_is_asked_for_again_with_the_earliest(chat: Chat) -> None:
    asked = chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 500支 3月3日到")
    assert asked.card == "question"
    assert "3月5日" in asked.words
    assert chat.say(chat.firm.zhaomin, "1").data["wanted_date"] == "2026-03-05"
    chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 500支 3月3日到")
    heard = chat.say(chat.firm.zhaomin, "加急")
    assert (heard.data["wanted_date"], heard.data["urgent"]) == ("2026-03-03", True)


def test_a_past_or_unclear_day_is_asked_for(chat: Chat) -> None:
    assert "过去" in chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 500支 2月20日到").words
    assert chat.say(chat.firm.zhaomin, "3月20日").data["wanted_date"] == "2026-03-20"
    assert "周一" in chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 500支 周一要").words
    assert chat.say(chat.firm.zhaomin, "下周一").data["wanted_date"] == "2026-03-09"


def test_a_day_more_than_a_year_ahead_is_asked_for_with_its_year(chat: Chat) -> None:
    asked = chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 500支 2062-03-20到")
    assert (asked.card, "2062年" in asked.words, "2027-03-03" in asked.words) == ("question", True, True)
    assert chat.say(chat.firm.zhaomin, "2026-03-20").data["wanted_date"] == "2026-03-20"
    assert chat.say(chat.firm.zhoufang, "在途 PO88 M12×80镀锌 5000支 2062-03-09").reason == "date_far"


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [
        ("500支 单价-1", "bad_price"),
        ("0支", "bad_quantity"),
        ("-3支", "bad_quantity"),
        ("1e12支", "too_much"),
        ("0.5 支", "not_whole"),
        ("9" * 60, "too_much"),
    ],
)
def test_impossible_quantities_are_refused(chat: Chat, quantity: str, reason: str) -> None:
    assert chat.say(chat.firm.zhaomin, f"下单 锐固 M12×80镀锌 {quantity}").reason == reason
    assert orders(chat.store) == []


@pytest.mark.parametrize("text", ["送到" + "远" * 300, "备注：" + "长" * 1100, "工艺:" + "磨" * 2000])
def test_texts_longer_than_an_order_can_keep_are_refused(chat: Chat, text: str) -> None:
    chat.say(chat.firm.zhaomin, f"下单 锐固 M12×80镀锌 500支 {text}")
    assert chat.say(chat.firm.zhaomin, "确认").card == "refusal"
    assert orders(chat.store) == []


def test_five_hundred_lines_are_refused(chat: Chat) -> None:
    heard = chat.say(chat.firm.zhaomin, "下单 锐固\n" + "\n".join(["M12×80镀锌 5支"] * 500))
    assert heard.reason == "too_many_lines"


def test_who_may_not_place_is_told_who_may(chat: Chat) -> None:
    for person in (chat.firm.wugang, chat.firm.zhoufang, chat.firm.wangkuaiji):
        heard = chat.say(person, SCENE)
        assert heard.reason == "not_allowed"
        assert "销售" in heard.words


def test_a_draft_that_waits_too_long_is_no_longer_placed(chat: Chat, clock: TestClock) -> None:
    draft = chat.say(chat.firm.zhaomin, SCENE)
    clock.forward(timedelta(minutes=31))
    assert chat.press(chat.firm.zhaomin, draft.buttons["确认下单"]).reason == "dialog_late"
    late = chat.say(chat.firm.zhaomin, "确认")
    assert "作废" in late.words
    assert chat.say(chat.firm.zhaomin, "800支").reason == "nothing_to_correct"
    assert orders(chat.store) == []


def test_a_full_command_wins_and_the_draft_stays_open(chat: Chat) -> None:
    draft = chat.say(chat.firm.zhaomin, SCENE)
    assert chat.say(chat.firm.zhaomin, "库存 M12×80").card == "stock"
    assert chat.say(chat.firm.zhaomin, "待办").card == "tasks"
    assert chat.say(chat.firm.zhaomin, "1").reason == "dialog_interrupted"
    assert orders(chat.store) == []
    assert chat.press(chat.firm.zhaomin, draft.buttons["确认下单"]).card == "order"


@pytest.mark.parametrize(
    "looking_up", [["查单 锐固"], ["查单 锐固", "2"], ["库存 不锈钢螺栓"], ["库存 不锈钢螺栓", "M8的"], ["查单", "库存", "锐固"]]
)
@pytest.mark.parametrize("how", ["press", "type"])
def test_looking_something_up_costs_no_draft(chat: Chat, looking_up: list[str], how: str) -> None:
    for _ in range(2):
        chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 10支")
        chat.say(chat.firm.zhaomin, "确认")
    draft = chat.say(chat.firm.zhaomin, SCENE)
    for text in looking_up:
        assert chat.say(chat.firm.zhaomin, text).card in ("orders", "order", "question", "stock")
    button = draft.buttons["确认下单"]
    placed = chat.press(chat.firm.zhaomin, button) if how == "press" else chat.say(chat.firm.zhaomin, "确认下单")
    assert (placed.card, placed.reply.replaces) == ("order", draft.reply.key)
    assert chat.press(chat.firm.zhaomin, button).reason == "dialog_placed"
    assert len(orders(chat.store)) == 3


def test_a_draft_laid_aside_can_be_corrected_and_dropped_later(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    draft = chat.say(zhaomin, SCENE)
    asked = chat.say(zhaomin, "库存 不锈钢螺栓")
    assert "草稿还在" in chat.say(zhaomin, "算了").words
    assert chat.press(zhaomin, asked.buttons["M12×80镀锌螺栓"]).reason == "dialog_replaced"
    assert chat.say(zhaomin, "1").reason == "dialog_interrupted"
    corrected = chat.say(zhaomin, "改成800支")
    assert corrected.reply.replaces == draft.reply.key
    chat.say(zhaomin, "库存 不锈钢螺栓")
    chat.press(zhaomin, corrected.buttons["算了"])
    assert chat.say(zhaomin, "确认").reason == "dialog_dropped"
    assert orders(chat.store) == []


def test_a_draft_laid_aside_is_late_as_any_other(chat: Chat, clock: TestClock) -> None:
    draft = chat.say(chat.firm.zhaomin, SCENE)
    clock.forward(timedelta(minutes=29))
    chat.say(chat.firm.zhaomin, "库存 不锈钢螺栓")
    clock.forward(timedelta(minutes=2))
    assert chat.press(chat.firm.zhaomin, draft.buttons["确认下单"]).reason == "dialog_late"
    assert chat.say(chat.firm.zhaomin, "2").card == "stock"
    assert "作废" in chat.say(chat.firm.zhaomin, "确认").words
    assert orders(chat.store) == []


def test_a_correction_that_needs_an_answer_keeps_the_draft_until_it_has_it(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    draft = chat.say(zhaomin, SCENE)
    assert chat.say(zhaomin, "加一行 镀锌螺栓 200支").card == "question"
    chat.say(zhaomin, "算了")
    assert chat.say(zhaomin, "加一行 镀锌螺栓 200支").card == "question"
    corrected = chat.say(zhaomin, "M8的")
    assert len(corrected.data["lines"]) == 2
    assert chat.press(zhaomin, draft.buttons["确认下单"]).reason == "dialog_replaced"
    assert chat.press(zhaomin, corrected.buttons["确认下单"]).card == "order"


def test_a_new_order_takes_the_place_of_an_open_draft_and_says_so(chat: Chat) -> None:
    former = chat.say(chat.firm.zhaomin, SCENE)
    chat.say(chat.firm.zhaomin, "库存 不锈钢螺栓")
    latter = chat.say(chat.firm.zhaomin, "下单 宏达 M8×30镀锌 200支")
    assert "前一张草稿（锐固建材 M12×80镀锌螺栓 500支）没有下单，由这张代替" in latter.words
    assert "前一张草稿" not in chat.say(chat.firm.zhaomin, "改成300支").words
    latter = chat.say(chat.firm.zhaomin, "200支")
    assert chat.press(chat.firm.zhaomin, former.buttons["确认下单"]).reason == "dialog_replaced"
    assert chat.press(chat.firm.zhaomin, latter.buttons["确认下单"]).card == "order"
    assert [order.customer_id for order in orders(chat.store)] == [chat.firm.hongda.id]


def test_somebody_else_has_no_part_in_a_draft(chat: Chat) -> None:
    draft = chat.say(chat.firm.zhaomin, SCENE)
    assert chat.press(chat.firm.qianwei, draft.buttons["确认下单"]).reason == "dialog_replaced"
    assert chat.say(chat.firm.qianwei, "确认").reason == "nothing_to_confirm"
    assert orders(chat.store) == []


def test_what_was_not_understood_is_said_on_the_draft(chat: Chat) -> None:
    heard = chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 500支 含税开票")
    assert any("含税开票" in assumption for assumption in heard.data["assumptions"])


def test_prices_and_processes_go_with_their_lines(chat: Chat) -> None:
    chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 500支 单价1.35 工艺:去毛刺，M8×30镀锌 200支")
    chat.say(chat.firm.zhaomin, "确认")
    with chat.store.reading() as tx:
        lines = tx.session.scalars(select(OrderLine).order_by(OrderLine.position)).all()
    assert [(line.price, line.processes) for line in lines] == [(Decimal("1.35"), ["去毛刺"]), (Decimal("0.28"), [])]


def test_an_order_in_parts_is_shipped_part_by_part(chat: Chat) -> None:
    zhaomin, wugang = chat.firm.zhaomin, chat.firm.wugang
    draft = chat.say(zhaomin, "锐固 M12×80镀锌螺栓 5000支 先发2000支 剩下3月20日发")
    placed = chat.press(zhaomin, draft.buttons["确认下单"])
    no = placed.data["no"]
    assert placed.data["wanted_date"] == "2026-03-20"
    first = chat.say(wugang, f"发货 {no} 顺丰 SF1234567890123")
    assert f"已发货 {no} 第1批" in first.words
    assert "本批：M12×80镀锌螺栓 2000支" in first.words
    assert "其余：M12×80镀锌螺栓 3000支（预计3月20日到）" in first.words
    assert chat.say(wugang, f"发货 {no} 顺丰 SF1234567890123").reason == "already_shipped"
    early = chat.say(wugang, f"发货 {no} 顺丰 SF1234567890124")
    assert early.reason == "part_not_due"
    assert "第2批约定3月20日" in early.words


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("第2行改成800支", "第2行 M8×30镀锌螺栓 800支"),
        ("第2行单价1.5", "第2行 M8×30镀锌螺栓 200支 单价¥1.50/支"),
        ("加一行 M12镀锌螺母 300个", "加一行 M12镀锌螺母 300个"),
        ("去掉第1行", "去掉 M12×80镀锌螺栓 500支"),
        ("3月25日到，包邮", "期望交付 3月25日(周三)，包邮"),
        ("不加急", "不加急"),
        ("客户：宏达", "客户 宏达五金"),
        ("送到松江工地3号楼，备注：装车前打电话", "送到 松江工地3号楼，备注：装车前打电话"),
        ("收货人李工 13912345678", "收货人：李工，收货电话：13912345678"),
        ("走德邦", "快递：德邦"),
        ("第1行价格1.1含税", "第1行 M12×80镀锌螺栓 500支 单价¥1.10/支 含税"),
        ("螺母改成900", "第3行 M12镀锌螺母 900"),
        ("客户自提", "客户自提"),
        ("运费到付", "运费到付"),
    ],
)
def test_a_corrected_draft_says_what_has_changed(chat: Chat, typed: str, understood: str) -> None:
    chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 500支，M8×30镀锌 200支，M12镀锌螺母 300 3月20日到")
    corrected = chat.say(chat.firm.zhaomin, typed)
    assert corrected.reply.brief == understood
    assert f"已改：{understood}。" in corrected.shown.note


def test_who_receives_and_who_carries_stands_on_the_draft_and_goes_with_the_order(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    draft = chat.say(zhaomin, f"{SCENE} 送到松江工地，李工 13912345678，走德邦")
    assert "收货人：李工。收货电话：13912345678。快递：德邦。" in draft.shown.note
    assert chat.say(zhaomin, "客户自提").data["freight"] == "客户自提"
    assert chat.say(zhaomin, "运费到付").data["freight"] == "运费到付"
    assert chat.say(zhaomin, "自提").data["freight"] == "客户自提"
    assert chat.say(zhaomin, "还是送到工地B2").data["freight"] != "客户自提"
    chat.say(zhaomin, "发顺丰")
    chat.say(zhaomin, "确认")
    (order,) = orders(chat.store)
    assert (order.contact, order.phone, order.carrier, order.pickup) == ("李工", "13912345678", "顺丰", False)


def test_what_was_said_for_the_whole_order_can_be_called_off(chat: Chat) -> None:
    chat.say(chat.firm.zhaomin, f"{SCENE} 加急 试产")
    assert chat.say(chat.firm.zhaomin, "不要加急").reply.brief == "不加急"
    assert chat.say(chat.firm.zhaomin, "不要试产").data["trial"] is False
    assert chat.say(chat.firm.zhaomin, "不要包邮").data["freight"] == "运费另计"


def test_a_bare_number_after_something_else_was_shown_changes_no_quantity(chat: Chat) -> None:
    chat.say(chat.firm.zhaomin, SCENE)
    chat.say(chat.firm.zhaomin, "待办")
    assert chat.say(chat.firm.zhaomin, "3").reason == "dialog_interrupted"
    assert lines_of(chat.say(chat.firm.zhaomin, "改成800支")) == [("M12×80镀锌螺栓", "800")]
    assert lines_of(chat.say(chat.firm.zhaomin, "900")) == [("M12×80镀锌螺栓", "900")]


def test_an_answer_about_a_draft_closes_its_card(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    draft = chat.say(zhaomin, SCENE)
    assert chat.say(zhaomin, "加一行 镀锌螺栓 200支").card == "question"
    corrected = chat.say(zhaomin, "M8的")
    assert (corrected.card, corrected.reply.replaces) == ("order_draft", draft.reply.key)
    assert corrected.data["changed"] == ["加一行 M8×30镀锌螺栓 200支"]
    assert "没有下单" not in corrected.words


def test_several_orders_of_one_message_leave_an_open_draft_for_their_own(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    former = chat.say(zhaomin, SCENE)
    first = chat.say(zhaomin, "锐固建材 M12×80镀锌螺栓 500支 3月20日到\n宏达 M8×30镀锌 300支 3月20日到")
    assert (first.card, first.reply.replaces) == ("order_draft", former.reply.key)
    assert "还有1张别的客户的订单" in first.shown.note
    then = chat.press(zhaomin, first.buttons["确认下单"]).reply.then
    assert then is not None
    assert (then.card, then.data["customer"]) == ("order_draft", "宏达五金")
    assert len(orders(chat.store)) == 1
