"""A look that no list knows, or that is not wanted, is never passed over, over the catalogue of the corpus."""

import pytest

from tests.language.test_intents import read


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("M8*40镀铟螺栓300支", "HB-M8x40-Z"),
        ("要烤漆的M8*40 300支", "HB-M8x40-Z"),
        ("M8*40 300支，要镀镉的", "HB-M8x40-Z"),
        ("M8*40高强螺栓300支", "HB-M8x40-Z"),
        ("M8*40钴铬钢 300支", "HB-M8x40-Z"),
        ("M8*40 300支，要发黑的", "HB-M8x40-Z"),
        ("M8*40 300支，304的", "HB-M8x40-Z"),
        ("M8*40 2盒 黑色", "HB-M8x40-Z"),
        ("M8弹垫1包，M8平垫1包，都是发黑的", "WS-8-Z"),
        ("M8*40反牙螺栓 2盒", "HB-M8x40-Z"),
        ("环保镀锌M8*40 2盒", "HB-M8x40-Z"),
        ("XL码手套 4打", "GL-L"),
        ("小号手套 4打", "GL-L"),
        ("真皮把套 6只", "AI-LE-PU"),
        ("墨绿色丝圈脚垫 4套", "AI-FM-SQ"),
        ("浅灰顶棚布2卷", None),
        ("M8*40不是镀锌的 500支", "HB-M8x40-Z"),
    ],
)
def test_a_look_that_is_not_known_is_asked_for(text: str, offered: str | None) -> None:
    intent, answer = read(text)
    assert (intent, answer.get("ask"), answer.get("lines", [])) == ("place", "product", [])
    assert offered is None or offered in answer["candidates"]


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("M8*40国标螺栓 500支 谢谢哈", "HB-M8x40-Z"),
        ("老板早，M8*40螺栓 500支 麻烦尽快处理", "HB-M8x40-Z"),
        ("M8*40的那种螺栓来500支，好的话下次多拿", None),
        ("M8*40 500支 颜色别搞混", "HB-M8x40-Z"),
        ("哑黑门饰条20件", "AI-DP-ABS"),
        ("蓝白锌M8*40 500支", "HB-M8x40-Z"),
        ("手套 5打 要L码", "GL-L"),
        ("等米下锅呢，M8*40 500支今天发", "HB-M8x40-Z"),
        ("塑料膨胀管6的 3包", "PX-6"),
    ],
)
def test_other_words_raise_no_question(text: str, product: str | None) -> None:
    intent, answer = read(text)
    assert intent == "place"
    assert product is None or ([line["product"] for line in answer["lines"]], answer.get("ask")) == ([product], None)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("座套不要黑的，4套", "AI-SC-BG"),
        ("M8*30不要304的，拿镀锌 400支", "HB-M8x30-Z"),
        ("M10*40不是镀锌那种，300支", "HB-M10x40-88B"),
    ],
)
def test_what_is_not_wanted_leaves_the_others(text: str, product: str) -> None:
    _, answer = read(text)
    assert ([line["product"] for line in answer["lines"]], answer.get("ask")) == ([product], None)
