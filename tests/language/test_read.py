"""The command form of every command."""

from datetime import date
from decimal import Decimal

import pytest

from language import Catalogue
from language.numbers import ordinal
from tests.language.conftest import CUSTOMERS, reading, settled


def customer_of(text: str, catalogue: Catalogue) -> str | list[str] | None:
    named = reading(text, catalogue).customer
    codes = {customer.id: customer.code for customer in CUSTOMERS}
    if named is None:
        return None
    return codes[named.id] if named.id else [codes[candidate] for candidate in named.candidates]


@pytest.mark.parametrize("command", ["下单", "/下单", "／下单", "开单", "@跟单 下单"])
def test_place(catalogue: Catalogue, command: str) -> None:
    read = reading(f"{command} 锐固建材 M12×80镀锌螺栓×500支 免费配送 3月20日到", catalogue)
    assert read.command == "place"
    assert read.customer
    assert read.customer.id == 1
    assert settled(read) == [("HB-M12x80-Z", "500", "支")]
    assert read.free_shipping is True
    assert read.day
    assert read.day.day == date(2026, 3, 20)
    assert read.unread == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("下单 锐固 M8螺母镀锌 500个", "C001"),
        ("下单锐固M8螺母镀锌 500个", "C001"),
        ("下单 c001 M8螺母镀锌 500个", "C001"),
        ("下单 小陈：M8螺母镀锌 500个", "C004"),
        ("下单 M8螺母镀锌 500个 锐固的", "C001"),
        ("下单 客户：锐固 M8螺母镀锌 500个", "C001"),
        ("下单 杭州宏达建材 M8螺母镀锌 500个", "C002"),
        ("下单 宁波宏达 M8螺母镀锌 500个", "C003"),
        ("下单 宏达 M8螺母镀锌 500个", ["C002", "C003"]),
        ("下单 老李 M8螺母镀锌 500个", ["C005", "C006"]),
        ("下单 王二麻子 M8螺母镀锌 500个", []),
        ("下单 小陈水电 M8螺母镀锌 500个", []),
        ("下单 M8螺母镀锌 500个", None),
        ("下单 M8螺母镀锌 500个 给锐固", "C001"),
        ("下单 M8螺母镀锌 500个 锐固要的", "C001"),
        ("下单 M8螺母镀锌 500个 宏达", ["C002", "C003"]),
        ("下单 锐固 要 M8螺母镀锌 来 500个", "C001"),
        ("下单锐固要M8螺母镀锌500个+包邮", "C001"),
    ],
)
def test_customer(catalogue: Catalogue, text: str, expected: str | list[str] | None) -> None:
    assert customer_of(text, catalogue) == expected
    assert settled(reading(text, catalogue)) == [("NT-M8-Z", "500", "个")]


def test_what_stands_beside_the_lines(catalogue: Catalogue) -> None:
    read = reading("下单 锐固 M12×80镀锌 500支 加急 试产 不包邮 送到松江工地3号楼 备注：装车前打电话，贴标", catalogue)
    assert (read.urgent, read.trial, read.free_shipping) == (True, True, False)
    assert (read.address, read.remarks) == ("松江工地3号楼", "装车前打电话,贴标")
    assert settled(read) == [("HB-M12x80-Z", "500", "支")]


@pytest.mark.parametrize(
    "said", ["送货到松江工地3号楼 3月20日", "3月20日送货到松江工地3号楼", "3月20日送到松江工地3号楼", "送货至松江工地3号楼 3月20日到"]
)
def test_where_goods_are_brought_is_an_address(catalogue: Catalogue, said: str) -> None:
    read = reading(f"下单 锐固 M12×80镀锌 500支 {said}", catalogue)
    assert (read.address, read.day and read.day.day, read.unread) == ("松江工地3号楼", date(2026, 3, 20), ())


def test_free_delivery_to_an_address_is_both(catalogue: Catalogue) -> None:
    read = reading("下单 锐固 M12×80镀锌 500支 免费送货到松江工地", catalogue)
    assert (read.address, read.free_shipping, read.unread) == ("松江工地", True, ())


@pytest.mark.parametrize("said", ["3月20日送货", "3月20日 送货", "3月20日送到"])
def test_a_day_of_delivery_is_no_address(catalogue: Catalogue, said: str) -> None:
    read = reading(f"下单 锐固 M12×80镀锌 500支 {said}", catalogue)
    assert (read.address, read.day and read.day.day, read.unread) == (None, date(2026, 3, 20), ())


def test_an_address_with_spaces_ends_before_a_day(catalogue: Catalogue) -> None:
    read = reading("下单 锐固 M12×80镀锌 500支 地址：杭州市 余杭区良渚路3-20号 3月20日到", catalogue)
    assert read.address == "杭州市 余杭区良渚路3-20号"
    assert read.day
    assert read.day.day == date(2026, 3, 20)


@pytest.mark.parametrize(
    ("text", "change", "row", "lines"),
    [
        ("800支", "", None, [("", "800", "支")]),
        ("改成800支", "set", None, [("", "800", "支")]),
        ("第2行改成 800支", "set", 2, [("", "800", "支")]),
        ("加一行 M8螺母镀锌 200个", "add", None, [("NT-M8-Z", "200", "个")]),
        ("再加 M8螺母镀锌 200个", "add", None, [("NT-M8-Z", "200", "个")]),
        ("去掉第二行", "remove", 2, []),
        ("去掉 M8螺母镀锌", "remove", None, [("NT-M8-Z", None, None)]),
        ("加急", "", None, []),
        ("包邮", "", None, []),
        ("3月25日到", "", None, []),
    ],
)
def test_corrections(catalogue: Catalogue, text: str, change: str, row: int | None, lines: list[object]) -> None:
    read = reading(text, catalogue)
    assert (read.command, read.change, read.row, settled(read)) == ("", change, row, lines)


def test_inbound(catalogue: Catalogue) -> None:
    for number in ("PO88", "20260302-1", "CG-7"):
        read = reading(f"在途 {number} M12×80镀锌 5000支 3月9日", catalogue)
        assert (read.command, read.number) == ("inbound", number)
        assert settled(read) == [("HB-M12x80-Z", "5000", "支")]
        assert read.day
        assert read.day.day == date(2026, 3, 9)


def test_receive(catalogue: Catalogue) -> None:
    read = reading("入库 M12×80镀锌 5000支 A-03-2", catalogue)
    assert (read.command, read.location, read.number) == ("receive", "A-03-2", None)
    assert settled(read) == [("HB-M12x80-Z", "5000", "支")]
    read = reading("入库 PO88 M12×80镀锌 5000支 库位：二楼3架 批次B2603 有效期2027-01-31", catalogue)
    assert (read.number, read.location, read.batch) == ("PO88", "二楼3架", "B2603")
    assert read.expires_on
    assert read.expires_on.day == date(2027, 1, 31)
    assert settled(read) == [("HB-M12x80-Z", "5000", "支")]


@pytest.mark.parametrize(
    ("text", "order", "carrier", "waybill"),
    [
        ("发货 0007 顺丰 SF1234567890123", "0007", "顺丰", "SF1234567890123"),
        ("发货 0007 顺丰sf1234567890123", "0007", "顺丰", "SF1234567890123"),
        ("发货 SO260302-0007 SF1234567890123", "SO260302-0007", None, "SF1234567890123"),
        ("发货 7 中通 75312345678901", "7", "中通", "75312345678901"),
        ("发货 7", "7", None, None),
        ("发货", None, None, None),
    ],
)
def test_ship(catalogue: Catalogue, text: str, order: str | None, carrier: str | None, waybill: str | None) -> None:
    read = reading(text, catalogue)
    assert (read.command, read.order, read.carrier, read.waybill) == ("ship", order, carrier, waybill)


def test_query(catalogue: Catalogue) -> None:
    assert customer_of("查单 锐固", catalogue) == "C001"
    assert customer_of("查单 宏达", catalogue) == ["C002", "C003"]
    for number in ("0007", "0302-7", "SO260302-0007", "SO-260302-007"):
        assert reading(f"查单 {number}", catalogue).order == number.lower() or number


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("库存 M12×80", "stock"),
        ("待办", "tasks"),
        ("签收 0007", "sign"),
        ("出库 0007", "pick"),
        ("帮助", "help"),
        ("ＨＥＬＰ", "help"),
        ("算了", "drop"),
        ("完成了吗", ""),
        ("发货了没有", ""),
        ("", ""),
        ("你好", ""),
    ],
)
def test_command(catalogue: Catalogue, text: str, command: str) -> None:
    assert reading(text, catalogue).command == command


def test_task(catalogue: Catalogue) -> None:
    assert reading("完成 3", catalogue).task == 3
    assert reading("完成3", catalogue).task == 3
    assert reading("完成", catalogue).task is None


def test_a_reading_survives_being_kept(catalogue: Catalogue) -> None:
    read = reading("下单 宏达 M12×80 500支 单价1.35 下周三", catalogue)
    assert type(read).model_validate(read.model_dump(mode="json")) == read


@pytest.mark.parametrize(
    ("text", "change", "row"),
    [
        ("第2行改成800支", "set", 2),
        ("第2个改成800支", "set", 2),
        ("请把第一行改成300支", "set", 1),
        ("把第2行去掉", "remove", 2),
        ("第2行不要了", "remove", 2),
        ("第一行去掉", "remove", 1),
        ("加一行 M8×30镀锌 200支", "add", None),
        ("交期改成3月25日", "set", None),
        ("客户改成锐固", "set", None),
        ("第1行单价改成1.5", "set", 1),
    ],
)
def test_ways_to_say_a_correction(catalogue: Catalogue, text: str, change: str, row: int | None) -> None:
    read = reading(text, catalogue)
    assert (read.command, read.change, read.row, read.unread) == ("", change, row, ())


def test_what_a_correction_puts_in_the_place(catalogue: Catalogue) -> None:
    assert reading("地址改成 松江工地", catalogue).address == "松江工地"
    assert reading("备注改成 装车前打电话", catalogue).remarks == "装车前打电话"
    assert [line.price for line in reading("单价改成1.5", catalogue).lines] == [Decimal("1.5")]
    assert [line.price for line in reading("单价-1", catalogue).lines] == [Decimal(-1)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("第二个", 2),
        ("第2个", 2),
        ("选2", 2),
        ("选第三种", 3),
        ("第十一", 11),
        ("2个", None),
        ("2", None),
        ("二", None),
        ("第二行吧", None),
    ],
)
def test_ordinals(text: str, number: int | None) -> None:
    assert ordinal(text) == number
