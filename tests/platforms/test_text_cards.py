"""Cards as text and Markdown: everything is there, nothing that data says becomes markup, and cutting keeps what matters."""

import re

from hypothesis import given, settings

from platforms.cutting import size
from platforms.text import as_markdown, as_text, safe_url
from platforms.words import Card, CardButton, CardField, CardLink, Tone
from tests.support.cards import ORDER_NO, any_card, sample_card


def card(**parts: object) -> Card:
    return Card.model_validate({"name": "test", "title": "标题", **parts})


def test_a_draft_as_text_lets_one_check_everything_and_answer_by_number() -> None:
    text = as_text(sample_card("order_draft", url=""), 2048)
    for part in ("【待确认】", "500支(10盒)", "¥1.20 → ¥600.00", "库存8,000", "缺200支", "3月25日(周三) 晚5天", "¥1,123,456.78", "免运费"):
        assert part in text
    assert text.endswith("回复 1 确认下单\n回复 2 不是这个意思\n回复 3 算了")


def test_what_no_question_waits_for_says_what_to_type() -> None:
    assert as_text(sample_card("restock", url="")).endswith("\n完成：打“完成 1048576”")


def test_links_open_the_page() -> None:
    linked = card(links=[CardLink(text="查看订单", url="https://gendan.example.com/o/abc")])
    assert '<a href="https://gendan.example.com/o/abc">查看订单</a>' in as_text(linked)
    assert "[查看订单](https://gendan.example.com/o/abc)" in as_markdown(linked)


def test_an_address_cannot_end_its_link() -> None:
    assert safe_url('https://x/o/a"><b>)(]锐') == "https://x/o/a%22%3E%3Cb%3E%29%28%5D%E9%94%90"


def test_data_cannot_become_a_link_or_a_tag_in_text() -> None:
    text = as_text(card(fields=[CardField(name="客户", value='<a href="https://evil">点我</a>')], quote="<b>M8<10"))
    assert "<a" not in text
    assert "<b" not in text
    assert "M8<10" in text


def test_data_cannot_mark_up_markdown() -> None:
    evil = "**粗** [点我](https://evil) `x` # 标题 <font color='info'> <@all> M12*80*500"
    text = as_markdown(
        card(title=evil, subtitle=evil, quote=f"- {evil}\n# {evil}", lines=[evil], note=evil, fields=[CardField(name=evil, value=evil)])
    )
    body = text.removeprefix("### ")
    assert not re.search(r"[*\[\]`#<]", body)
    assert "M12＊80＊500" in body


def test_an_address_inside_a_text_stays_usable() -> None:
    assert "https://gendan.example.com/t/_aB-c_D_" in as_markdown(card(quote="查看进度：https://gendan.example.com/t/_aB-c_D_"))


def test_what_must_be_seen_is_marked() -> None:
    alert = card(fields=[CardField(name="可承诺", value="3月25日", tone=Tone.ALERT)])
    assert "可承诺：！3月25日" in as_text(alert)
    assert "可承诺：**！3月25日**" in as_markdown(alert)


def test_little_room_leaves_the_first_lines_and_their_number() -> None:
    lines = [f"M12×80镀锌螺栓第{number}行" for number in range(1, 101)]
    text = as_text(card(lines=lines, note="要修改直接打字", buttons=[CardButton(text="确认下单", key="k")]), 600)
    shown = [line for line in text.splitlines() if line.startswith("· ")]
    assert shown == [f"· {line}" for line in lines[: len(shown)]]
    assert len(shown) > 5
    assert text.endswith("等100行\n要修改直接打字\n回复 1 确认下单")


def test_a_number_of_lines_is_named_only_when_lines_are_missing() -> None:
    assert "等" not in as_text(card(lines=["一", "二"], quote="长" * 5000), 300)


@settings(max_examples=150, deadline=None)
@given(any_card())
def test_any_card_fits_and_names_its_order(card: Card) -> None:
    for limit in (900, 2048):
        for text in (as_text(card, limit), as_markdown(card, limit)):
            assert size(text) <= limit
            assert ORDER_NO in text


@settings(max_examples=150, deadline=None)
@given(any_card())
def test_data_adds_no_row_to_a_text(card: Card) -> None:
    rows = as_text(card).splitlines()
    parts = 1 + bool(card.subtitle) + bool(card.emphasis) + len(card.fields) + len(card.lines) + len(card.buttons) + len(card.links)
    assert len(rows) == parts + len(card.quote.splitlines()) + len(card.note.splitlines())
