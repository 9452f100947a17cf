"""The envelope: opened only when it is WeCom's, fresh and for us; what we seal, WeCom can open."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from platforms.wecom import reply
from platforms.wecom.crypto import OLDEST, Crypto
from platforms.words import Rejected
from sandbox import signing
from tests.support.callers import WECOM

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TOKEN, AES_KEY, CORP = WECOM.token.get_secret_value(), WECOM.aes_key.get_secret_value(), WECOM.corp_id
CRYPTO = Crypto(TOKEN, AES_KEY, CORP)


def query(encrypted: str, at: datetime = NOW) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    return {"msg_signature": signing.wecom_signature(TOKEN, timestamp, "n", encrypted), "timestamp": timestamp, "nonce": "n"}


def status_of(encrypted: str, asked: dict[str, str] | None = None) -> int:
    with pytest.raises(Rejected) as rejected:
        CRYPTO.open(asked or query(encrypted), encrypted, NOW)
    return rejected.value.status


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_wecom_encrypts_is_opened(text: str):
    encrypted = signing.wecom_encrypt(AES_KEY, CORP, text)
    assert CRYPTO.open(query(encrypted), encrypted, NOW) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_what_we_seal_wecom_opens(text: str):
    sealed = CRYPTO.seal(text, "n", NOW)
    encrypted = sealed.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    assert signing.wecom_decrypt(AES_KEY, CORP, encrypted) == text
    assert signing.wecom_signature(TOKEN, str(int(NOW.timestamp())), "n", encrypted) in sealed


def test_a_wrong_signature_is_unauthorised():
    encrypted = signing.wecom_encrypt(AES_KEY, CORP, "x")
    assert status_of(encrypted, query(encrypted) | {"msg_signature": "0" * 40}) == 401
    assert status_of(encrypted, query(encrypted) | {"msg_signature": "\udcff签"}) == 401


@pytest.mark.parametrize("away", [OLDEST + timedelta(seconds=1), -OLDEST - timedelta(seconds=1)])
def test_a_stale_timestamp_is_unauthorised(away: timedelta):
    encrypted = signing.wecom_encrypt(AES_KEY, CORP, "x")
    assert status_of(encrypted, query(encrypted, NOW - away)) == 401


def test_another_companys_receiver_is_forbidden():
    assert status_of(signing.wecom_encrypt(AES_KEY, "ww-another", "x")) == 403


def test_damaged_base64_is_malformed():
    encrypted = signing.wecom_encrypt(AES_KEY, CORP, "下单" * 20)
    for damaged in (
        encrypted[:-5],
        encrypted[: len(encrypted) // 2],
        encrypted[:64],
        "!!!",
        "====",
        "AAAA",
        encrypted.strip("=") + "==" + encrypted,
    ):
        assert status_of(damaged) == 400
    assert status_of(encrypted * 2) in (400, 403)


def test_missing_parts_are_malformed():
    encrypted = signing.wecom_encrypt(AES_KEY, CORP, "x")
    for missing in ("timestamp", "nonce", "msg_signature"):
        assert status_of(encrypted, {name: value for name, value in query(encrypted).items() if name != missing}) in (400, 401)
    assert status_of("", query("")) == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml>",
        b"<xml/>",
        b"<xml><Encrypt/></xml>",
        b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
        b"<a>" * 100_000,
        b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><xml><Encrypt>&lol2;</Encrypt></xml>',
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Encrypt>&f;</Encrypt></xml>',
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_envelope_is_malformed(body: bytes):
    with pytest.raises(Rejected) as rejected:
        CRYPTO.open_envelope({}, body, NOW)
    assert rejected.value.status == 400


@given(st.binary(max_size=300), st.text(max_size=20), st.text(max_size=20))
def test_nothing_that_comes_in_does_more_than_be_rejected(body: bytes, signature: str, timestamp: str):
    with pytest.raises(Rejected):
        CRYPTO.open_envelope({"msg_signature": signature, "timestamp": timestamp, "nonce": "n"}, body, NOW)


@given(st.binary(max_size=200))
def test_nothing_that_is_signed_does_more_than_be_rejected(garbage: bytes):
    assert status_of(base64.b64encode(garbage).decode()) in (400, 403)


def test_a_key_of_another_length_is_said_at_the_start():
    with pytest.raises(ValueError, match="43"):
        Crypto("token", "short", CORP)


def test_a_reply_keeps_what_would_end_its_text():
    xml = reply.text("zhaomin", CORP, NOW, "a]]>b & <c> \x0b\ud800 ]]")
    parsed = xmltodict.parse(xml)["xml"]
    assert parsed["Content"] == "a]]>b & <c>  ]]"
    assert parsed["ToUserName"] == "zhaomin"
    assert parsed["CreateTime"] == "1772415000"


def test_a_card_in_a_reply_repeats_the_tags_of_lists():
    card = {"CardType": "button_interaction", "ButtonList": [{"Text": "一", "Style": 1}, {"Text": "二", "Style": 2}]}
    parsed = xmltodict.parse(reply.update_card("zhaomin", CORP, NOW, card))["xml"]
    assert parsed["MsgType"] == "update_template_card"
    assert [button["Text"] for button in parsed["TemplateCard"]["ButtonList"]] == ["一", "二"]
    greyed = xmltodict.parse(reply.update_button("zhaomin", CORP, NOW, "已确认"))["xml"]
    assert greyed["Button"] == {"ReplaceName": "已确认"}
