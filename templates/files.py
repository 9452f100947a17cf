"""Reading the YAML files of this folder as the people who edit them mean it."""

import re
from pathlib import Path
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """YAML 1.2's few plain values: a key `no` is a word, not false, and a date stays the text that it is in the data."""


_Loader.yaml_implicit_resolvers = {}

for _tag, _pattern, _first in (
    ("bool", "true|false", "tf"),
    ("null", "null|", ["n", ""]),
    ("int", "-?[0-9]+", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


def read_yaml(path: Path) -> Any:
    """The content of a file; raises OSError or yaml.YAMLError."""
    return yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)
