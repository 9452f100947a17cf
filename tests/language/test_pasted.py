"""Chats and tables that are pasted to order from them, over the catalogue of the corpus, on Monday 2026-03-02."""

from typing import Any

import pytest

from tests.language.test_intents import NO, read

CHAT = "永固 王工 2026/3/2 9:02:11\n在吗\n永固 王工 2026/3/2 9:03:40\nM8*40来3盒\n我 3/2 09:05\n好的，啥时候要\n永固 王工 3/2 09:06\n"


def ordered(text: str) -> tuple[Any, ...]:
    intent, answer = read(text)
    assert (intent, answer.get("ask")) == ("place", None)
    return answer.get("customer"), answer.get("date"), [(line["product"], line["base_qty"]) for line in answer["lines"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{CHAT}周五", ("C004", "2026-03-06", [("HB-M8x40-Z", 450)])),
        (f"{CHAT}啊不 4盒，周五", ("C004", "2026-03-06", [("HB-M8x40-Z", 600)])),
        ("小陈五金 8:55\n手套要8箱\n小陈五金 8:57\n后天送到", ("C005", "2026-03-04", [("GL-L", 1920)])),
        (
            "[10:21] 顺发沈老板：切割片2盒\n[10:22] 客服：好的\n[10:23] 顺发沈老板：再要手套5打",
            ("C007", None, [("CD-125", 100), ("GL-L", 60)]),
        ),
        ("老客户 9:02\nM8*40来3盒", (None, None, [("HB-M8x40-Z", 450)])),
    ],
)
def test_an_order_out_of_a_chat(text: str, expected: tuple[Any, ...]) -> None:
    assert ordered(text) == expected


def test_a_chat_that_is_to_be_kept_stays_a_log() -> None:
    intent, answer = read(f"沟通纪要 {NO}\n{CHAT}周五")
    assert (intent, answer["order"]) == ("log", NO)


def test_a_table_with_commas() -> None:
    table = "序号,品名,规格,数量,单位\n1,内六角,M8*25 12.9级,600,支\n2,弹垫,M8,1000,片\n"
    assert ordered(table) == (None, None, [("SC-M8x25-129", 600), ("WS-8-Z", 1000)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("切割片2箱带合格证", [("CD-125", 800)]),
        ("切割片两盒开专票", [("CD-125", 100)]),
        ("手套10打分开装", [("GL-L", 120)]),
        ("钻头6和10各5支", [("DB-6", 5), ("DB-10", 5)]),
        ("钻咀φ6 5盒 φ10 3盒", [("DB-6", 50), ("DB-10", 30)]),
    ],
)
def test_quantities_beside_what_follows_them(text: str, expected: list[tuple[str, int]]) -> None:
    assert ordered(text)[2] == expected


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("李记要M8螺母镀锌4箱", "place"),
        ("美途：丝圈垫4箱 送货免运费", "place"),
        ("永固追加一张新单：切割片2盒", "place"),
        ("前天那单膨胀M8*80用不了那么多 减400套", "amend"),
    ],
)
def test_words_that_look_like_others(text: str, intent: str) -> None:
    assert (read(text)[0], read(text)[1].get("ask")) == (intent, None)
