"""The condition form of the rules: a small safe expression over named fields, translated to SQL.

A condition such as `available < safety_stock * 1.5 and hours_to_ship < 4` is parsed by Python's own parser, of which only
and/or/not, comparisons, in, + - * and names are let through (no rule library has Chinese names, SQL and safety together).
Quantities stay whole numbers in SQL, so both databases compare exactly; hours are turned round into a bound for the column
of the moment, so that its index is used.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, literal, not_
from sqlalchemy import and_ as all_of
from sqlalchemy import or_ as any_of

from automations.values import Amount, BadCondition, Constant, Figure, Hours, Text, Truth, Value, whole
from store.models.base import Moment

LONGEST = 500
MOST_NODES = 100
_MOST_PLACES = 6
_LARGEST = Decimal(10) ** 9
_MOST_HOURS = 10 * 366 * 24


def parse(text: str) -> ast.expr:
    """The tree of an expression; raises BadCondition when it is no expression or too large."""
    if len(text) > LONGEST:
        raise BadCondition(f"条件太长：{len(text)} 个字符，最多 {LONGEST} 个")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadCondition(f"条件读不懂：{getattr(error, 'msg', error)}") from None
    if (nodes := sum(1 for _ in ast.walk(tree))) > MOST_NODES:
        raise BadCondition(f"条件太复杂：{nodes} 个部分，最多 {MOST_NODES} 个")
    return tree


def compile_condition(text: str, fields: Mapping[str, Value], now: datetime) -> ColumnElement[bool]:
    """The SQL of a condition at the moment `now`; raises BadCondition."""
    value = _Compiler(fields, now).value(parse(text))
    if not isinstance(value, Truth):
        raise BadCondition("条件要能判断真假，例如“可用库存 < 100”")
    return value.sql


def compile_figure(text: str, fields: Mapping[str, Value], now: datetime) -> Figure:
    """A number that a rule works out for its cards; raises BadCondition."""
    value = _Compiler(fields, now).value(parse(text))
    if not isinstance(value, Amount | Hours):
        raise BadCondition(f"“{text}”不是数量或小时数")
    return value


@dataclass(frozen=True)
class _Compiler:
    fields: Mapping[str, Value]
    now: datetime

    def value(self, node: ast.expr) -> Value:
        match node:
            case ast.Name(id=name):
                return self._field(name)
            case ast.Constant(value=known):
                return _constant(known)
            case ast.BoolOp(op=joint, values=parts):
                return Truth((all_of if isinstance(joint, ast.And) else any_of)(*[self._truth(part) for part in parts]))
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return Truth(not_(self._truth(part)))
            case ast.UnaryOp(op=ast.USub(), operand=part):
                return _times(Constant(Decimal(-1)), self.value(part))
            case ast.BinOp(left=left, op=joint, right=right):
                return self._arithmetic(self.value(left), joint, self.value(right))
            case ast.Compare(left=left, ops=signs, comparators=others):
                return self._chain(left, signs, others)
        raise BadCondition(f"条件里不能用“{ast.unparse(node)}”这种写法")

    def _field(self, name: str) -> Value:
        if name not in self.fields:
            raise BadCondition(f"没有“{name}”这个字段；可用：{'、'.join(self.fields)}")
        return self.fields[name]

    def _truth(self, node: ast.expr) -> ColumnElement[bool]:
        value = self.value(node)
        if not isinstance(value, Truth):
            raise BadCondition(f"“{ast.unparse(node)}”不是真假，不能用 and / or / not 连接")
        return value.sql

    def _arithmetic(self, left: Value, joint: ast.operator, right: Value) -> Value:
        match joint:
            case ast.Add():
                return _plus(left, right)
            case ast.Sub():
                return _plus(left, _times(Constant(Decimal(-1)), right))
            case ast.Mult():
                return _times(left, right)
        raise BadCondition("只能用 + - *")

    def _chain(self, left: ast.expr, signs: list[ast.cmpop], others: list[ast.expr]) -> Truth:
        """`a < b < c` means `a < b and b < c`."""
        parts = []
        for sign, other in zip(signs, others):
            if isinstance(sign, ast.In | ast.NotIn):
                found = self._among(self.value(left), other)
                parts.append(found if isinstance(sign, ast.In) else not_(found))
            else:
                parts.append(_compare(self.value(left), sign, self.value(other), self.now))
            left = other
        return Truth(all_of(*parts))

    def _among(self, left: Value, choices: ast.expr) -> ColumnElement[bool]:
        if not isinstance(choices, ast.List | ast.Tuple | ast.Set) or not choices.elts:
            raise BadCondition('in 的右边要写成列表，例如 ["VIP", "regular"]')
        return any_of(*[_compare(left, ast.Eq(), self.value(choice), self.now) for choice in choices.elts])


def _constant(known: object) -> Value:
    if isinstance(known, str):
        return Text(literal(known))
    if isinstance(known, int | float) and not isinstance(known, bool):
        return _number(Decimal(str(known)))
    raise BadCondition(f"条件里不能写“{known!r}”")


def _number(value: Decimal) -> Constant:
    if not value.is_finite() or abs(value) > _LARGEST or _places(value) > _MOST_PLACES:
        raise BadCondition(f"数太大或小数位太多：{value}")
    return Constant(value)


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else _MOST_PLACES + 1


def _amount(value: Constant | Amount) -> Amount:
    if isinstance(value, Amount):
        return value
    places = _places(value.value)
    return Amount(whole(int(value.value.scaleb(places))), places)


def _plus(left: Value, right: Value) -> Value:
    match left, right:
        case Constant(a), Constant(b):
            return _number(a + b)
        case ((Constant() | Amount()), (Constant() | Amount())):
            one, other = _amount(left), _amount(right)
            places = max(one.places, other.places)
            return Amount(one.to(places) + other.to(places), places)
        case (Hours(column, sign, plus), Constant(more)) | (Constant(more), Hours(column, sign, plus)):
            return Hours(column, sign, plus + more)
    raise BadCondition("只有数与数、小时与数可以相加减")


def _times(left: Value, right: Value) -> Value:
    match left, right:
        case Constant(a), Constant(b):
            return _number(a * b)
        case (Constant() as factor, Amount() as amount) | (Amount() as amount, Constant() as factor):
            whole = _amount(factor)
            if whole.places + amount.places > 2 * _MOST_PLACES:
                raise BadCondition("小数位太多")
            return Amount(amount.sql * whole.sql, amount.places + whole.places)
        case (Constant(value), Hours(column, sign, plus)) if value == -1:
            return Hours(column, -sign, -plus)
    raise BadCondition("只有数量可以乘以一个写明的数")


_SIGNS: dict[type[ast.cmpop], Callable[[Any, Any], ColumnElement[bool]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}


def _compare(left: Value, sign: ast.cmpop, right: Value, now: datetime) -> ColumnElement[bool]:
    kind = type(sign)
    if kind not in _SIGNS:
        raise BadCondition("只能用 < <= > >= == != in 比较")
    match left, right:
        case Hours(), Constant(bound):
            return _bounded(left, kind, bound, now)
        case Constant(bound), Hours():
            return _bounded(right, _TURNED.get(kind, kind), bound, now)
        case ((Constant() | Amount()), (Constant() | Amount())):
            one, other = _amount(left), _amount(right)
            places = max(one.places, other.places)
            return _SIGNS[kind](one.to(places), other.to(places))
        case Text(), Text() if kind in (ast.Eq, ast.NotEq):
            return _SIGNS[kind](left.sql, right.sql)
    raise BadCondition("两边不能这样比较：数量与数、小时与数比大小，文字只比相等")


def _bounded(hours: Hours, kind: type[ast.cmpop], bound: Decimal, now: datetime) -> ColumnElement[bool]:
    """`hours < bound` as a comparison of the moment itself: sign·(moment − now) + plus < bound."""
    if abs(bound - hours.plus) > _MOST_HOURS:
        raise BadCondition("小时数太大：最多十年")
    away = timedelta(microseconds=int((bound - hours.plus) * hours.sign * 3_600_000_000))
    return _SIGNS[kind if hours.sign > 0 else _TURNED.get(kind, kind)](hours.sql, literal(now + away, Moment))
