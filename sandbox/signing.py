"""How the platforms sign and encrypt, written a second time from their documents so that a mistake of the product's shows.

Nothing here is shared with `platforms/`; only the ciphers come from `cryptography`.
"""

import base64
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_BLOCK = 32
"""WeCom pads to 32 bytes although the cipher's block is 16."""


class BadCipher(Exception):
    """What came back cannot be decrypted, or is meant for somebody else."""


def wecom_signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """Lower-case hex SHA-1 over the four texts, sorted and joined."""
    return hashlib.sha1("".join(sorted((token, timestamp, nonce, encrypted))).encode()).hexdigest()  # noqa: S324 -- the platform's choice


def wecom_encrypt(aes_key: str, receiver: str, text: str) -> str:
    """The Base64 that stands in `Encrypt`: 16 random bytes, length, text, receiver, padded to 32."""
    key = base64.b64decode(aes_key + "=")
    message = text.encode()
    plain = os.urandom(16) + struct.pack(">I", len(message)) + message + receiver.encode()
    padding = _BLOCK - len(plain) % _BLOCK
    encryptor = Cipher(AES(key), CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()


def wecom_decrypt(aes_key: str, receiver: str, encrypted: str) -> str:
    """The text inside `encrypted`. Raises BadCipher for wrong padding, length or receiver."""
    key = base64.b64decode(aes_key + "=")
    try:
        decryptor = Cipher(AES(key), CBC(key[:16])).decryptor()
        plain = decryptor.update(base64.b64decode(encrypted, validate=True)) + decryptor.finalize()
    except ValueError as error:
        raise BadCipher(str(error)) from error
    padding = plain[-1] if plain else 0
    if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise BadCipher("padding")
    plain = plain[:-padding]
    if len(plain) < 20:
        raise BadCipher("too short")
    (length,) = struct.unpack(">I", plain[16:20])
    message, owner = plain[20 : 20 + length], plain[20 + length :]
    if len(message) != length or owner != receiver.encode():
        raise BadCipher("length or receiver")
    return message.decode()


def dingtalk_sign(secret: str, timestamp: str) -> str:
    """Base64 of HMAC-SHA256 over `timestamp` newline `secret`: robot callbacks and custom robots alike."""
    return _hmac(secret, f"{timestamp}\n{secret}")


def dingtalk_card_sign(api_secret: str, timestamp: str) -> str:
    """The header `x-ddpaas-signature` of a card callback in HTTP mode."""
    return _hmac(api_secret, timestamp)


def kuaidi100_sign(param: str, salt: str) -> str:
    """Upper-case hex MD5 over the pushed text and the salt."""
    return hashlib.md5((param + salt).encode()).hexdigest().upper()  # noqa: S324 -- the service's choice


def _hmac(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()
