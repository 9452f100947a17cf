"""The approval matrix 审批矩阵: which orders need whose signatures, as a file says that its readers need not program to change.

orders/approvals.yaml explains it. pydantic checks the file; this module only adds the line on which something is wrong.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from orders.words import ROLE_NAMES, level_of, money, plain, role_of
from store.models import Level, Role

SHIPPED = Path(__file__).parent / "approvals.yaml"
TOUCHES = {
    "产品": "product",
    "数量": "quantity",
    "单价": "price",
    "金额": "amount",
    "期望交付日": "date",
    "分批": "split",
    "加急": "urgent",
    "送货地址": "address",
    "联系人": "contact",
    "联系电话": "phone",
    "指定快递": "carrier",
    "自提": "pickup",
    "运费": "freight",
    "备注": "remarks",
}
"""Kinds of change that may open a step anew, as the file and as an amendment call them."""
_LEAST_MINUTES, _MOST_MINUTES = 1, 10_000


@dataclass(frozen=True)
class Facts:
    """What the matrix may ask of an order; `exposure` works out what the customer owes with it, only when that is asked."""

    level: str
    urgent: bool
    trial: bool
    amount: Decimal
    days: int | None
    """Working days until the wanted date; none when none is wanted."""
    discount: Decimal
    """By how many percent the line with the largest discount is below the price list."""
    credit_limit: Decimal | None
    exposure: Callable[[], Decimal]


def _role(value: Any) -> Any:
    return _known(value, role_of, "角色")


def _level(value: Any) -> Any:
    return _known(value, level_of, "客户等级")


def _touch(value: Any) -> Any:
    return _known(value, lambda text: text if text in TOUCHES.values() else TOUCHES.get(text), "改动")


def _known(value: Any, meaning: Callable[[str], str | None], what: str) -> Any:
    found = meaning(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"没有这种{what}：{value}")
    return found


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(_Part):
    """What must hold of an order; everything that is named must."""

    level: list[Annotated[Level, BeforeValidator(_level)]] | None = None
    urgent: bool | None = None
    trial: bool | None = None
    amount_over: Decimal | None = Field(default=None, ge=0)
    amount_up_to: Decimal | None = Field(default=None, ge=0)
    over_credit: bool | None = None
    days_under: int | None = Field(default=None, ge=1)
    discount_over: Decimal | None = Field(default=None, ge=0, le=100)
    any: list["Condition"] | None = Field(default=None, min_length=1)

    def reasons(self, facts: Facts) -> list[str] | None:
        """Why it holds, in words; none when it does not."""
        said: list[str] = []
        for name, test in _TESTS.items():
            wanted = getattr(self, name)
            if wanted is None:
                continue
            reason = test(wanted, facts)
            if reason is None:
                return None
            said += [reason] if reason else []
        return said


def _whether(wanted: bool, holds: bool, words: str) -> str | None:
    return None if wanted is not holds else words if wanted else ""


def _over_credit(wanted: bool, facts: Facts) -> str | None:
    exposure = facts.exposure() if facts.credit_limit is not None else Decimal(0)
    over = facts.credit_limit is not None and exposure > facts.credit_limit
    limit = money(facts.credit_limit or Decimal(0))
    return _whether(wanted, over, f"连同未完成的订单共 {money(exposure)} 元，超过信用额度 {limit} 元")


def _any(conditions: Iterable[Condition], facts: Facts) -> str | None:
    found = [reasons for condition in conditions if (reasons := condition.reasons(facts)) is not None]
    return "，".join(reason for reasons in found for reason in reasons) if found else None


_TESTS: dict[str, Callable[[Any, Facts], str | None]] = {
    "level": lambda wanted, facts: f"{facts.level} 客户" if facts.level in wanted else None,
    "urgent": lambda wanted, facts: _whether(wanted, facts.urgent, "加急"),
    "trial": lambda wanted, facts: _whether(wanted, facts.trial, "试产"),
    "amount_over": lambda most, facts: f"合计 {money(facts.amount)} 元，超过 {plain(most)} 元" if facts.amount > most else None,
    "amount_up_to": lambda most, facts: "" if facts.amount <= most else None,
    "over_credit": _over_credit,
    "days_under": lambda least, facts: f"离期望交付日只有 {facts.days} 个工作日" if facts.days is not None and facts.days < least else None,
    "discount_over": lambda most, facts: f"单价比价目低 {plain(facts.discount)}%" if facts.discount > most else None,
    "any": _any,
}


class Signer(_Part):
    """A person who is named in the file."""

    person: str = Field(min_length=1, max_length=64)


def _seat(value: Any) -> Any:
    return Signer.model_validate(value) if isinstance(value, dict) else _role(value)


class Step(_Part):
    """One step: who signs, side by side, and how many of them have to."""

    name: str = Field(min_length=1, max_length=64)
    signers: list[Annotated[Role | Signer, BeforeValidator(_seat)]] = Field(min_length=1, max_length=20)
    need: Literal["all", "any"] | Annotated[int, Field(ge=1)] = "all"
    minutes: int = Field(default=45, ge=_LEAST_MINUTES, le=_MOST_MINUTES)
    touched_by: list[Annotated[str, BeforeValidator(_touch)]] = list(TOUCHES.values())

    @model_validator(mode="after")
    def _check_need(self) -> Self:
        if self.need not in ("all", "any") and int(self.need) > len(self.signers):
            raise ValueError(f"need 要 {self.need} 个签，可是只列了 {len(self.signers)} 个")
        return self

    @property
    def count(self) -> int:
        """How many of the seats have to agree."""
        return len(self.signers) if self.need == "all" else 1 if self.need == "any" else self.need

    @property
    def seats(self) -> list[tuple[str, Role | None]]:
        """The name of each seat as people call it, and its role, if it is one."""
        return [(seat.person, None) if isinstance(seat, Signer) else (ROLE_NAMES[seat], seat) for seat in self.signers]


class Class(_Part):
    """A kind of order and what it has to pass."""

    name: str = Field(min_length=1, max_length=16)
    title: str = Field(default="", max_length=32)
    when: Condition = Condition()
    steps: list[Step] = Field(default_factory=list, max_length=20)

    @property
    def words(self) -> str:
        return f"{self.name} 类 {self.title}".strip()


class Matrix(_Part):
    """The whole file: the first class that fits an order counts."""

    classes: list[Class]

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        for one in self.classes:
            names = [step.name for step in one.steps]
            if len(set(names)) < len(names):
                raise ValueError(f"类别 {one.name} 里有两步同名")
        return self

    def asked(self, facts: Facts) -> tuple[list[Step], str]:
        """The steps that an order has to pass, and why, in words; no steps when no class fits."""
        for one in self.classes:
            reasons = one.when.reasons(facts)
            if reasons is not None:
                return one.steps, "：".join(part for part in (one.words, "，".join(filter(None, reasons))) if part)
        return [], ""


class WrongMatrix(ValueError):
    """The file cannot be used; `problems` say on which line what is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems


def parse(text: str) -> Matrix:
    """The matrix that a file's text says; raises WrongMatrix."""
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        document = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise WrongMatrix([f"第 {line} 行：写法不对，看看缩进、冒号和引号"]) from error
    except yaml.YAMLError as error:
        raise WrongMatrix(["第 1 行：文件里有不能用的字符"]) from error
    try:
        return Matrix.model_validate(document)
    except ValidationError as error:
        lines = dict.fromkeys(f"第 {_line(tree, wrong['loc'])} 行：{_said(wrong)}" for wrong in error.errors(include_url=False))
        raise WrongMatrix(list(lines)) from error


def _line(tree: yaml.Node | None, path: tuple[int | str, ...]) -> int:
    """The line on which the value at a path stands, or the nearest thing around it; 1 in an empty file."""
    line = tree.start_mark.line + 1 if tree else 1
    for step in path:
        if isinstance(tree, yaml.MappingNode):
            found = next(((key, value) for key, value in tree.value if key.value == step), None)
            if found is None:
                continue
            line, tree = found[0].start_mark.line + 1, found[1]
        elif isinstance(tree, yaml.SequenceNode) and isinstance(step, int):
            tree = tree.value[step]
            line = tree.start_mark.line + 1
    return line


_SAID = {
    "missing": "缺少 {name}",
    "extra_forbidden": "不认识 {name}",
    "bool_parsing": "{name} 要写 true 或 false",
    "bool_type": "{name} 要写 true 或 false",
    "decimal_parsing": "{name} 要写数字",
    "decimal_type": "{name} 要写数字",
    "int_parsing": "{name} 要写整数",
    "int_type": "{name} 要写整数",
    "int_from_float": "{name} 要写整数",
    "list_type": "{name} 要写成列表，如 [财务, 仓管]",
    "string_type": "{name} 要写文字",
    "model_type": "{name} 下面要写成一项一行的“名称: 值”",
    "greater_than_equal": "{name} 太小了",
    "less_than_equal": "{name} 太大了",
    "too_short": "{name} 里一项也没有",
    "too_long": "{name} 太多了",
    "string_too_short": "{name} 是空的",
    "string_too_long": "{name} 太长了",
    "literal_error": "{name} 要写 all、any 或个数",
}


def _said(wrong: ErrorDetails) -> str:
    if wrong["type"] == "value_error":
        return wrong["msg"].removeprefix("Value error, ")
    names = [str(step) for step in wrong["loc"] if isinstance(step, str) and not step.startswith(("literal[", "constrained-", "function-"))]
    return _SAID.get(wrong["type"], "{name} 不对").format(name=names[-1] if names else "文件")
