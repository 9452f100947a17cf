"""Amending 改单 and cancelling 取消: the change is worked out, shown, and then saved in one commit under the order's lock.

The lock order is that of orders/locking.py: the products of what stands and of what is named, then the order.
"""

from collections.abc import Sequence

from orders import intercepting
from orders.amendments import AMEND, APPLIED, CANCEL, DEEDS, WAITING, check_none_waits, check_version
from orders.applying import apply
from orders.changes import AnyChange, dump
from orders.checking import check_text
from orders.communication import Agreed, write_log
from orders.content import AFTER_SHIPPING
from orders.effects import Effects, effects_of, effects_of_cancelling, named_goods
from orders.impact import LONGEST
from orders.locking import load_order, lock_order
from orders.people import require_own
from orders.refusals import Refused
from orders.words import plain, stage_name
from store.models import OPEN_STAGES, Amendment, Order, Product, Staff, Stage
from store.transaction import Transaction

_OVER = (Stage.SIGNED, Stage.CLOSED, Stage.CANCELLED)


def preview_amendment(tx: Transaction, order_id: int, changes: Sequence[AnyChange], by: Staff) -> Effects:
    """What the changes of an order would come to now; refuses what may not be, and writes nothing."""
    return _amended(tx, load_order(tx, order_id), changes, by)


def preview_cancellation(tx: Transaction, order_id: int, by: Staff) -> Effects:
    """What cancelling an order would come to now; refuses what may not be, and writes nothing."""
    return _cancelled(tx, load_order(tx, order_id), by)


def amend_order(
    tx: Transaction,
    order: Order,
    base_version: int,
    changes: Sequence[AnyChange],
    impact: str,
    agreed: Agreed,
    by: Staff,
) -> Amendment:
    """Saves changes of an order with their impact statement and the log of the talk.

    Refused with what was changed meanwhile where `base_version` is not in force any more. What has been picked or shipped
    waits for an interception, and counts only then.
    """
    order, products = lock_order(tx, order.id, named_goods(tx, changes))
    check_version(tx, order, base_version)
    return _save(tx, _amended(tx, order, changes, by), AMEND, dump(changes), impact, agreed, by, products)


def cancel_order(tx: Transaction, order: Order, base_version: int, reason: str, impact: str, agreed: Agreed, by: Staff) -> Amendment:
    """Cancels an order, as `amend_order` changes it, and frees what it held."""
    order, products = lock_order(tx, order.id)
    check_version(tx, order, base_version)
    said = [{"op": "cancel", "reason": check_text("取消原因", reason, 512)}]
    return _save(tx, _cancelled(tx, order, by), CANCEL, said, impact, agreed, by, products)


def _amended(tx: Transaction, order: Order, changes: Sequence[AnyChange], by: Staff) -> Effects:
    check_change(tx, order, by, DEEDS[AMEND])
    effects = effects_of(tx, order, changes)
    if order.stage not in OPEN_STAGES and not effects.touched <= AFTER_SHIPPING:
        raise Refused("shipped_before_change", order_no=order.no, fields=_fields_beyond_reach(effects))
    return effects


def _cancelled(tx: Transaction, order: Order, by: Staff) -> Effects:
    check_change(tx, order, by, DEEDS[CANCEL])
    effects = effects_of_cancelling(tx, order)
    if effects.parts(Stage.SHIPPED, Stage.SIGNED) or order.stage == Stage.SHIPPED:
        left = [f"{item.goods.name} {plain(item.left)}{item.goods.unit}" for item in effects.before.items if item.left]
        raise Refused("shipped_before_cancel", order_no=order.no, left=left if order.stage in OPEN_STAGES else [])
    return effects


def check_change(tx: Transaction, order: Order, by: Staff, deed: str) -> None:
    """Refuses who may not change the order, and an order that is over or already waits for a change."""
    require_own(tx, order, by, deed)
    if order.stage in _OVER:
        raise Refused("order_over", order_no=order.no, stage=stage_name(order.stage), doing=deed)
    check_none_waits(tx, order, deed)


def _fields_beyond_reach(effects: Effects) -> list[str]:
    return [difference.what for difference in effects.differences if difference.kind not in AFTER_SHIPPING]


def _save(
    tx: Transaction,
    effects: Effects,
    kind: str,
    said: list[dict[str, str]],
    impact: str,
    agreed: Agreed,
    by: Staff,
    products: dict[int, Product],
) -> Amendment:
    order, out = effects.order, effects.out
    impact = check_text("变更影响说明", impact, LONGEST)
    log = write_log(tx, order, by, agreed, occasion=kind)
    amendment = Amendment(
        order=order,
        base_version=order.version,
        kind=kind,
        changes=said,
        impact=impact,
        log_id=log.id,
        staff=by,
        state=WAITING if out else APPLIED,
        created_at=tx.now,
    )
    tx.session.add(amendment)
    tx.session.flush()
    if out:
        intercepting.ask(tx, amendment, effects, out)
    else:
        apply(tx, amendment, effects, products)
    return amendment
