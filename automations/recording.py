"""Recording: the signed PDF of every approval that has ended, made by a worker after the chat has its answer."""

import structlog

from automations.unread import take, taken_up
from store.events import EVIDENCE
from store.models import Role
from store.outbox import Urgency, tell, to_role
from store.transaction import Store

log = structlog.get_logger()


def record_ended(store: Store) -> None:
    """Makes some of the records that are missing; one that cannot be made now is tried again, and the admins are told why."""
    for event in take(store, EVIDENCE):
        # Loaded where it is needed: what draws and signs takes half a second and 15 MB.
        from orders import evidence, sealing

        try:
            evidence.make(store, event)
        except sealing.SealUnusable as error:
            _complain(store, str(error))
        except Exception:
            log.exception("the record of an approval could not be made", event_id=event.id)
        else:
            with store.transaction() as tx:
                taken_up(tx, EVIDENCE, [event])


def _complain(store: Store, why: str) -> None:
    log.error("records of approvals cannot be signed", error=why)
    with store.transaction() as tx:
        data = {"title": "审批存证做不出来", "text": f"{why}。改好配置 GENDAN_TRADE__CERTIFICATE 后会自动补做。", "fields": []}
        tell(tx, to_role(Role.ADMIN), "notice", data, key=f"evidence:unusable:{tx.today}", urgency=Urgency.ALERT)
