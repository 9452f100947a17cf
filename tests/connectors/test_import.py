from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from connectors.files import import_files
from connectors.files.commands import import_command
from store import revisions
from store.models import Base, Capacity, Component, Customer, Inbound, Product, Staff, Word
from store.transaction import Store
from tests.connectors.conftest import Importer, problems
from tests.support.firm import Firm

PRODUCTS = "编码,名称,单位,包装,单价,自制,别名\nA1,螺栓,支,盒=50；箱=600,1.25,否,栓;螺拴\nA2,螺母,个,,,是,\n"


def count(store: Store, model: type[Base]) -> int:
    with store.reading() as tx:
        return tx.session.scalar(select(func.count()).select_from(model)) or 0


def product(store: Store, code: str) -> Product:
    with store.reading() as tx:
        return tx.session.scalars(select(Product).where(Product.code == code)).one()


def test_products_come_in_with_every_kind_of_cell(store: Store, load: Importer) -> None:
    report = load("products", PRODUCTS)
    assert (report.rows, report.new, problems(report)) == (2, 2, [])
    bolt, nut = product(store, "A1"), product(store, "A2")
    assert (bolt.name, bolt.units, bolt.price, bolt.made, bolt.aliases) == (
        "螺栓",
        {"盒": "50", "箱": "600"},
        Decimal("1.25"),
        False,
        ["栓", "螺拴"],
    )
    assert (nut.units, nut.price, nut.made, nut.aliases, nut.safety_stock) == ({}, None, True, [], 0)


def test_the_columns_of_a_file_change_and_the_others_stay(store: Store, load: Importer) -> None:
    load("products", PRODUCTS)
    report = load("products", "code,name,unit,price\nA1,外六角螺栓,支,\nA3,垫圈,片,0.02\n")
    assert (report.rows, report.new) == (2, 1)
    bolt = product(store, "A1")
    assert (bolt.name, bolt.price, bolt.units, bolt.aliases) == ("外六角螺栓", None, {"盒": "50", "箱": "600"}, ["栓", "螺拴"])


def test_the_same_content_again_changes_nothing_and_says_so(store: Store, load: Importer, tmp_path: Path) -> None:
    load("products", PRODUCTS)
    load("products", PRODUCTS.replace("1.25", "9"))
    copy = tmp_path / "copy.csv"
    copy.write_text(PRODUCTS, encoding="utf-8")
    with store.reading() as tx:
        revision = revisions.current(tx)
    text, code = import_command(store, "products", [copy])
    assert (text, code) == ("copy.csv：内容和以前导入过的一样，没有再导入", 0)
    assert product(store, "A1").price == 9
    with store.reading() as tx:
        assert revisions.current(tx) == revision


def test_a_file_of_column_names_alone_says_that_it_brought_nothing(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_text(PRODUCTS.splitlines()[0], encoding="utf-8")
    assert import_command(store, "products", [file]) == ("已导入产品 0 行，其中新增 0", 0)


def test_every_import_makes_a_new_revision(store: Store, load: Importer) -> None:
    load("products", PRODUCTS)
    with store.reading() as tx:
        assert revisions.current(tx) == 1


def test_a_dry_run_checks_and_writes_nothing(store: Store, load: Importer) -> None:
    assert load("products", PRODUCTS, dry_run=True).succeeded
    assert not load("products", PRODUCTS.replace("1.25", "-1"), dry_run=True).succeeded
    assert count(store, Product) == 0
    assert load("products", PRODUCTS).new == 2


def test_every_bad_row_is_named_and_nothing_is_taken_of_any_file(store: Store, load: Importer) -> None:
    bad = "编码,名称,单位,单价,补货天数,自制,包装\nB1,,支,abc,,,\nB2,垫圈,片,-1,1.5,也许,盒50\n\nB3,好的,个,1,,,\n"
    report = load("products", PRODUCTS, bad)
    assert problems(report) == [
        "products-2.csv 第 2 行：名称 没有填",
        "products-2.csv 第 2 行：单价 “abc”不是数",
        "products-2.csv 第 3 行：单价 “-1”要不小于 0",
        "products-2.csv 第 3 行：补货天数 “1.5”不是 0 到 3650 的整数",
        "products-2.csv 第 3 行：自制 “也许”要写 是 或 否",
        "products-2.csv 第 3 行：包装 “盒50”要写成 盒=500",
    ]
    assert count(store, Product) == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "p.csv：是空的，第一行要写列名"),
        ("编码,名称,单位,颜色,\nA,B,支,红,\n", "p.csv 第 1 行：不认识的列：颜色"),
        ("编码,名称\nA,B\n", "p.csv 第 1 行：缺少的列：单位(unit)"),
        ("编码,code,名称,单位\nA,A,B,支\n", "p.csv 第 1 行：重复的列：code"),
        ("编码,名称,单位\nA,B,支,多\n", "p.csv 第 2 行：“多”这一格没有列名"),
        ("编码,名称,单位\nA,B,支\nA,C,支\n", "p.csv 第 3 行：编码与 p.csv 第 2 行重复"),
        (f"编码,名称,单位\n{'长' * 65},B,支\n", "p.csv 第 2 行：编码 太长：65 个字，最多 64 个"),
        ("编码,名称,单位,单价\nA,B,支,1e12\n", "p.csv 第 2 行：单价 “1e12”太大"),
        ("编码,名称,单位,单价\nA,B,支,0.00001\n", "p.csv 第 2 行：单价 “0.00001”最多 4 位小数"),
        ("编码,名称,单位,包装\nA,B,支,支=2\n", "p.csv 第 2 行：包装 里的 支 就是单位，只能是 1"),
        ('编码,名称,单位\nA,"B,支\n', "p.csv：第 2 行起不是 CSV 格式（引号不成对？）：unexpected end of data"),
    ],
)
def test_what_cannot_be_taken_is_said(store: Store, tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text(text, encoding="utf-8")
    assert problems(import_files(store, "products", [path])) == [reason]
    assert count(store, Product) == 0


def test_files_that_are_no_tables_are_said(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xff\xff\x81\x00\xff")
    (tmp_path / "b.xlsx").write_bytes(b"PK no workbook")
    (tmp_path / "c.txt").write_text("code")
    report = import_files(store, "products", [tmp_path / name for name in ("a.csv", "b.xlsx", "c.txt", "d.csv")])
    said = " ".join(problems(report))
    for part in (
        "c.txt：只认 .csv 和 .xlsx 文件",
        "d.csv：打不开：",
        "a.csv：编码既不是 UTF-8 也不是 GB18030",
        "b.xlsx：不是能读的 Excel 文件",
    ):
        assert part in said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encodings_that_people_have(store: Store, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "products.csv"
    path.write_text(PRODUCTS, encoding=encoding)
    assert import_files(store, "products", [path]).succeeded
    assert product(store, "A1").aliases == ["栓", "螺拴"]


def test_excel_numbers_days_and_truths_are_taken_as_meant(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for row in (
        [],
        ["编码", "名称", "单位", "单价", "自制", "补货天数"],
        [1001, "螺栓", "支", 0.28, True, 7],
        [],
        ["A2", "=1+1", "个", None, "否", None],
    ):
        sheet.append(row)
    sheet["B5"].data_type = "s"
    book.save(tmp_path / "p.xlsx")
    report = import_files(store, "products", [tmp_path / "p.xlsx"])
    assert problems(report) == []
    bolt = product(store, "1001")
    assert (bolt.price, bolt.made, bolt.lead_days) == (Decimal("0.28"), True, 7)
    assert product(store, "A2").name == "=1+1"


def test_a_bad_row_of_excel_has_the_number_that_excel_shows(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet["B3"], sheet["C3"], sheet["D3"], sheet["E3"] = "工作中心", "日期", "可产数量", None
    sheet["B5"], sheet["C5"], sheet["D5"] = "组装", date(2026, 3, 5), 100
    sheet["B7"], sheet["C7"], sheet["D7"] = "组装", "三月", 100
    book.save(tmp_path / "c.xlsx")
    report = import_files(store, "capacity", [tmp_path / "c.xlsx"])
    assert problems(report) == ["c.xlsx 第 7 行：日期 “三月”不是日期，要写成 2026-03-05"]
    assert count(store, Capacity) == 0


def test_a_manager_may_stand_below_and_everybody_s_line_ends(store: Store, load: Importer) -> None:
    report = load("staff", "姓名,角色,上级,wecom_userid\n赵敏,销售；采购主管,孙磊,ZhaoMin\n孙磊,sales_manager,,sunlei\n")
    assert problems(report) == []
    with store.reading() as tx:
        zhaomin = tx.session.scalars(select(Staff).where(Staff.name == "赵敏")).one()
        assert (zhaomin.manager and zhaomin.manager.name, zhaomin.roles) == ("孙磊", ["sales", "purchasing"])
    report = load("staff", "姓名,角色,上级\n孙磊,销售主管,赵敏\n")
    assert problems(report) == ["staff-1.csv 第 2 行：孙磊 成了自己的上级"]
    report = load("staff", "姓名,角色,上级\n钱伟,销售,谁\n")
    assert problems(report) == ["staff-1.csv 第 2 行：没有叫“谁”的上级"]
    report = load("staff", "姓名,角色,上级\n钱伟,老板,孙磊\n")
    assert problems(report) == ["staff-1.csv 第 2 行：角色 没有“老板”这个角色"]
    assert count(store, Staff) == 2


def test_two_people_may_exchange_accounts_but_not_share_one(store: Store, load: Importer) -> None:
    load("staff", "姓名,角色,wecom_userid\n甲,销售,one\n乙,销售,two\n")
    assert load("staff", "姓名,角色,wecom_userid\n甲,销售,two\n乙,销售,one\n").succeeded
    report = load("staff", "姓名,角色,wecom_userid\n丙,销售,ONE\n")
    assert problems(report) == ["staff-1.csv 第 2 行：wecom_userid ONE 已经是 乙 的"]
    with store.reading() as tx:
        assert dict(tx.session.execute(select(Staff.name, Staff.wecom_userid)).all()) == {"甲": "two", "乙": "one"}


def test_customers_know_their_salesperson_and_level(store: Store, firm: Firm, load: Importer) -> None:
    report = load("customers", "编码,名称,等级,销售,信用额度,客户群,别名\nC9,新客户,试单,钱伟,5000.5,hongda,新客；小新\n")
    assert problems(report) == []
    with store.reading() as tx:
        customer = tx.session.scalars(select(Customer).where(Customer.code == "C9")).one()
        assert (customer.level, customer.salesperson_id, customer.credit_limit) == ("trial", firm.qianwei.id, Decimal("5000.50"))
        assert (customer.group, customer.aliases) == ("hongda", ["新客", "小新"])
    report = load("customers", "编码,名称,销售\nC10,又一个,没这人\n")
    assert problems(report) == ["customers-1.csv 第 2 行：没有叫“没这人”的员工，或不止一个"]


def test_a_bill_of_materials_that_bites_its_tail_is_refused(store: Store, firm: Firm, load: Importer) -> None:
    assert load("components", "产品,组件,用量\nLS-M12x80-Z,LM-M12-Z,1\n").succeeded
    report = load("components", "产品,组件,用量\nLM-M12-Z,LS-M8x30-Z,1\nLS-M8x30-Z,LS-M12x80-Z,2\n")
    (problem,) = map(str, report.problems)
    assert problem.startswith("components-1.csv 第 3 行：物料清单绕成了圈：")
    for code in ("LS-M12x80-Z", "LM-M12-Z", "LS-M8x30-Z"):
        assert code in problem
    with store.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Component)) == 1


def test_words_components_and_capacity(store: Store, firm: Firm, load: Importer) -> None:
    assert load("words", "词,含义,类别\n白铁,镀锌,表面\n白铁,白铁皮,type\n").succeeded
    assert load("components", "产品,组件,用量\nLS-M12x80-Z,LM-M12-Z,1.5\n").succeeded
    assert load("capacity", "工作中心,日期,可产数量\n组装,2026/3/5,400\n").succeeded
    assert (count(store, Word), count(store, Component), count(store, Capacity)) == (2, 1, 1)
    report = load("components", "产品,组件,用量\nLS-M12x80-Z,没有,1\nLM-M12-Z,LM-M12-Z,1\n")
    assert problems(report) == [
        "components-1.csv 第 3 行：产品不能是自己的组件",
        "components-1.csv 第 2 行：没有叫“没有”的产品，或不止一个",
    ]


def test_inbound_is_announced_also_for_a_day_that_is_over(store: Store, firm: Firm, load: Importer) -> None:
    assert load("inbound", "采购单号,产品,数量,预计到货日\nPO1,LM-M12-Z,500,2026-02-01\n").succeeded
    assert load("inbound", "采购单号,产品,数量,预计到货日\nPO1,LM-M12-Z,800,2026-03-09\n").succeeded
    with store.transaction() as tx:
        coming = tx.session.scalars(select(Inbound)).one()
        assert (coming.quantity, coming.expected_on) == (800, date(2026, 3, 9))
        coming.received = Decimal(600)
    report = load("inbound", "采购单号,产品,数量,预计到货日\nPO1,LM-M12-Z,500,2026-03-09\n")
    assert problems(report) == ["inbound-1.csv 第 2 行：PO1 已经到了 600，数量不能更少"]


def test_an_unknown_kind_is_told_which_there_are(store: Store) -> None:
    text, code = import_command(store, "货", [])
    assert code == 1
    assert text.startswith("没有“货”这一类，可以是：staff 员工、customers 客户、products 产品")


def test_of_two_that_import_a_file_at_once_one_does_it(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("词,含义,类别\n白铁,镀锌,表面\n", encoding="utf-8")
    start = Barrier(2)

    def together(items: list[Any], _doing: str) -> list[Any]:
        start.wait(10)
        return items

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: import_files(store, "words", [path], progress=together), range(2)))
    assert sorted(report.new for report in reports) == [0, 1]
    assert sorted(problems(report) for report in reports) == [[], ["words.csv：导入的同时有人改了资料，一行也没有导入，请再导入一次"]]
    with store.reading() as tx:
        assert revisions.current(tx) == 1
