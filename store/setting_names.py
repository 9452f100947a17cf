"""Names of settings that nobody knows: a slip of the pen must not leave a door closed without a word.

pydantic would forbid unknown names too, but neither those of variables nor with the name that was probably meant.
"""

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

PREFIX = "GENDAN_"
CONFIG = "GENDAN_CONFIG"
"""Names the file itself, so it is no setting."""
_BETWEEN = "__"
_ALIKE = 0.5


class Unknown(NamedTuple):
    """A name that no setting has, and the nearest that one has, empty where none is near."""

    name: str
    nearest: str

    def __str__(self) -> str:
        return f"{self.name}（是不是 {self.nearest}？）" if self.nearest else self.name


def unknown_keys(document: Mapping[str, Any], model: type[BaseModel]) -> list[Unknown]:
    """The keys of a configuration file that `model` does not have, as `wecom.corpid`."""
    return [Unknown(".".join(path), ".".join(_nearest(path, model))) for path in _paths(document) if not _is_known(path, model)]


def unknown_variables(model: type[BaseModel]) -> list[Unknown]:
    """The `GENDAN_…` variables of this process that set nothing."""
    names = (name for name in sorted(os.environ) if name.upper().startswith(PREFIX) and name.upper() != CONFIG)
    found = ((name, name[len(PREFIX) :].lower().split(_BETWEEN)) for name in names)
    return [Unknown(name, _variable(_nearest(path, model))) for name, path in found if not _is_known(path, model)]


def _paths(document: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in document.items():
        if isinstance(value, Mapping) and value:
            yield from _paths(value, (*above, key))
        else:
            yield (*above, key)


def _is_known(path: Iterable[str], model: type[BaseModel]) -> bool:
    """Whether the path leads to a setting, to a section, or into a dictionary of plain values."""
    inside: Any = model
    return all((inside := _below(inside, key)) is not None for key in path)


def _below(inside: Any, key: str) -> Any:
    """What stands under a key: a type, or none where there is no such key."""
    if isinstance(inside, type) and issubclass(inside, BaseModel):
        field = inside.model_fields.get(key)
        return field.annotation if field else None
    return get_args(inside)[1] if getattr(inside, "__origin__", None) is dict else None


def _nearest(path: Iterable[str], model: type[BaseModel]) -> list[str]:
    """The path with its first unknown key replaced by the most similar one of its section; empty when there is none."""
    inside: Any = model
    right: list[str] = []
    for key in path:
        if (below := _below(inside, key)) is None:
            names = inside.model_fields if hasattr(inside, "model_fields") else ()
            alike = difflib.get_close_matches(key, names, n=1, cutoff=_ALIKE)
            return [*right, *alike] if alike else []
        right.append(key)
        inside = below
    return right


def _variable(path: list[str]) -> str:
    return PREFIX + _BETWEEN.join(path).upper() if path else ""
