"""Every refusal that the desk can give has its wording, and a mistake in it never becomes silence."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from templates.check import sample_details
from templates.filters import FILTERS
from templates.refusals import OTHERWISE, refusal_data, worded, wordings
from templates.render import render_card
from tests.support.cards import key_for

ROOT = Path(__file__).parents[2]


def refusals() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where each Refused("…") stands, its reason, and the details it gives (None when some are passed on as a whole)."""
    for path in sorted([*ROOT.glob("orders/*.py"), *ROOT.glob("handlers/*.py"), *ROOT.glob("bot/**/*.py")]):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                names = {keyword.arg for keyword in node.keywords}
                for reason in _reasons(node.args[0]):
                    yield f"{path.name}:{node.lineno}", reason, None if None in names else {name for name in names if name}


def _reasons(argument: ast.expr) -> list[str]:
    branches = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    return [branch.value for branch in branches if isinstance(branch, ast.Constant) and isinstance(branch.value, str)]


REFUSALS = list(refusals())


@pytest.mark.parametrize(("where", "reason", "details"), REFUSALS, ids=[f"{reason}@{where}" for where, reason, _ in REFUSALS])
def test_every_refusal_is_worded_with_the_details_it_gives(where: str, reason: str, details: set[str] | None) -> None:
    wording = wordings()[reason]
    environment = Environment(autoescape=True)
    environment.filters.update(FILTERS)
    used = meta.find_undeclared_variables(environment.parse(f"{wording.what}{wording.remedy}"))
    assert details is None or used <= details


@pytest.mark.parametrize("reason", sorted(wordings()))
def test_every_wording_makes_a_card(reason: str) -> None:
    wording = wordings()[reason]
    data = worded(reason, sample_details(f"{wording.what}\n{wording.remedy}"))
    card = render_card("refusal", data, key_for)
    assert card.lines == [data["what"]]
    assert card.note == data["remedy"]


def test_an_unknown_reason_is_answered_all_the_same() -> None:
    data = refusal_data("never_heard_of", {"order_no": "SO260302-0007"})
    assert data == {"reason": "never_heard_of", "what": wordings()[OTHERWISE].what, "remedy": wordings()[OTHERWISE].remedy}


def test_missing_details_are_answered_all_the_same() -> None:
    assert refusal_data("unknown_task", {})["what"] == wordings()[OTHERWISE].what


def test_details_stay_text() -> None:
    assert refusal_data("unknown_task", {"task": "{{ 7 * 7 }}\n<a>"})["what"] == "没有编号 {{ 7 * 7 }} <a> 的待办"
