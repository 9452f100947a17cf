"""Signed texts: the keys of buttons and the links of pages, so that a forged one does nothing (house.md, decision 11)."""

import base64
import hashlib
import hmac
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.database import to_json
from store.models import Installation

SIGNING_KEY = "signing_key"
_KEY = select(Installation.value).where(Installation.name == SIGNING_KEY)


class BadToken(Exception):
    """The text was not signed by this installation for this purpose."""


class Signer:
    """Signs and opens short texts for one purpose each (`button`, `order page`, `progress page`)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, purpose: str, *parts: object) -> str:
        """A URL-safe text that carries `parts` (texts without a line break)."""
        body = "\n".join(str(part) for part in parts).encode()
        return _encode(self._seal(purpose, body) + body)

    def open(self, purpose: str, token: str) -> list[str]:
        """The parts of a token of this purpose; raises BadToken."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            seal, body = raw[:12], raw[12:]
            if len(token) < 1024 and _encode(raw) == token and hmac.compare_digest(seal, self._seal(purpose, body)):
                return body.decode().split("\n")
        except (ValueError, UnicodeError):
            pass
        raise BadToken(purpose)

    def _seal(self, purpose: str, body: bytes) -> bytes:
        return hmac.new(self._key, to_json([purpose, body.hex()]).encode(), hashlib.sha256).digest()[:12]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signing_key(session: Session) -> bytes:
    """The key of this installation, made at its first use."""
    # Past the ORM: nearly every message reads it.
    value = session.connection().execute(_KEY).scalar()
    if value is None:
        value = secrets.token_hex(32)
        session.add(Installation(name=SIGNING_KEY, value=value))
        session.flush()
    return bytes.fromhex(value)
