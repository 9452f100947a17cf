"""A condition means in SQL, on both databases, what it says."""

import ast
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, cast, literal, select

from automations.conditions import LONGEST, compile_condition, compile_figure
from automations.subjects import SUBJECTS
from automations.values import Amount, BadCondition, Hours, Text, Truth, Value, Whole
from store.models.base import Moment
from store.transaction import Store

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
LINE = SUBJECTS["order_line"].fields

numbers = st.decimals(min_value=0, max_value=10_000, places=2).map(lambda value: format(value, "f"))
amounts = st.recursive(
    st.sampled_from(["available", "安全库存"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-"), st.one_of(inner, numbers)).map(" ".join).map("({})".format),
        st.tuples(inner, numbers).map(lambda parts: f"{parts[0]} * {parts[1]}"),
        inner.map("-{}".format),
    ),
    max_leaves=3,
)
hours = st.one_of(st.just("hours"), st.just("-hours"), numbers.map("(hours + {})".format), numbers.map("({} - hours)".format))
signs = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
comparisons = st.one_of(
    st.tuples(amounts, signs, st.one_of(amounts, numbers)).map(" ".join),
    st.tuples(numbers, signs, amounts, signs, numbers).map(" ".join),
    st.tuples(hours, signs, numbers).map(" ".join),
    st.tuples(numbers, signs, hours).map(" ".join),
    st.sampled_from(['level == "VIP"', '"VIP" != level', 'level in ["VIP", "trial"]', "level not in ('regular',)", "urgent", "not urgent"]),
)
conditions = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join).map("({})".format), inner.map("(not {})".format)
    ),
    max_leaves=4,
)


@dataclass(frozen=True)
class Row:
    available: Decimal
    safety: Decimal
    hours: Decimal
    level: str
    urgent: bool

    def fields(self) -> dict[str, Value]:
        due = NOW + timedelta(hours=float(self.hours))
        return {
            "available": _amount(self.available),
            "安全库存": _amount(self.safety),
            "hours": Hours(literal(due, Moment), 1),
            "level": Text(literal(self.level)),
            "urgent": Truth(literal(int(self.urgent)) == 1),
        }

    def named(self) -> dict[str, Any]:
        return {"available": self.available, "安全库存": self.safety, "hours": self.hours, "level": self.level, "urgent": self.urgent}


def _amount(value: Decimal) -> Amount:
    return Amount(cast(literal(int(value.scaleb(4)), BigInteger), Whole), 4)


quantities = st.decimals(min_value=-100_000, max_value=1_000_000, places=4)
rows = st.builds(
    Row,
    quantities,
    st.integers(0, 100_000).map(Decimal),
    st.integers(-400, 400).map(lambda quarters: Decimal(quarters) / 4),
    st.sampled_from(["VIP", "regular", "trial"]),
    st.booleans(),
)


class _Decimals(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str):
            return node
        return ast.Call(ast.Name("Decimal", ast.Load()), [ast.Constant(str(node.value))], [])


def _python(text: str, row: Row) -> bool:
    tree = ast.fix_missing_locations(_Decimals().visit(ast.parse(text, mode="eval")))
    return bool(eval(compile(tree, "condition", "eval"), {"Decimal": Decimal}, row.named()))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=conditions, row=rows)
def test_sql_agrees_with_python(store: Store, text: str, row: Row) -> None:
    with store.reading() as look:
        found = look.session.scalar(select(compile_condition(text, row.fields(), NOW)))
    assert bool(found) is _python(text, row)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=amounts, row=rows)
def test_a_figure_is_exact(store: Store, text: str, row: Row) -> None:
    figure = compile_figure(text, row.fields(), NOW)
    with store.reading() as look:
        found = look.session.scalar(select(figure.sql))
    tree = ast.fix_missing_locations(_Decimals().visit(ast.parse(text, mode="eval")))
    assert figure.read(found, NOW) == eval(compile(tree, "figure", "eval"), {"Decimal": Decimal}, row.named())


def test_what_is_unknown_does_not_fire(store: Store) -> None:
    fields: dict[str, Value] = {"hours": Hours(literal(None, Moment), 1)}
    with store.reading() as look:
        for text in ("hours < 4", "not hours < 4"):
            assert not look.session.scalar(select(compile_condition(text, fields, NOW)))


def test_hours_compare_the_moment_itself_so_that_its_index_serves() -> None:
    sql = str(compile_condition("hours_to_ship < 4", LINE, NOW))
    assert sql.startswith("orders.promised_ship_at < ")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("available.__class__ < 1", "不能用"),
        ("__import__('os').system('true')", "不能用"),
        ("open('/etc/passwd')", "不能用"),
        ("(lambda: available)() < 1", "不能用"),
        ("[x for x in available] == 1", "不能用"),
        ("available ** 9999999 > 1", r"只能用 \+ - \*"),
        ("available / 0 > 1", r"只能用 \+ - \*"),
        ("'a' * 10 == 'aaaaaaaaaa'", "乘"),
        ("available * available > 1", "乘"),
        ("available + 'a' > 1", "相加减"),
        ("available < 'a'", "不能这样比较"),
        ("stage < 'placed'", "不能这样比较"),
        ("hours_to_ship < available", "不能这样比较"),
        ("hours_to_ship * 2 < 4", "乘"),
        ("hours_to_ship < 1e9", "太大"),
        ("available", "真假"),
        ("available and urgent", "不是真假"),
        ("1 < 2 and missing_field < 1", "没有“missing_field”这个字段"),
        ("available < 1e300", "数太大"),
        ("available < 10**10", "只能用"),
        ("available < True", "不能写"),
        ("available is None", "不能写"),
        ("available < 0.00000001", "小数位"),
        ("available in 5", "列表"),
        ("available in []", "列表"),
        ("f'{available}' == ''", "不能用"),
        ("available := 3", "读不懂"),
        ("import os", "读不懂"),
        ("", "读不懂"),
        ("\0", "读不懂"),
        ("(" * 300 + "available" + ")" * 300, "条件太长"),
        ("not " * 100 + "urgent", "条件太复杂"),
        ("(" * 220 + "urgent" + ")" * 220, "读不懂"),
        (" or ".join(["urgent"] * 80), "条件太长"),
        ("1" + "<1" * 60, "条件太复杂"),
    ],
)
def test_hostile_and_senseless_conditions_are_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(BadCondition, match=why) as caught:
        compile_condition(text, LINE, NOW)
    assert len(str(caught.value)) < LONGEST
