"""Rule files: a sound one is taken, an unsound one is named with file, line and reason, and the others go on."""

from pathlib import Path

import pytest

from automations.rules import RULES, load_rules
from templates.render import card_names

SOUND = """\
name: silent
title: 物流超时
about: fulfilment
when: 轨迹静默小时 > 48 and 已订阅
fires:
  card: shipping_alert
  to: ["group:logistics", "role:admin", salesperson]
ends:
  card: shipping_over
  to: ["group:logistics"]
repeat_hours: 24
"""


def _load(folder: Path, text: str) -> tuple[list[str], list[str]]:
    """The names of the sound rules and what is said of the others."""
    (folder / "good.yaml").write_text(SOUND.replace("silent", "good"), encoding="utf-8")
    (folder / "tried.yaml").write_text(text, encoding="utf-8")
    rules, problems = load_rules(folder)
    return [rule.name for rule in rules], [str(problem) for problem in problems]


def test_the_rules_that_ship_are_sound_and_name_cards_that_exist() -> None:
    rules, problems = load_rules()
    assert problems == []
    assert {rule.name for rule in rules} == {path.stem for path in RULES.glob("*.yaml")} == {"stock_shortage", "shipping_timeout"}
    named = {notice.card for rule in rules for notice in (rule.fires, rule.ends) if hasattr(notice, "card")}
    assert named <= set(card_names())


def test_chinese_field_names_and_a_repeat_time_are_taken(tmp_path: Path) -> None:
    assert _load(tmp_path, SOUND) == (["good", "silent"], [])


@pytest.mark.parametrize(
    ("change", "line", "why"),
    [
        (("轨迹静默小时", "静默"), 4, "没有“静默”这个字段"),
        (("> 48", "** 48"), 4, "只能用"),
        (("> 48 and 已订阅", ""), 4, "真假"),
        (("about: fulfilment", "about: universe"), 3, "不能这样写"),
        (("about: fulfilment", "about: order_line"), 4, "没有“轨迹静默小时”这个字段"),
        (("title: 物流超时\n", ""), 1, "title：缺少这一项"),
        (("repeat_hours: 24", "repeat_hours: -1"), 11, "repeat_hours"),
        (("repeat_hours: 24", "colour: red"), 11, "没有这一项"),
        (('["group:logistics"]', "[everybody]"), 8, "写法不对"),
        (("name: silent", "name: good"), 1, "用了两次"),
        (("when: ", "when: ["), 5, "格式读不懂"),
        ((SOUND, "- a list"), 1, ""),
        ((SOUND, ""), 1, ""),
    ],
)
def test_an_unsound_rule_is_named_and_the_others_go_on(tmp_path: Path, change: tuple[str, str], line: int, why: str) -> None:
    names, problems = _load(tmp_path, SOUND.replace(*change))
    assert names == ["good"]
    assert any(problem.startswith(f"tried.yaml 第 {line} 行：") and why in problem for problem in problems), problems


def test_a_restock_rule_says_what_is_missing(tmp_path: Path) -> None:
    text = (RULES / "stock_shortage.yaml").read_text(encoding="utf-8").replace("missing: ", "other: ")
    names, problems = _load(tmp_path, text)
    assert names == ["good"]
    assert "缺多少" in problems[0]
