"""The check of all cards on all platforms."""

from pathlib import Path

import pytest

from templates import render
from templates.check import GROWN_CHARACTERS, GROWN_ITEMS, grown, problems
from templates.render import BadCardFile, card_file


def test_every_card_and_refusal_can_be_shown_everywhere() -> None:
    assert problems() == []


def test_samples_grow_without_changing_what_conditions_ask_for() -> None:
    data = grown({"stage": "shipped", "red": True, "day": "2026-03-20", "lines": [{"name": "螺栓"}]})
    assert (data["stage"], data["red"], data["day"]) == ("shipped", True, "2026-03-20")
    assert len(data["lines"]) == GROWN_ITEMS
    assert len(data["lines"][0]["name"]) == GROWN_CHARACTERS


def test_a_card_without_a_file_is_named() -> None:
    with pytest.raises(BadCardFile, match="nothing_like_it"):
        card_file("nothing_like_it")


def test_card_names_are_their_files() -> None:
    assert [path.stem for path in sorted(Path(render.CARDS).iterdir())] == render.card_names()
