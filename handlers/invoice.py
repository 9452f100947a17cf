"""开票: finance asks for an order; a log that is missing is named, and whoever owes it is asked for it at once."""

from handlers import wording
from handlers.notices import notice
from handlers.order_meant import ORDER_MEANT, order_meant
from handlers.talk import Talk
from language import Reading
from orders.invoicing import check_billable, demand_missing, invoice, missing_logs
from orders.words import money
from platforms.words import Reply

FIELDS = (ORDER_MEANT,)


def run(talk: Talk, reading: Reading) -> Reply:
    """Records the invoice, or says what is missing and who has been asked for it."""
    order = order_meant(talk, reading)
    check_billable(talk.tx, order, talk.person)
    if missing := missing_logs(talk.tx, order):
        asked = demand_missing(talk.tx, order, talk.person)
        what = "；".join(one.what for one in missing)
        return notice(wording.not_invoiced(order.no), wording.asked_for_logs([owner.name for owner in asked]), 缺=what)
    written = invoice(talk.tx, order, talk.person)
    return notice(wording.invoiced(order.no), wording.SELLER_TOLD, 客户=order.customer.name, 金额=f"{money(written.amount)}元")
