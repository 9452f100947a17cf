"""The customer's template message: every kind of field gets what it takes, and the order number is never cut."""

from hypothesis import given
from hypothesis import strategies as st

from platforms.wechat.template import misfits, template_data
from tests.support.cards import ORDER_NO, any_text, sample

DEFAULT = {"order": "character_string1", "stage": "thing2", "date": "time3", "note": "thing4"}


def told(fields: dict[str, str], **changes: str) -> dict[str, str]:
    data = template_data(sample("progress", **changes), fields)
    return {name: value["value"] for name, value in data.items()}


def test_a_shipped_order_tells_its_waybill() -> None:
    assert told(DEFAULT, carrier="顺丰") == {
        "character_string1": ORDER_NO,
        "thing2": "已发货",
        "time3": "2026年3月20日",
        "thing4": "顺丰 SF1234567890123",
    }


def test_a_waybill_is_shown_whole_rather_than_with_its_carrier() -> None:
    assert told(DEFAULT, carrier="德邦快递物流")["thing4"] == "SF1234567890123"


def test_before_shipping_the_note_says_where_the_order_is() -> None:
    assert told(DEFAULT, carrier="", waybill="", where="已下单，正在配货")["thing4"] == "已下单，正在配货"


def test_a_field_without_a_value_is_left_out() -> None:
    assert "time3" not in told(DEFAULT, date="")
    assert told({**DEFAULT, "date": "thing3"}, date="")["thing3"] == "待定"


def test_a_day_that_has_to_be_a_moment_ends_at_midnight() -> None:
    for field, said in {"time3": "2026年3月20日 23:59", "date3": "2026年3月20日", "thing3": "2026年3月20日"}.items():
        assert template_data(sample("progress"), {**DEFAULT, "date": field}, moments=True)[field] == {"value": said}


def test_a_template_without_a_field_for_the_number_has_it_in_the_note() -> None:
    assert told({"order": "", "stage": "phrase1", "date": "", "note": "thing2"})["thing2"].startswith(ORDER_NO)


def test_a_phrase_takes_five_chinese_characters() -> None:
    assert told({**DEFAULT, "stage": "phrase2"}, stage_name="已发货(部分)请留意")["phrase2"] == "已发货部分"


def test_pictures_are_taken_out() -> None:
    assert told(DEFAULT, waybill="", carrier="", where="已发货🚚,请留意😀")["thing4"] == "已发货,请留意"


def test_a_mapping_that_loses_the_number_is_named() -> None:
    assert misfits(DEFAULT) == []
    assert misfits({**DEFAULT, "order": "number1"}) == ["number1 放不下单号，请换成 character_string 或 thing 开头的字段"]
    assert misfits({**DEFAULT, "date": "phrase3"}) != []
    assert misfits({**DEFAULT, "order": "", "note": "phrase4"}) == ["没有字段放单号"]


@given(any_text(60), any_text(60), any_text(40), st.sampled_from(["character_string1", "thing1", ""]))
def test_any_content_fits_and_names_its_order(where: str, waybill: str, carrier: str, order: str) -> None:
    shown = told({**DEFAULT, "order": order}, where=where, waybill=waybill, carrier=carrier)
    assert any(ORDER_NO in value for value in shown.values())
    assert all(len(value) <= (32 if name.startswith("character_string") else 20) for name, value in shown.items())
    assert all("\n" not in value for value in shown.values())
