"""Rendering a card: data fills the parts that the file has and can make no new ones."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from orders.words import STAGE_NAMES
from platforms.words import Style, Tone
from store.models import Stage
from templates.files import read_yaml
from templates.filters import show_date, show_gap, show_moment, show_money, show_quantity, show_stage
from templates.render import card_names, render_card, write_text
from tests.support.cards import any_text, key_for, sample, sample_card

CARDS = [
    "forward",
    "help",
    "notice",
    "order",
    "order_draft",
    "orders",
    "pick",
    "progress",
    "question",
    "refusal",
    "restock",
    "served",
    "shipping_alert",
    "shipping_over",
    "shortage_over",
    "stock",
    "suggestion",
    "tasks",
    "unknown_person",
]


@pytest.mark.parametrize("name", CARDS)
def test_every_card_of_the_desk_renders(name: str) -> None:
    card = sample_card(name)
    assert card.name == name
    assert card.title
    assert card.order_no in card.title


def test_no_card_is_forgotten_here() -> None:
    assert set(CARDS) <= set(card_names())


def test_a_draft_shows_what_was_understood() -> None:
    card = sample_card("order_draft")
    assert card.lines[0] == "1、“M12×80镀锌” → 12.9级内六角圆柱头螺栓M12×80镀锌 × 500支(10盒) ¥1.20 → ¥600.00，库存8,000"
    assert card.lines[1].endswith("¥0.285 → ¥3,420.00，缺200支，3月25日(周三)可交")
    promise = next(field for field in card.fields if field.name == "可承诺")
    assert (promise.value, promise.tone) == ("3月25日(周三) 晚5天", Tone.ALERT)
    assert "可承诺日比期望晚5天" in card.note
    assert [(button.key, button.style) for button in card.buttons] == [
        ("dialog.confirm(1048576)", Style.PRIMARY),
        ("habit.forget(1048576)", Style.PLAIN),
        ("dialog.drop(1048576)", Style.PLAIN),
    ]


def test_a_small_gap_is_shown_without_alarm() -> None:
    card = sample_card("order_draft", gap_days=2, red=False, promisable_date="2026-03-22", promised_date="2026-03-22")
    promise = next(field for field in card.fields if field.name == "可承诺")
    assert (promise.value, promise.tone, card.tone) == ("3月22日(周日) 晚2天", Tone.WARNING, Tone.WARNING)
    assert "可承诺日比" not in card.note


def test_a_draft_without_a_wish_shows_only_the_promise() -> None:
    card = sample_card("order_draft", wanted_date=None, gap_days=0, red=False)
    assert card.fields[0].name == "可承诺"
    assert next(field for field in card.fields if field.name == "可承诺").value == "3月25日(周三)"


def test_a_salesperson_asks_the_customer_only_about_a_date_that_slips() -> None:
    assert "请与客户确认交期" in sample_card("suggestion").note
    assert "请与客户确认交期" in sample_card("suggestion", wanted_date="").note
    assert sample_card("suggestion", suggested_date="2026-03-20").note.endswith("赶得上期望交付。")


def test_what_production_makes_is_not_said_to_be_bought() -> None:
    line = {"product": "座椅套 五座通用 米色", "missing": "70", "unit": "套", "made": True}
    assert "采购" not in sample_card("suggestion", lines=[line]).note
    assert "采购已收到补货待办" in sample_card("suggestion", lines=[line, line | {"made": False}]).note


def test_an_amendment_shows_in_full_what_is_kept_of_it() -> None:
    card = sample_card("amendment")
    assert "需重新审核：财务、仓库会签；结论：数量改为12000支" in card.quote
    suggested = {field.name: field.value for field in sample_card("amendment", explained=False, concluded=False).fields}
    assert suggested["影响说明"] == "按上面的改动写好"
    assert suggested["沟通纪要"] == "李总 3月2日 09:30，结论同上"
    cancelled = sample_card("amendment", explained=False, concluded=False, deed="取消")
    assert cancelled.quote.startswith("结论：数量改为12000支")


def test_a_draft_that_is_fetched_has_no_address() -> None:
    assert "送货地址" not in [field.name for field in sample_card("order_draft", freight="客户自提").fields]


def test_somebody_whose_platform_names_no_account_is_not_told_to_pass_it_on() -> None:
    assert "账号发给管理员" in sample_card("unknown_person").note
    assert "账号发给管理员" not in sample_card("unknown_person", userid="").note


def test_parts_without_a_value_are_left_out() -> None:
    card = sample_card("progress", carrier="", waybill="", url="")
    assert [field.name for field in card.fields] == ["客户"]
    assert card.links == []


def test_a_copy_has_nothing_to_press() -> None:
    assert [button.key for button in sample_card("restock").buttons] == ["task.done(1048576)"]
    copy = sample_card("restock", copy=True)
    assert copy.buttons == []
    assert copy.subtitle.startswith("抄送")


def test_one_missing_product_reads_as_fields_and_names_its_order() -> None:
    card = sample_card("restock", lines=sample("restock")["lines"][:1])
    assert card.order_no == "SO260302-0007"
    assert {field.name: field.value for field in card.fields}["承诺发货"] == "3月23日 17:00"
    assert card.lines == []


def test_nothing_open_is_said() -> None:
    counts = {"to_sign_count": 0, "to_agree_count": 0, "parts_count": 0}
    nothing = sample_card("tasks", items=[], to_sign=[], to_agree=[], parts=[], **counts)
    assert nothing.note == "没有待办，都办完了。"


EVIL = "{{ 7 * 7 }}{% for x in y %} ]]> <a href='x'>\n\n- **确认**\n回复 1 确认下单"


def test_data_stays_text() -> None:
    honest, evil = sample_card("order_draft"), sample_card("order_draft", customer=EVIL, address=EVIL, draft="1")
    assert "{{ 7 * 7 }}{% for x in y %} ]]> <a href='x'> - **确认** 回复 1 确认下单" in evil.subtitle
    assert len(evil.fields) == len(honest.fields)
    assert len(evil.lines) == len(honest.lines)
    assert len(evil.buttons) == len(honest.buttons)


@settings(max_examples=60, deadline=None)
@given(any_text(60), any_text(60))
def test_no_data_makes_a_part(customer: str, product: str) -> None:
    lines = [sample("order")["lines"][0] | {"name": product}]
    card = render_card("order", sample("order", lines=lines, customer={"code": "C001", "name": customer}), key_for)
    assert (len(card.lines), len(card.buttons), len(card.links)) == (1, 0, 1)
    assert "\n" not in card.subtitle + card.lines[0]


def test_a_ready_text_keeps_its_lines() -> None:
    assert sample_card("forward").quote.splitlines() == sample("forward")["text"].splitlines()


def test_a_missing_value_is_an_error_and_not_a_hole() -> None:
    data = sample("progress")
    del data["stage_name"]
    with pytest.raises(UndefinedError, match="stage_name"):
        render_card("progress", data, key_for)


def test_the_sandbox_holds() -> None:
    with pytest.raises(SecurityError):
        write_text("{{ ().__class__.__bases__[0].__subclasses__() }}", {})


def test_a_key_named_like_a_method_is_the_datas_own() -> None:
    assert write_text("{{ line.copy }} {{ line.count }}", {"line": {"copy": "抄送", "count": 3}}) == "抄送 3"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (show_date("2026-03-20"), "3月20日(周五)"),
        (show_date("2026-03-20T17:00:00+08:00"), "3月20日(周五)"),
        (show_date(None), ""),
        (show_moment("2026-03-20T17:00:00+08:00"), "3月20日 17:00"),
        (show_moment("2026-03-20"), "3月20日(周五)"),
        (show_moment(""), ""),
        (show_money("1234.5"), "¥1,234.50"),
        (show_money("0.0125"), "¥0.0125"),
        (show_money("-3"), "-¥3.00"),
        (show_money("1000000"), "¥1,000,000.00"),
        (show_money(None), ""),
        (show_quantity("5000", "支"), "5,000支"),
        (show_quantity("0.5"), "0.5"),
        (show_gap(3), "晚3天"),
        (show_gap(-2), "早2天"),
        (show_gap(0), "按期"),
    ],
)
def test_values_look_as_people_write_them(shown: str, expected: str) -> None:
    assert shown == expected


def test_stages_have_the_names_of_the_trade() -> None:
    assert {stage: show_stage(stage) for stage in Stage} == STAGE_NAMES


def test_card_files_mean_what_they_say(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("no: SO260302-0007\nday: 2026-03-20\nprice: 1.20\ncount: 3\nyes: on\nred: true\nnone:\n", "utf-8")
    assert read_yaml(file) == {
        "no": "SO260302-0007",
        "day": "2026-03-20",
        "price": "1.20",
        "count": 3,
        "yes": "on",
        "red": True,
        "none": None,
    }


def test_a_card_is_quick_to_render() -> None:
    data = sample("order_draft")
    render_card("order_draft", data, key_for)
    fastest = min(_seconds(data) for _ in range(20))
    assert fastest < 0.003


def _seconds(data: dict[str, object]) -> float:
    started = time.perf_counter()
    render_card("order_draft", data, key_for)
    return time.perf_counter() - started
