"""Evidence 审批存证: the signed PDF of an approval that has ended, made after it and kept for good."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from orders import seal_keys, sealing
from orders.approval_telling import decisions_of
from orders.evidence_pdf import draw
from orders.sealing import Finding, Seal, Verdict
from orders.steps import APPROVE
from orders.words import LEVEL_NAMES
from store.models import ApprovalDecision, ApprovalSeat, ApprovalStep, Event, Evidence, Level, Order, Snapshot, Staff
from store.transaction import Store, Transaction

_PLATFORMS = {"wecom": "企业微信", "dingtalk": "钉钉"}


@dataclass(frozen=True)
class _Draft:
    """What a record will say, and what seals it."""

    order_id: int
    round: int
    version: int
    about: dict[str, Any]
    seal: Seal


def make(store: Store, event: Event) -> None:
    """Makes the record of the approval whose end `event` tells of, once; drawing and signing hold no transaction.

    Raises SealUnusable.
    """
    with store.transaction() as tx:
        draft = _draft(tx, event)
    if draft is None:
        return
    pdf = draft.seal.sign(draw(draft.about), f"订单 {draft.about['order_no']} 第{draft.version}版审批存证")
    with store.transaction() as tx:
        # Whoever works on the same order waits here, and finds the record then.
        tx.session.get_one(Order, draft.order_id, with_for_update=True)
        if not _exists(tx, draft.order_id, draft.round):
            about = draft.about | {"certificate": draft.seal.fingerprint}
            kept = Evidence(order_id=draft.order_id, round=draft.round, version=draft.version, at=tx.now, about=about, pdf=pdf)
            kept.sha256 = hashlib.sha256(pdf).hexdigest()
            tx.session.add(kept)


def verify_pdf(tx: Transaction, pdf: bytes) -> tuple[bool, str]:
    """Whether a file is a record as it was signed and kept here, and the sentence that says so."""
    found = sealing.check(pdf, sealing.known(tx))
    digest = hashlib.sha256(pdf).hexdigest()
    kept = tx.session.execute(select(Evidence.version, Order.no).join(Order).where(Evidence.sha256 == digest)).first()
    if found.verdict is Verdict.INTACT and kept is None:
        return False, f"签名完好（{found.signer}），但这里没有存过这一份：来自别处，或存后文件动过"
    if found.verdict is Verdict.INTACT and kept is not None:
        at = found.at.astimezone(tx.zone).strftime("%Y-%m-%d %H:%M") if found.at else ""
        return True, f"完好，没有改动过：订单 {kept.no} 第 {kept.version} 版的审批存证，{at} 由{_whose(tx, found)}签署（{found.signer}）"
    return False, _SAID[found.verdict].format(signer=found.signer)


_SAID = {
    Verdict.ALTERED: "已被改动或损坏：签名对不上，不能当存证用",
    Verdict.FOREIGN: "签名完好，但签署的“{signer}”既不是本系统也不是公司的证书",
    Verdict.UNSIGNED: "没有签名，不是审批存证",
    Verdict.NO_PDF: "不是 PDF 文件",
}


def _whose(tx: Transaction, found: Finding) -> str:
    return "本系统的证书" if seal_keys.is_own(tx, found.fingerprint) else "公司的证书"


def _draft(tx: Transaction, event: Event) -> _Draft | None:
    order = tx.session.get_one(Order, event.order_id)
    round_, version = event.data["round"], event.data["version"]
    if _exists(tx, order.id, round_):
        return None
    snapshot = tx.session.scalars(select(Snapshot).where(Snapshot.order_id == order.id, Snapshot.version == version)).one()
    decisions = [(decision, staff) for decision, staff in decisions_of(tx, order) if decision.at <= event.at]
    about = {
        "order_no": order.no,
        "version": version,
        "order": _order(tx, order, snapshot),
        "lines": [_line(line) for line in snapshot.content["lines"]],
        "decisions": [_decision(tx, decision, staff) for decision, staff in decisions],
        "hashes": [
            ["订单快照", f"{snapshot.hash}（前一版 {snapshot.previous_hash or '无'}）"],
            *([f"审批 {number}", decision.hash] for number, (decision, _) in enumerate(decisions, 1)),
            ["事件链", event.hash],
        ],
    }
    return _Draft(order.id, round_, version, about, sealing.seal_of(tx))


def _exists(tx: Transaction, order_id: int, round_: int) -> bool:
    return tx.session.scalar(select(Evidence.id).where(Evidence.order_id == order_id, Evidence.round == round_)) is not None


def _order(tx: Transaction, order: Order, snapshot: Snapshot) -> list[list[str]]:
    said = snapshot.content
    flags = [word for name, word in (("urgent", "加急"), ("trial", "试产"), ("free_shipping", "免运费")) if said[name]]
    rows = [
        ["订单号", order.no],
        ["版本", f"第{snapshot.version}版，{_time(tx, snapshot.at)}"],
        ["客户", f"{said['customer']['name']}（{said['customer']['code']}，{LEVEL_NAMES[Level(order.customer.level)]}）"],
        ["业务员", order.salesperson.name if order.salesperson else ""],
        ["合计", f"{said['total']} 元"],
        ["期望交付日", said["wanted_date"] or ""],
        ["承诺交付日", said["promised_date"] or ""],
        ["送货地址", said["address"] or ""],
        ["要求", "、".join(flags)],
        ["备注", said["remarks"] or ""],
    ]
    return [row for row in rows if row[1]]


def _line(line: dict[str, Any]) -> list[str]:
    return [
        f"{line['name']}（{line['product']}）",
        f"{line['quantity']} {line['unit']}",
        line["price"],
        line["amount"],
        "、".join(line["processes"]),
    ]


def _decision(tx: Transaction, decision: ApprovalDecision, staff: Staff) -> list[str]:
    step, seat = tx.session.get_one(ApprovalStep, decision.step_id), tx.session.get_one(ApprovalSeat, decision.seat_id)
    principal = tx.session.get(Staff, decision.for_id) if decision.for_id else None
    who = f"{staff.name}（代{principal.name}）" if principal else staff.name
    said = "同意" if decision.decision == APPROVE else "驳回"
    return [
        step.name,
        seat.name,
        who,
        f"{said}：{decision.reason}" if decision.reason else said,
        _time(tx, decision.at),
        _PLATFORMS.get(decision.platform, decision.platform),
        str(decision.version),
    ]


def _time(tx: Transaction, at: Any) -> str:
    return str(at.astimezone(tx.zone).strftime("%Y-%m-%d %H:%M:%S"))
