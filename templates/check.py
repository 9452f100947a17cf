"""Whether every card and every refusal can be shown everywhere: what `bot.py check` and the start of the programs ask."""

from collections.abc import Iterator
from typing import Any

from jinja2 import Environment, meta, nodes

from platforms.limits import breaches
from templates.filters import FILTERS
from templates.refusals import worded, wordings
from templates.render import card_file, card_names, render_card

GROWN_CHARACTERS = 300
GROWN_ITEMS = 30
BUTTON_KEY = "k" * 120
"""As long as a signed key becomes."""

_FILLING = "很长的内容<a href='x'>**]]>\n{{ 7 * 7 }}"
_BY_FILTER: dict[str, Any] = {
    "date": "2026-03-05",
    "moment": "2026-03-05T17:00:00+08:00",
    "quantity": "12000",
    "money": "1234.5",
    "gap": 3,
    "float": "12",
    "join": ["销售", "销售主管"],
}


def problems() -> list[str]:
    """Everything that is wrong with card files and refusals, one sentence each; empty when nothing is."""
    return [problem for name in card_names() for problem in _card_problems(name)] + list(_refusal_problems())


def grown(value: Any) -> Any:
    """A sample with far too much in it; codes, numbers and dates stay what they are, since conditions ask for them."""
    if isinstance(value, dict):
        return {name: grown(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [grown(item) for item in value for _ in range(GROWN_ITEMS)]
    if isinstance(value, str) and value and not value.isascii():
        return (value + _FILLING * GROWN_CHARACTERS)[:GROWN_CHARACTERS]
    return value


def sample_details(text: str) -> dict[str, Any]:
    """A value for everything that a text of a refusal names, of the kind that its filter takes."""
    tree = _parser.parse(text)
    details: dict[str, Any] = dict.fromkeys(meta.find_undeclared_variables(tree), "12")
    for loop in tree.find_all(nodes.For):
        if isinstance(loop.iter, nodes.Name):
            details[loop.iter.name] = ["甲", "乙"]
    for used in tree.find_all(nodes.Filter):
        if isinstance(used.node, nodes.Name) and used.name in _BY_FILTER:
            details[used.node.name] = _BY_FILTER[used.name]
    return details


def _longest_key(_action: str, _argument: str) -> str:
    return BUTTON_KEY


_parser = Environment(autoescape=False)  # noqa: S701 (it parses, and renders nothing)
_parser.filters.update(FILTERS)


def _card_problems(name: str) -> Iterator[str]:
    for what in ("sample", "long content"):
        try:
            sample = card_file(name).sample
            card = render_card(name, sample if what == "sample" else grown(sample), _longest_key)
            yield from (f"{name}.yaml, {what}: {breach}" for breach in breaches(card))
        except Exception as error:
            # Whatever is wrong with a file that people edit is told, and the next one looked at.
            yield f"{name}.yaml, {what}: {error}"


def _refusal_problems() -> Iterator[str]:
    try:
        reasons = wordings()
    except Exception as error:
        yield f"refusals.yaml: {error}"
        return
    for reason, wording in reasons.items():
        try:
            worded(reason, sample_details(f"{wording.what}\n{wording.remedy}"))
        except Exception as error:
            yield f"refusals.yaml, {reason}: {error}"
