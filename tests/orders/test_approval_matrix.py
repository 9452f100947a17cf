from decimal import Decimal
from typing import Any

import pytest

from orders.approval_matrix import SHIPPED, Facts, WrongMatrix, parse

_ORDINARY: dict[str, Any] = {
    "level": "regular",
    "urgent": False,
    "trial": False,
    "amount": Decimal(100),
    "days": None,
    "discount": Decimal(0),
    "credit_limit": None,
    "exposure": lambda: Decimal(0),
}
_STEP = "\n    steps:\n      - {name: 审, signers: [财务]}\n"


def facts(**other: Any) -> Facts:
    return Facts(**(_ORDINARY | other))


@pytest.mark.parametrize(
    ("order", "seats"),
    [
        ({}, [["财务", "仓管"]]),
        ({"level": "VIP", "urgent": True}, [["生产总监"]]),
        ({"trial": True, "level": "VIP", "urgent": True}, [["财务", "仓管", "技术部"]]),
        ({"amount": Decimal("50000.01")}, [["财务"], ["销售主管"]]),
        ({"credit_limit": Decimal(100), "exposure": lambda: Decimal("100.01")}, [["财务"], ["销售主管"]]),
        ({"credit_limit": Decimal(100), "exposure": lambda: Decimal(100)}, [["财务", "仓管"]]),
        ({"trial": True, "amount": Decimal(60000)}, [["财务", "仓管", "技术部"], ["销售主管"]]),
    ],
)
def test_the_matrix_that_ships(order: dict[str, Any], seats: list[list[str]]) -> None:
    steps, why = parse(SHIPPED.read_text(encoding="utf-8")).asked(facts(**order))
    assert [[name for name, _ in step.seats] for step in steps] == seats
    assert why


@pytest.mark.parametrize(
    ("when", "fits", "fits_not"),
    [
        ("{amount_up_to: 100}", {}, {"amount": Decimal(101)}),
        ("{days_under: 5}", {"days": 4}, {"days": None}),
        ("{discount_over: 10}", {"discount": Decimal("10.1")}, {"discount": Decimal(10)}),
        ("{urgent: false, level: [普通]}", {}, {"urgent": True}),
        ("{any: [{trial: true}, {urgent: true}]}", {"urgent": True}, {}),
    ],
)
def test_every_condition_is_understood(when: str, fits: dict[str, Any], fits_not: dict[str, Any]) -> None:
    matrix = parse(f"classes:\n  - name: X\n    when: {when}{_STEP}")
    assert matrix.asked(facts(**fits))[0]
    assert not matrix.asked(facts(**fits_not))[0]


@pytest.mark.parametrize(("need", "count"), [("all", 3), ("any", 1), ("2", 2)])
def test_so_many_have_to_sign(need: str, count: int) -> None:
    text = f"classes:\n  - name: X\n    steps:\n      - {{name: 审, signers: [财务, 仓管, {{person: 张三}}], need: {need}}}\n"
    (step,) = parse(text).asked(facts())[0]
    assert step.count == count
    assert step.seats[2] == ("张三", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("classes: [", "第 1 行：写法不对，看看缩进、冒号和引号"),
        ("", "第 1 行：文件 下面要写成一项一行的“名称: 值”"),
        (f"classes:\n  - name: X\n    when:\n      amount_ovr: 3{_STEP}", "第 4 行：不认识 amount_ovr"),
        (f"classes:\n  - name: X\n    when:\n      urgent: 也许{_STEP}", "第 4 行：urgent 要写 true 或 false"),
        ("classes:\n  - name: X\n    steps:\n      - name: 审\n        signers: [财物]\n", "第 5 行：没有这种角色：财物"),
        ("classes:\n  - name: X\n    steps:\n      - name: 审\n", "第 4 行：缺少 signers"),
        ("classes:\n  - name: X\n    steps:\n      - {name: 审, signers: [财务], need: 2}\n", "第 4 行：need 要 2 个签，可是只列了 1 个"),
    ],
)
def test_an_error_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(WrongMatrix) as wrong:
        parse(text)
    assert said in wrong.value.problems
