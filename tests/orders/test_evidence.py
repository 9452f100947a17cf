from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from pydantic import SecretStr
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from sqlalchemy import select

from automations.recording import record_ended
from orders import evidence
from orders.deciding import decide
from orders.evidence_pdf import draw
from orders.sealing import open_seal
from orders.steps import APPROVE
from orders.verifying import verify
from store.models import Evidence, Order, Role, UnreadEvent
from tests.orders.trade import Trade, same
from tests.support.approvals import use_matrix


@pytest.fixture
def trade(trade: Trade) -> Trade:
    use_matrix(trade.store)
    return trade


@pytest.fixture
def order(trade: Trade) -> Order:
    """An order that finance and the warehouse have approved; nobody has made its record yet."""
    order = trade.place((trade.firm.bolt, 500))
    with trade.store.transaction() as tx:
        decide(tx, same(tx, order), same(tx, trade.firm.wangkuaiji), APPROVE, "wecom", "先收款 <再发货>")
    with trade.store.transaction() as tx:
        decide(tx, same(tx, order), same(tx, trade.firm.wugang), APPROVE, "dingtalk")
    return order


def kept(trade: Trade) -> list[Evidence]:
    with trade.store.reading() as tx:
        return list(tx.session.scalars(select(Evidence)))


def said(trade: Trade, pdf: bytes) -> tuple[bool, str]:
    with trade.store.reading() as tx:
        return evidence.verify_pdf(tx, pdf)


def test_the_record_is_made_once_after_the_approval_and_is_sound(trade: Trade, order: Order) -> None:
    assert kept(trade) == []
    record_ended(trade.store)
    record_ended(trade.store)
    (record,) = kept(trade)
    assert (record.order_id, record.round, record.version) == (order.id, 1, 1)
    good, sentence = said(trade, record.pdf)
    assert good, sentence
    assert order.no in sentence
    assert "本系统的证书" in sentence
    with trade.store.reading() as tx:
        assert tx.session.scalars(select(UnreadEvent).where(UnreadEvent.reader == "evidence")).all() == []
        assert list(verify(tx)) == []


def test_the_record_says_everything_with_its_fonts_inside(trade: Trade, order: Order) -> None:
    record_ended(trade.store)
    (record,) = kept(trade)
    assert b"+NotoSansSC" in record.pdf
    assert b"/FontFile2" in record.pdf
    words = str(record.about)
    for part in (order.no, "王会计", "吴刚", "同意：先收款 <再发货>", "企业微信", "钉钉", "M12×80镀锌螺栓", "500 支", "600.00 元"):
        assert part in words


def test_any_alteration_is_noticed(trade: Trade, order: Order) -> None:
    record_ended(trade.store)
    pdf = kept(trade)[0].pdf
    contents = pdf.index(b"/Contents <")
    for place in (*range(30, contents, contents // 40), len(pdf) - 40):
        changed = bytearray(pdf)
        changed[place] ^= 1
        assert not said(trade, bytes(changed))[0], place
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Lang"] = pdf_string("xx")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    assert "已被改动" in said(trade, out.getvalue())[1]
    assert not said(trade, pdf + b"\n%")[0]
    assert said(trade, b"no pdf") == (False, "不是 PDF 文件")


def company_certificate(folder: Path, name: str) -> Path:
    key, now = rsa.generate_private_key(65537, 2048), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(subject, subject, key.public_key(), 1, now - timedelta(1), now + timedelta(365)).sign(key, SHA256())
    path = folder / f"{name}.p12"
    path.write_bytes(serialize_key_and_certificates(b"c", key, made, None, BestAvailableEncryption(b"secret")))
    return path


def test_the_companys_certificate_signs_when_there_is_one(trade: Trade, order: Order, tmp_path: Path) -> None:
    own = {"certificate": company_certificate(tmp_path, "上海某某公司"), "certificate_password": SecretStr("wrong")}
    trade.store.settings.trade = trade.store.settings.trade.model_copy(update=own)
    record_ended(trade.store)
    assert kept(trade) == []
    (notice,) = [message for message in trade.told("notice") if message.audience == f"role:{Role.ADMIN}"]
    assert "口令" in notice.data["text"]
    trade.store.settings.trade = trade.store.settings.trade.model_copy(update={"certificate_password": SecretStr("secret")})
    with trade.store.transaction() as tx:
        tx.session.scalars(select(UnreadEvent).where(UnreadEvent.reader == "evidence")).one().lease_until = None
    record_ended(trade.store)
    good, sentence = said(trade, kept(trade)[0].pdf)
    assert good, sentence
    assert "公司的证书" in sentence
    assert "上海某某公司" in sentence


def test_a_foreign_signer_is_said(trade: Trade, order: Order, tmp_path: Path) -> None:
    record_ended(trade.store)
    stranger = open_seal(company_certificate(tmp_path, "别人").read_bytes(), b"secret", is_own=False)
    signed = stranger.sign(draw(kept(trade)[0].about), "仿造")
    good, sentence = said(trade, signed)
    assert not good
    assert "别人" in sentence
    assert "既不是本系统也不是公司的证书" in sentence
