"""What is learned from how people settle a customer's wordings, and 老样子."""

from tests.handlers.conftest import Chat, Heard


def order(chat: Chat, customer: str = "锐固", choose: str | None = "M8×30镀锌螺栓") -> Heard:
    """An order of 镀锌螺栓, which two products are; settled by a button where the desk asks."""
    heard = chat.say(chat.firm.zhaomin, f"下单 {customer} 镀锌螺栓 500支")
    if choose:
        assert heard.card == "question"
        heard = chat.press(chat.firm.zhaomin, heard.buttons[choose])
    return heard


def confirmed(chat: Chat, heard: Heard) -> None:
    assert chat.press(chat.firm.zhaomin, heard.buttons["确认下单"]).card == "order"


def learned(chat: Chat) -> None:
    for _ in range(2):
        confirmed(chat, order(chat))


def test_what_is_settled_twice_becomes_the_customers_own_word_and_nobody_elses(chat: Chat) -> None:
    learned(chat)
    heard = order(chat, choose=None)
    assert heard.card == "order_draft"
    assert "按贵方习惯，“镀锌螺栓”理解为 M8×30镀锌螺栓" in heard.words
    assert order(chat, "老周", choose=None).card == "question"


def test_a_draft_that_is_not_confirmed_teaches_nothing(chat: Chat) -> None:
    confirmed(chat, order(chat))
    chat.press(chat.firm.zhaomin, order(chat).buttons["算了"])
    assert order(chat, choose=None).card == "question"


def test_another_choice_begins_anew(chat: Chat) -> None:
    for product in ("M8×30镀锌螺栓", "M12×80镀锌螺栓"):
        confirmed(chat, order(chat, choose=product))
    assert order(chat, choose=None).card == "question"


def test_a_word_is_taken_back_from_the_draft_and_asked_about_again(chat: Chat) -> None:
    learned(chat)
    draft = order(chat, choose=None)
    asked = chat.press(chat.firm.zhaomin, draft.buttons["不是这个意思"])
    assert asked.card == "question"
    assert chat.press(chat.firm.zhaomin, draft.buttons["不是这个意思"]).reason == "dialog_replaced"
    confirmed(chat, chat.press(chat.firm.zhaomin, asked.buttons["M12×80镀锌螺栓"]))
    assert order(chat, choose=None).card == "question"


def test_the_words_of_a_customer_are_listed_and_taken_back(chat: Chat) -> None:
    assert "还没有学到" in chat.say(chat.firm.zhaomin, "别名 锐固").words
    learned(chat)
    listed = chat.say(chat.firm.zhaomin, "别名 锐固")
    assert "镀锌螺栓 → M8×30镀锌螺栓" in listed.words
    assert "已撤销“镀锌螺栓”" in chat.say(chat.firm.zhaomin, "1").words
    assert order(chat, choose=None).card == "question"


def test_the_draft_shows_how_each_line_was_understood(chat: Chat) -> None:
    heard = chat.say(chat.firm.zhaomin, "下单 锐固 M12*80镀锌 10盒")
    assert "“M12x80镀锌” → M12×80镀锌螺栓 × 500支(10盒)" in heard.words.replace("×80镀锌”", "x80镀锌”").replace("*80镀锌”", "x80镀锌”")


def test_as_last_time_takes_over_the_last_order_and_says_which(chat: Chat) -> None:
    assert chat.say(chat.firm.zhaomin, "锐固 老样子").reason == "no_last_order"
    confirmed(chat, chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌螺栓 500支"))
    heard = chat.say(chat.firm.zhaomin, "锐固老样子来一单，另外加M8×30镀锌螺栓 300支")
    assert [line["quantity"] for line in heard.data["lines"]] == ["500", "300"]
    assert "按上次订单 SO260302-0001 的货" in heard.words
