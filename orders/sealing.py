"""The seal: signing a PDF with the installation's own key or the company's certificate, and telling whether one was altered.

pyHanko signs and validates as PDF readers do; a certifying signature lets none of them accept a change afterwards.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, KeyUsageConstraints, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from orders import seal_keys
from store.transaction import Transaction

_FIELD = "Gendan"


class SealUnusable(Exception):
    """The company's certificate cannot be used; the text says why."""


@dataclass(frozen=True)
class Seal:
    """What signs: a key with its certificate."""

    signer: signers.SimpleSigner
    certificate: Certificate
    is_own: bool

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate)

    def sign(self, pdf: bytes, reason: str) -> bytes:
        """The PDF with a certifying signature: no change is allowed after it."""
        about = signers.PdfSignatureMetadata(
            field_name=_FIELD, reason=reason, name="跟单 Gendan", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES
        )
        signed = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), about, signer=self.signer)
        return bytes(signed.getvalue())


class Verdict(StrEnum):
    """What became of a signed PDF."""

    INTACT = "intact"
    ALTERED = "altered"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"
    NO_PDF = "no_pdf"


@dataclass(frozen=True)
class Finding:
    """The verdict over a file, who signed it, and when they said they did."""

    verdict: Verdict
    signer: str = ""
    at: datetime | None = None
    fingerprint: str = ""


def seal_of(tx: Transaction) -> Seal:
    """The seal in force: the company's certificate, or else the installation's own, made at its first use.

    Raises SealUnusable.
    """
    trade = tx.settings.trade
    if trade.certificate is None:
        return open_seal(seal_keys.own(tx), b"", is_own=True)
    try:
        seal = open_seal(trade.certificate.read_bytes(), trade.certificate_password.get_secret_value().encode(), is_own=False)
    except OSError as error:
        raise SealUnusable(f"证书文件 {trade.certificate} 读不了（{type(error).__name__}）") from error
    seal_keys.remember(tx, seal.certificate.dump())
    return seal


def check(pdf: bytes, ours: Iterable[Certificate]) -> Finding:
    """Whether a PDF is as it was signed, and by one of `ours`; a later addition counts as altered as well."""
    try:
        found = PdfFileReader(BytesIO(pdf)).embedded_signatures
        return _judge(found[0], list(ours)) if found else Finding(Verdict.UNSIGNED)
    except Exception:  # a damaged file breaks its readers in every way there is
        return Finding(Verdict.ALTERED if pdf.startswith(b"%PDF-") else Verdict.NO_PDF)


def known(tx: Transaction) -> list[Certificate]:
    """Every certificate that has sealed something here."""
    return [Certificate.load(der) for der in seal_keys.known(tx)]


def fingerprint_of(certificate: Certificate) -> str:
    """The SHA-256 of a certificate."""
    return hashlib.sha256(certificate.dump()).hexdigest()


def _judge(signature: EmbeddedPdfSignature, known_here: list[Certificate]) -> Finding:
    certificate = signature.signer_cert
    ours = [one for one in known_here if one.dump() == certificate.dump()]
    at = signature.self_reported_timestamp
    # A certificate that has run out since has still signed; whom to trust is known here and asked of nobody.
    context = ValidationContext(trust_roots=ours or [certificate], moment=at, allow_fetching=False)
    anything = KeyUsageConstraints(key_usage=set())
    status = validate_pdf_signature(signature, signer_validation_context=context, key_usage_settings=anything)
    verdict = Verdict.ALTERED if not status.bottom_line else Verdict.INTACT if ours else Verdict.FOREIGN
    return Finding(verdict, str(certificate.subject.native.get("common_name", "")), at, fingerprint_of(certificate))


def open_seal(pkcs12: bytes, password: bytes, *, is_own: bool) -> Seal:
    """The seal that a PKCS#12 file holds. Raises SealUnusable."""
    unusable = SealUnusable("证书打不开：要 PKCS#12（.p12 或 .pfx）文件，口令要对")
    try:
        signer = signers.SimpleSigner.load_pkcs12_data(pkcs12, other_certs=[], passphrase=password or None)
    except ValueError:
        raise unusable from None  # the cause would show what was in the file
    if signer is None or signer.signing_cert is None:
        raise unusable
    return Seal(signer, signer.signing_cert, is_own)
