"""The stand-in of WeCom calls back as the platform does, and takes passive replies only where they are allowed."""

import base64

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from sandbox.server import Sandbox
from sandbox.signing import BadCipher, wecom_decrypt, wecom_encrypt
from tests.sandbox.conftest import Call, Product
from tests.sandbox.test_wecom_api import card
from tests.support.clock import TestClock

KEY = base64.b64encode(b"k" * 32).decode().rstrip("=")


@pytest.mark.parametrize("length", [0, 1, 11, 12, 31, 32, 500])
def test_a_text_is_padded_to_32_bytes_and_comes_back(length: int) -> None:
    sealed = wecom_encrypt(KEY, "corp", "x" * length)
    decryptor = Cipher(AES(b"k" * 32), CBC(b"k" * 16)).decryptor()
    plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
    assert len(plain) % 32 == 0
    assert wecom_decrypt(KEY, "corp", sealed) == "x" * length


def test_a_text_for_another_company_does_not_open() -> None:
    with pytest.raises(BadCipher):
        wecom_decrypt(KEY, "corp", wecom_encrypt(KEY, "another", "x"))


async def test_a_message_reaches_the_product_after_the_url_is_verified(sandbox: Sandbox, product: tuple[Product, int]) -> None:
    answer = await sandbox.say("zhaomin", "查单 锐固 ]]> <b>")
    assert (answer.status, answer.tries) == (200, 1)
    (inner,) = product[0].came
    assert "<![CDATA[zhaomin]]>" in inner
    assert "查单 锐固" in inner
    assert sandbox.messages("zhaomin")[0].mine


async def test_nothing_is_sent_to_an_address_that_does_not_verify(sandbox: Sandbox, product: tuple[Product, int]) -> None:
    sandbox.wecom_caller.url += "/nowhere"
    assert (await sandbox.say("zhaomin", "帮助")).status == 0
    assert not product[0].came
    assert sandbox.ledger.problems


async def test_a_callback_is_tried_three_times_with_the_same_message_id(sandbox: Sandbox, product: tuple[Product, int]) -> None:
    product[0].statuses = [500, 503, 500]
    answer = await sandbox.say("zhaomin", "帮助")
    assert (answer.status, answer.tries) == (500, 3)
    assert len(product[0].came) == 3
    assert len({inner.split("<MsgId>")[1] for inner in product[0].came}) == 1
    assert len({query["nonce"] for query in product[0].requests}) == 3


async def test_messages_of_another_run_are_other_messages(sandbox: Sandbox, product: tuple[Product, int], clock: TestClock) -> None:
    await sandbox.say("zhaomin", "帮助")
    async with Sandbox(sandbox.settings, clock) as again:
        await again.say("zhaomin", "帮助")
    assert len({inner.split("<MsgId>")[1] for inner in product[0].came}) == 2


async def test_a_passive_text_appears_in_the_chat_cut_to_its_bytes(sandbox: Sandbox, product: tuple[Product, int]) -> None:
    product[0].reply = f"<xml><MsgType>text</MsgType><Content>{'字' * 700}</Content></xml>"
    await sandbox.say("zhaomin", "帮助")
    assert sandbox.messages("zhaomin")[-1].content == {"content": "字" * 682}


async def test_a_press_carries_key_task_and_a_fresh_code(sandbox: Sandbox, product: tuple[Product, int], wecom: Call) -> None:
    sent = await wecom("message/send", card())
    message = sandbox.messages("zhaomin")[0]
    await sandbox.press(message.id, "算了")
    inner = product[0].came[0]
    assert "<EventKey><![CDATA[k2]]>" in inner
    assert "<TaskId><![CDATA[t1]]>" in inner
    assert sent["response_code"] not in inner
    assert message.pressed == "算了"


@pytest.mark.parametrize(
    ("reply", "title"),
    [
        ("<MsgType>update_button</MsgType><Button><ReplaceName>已取消</ReplaceName></Button>", "订单草稿"),
        (
            "<MsgType>update_template_card</MsgType><TemplateCard><CardType>text_notice</CardType><MainTitle><Title>已下单</Title></MainTitle>"
            "<HorizontalContentList><KeyName>单号</KeyName><Value>SO260302-0001</Value></HorizontalContentList>"
            "<CardAction><Type>1</Type><Url>https://example.com</Url></CardAction></TemplateCard>",
            "已下单",
        ),
    ],
)
async def test_a_passive_update_changes_the_pressed_card(
    sandbox: Sandbox, product: tuple[Product, int], wecom: Call, reply: str, title: str
) -> None:
    await wecom("message/send", card() | {"touser": "zhaomin|wugang"})
    product[0].reply = f"<xml>{reply}</xml>"
    await sandbox.press(sandbox.messages("zhaomin")[0].id, 0)
    mine, theirs = sandbox.messages("zhaomin")[0], sandbox.messages("wugang")[0]
    assert (mine.changes, mine.content["main_title"]["title"], mine.content["task_id"]) == (1, title, "t1")
    assert theirs.changes == 0
    assert not sandbox.ledger.problems


async def test_a_text_is_no_answer_to_a_press(sandbox: Sandbox, product: tuple[Product, int], wecom: Call) -> None:
    await wecom("message/send", card())
    product[0].reply = "<xml><MsgType>text</MsgType><Content>好</Content></xml>"
    await sandbox.press(sandbox.messages("zhaomin")[0].id, 0)
    assert len(sandbox.messages("zhaomin")) == 1
    assert "template_card_event" in sandbox.ledger.problems[0]


@pytest.mark.parametrize("options", [["red"], ["red", "blue"]])
async def test_a_press_carries_what_was_chosen(sandbox: Sandbox, product: tuple[Product, int], wecom: Call, options: list[str]) -> None:
    await wecom("message/send", card())
    await sandbox.wecom_caller.press(sandbox.messages("zhaomin")[0], 0, {"colour": options})
    assert "<QuestionKey>colour</QuestionKey>" in product[0].came[0]
    assert product[0].came[0].count("<OptionId>") == len(options)


async def test_an_event_carries_its_key(sandbox: Sandbox, product: tuple[Product, int]) -> None:
    product[0].reply = "<xml><MsgType>text</MsgType><Content>您可以这样打</Content></xml>"
    await sandbox.wecom_caller.event("zhaomin", "click", "help")
    assert "<Event><![CDATA[click]]></Event><EventKey><![CDATA[help]]></EventKey>" in product[0].came[0]
    assert sandbox.messages("zhaomin")[0].content == {"content": "您可以这样打"}
    assert "<MsgId>" not in product[0].came[0]
