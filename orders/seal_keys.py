"""What seals the records of approvals: the installation's own key, made at its first start, and every certificate used so far.

Apart from orders/sealing.py, so that a program that only starts does not load what signs.
"""

import base64
import hashlib
from contextlib import suppress
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12, serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from store.clock import SystemClock
from store.models import Installation
from store.transaction import Transaction

_OWN = "evidence_key"
_KNOWN = "certificate:"
"""Before the fingerprint of every certificate that has ever sealed here."""
_YEARS = timedelta(days=20 * 365)


def own(tx: Transaction) -> bytes:
    """The installation's own key and self-signed certificate as PKCS#12, made at the first use."""
    kept = tx.session.get(Installation, _OWN)
    if kept is None:
        made = _made()
        with suppress(IntegrityError), tx.session.begin_nested():  # another program may start at the same time
            tx.session.add(Installation(name=_OWN, value=base64.b64encode(made).decode()))
            remember(tx, _certificate(made))
        kept = tx.session.get_one(Installation, _OWN)
    return base64.b64decode(kept.value)


def is_own(tx: Transaction, fingerprint: str) -> bool:
    """Whether this is the fingerprint of the installation's own certificate."""
    kept = tx.session.get(Installation, _OWN)
    return kept is not None and _fingerprint(_certificate(base64.b64decode(kept.value))) == fingerprint


def known(tx: Transaction) -> list[bytes]:
    """Every certificate that has sealed something here, as DER."""
    query = select(Installation.value).where(Installation.name.startswith(_KNOWN))
    return [base64.b64decode(value) for value in tx.session.scalars(query)]


def remember(tx: Transaction, der: bytes) -> None:
    """Keeps a certificate, so that what it has sealed can be checked when another has taken its place."""
    name = _KNOWN + _fingerprint(der)
    if tx.session.get(Installation, name) is None:
        tx.session.add(Installation(name=name, value=base64.b64encode(der).decode()))
        tx.session.flush()


def _certificate(pkcs12: bytes) -> bytes:
    found = load_pkcs12(pkcs12, None).cert
    assert found is not None, "it was made with its certificate"
    return found.certificate.public_bytes(Encoding.DER)


def _fingerprint(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()


def _made() -> bytes:
    """P-256: signs four times as fast as RSA (0.04 s a page). Its certificate lives in real time, as signatures do."""
    key, now = ec.generate_private_key(ec.SECP256R1()), SystemClock().now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "跟单 Gendan 审批存证")])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + _YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, SHA256())
    )
    return serialize_key_and_certificates(b"gendan", key, made, None, NoEncryption())
