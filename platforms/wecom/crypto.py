"""The envelope of WeCom's callbacks: signed, encrypted, for one receiver [90968, 91144].

AES and padding are wechatpy's. Around it stand what it lacks: a comparison of signatures in constant time, an age limit, strict
base64, and one refusal for everything that it leaks on malformed input (ValueError, IndexError, struct and Expat errors).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

import xmltodict
from wechatpy.work.crypto import PrpCrypto, WeChatCrypto
from wechatpy.work.exceptions import InvalidCorpIdException

from platforms import age
from platforms.words import Rejected

OLDEST = timedelta(minutes=10)
"""How far a callback's timestamp may be from our clock: three tries of 5 s, and clocks that differ."""
_MOST_TAGS = 50
"""An envelope has four elements; more are not worth parsing."""


class Crypto:
    """Opens and seals what passes between WeCom and one app; raises ValueError when the EncodingAESKey is none."""

    def __init__(self, token: str, aes_key: str, receiver: str) -> None:
        if len(aes_key) != 43:
            raise ValueError("the EncodingAESKey of WeCom has 43 characters")
        self._token = token
        self._receiver = receiver
        self._wechatpy = WeChatCrypto(token, aes_key, receiver)
        self._cipher = PrpCrypto(self._wechatpy.key)

    def open_envelope(self, query: Mapping[str, str], body: bytes, now: datetime) -> str:
        """The plain text inside a posted XML envelope; raises Rejected."""
        if body.count(b"<") > _MOST_TAGS:
            raise Rejected(400, "not an envelope")
        try:
            encrypted = xmltodict.parse(body)["xml"]["Encrypt"]
        except Exception as error:
            raise Rejected(400, "not an envelope") from error
        return self.open(query, encrypted, now)

    def open(self, query: Mapping[str, str], encrypted: object, now: datetime) -> str:
        """The plain text of `encrypted` (Encrypt of a post, echostr of the URL verification); raises Rejected."""
        signature, timestamp, nonce = (query.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
        if not isinstance(encrypted, str) or not (signature and timestamp and nonce and encrypted):
            raise Rejected(400, "msg_signature, timestamp, nonce and the encrypted text are needed")
        if not hmac.compare_digest(self._signature(timestamp, nonce, encrypted), signature.encode(errors="replace")):
            raise Rejected(401, "wrong signature")
        check_age(timestamp, now)
        return self._decrypt(encrypted)

    def seal(self, text: str, nonce: str, now: datetime) -> str:
        """The XML envelope of a passive reply [90241]."""
        return str(self._wechatpy.encrypt_message(text, nonce, str(int(now.timestamp()))))

    def _signature(self, *parts: str) -> bytes:
        said = "".join(sorted((self._token, *parts)))
        return hashlib.sha1(said.encode(errors="replace"), usedforsecurity=False).hexdigest().encode()

    def _decrypt(self, encrypted: str) -> str:
        try:
            base64.b64decode(encrypted, validate=True)
            return str(self._cipher.decrypt(encrypted, self._receiver))
        except InvalidCorpIdException as error:
            raise Rejected(403, "for another receiver") from error
        except Exception as error:
            raise Rejected(400, "cannot be decrypted") from error


def check_age(timestamp: str, now: datetime) -> None:
    """Refuses a timestamp (seconds) that is too far from `now`; raises Rejected."""
    age.check_age(timestamp, 1, now, OLDEST)
