"""What is said around a message, and how its parts are set apart, changes nothing of what it asks for."""

import json
from typing import Any

import pytest

from tests.language.test_corpus import CORPUS
from tests.language.test_intents import ANSWERS, TODAY, changed, read

MESSAGES = [json.loads(line) for line in (CORPUS / "orders-dev.jsonl").read_text(encoding="utf-8").splitlines()]
INTENTS = ("place", "amend", "cancel", "query", "stock")
ACTING = [said["text"] for said in MESSAGES if said["intent"] in INTENTS and not said.get("context")]
BEGIN_SO = ("/", "@", "查单", "品名")
"""Commands and the head of a table stand at the beginning."""
WORDS = ("conclusion", "note", "reason", "todo")
"""What is kept in the words that were said."""


def told(text: str) -> tuple[str, dict[str, Any]]:
    answer = ANSWERS.of({"text": text}, TODAY)
    return answer["intent"], {name: value for name, value in answer["answer"].items() if name not in WORDS}


@pytest.mark.parametrize("before", ["老板你好，", "不好意思打扰一下，", "早上好呀~ ", "亲，", "在不在，"])
def test_a_greeting_changes_nothing(before: str) -> None:
    said = [text for text in ACTING if not text.startswith(BEGIN_SO)]
    assert [text for text in said if told(before + text) != told(text)] == []


@pytest.mark.parametrize("behind", ["哈哈", "~", "！", " 🙏", "，拜托了", "，收到回一下", "，麻烦尽快回复", " 谢谢哈"])
def test_thanks_and_laughter_change_nothing(behind: str) -> None:
    assert [text for text in ACTING if told(text + behind) != told(text)] == []


@pytest.mark.parametrize(("one", "other"), [("，", "\n"), ("，", "；"), ("*", "×"), ("*", "X"), (" ", "  ")])
def test_signs_that_say_the_same_are_read_alike(one: str, other: str) -> None:
    assert [text for text in ACTING if told(text.replace(one, other)) != told(text)] == []


@pytest.mark.parametrize("gap", ["，", "\n", " ", "。"])
def test_what_is_put_right_may_stand_on_a_line_of_its_own(gap: str) -> None:
    _, answer = read(gap.join(["座套黑色3套", "不对", "米色3套"]))
    assert [(line["product"], line["base_qty"]) for line in answer["lines"]] == [("AI-SC-BG", 3)]
    _, answer = read(gap.join(["不是宏达建材", "是宏达机电的：M8*40 2盒"]))
    assert answer["customer"] == "C002"


def test_a_change_may_go_on_in_the_next_clause() -> None:
    assert changed("SO-260226-019，加一行，M8弹垫 2包") == [("add_line", "WS-8-Z", 2)]
    assert changed("SO-260226-019 M12*80热镀锌不要600了，改300支") == [("set_qty", "HB-M12x80-HDG", 300)]
    assert changed("018那单M10弹垫不要了 M8平垫改成3包") == [("remove_line", "WS-10-Z"), ("set_qty", "WP-8-Z", 3)]


def test_a_form_of_a_log_is_no_chat() -> None:
    intent, answer = read("纪要：新锐 何工 微信\n结论：运费各一半\n待办：周五前发协议")
    assert (intent, answer["contact"], answer["conclusion"], answer["todo"]) == ("log", "何工", "运费各一半", "周五前发协议")
