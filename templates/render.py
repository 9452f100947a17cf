"""Card file + data → neutral `Card` (design: docs of the house, decision 11).

The file is parsed first, as YAML, and each of its texts is rendered afterwards, by Jinja2 in its sandbox: whatever the data
holds stays a text inside its part and can become neither a part, nor a button, nor an expression. Jinja2 rather than
`str.format`, for conditions inside a text and for its sandbox.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from jinja2 import StrictUndefined, TemplateError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from platforms.cutting import clean, one_line
from platforms.words import Card
from templates.card_file import CardFile, Repeated
from templates.files import read_yaml
from templates.filters import FILTERS, Lines

CARDS = Path(__file__).parent / "cards"
_EACH = re.compile(r"(?P<item>[a-z_]+) in (?P<items>.+)")

Data = Mapping[str, Any]
KeyFor = Callable[[str, str], str]


class BadCardFile(Exception):
    """A card file that cannot be used; the text says which and why."""


class _Sandbox(ImmutableSandboxedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        # `line.copy` means the data's own key, not the method that a Python dictionary has.
        return self.getitem(obj, attribute)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return clean(value) if isinstance(value, Lines) else one_line(str(value))


_jinja = _Sandbox(undefined=StrictUndefined, finalize=_shown, autoescape=False, trim_blocks=True, lstrip_blocks=True)
_jinja.filters.update(FILTERS)
_nothing = _jinja.from_string("")


def render_card(name: str, data: Data, key_for: KeyFor) -> Card:
    """The card of this name filled with `data`; `key_for(action, argument)` signs its buttons.

    Raises jinja2.UndefinedError when a value is missing, pydantic.ValidationError when a part is no part of a card.
    """
    card = _compiled(name)
    scope = _scope(data)
    parts = {part: text(scope) for part, text in card.texts.items()}
    return Card.model_validate(
        {
            "name": name,
            **_told(parts),
            "fields": _filled(card.fields, scope, "value"),
            "lines": [line["text"] for line in _filled(card.lines, scope, "text")],
            "buttons": [_button(button, key_for) for button in _filled(card.buttons, scope, "text")],
            "links": _filled(card.links, scope, "url"),
        }
    )


def write_text(source: str, data: Data) -> str:
    """One text filled with `data`, as in a card."""
    return _written(source)(_scope(data))


def card_names() -> list[str]:
    """Every card that there is a file for."""
    return sorted(path.stem for path in CARDS.glob("*.yaml"))


@cache
def card_file(name: str) -> CardFile:
    """The file of a card, checked; raises BadCardFile."""
    try:
        return CardFile.model_validate(read_yaml(CARDS / f"{name}.yaml"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadCardFile(f"{name}.yaml: {error}") from error


Write = Callable[[Context], str]


class _Part(NamedTuple):
    """A part that may stand in a card several times or not at all."""

    texts: dict[str, Write]
    holds: Write
    scopes: Callable[[Context], Iterable[Context]]
    """One for each time that it stands, each to be used before the next is asked for."""


class _Compiled(NamedTuple):
    texts: dict[str, Write]
    fields: list[_Part]
    lines: list[_Part]
    buttons: list[_Part]
    links: list[_Part]


@cache
def _compiled(name: str) -> _Compiled:
    file = card_file(name)
    try:
        return _Compiled(
            texts={part: _written(text) for part, text in file if isinstance(text, str)},
            fields=[_part(part) for part in file.fields],
            lines=[_part(part) for part in file.lines],
            buttons=[_part(part) for part in file.buttons],
            links=[_part(part) for part in file.links],
        )
    except TemplateError as error:
        raise BadCardFile(f"{name}.yaml: {error}") from error


def _part(part: Repeated) -> _Part:
    texts = {name: _written(text) for name, text in part if name not in ("when", "each")}
    holds = _written(f"{{% if {part.when} %}}yes{{% endif %}}" if part.when else "yes")
    return _Part(texts, holds, _each(part.each) if part.each else lambda scope: (scope,))


@cache
def _written(source: str) -> Write:
    if "{" not in source:
        return lambda _: source
    pieces = _jinja.from_string(source).root_render_func
    return lambda scope: "".join(pieces(scope))


def _each(source: str) -> Callable[[Context], Iterable[Context]]:
    match = _EACH.fullmatch(source)
    if match is None:
        raise TemplateError(f"each: {source!r} is not of the form `line in lines`")
    item, items = match["item"], _jinja.compile_expression(match["items"], undefined_to_none=False)

    def scopes(scope: Context) -> Iterator[Context]:
        own = _scope(scope.parent)
        for number, value in enumerate(items(scope.parent) or (), start=1):
            own.parent |= {item: value, "number": number}
            yield own

    return scopes


def _scope(data: Data) -> Context:
    """What the texts of a card see; shared by all of them, since making one costs as much as rendering a text."""
    return _nothing.new_context(dict(data), shared=True)


def _filled(parts: list[_Part], scope: Context, needed: str) -> list[dict[str, str]]:
    stand = (part_texts for part in parts for part_texts in _stand(part, scope))
    return [texts for texts in stand if texts[needed]]


def _stand(part: _Part, scope: Context) -> Iterator[dict[str, str]]:
    for each in part.scopes(scope):
        if part.holds(each):
            yield _told({name: text(each) for name, text in part.texts.items()})


def _told(texts: dict[str, str]) -> dict[str, str]:
    """Without the looks that the file leaves to the card's defaults."""
    return {name: text for name, text in texts.items() if text or name not in ("tone", "style")}


def _button(texts: dict[str, str], key_for: KeyFor) -> dict[str, str]:
    key = key_for(texts.pop("press"), texts.pop("argument"))
    return {**texts, "key": key}
