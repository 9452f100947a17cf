"""The card `order`: one order as it stands now."""

from handlers.talk import Talk
from orders.links import staff_link
from orders.view import order_face
from platforms.words import Reply
from store.models import OPEN_STAGES, Order


def order_card(talk: Talk, order: Order, message: str = "") -> Reply:
    """The order with what has just happened to it, if anything."""
    data = {"url": staff_link(talk.tx, order), "message": message, "editable": order.stage in OPEN_STAGES}
    return Reply("order", order_face(talk.tx, order) | data)
