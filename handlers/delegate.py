"""委托: somebody else signs in one's place for some days."""

from handlers import questions, wording
from handlers.asking import Field, Question
from handlers.fields import DAY
from handlers.notices import notice
from handlers.talk import Talk
from language import Reading
from orders.delegation import delegate, end_delegations
from platforms.words import Reply


def run(talk: Talk, reading: Reading) -> Reply:
    """Lets the named person sign until the day named; 委托 取消 ends what stands."""
    if reading.drop_pending:
        ended = end_delegations(talk.tx, talk.person, reading.person)
        return notice(wording.DELEGATION_ENDED, wording.delegation_ended([delegation.to.name for delegation in ended]))
    since = reading.since.day if reading.since else None
    day = reading.day.day if reading.day else None
    made = delegate(talk.tx, talk.person, reading.person or "", since or talk.tx.today, day or talk.tx.today)
    text = wording.delegated(made.to.name)
    return notice(wording.DELEGATED, text, 从=wording.day_text(made.from_day), 到=wording.day_text(made.until_day))


def _whom(_talk: Talk, reading: Reading) -> Question | None:
    return None if reading.person or reading.drop_pending else Question(questions.WHICH_DELEGATE)


def _until(talk: Talk, reading: Reading) -> Question | None:
    if reading.drop_pending:
        return None
    if reading.day is None:
        return Question(questions.DELEGATE_UNTIL)
    return DAY.question(talk, reading)


WHOM = Field(
    "person",
    _whom,
    lambda _talk, reading, text: reading.model_copy(update={"person": text.strip()[:64] or None}),
    lambda reading, value: reading.model_copy(update={"person": value}),
)
UNTIL = Field("day", _until, DAY.typed, DAY.chosen)
FIELDS = (WHOM, UNTIL)
