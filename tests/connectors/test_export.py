import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from connectors.files import KINDS, export_file, import_files
from connectors.files.commands import export_command
from sandbox.firm import load_sample_firm
from store.models import Base, Capacity, Customer, Fulfilment, Level, Order, OrderLine, Product, Staff
from store.settings import Settings
from store.transaction import Store
from tests.connectors.conftest import problems
from tests.support.approvals import NO_APPROVALS
from tests.support.clock import TestClock
from tests.support.firm import Firm


@contextmanager
def empty_store(template: Path, home: Path) -> Iterator[Store]:
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    shutil.copy(template, home / "gendan.db")
    store = Store(Settings(home=home, trade=NO_APPROVALS), TestClock())
    yield store
    store.close()


def rows(store: Store, kind: str) -> list[dict[str, Any]]:
    with store.reading() as tx:
        return list(KINDS[kind].read_out(tx))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_whole_firm_goes_out_and_in_again(store: Store, sqlite_template: Path, tmp_path: Path, ending: str) -> None:
    load_sample_firm(store)
    with empty_store(sqlite_template, tmp_path / "other") as other:
        for kind in ("staff", "customers", "products", "words", "components", "capacity", "stock", "inbound"):
            path = tmp_path / f"{kind}.{ending}"
            assert export_file(store, kind, path) == len(rows(store, kind)) > 0
            assert problems(import_files(other, kind, [path])) == []
            assert rows(other, kind) == rows(store, kind)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_orders_go_out_and_in_again(store: Store, firm: Firm, sqlite_template: Path, tmp_path: Path, ending: str) -> None:
    at = datetime(2026, 2, 27, 2, 3, 4, 567, tzinfo=UTC)
    with store.transaction() as tx:
        old = Order(no="SO260227-0001", stage="shipped", customer_id=firm.ruigu.id, salesperson_id=firm.qianwei.id, created_at=at)
        old.lines = [OrderLine(position=n, product_id=firm.bolt.id, quantity=Decimal("0.5") * n, price=Decimal("1.2345")) for n in (1, 2)]
        old.fulfilments = [
            Fulfilment(warehouse="主仓", stage="shipped", carrier="顺丰", waybill="SF123456", shipped_at=at, last_trace_at=at)
        ]
        open_one = Order(
            no="X-1", stage="approved", customer_id=firm.hongda.id, created_at=at, wanted_date=date(2026, 3, 20), promised_ship_at=at
        )
        open_one.lines = [OrderLine(position=1, product_id=firm.nut.id, quantity=Decimal(7))]
        tx.session.add_all([old, open_one])
    with empty_store(sqlite_template, tmp_path / "other") as other:
        for kind in ("staff", "customers", "products", "orders"):
            path = tmp_path / f"{kind}.{ending}"
            export_file(store, kind, path)
            assert problems(import_files(other, kind, [path])) == []
        expected = rows(store, "orders")
        expected[-1]["salesperson"] = "钱伟"  # the customer's own, where the order names none
        assert rows(other, "orders") == expected


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20).filter(
    lambda text: not set(text) & set(";；、=")
)
amounts = st.decimals(min_value=0, max_value=99_999_999_999, places=4)
products = st.builds(
    Product,
    code=words,
    name=words,
    spec=st.none() | words,
    unit=st.just("支"),
    units=st.dictionaries(st.sampled_from(["盒", "箱", "千支"]), st.sampled_from(["50", "0.5", "6000"])),
    price=st.none() | amounts,
    safety_stock=amounts,
    min_surplus=amounts,
    lead_days=st.none() | st.integers(0, 3650),
    made=st.booleans(),
    aliases=st.lists(words, max_size=3, unique=True),
)
customers = st.builds(
    Customer,
    code=words,
    name=words,
    level=st.sampled_from(list(Level)),
    aliases=st.lists(words, max_size=3, unique=True),
    phone=st.none() | words,
    credit_limit=st.none() | st.decimals(min_value=0, max_value=99_999_999, places=2),
)
capacity = st.builds(Capacity, work_center=words, day=st.dates(date(1970, 1, 1), date(2199, 12, 31)), quantity=amounts)


@pytest.mark.parametrize(
    ("kind", "things", "key"),
    [("products", products, "code"), ("customers", customers, "code"), ("capacity", capacity, "work_center")],
    ids=["products", "customers", "capacity"],
)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_goes_out_and_in_unchanged(
    data: st.DataObject, kind: str, things: st.SearchStrategy[Base], key: str, ending: str, sqlite_template: Path, tmp_path: Path
) -> None:
    some = data.draw(st.lists(things, max_size=4, unique_by=lambda thing: getattr(thing, key)))
    path = tmp_path / f"{kind}.{ending}"
    with empty_store(sqlite_template, tmp_path / "one") as one, empty_store(sqlite_template, tmp_path / "other") as other:
        with one.transaction() as tx:
            tx.session.add_all(some)
        export_file(one, kind, path)
        assert problems(import_files(other, kind, [path])) == []
        assert rows(other, kind) == rows(one, kind)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_name_that_looks_like_a_formula_stays_a_name(store: Store, tmp_path: Path, ending: str) -> None:
    evil = '=HYPERLINK("http://x","y")'
    with store.transaction() as tx:
        tx.session.add(Staff(name=evil, roles=["sales"], mobile="+86 138"))
    path = tmp_path / f"staff.{ending}"
    export_file(store, "staff", path)
    if ending == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert next(csv.DictReader(file))["name"] == f"'{evil}"
    else:
        book = openpyxl.load_workbook(path)
        assert book.worksheets[0]["A2"].data_type == "s"
    with store.transaction() as tx:
        person = tx.session.scalars(select(Staff)).one()
        person.mobile = None
    assert problems(import_files(store, "staff", [path])) == []
    with store.reading() as tx:
        assert [(person.name, person.mobile) for person in tx.session.scalars(select(Staff))] == [(evil, "+86 138")]


def test_where_it_cannot_be_written_is_said(store: Store, tmp_path: Path) -> None:
    assert export_command(store, "staff", tmp_path / "staff.pdf") == ("没有导出：只认 .csv 和 .xlsx 文件", 1)
    text, code = export_command(store, "staff", tmp_path / "nowhere" / "staff.csv")
    assert (code, text.startswith("没有导出：")) == (1, True)
    assert export_command(store, "员工", tmp_path / "staff.csv") == (f"已导出员工 0 行：{tmp_path / 'staff.csv'}", 0)
