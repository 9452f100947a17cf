"""The rules: one readable file each in `rules/`, checked as a whole before it counts.

PyYAML keeps line numbers and comments out of the way of people; pydantic names what is wrong with a field.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from sqlalchemy import Select, label

from automations.conditions import compile_condition, compile_figure
from automations.subjects import SUBJECTS, Subject
from automations.values import BadCondition, Figure

RULES = Path(__file__).parent / "rules"

Audience = Annotated[str, StringConstraints(pattern=r"^(salesperson|role:[a-z_]+|group:[a-z0-9_]+)$")]
"""The order's salesperson, a role, or a group by its name in the settings."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Notice(_Part):
    """A card for somebody."""

    card: str
    to: list[Audience] = Field(min_length=1)


class Restock(_Part):
    """A restock task for purchasing, with copies."""

    task: Literal["restock"]
    copies: list[Literal["salesperson"]] = Field(default=[], alias="copy")


class Rule(_Part):
    """A trigger: what it watches, when it fires, what happens then and when it is over."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
    title: str
    about: Literal["order_line", "fulfilment"]
    when: str
    figures: dict[str, str] = {}
    fires: Notice | Restock
    ends: Notice
    repeat_hours: float | None = Field(default=None, gt=0)

    @property
    def subject(self) -> Subject:
        return SUBJECTS[self.about]

    def numbers(self, now: datetime) -> dict[str, Figure]:
        """The figures of this rule, ready to be selected."""
        return {name: compile_figure(text, self.subject.fields, now) for name, text in self.figures.items()}

    def holding(self, now: datetime, numbers: Mapping[str, Figure] | None = None) -> Select[Any]:
        """The subjects for which the condition holds at `now`: rows of id, order_id and the figures."""
        columns = [label(name, figure.sql) for name, figure in (numbers or {}).items()]
        return self.subject.select(*columns).where(compile_condition(self.when, self.subject.fields, now))

    @model_validator(mode="after")
    def _expressions(self) -> Self:
        anytime = datetime(2026, 1, 1, tzinfo=UTC)
        for place, text, check in [
            ("when", self.when, compile_condition),
            *[("figures", text, compile_figure) for text in self.figures.values()],
        ]:
            try:
                check(text, self.subject.fields, anytime)
            except BadCondition as error:
                raise ValueError(f"{place}\n{error}") from error
        if isinstance(self.fires, Restock) and self.about != "order_line":
            raise ValueError("fires\n补货待办只能用于订单行（about: order_line）")
        if isinstance(self.fires, Restock) and "missing" not in self.figures:
            raise ValueError("figures\n补货待办要写明缺多少（missing）")
        return self


@dataclass(frozen=True)
class Problem:
    """What is wrong with a rule's file, and where."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.why}"


def load_rules(folder: Path = RULES) -> tuple[list[Rule], list[Problem]]:
    """All sound rules of a folder, and what is wrong with the others."""
    rules: dict[str, Rule] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        rule, found = _load(path)
        if rule and rule.name in rules:
            found = [Problem(path.name, 1, f"规则名 {rule.name} 用了两次")]
        elif rule:
            rules[rule.name] = rule
        problems += found
    return list(rules.values()), problems


def _load(path: Path) -> tuple[Rule | None, list[Problem]]:
    try:
        text = path.read_text(encoding="utf-8")
        tree = yaml.compose(text, yaml.SafeLoader)
        return Rule.model_validate(yaml.safe_load(text)), []
    except yaml.MarkedYAMLError as error:
        return None, [Problem(path.name, error.problem_mark.line + 1 if error.problem_mark else 1, f"格式读不懂：{error.problem}")]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return None, [Problem(path.name, 1, f"文件读不懂：{error}")]
    except ValidationError as error:
        return None, list(_problems(path.name, _lines(tree), error))


def _lines(tree: yaml.Node | None) -> dict[str, int]:
    """The line of each top-level key."""
    if not isinstance(tree, yaml.MappingNode):
        return {}
    return {key.value: key.start_mark.line + 1 for key, _ in tree.value}


_WHY = {"missing": "缺少这一项", "extra_forbidden": "没有这一项", "string_pattern_mismatch": "写法不对", "literal_error": "不能这样写"}


def _problems(file: str, lines: Mapping[str, int], error: ValidationError) -> Iterator[Problem]:
    for one in error.errors(include_url=False):
        place = ".".join(str(part) for part in one["loc"])
        why = _WHY.get(one["type"], one["msg"])
        if one["type"] == "value_error":
            place, _, why = str(one["ctx"]["error"]).partition("\n")
        yield Problem(file, lines.get(place.split(".")[0], 1), f"{place}：{why}")
