"""Many salespeople with plenty to sell, on top of the sample firm."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import islice

from sqlalchemy import select

from bot.gate import BUTTON
from sandbox.firm import load_sample_firm
from store.models import Product, Role, Staff, StockBatch
from store.tokens import Signer, signing_key
from store.transaction import Store
from tests.bench.calls import WeComCalls
from tests.bench.load import Answered, Request

BOLT = "HB-M12x80-Z"
KINDS = ("draft", "order", "stock", "press", "tasks", "help")
_PLENTY = Decimal(500_000_000)


def settle(store: Store, people: int, stock: Decimal = _PLENTY) -> list[Staff]:
    """The sample firm with so many more salespeople, and with exactly `stock` of the bolt that they sell."""
    load_sample_firm(store)
    with store.transaction() as tx:
        bolt = tx.session.scalars(select(Product).where(Product.code == BOLT)).one()
        for batch in tx.session.scalars(select(StockBatch).where(StockBatch.product_id == bolt.id)):
            batch.on_hand = Decimal(0)
        tx.session.add(StockBatch(product=bolt, warehouse="主仓", location="A-99-1", batch="B1", on_hand=stock, reserved=Decimal(0)))
        sellers = [Staff(name=f"销售{n:03}", roles=[Role.SALES], wecom_userid=f"seller{n:03}") for n in range(people)]
        tx.session.add_all(sellers)
    return sellers


def signer_of(store: Store) -> Signer:
    """What the serve processes of this database sign buttons with."""
    with store.transaction() as tx:
        return Signer(signing_key(tx.session))


@dataclass
class Seller:
    """Writes the mixed commands in turn, each as often as the others: a draft, a few questions, its confirmation, questions."""

    person: Staff
    signer: Signer
    calls: WeComCalls
    asked: str = "0001"
    """The number of the order that is asked for."""
    drafts: int = field(default=0)

    def draft(self) -> bytes:
        """An order as typed, for a day that can be kept."""
        day = self.calls.clock.now().astimezone(self.calls.settings.zone) + timedelta(days=30)
        return self._say(f"下单 锐固建材 M12×80镀锌螺栓×500支 免费配送 {day.month}月{day.day}日到")

    def press(self, number: int) -> bytes:
        """确认下单 on the card of this person's draft of that number."""
        return self.calls.press(str(self.person.wecom_userid), self.signer.sign(BUTTON, "dialog.confirm", number, self.person.id))

    def mixed(self, rounds: int, skip: int = 0) -> Iterator[Request]:
        """So many rounds of all kinds; `skip` leaves out the first ones, and the first press goes to the draft that is open."""
        first = self.drafts if skip else self.drafts + 1
        return islice((request for number in range(first, first + rounds) for request in self._round(number)), skip, None)

    def _round(self, number: int) -> Iterator[Request]:
        yield Request("draft", self.draft())
        yield Request("order", self._say(f"查单 {self.asked}"))
        yield Request("stock", self._say("库存 M12×80镀锌螺栓"))
        yield Request("press", self.press(number))
        yield Request("tasks", self._say("待办"))
        yield Request("help", self._say("帮助"))

    def heard(self, answers: list[Answered]) -> None:
        """Counts the drafts that were really made, whose numbers the next buttons go on from."""
        self.drafts += Counter(answer.kind for answer in answers)["draft"]

    def _say(self, text: str) -> bytes:
        return self.calls.say(str(self.person.wecom_userid), text)
