"""Files of staff 员工 and customers 客户."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from connectors.files import cells, references
from connectors.files.cells import number, text
from connectors.files.kind import Kind, table_move
from connectors.files.rows import Column, Problem, Progress, Row
from store.models import Customer, Level, Staff
from store.staging import Move, Staging
from store.transaction import Transaction

_CUSTOMER_DEFAULTS: dict[str, Any] = {"aliases": [], "level": Level.REGULAR}


def _settle_staff(tx: Transaction, rows: list[Row]) -> Iterator[Problem]:
    people = list(tx.session.scalars(select(Staff).options(joinedload(Staff.manager))))
    yield from _managers(rows, {person.name: person.manager.name if person.manager else None for person in people})
    for column in ("wecom_userid", "dingtalk_userid"):
        yield from _same_account(rows, column, people)


def _managers(rows: list[Row], managers: dict[str, str | None]) -> Iterator[Problem]:
    """Escalations climb the line of managers, so it must lead upwards and end."""
    managers |= {row.values["name"]: row.values.get("manager", managers.get(row.values["name"])) for row in rows}
    for row in rows:
        above = row.values.get("manager")
        if above is not None and above not in managers:
            yield row.problem(f"没有叫“{above}”的上级")
        elif row.values["name"] in _line(above, managers):
            yield row.problem(f"{row.values['name']} 成了自己的上级")


def _line(person: str | None, managers: dict[str, str | None]) -> set[str]:
    line: set[str] = set()
    while person is not None and person not in line:
        line.add(person)
        person = managers.get(person)
    return line


def _same_account(rows: list[Row], column: str, people: list[Staff]) -> Iterator[Problem]:
    """An account belongs to one person; WeCom does not tell upper from lower case."""
    in_file = {row.values["name"] for row in rows if column in row.values}
    owners = {str(getattr(person, column)).casefold(): person.name for person in people if person.name not in in_file}
    for row in rows:
        if account := row.values.get(column):
            owner = owners.setdefault(account.casefold(), row.values["name"])
            if owner != row.values["name"]:
                yield row.problem(f"{column} {account} 已经是 {owner} 的")


def _stage_staff(_tx: Transaction, staging: Staging, rows: list[Row], _progress: Progress[Row]) -> Move:
    managers = {row.values["name"]: row.values.pop("manager") for row in rows if "manager" in row.values}
    freed = {row.values["name"]: {code: None for code in ("wecom_userid", "dingtalk_userid") if code in row.values} for row in rows}
    insert = table_move(staging, Staff, rows, key=["name"], defaults={"roles": []}, fixed={"active": True})

    def move(tx: Transaction) -> None:
        # People may have exchanged their accounts: all are freed before any is given.
        for name, accounts in freed.items():
            if accounts:
                tx.session.execute(update(Staff).where(Staff.name == name).values(accounts))
        insert(tx)
        numbers = {name: number for number, name in tx.session.execute(select(Staff.id, Staff.name))}
        for name, manager in managers.items():
            tx.session.execute(update(Staff).where(Staff.name == name).values(manager_id=numbers.get(manager)))

    return move


def _read_staff(tx: Transaction) -> Iterator[dict[str, Any]]:
    for person in tx.session.scalars(select(Staff).options(joinedload(Staff.manager)).order_by(Staff.id)):
        yield {column.code: getattr(person, column.code) for column in STAFF.columns} | {
            "manager": person.manager.name if person.manager else None
        }


def _settle_customers(tx: Transaction, rows: list[Row]) -> Iterator[Problem]:
    yield from references.replace(rows, "salesperson", "salesperson_id", references.staff(tx), "员工")


def _stage_customers(tx: Transaction, staging: Staging, rows: list[Row], _progress: Progress[Row]) -> Move:
    for row in rows:
        if "group" in row.values:
            row.values["group_name"] = row.values.pop("group")
    return table_move(staging, Customer, rows, key=["code"], defaults=_CUSTOMER_DEFAULTS, fixed={"updated_at": tx.now})


def _read_customers(tx: Transaction) -> Iterator[dict[str, Any]]:
    for customer in tx.session.scalars(select(Customer).options(joinedload(Customer.salesperson)).order_by(Customer.code)):
        yield {column.code: getattr(customer, column.code) for column in CUSTOMERS.columns} | {
            "salesperson": customer.salesperson.name if customer.salesperson else None
        }


STAFF = Kind(
    name="staff",
    chinese="员工",
    model=Staff,
    columns=(
        Column("name", "姓名", text(Staff.name), required=True),
        Column("roles", "角色", cells.roles, required=True, write=cells.write_items),
        Column("mobile", "手机", text(Staff.mobile)),
        Column("manager", "上级", cells.name),
        Column("warehouse", "仓库", text(Staff.warehouse)),
        Column("wecom_userid", "wecom_userid", text(Staff.wecom_userid)),
        Column("dingtalk_userid", "dingtalk_userid", text(Staff.dingtalk_userid)),
    ),
    key=("name",),
    settle=_settle_staff,
    stage=_stage_staff,
    read_out=_read_staff,
)
CUSTOMERS = Kind(
    name="customers",
    chinese="客户",
    model=Customer,
    columns=(
        Column("code", "编码", text(Customer.code), required=True),
        Column("name", "名称", text(Customer.name), required=True),
        Column("level", "等级", cells.level),
        Column("aliases", "别名", cells.items, write=cells.write_items),
        Column("phone", "电话", text(Customer.phone)),
        Column("address", "地址", text(Customer.address)),
        Column("salesperson", "销售", cells.name),
        Column("credit_limit", "信用额度", number(places=2)),
        Column("wechat_openid", "wechat_openid", text(Customer.wechat_openid)),
        Column("group", "客户群", text(Customer.group)),
    ),
    key=("code",),
    settle=_settle_customers,
    stage=_stage_customers,
    read_out=_read_customers,
)
