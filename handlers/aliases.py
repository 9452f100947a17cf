"""别名: a customer's own words for products, learned from how their orders were settled; any of them can be taken back."""

from typing import Any

from handlers import questions, wording
from handlers.asking import Field, Question
from handlers.dialogs import Choice
from handlers.line_fields import CUSTOMER
from handlers.notices import notice
from handlers.talk import Talk
from language import Reading
from orders import customer_words
from platforms.words import Reply

_MOST = 20


def run(talk: Talk, reading: Reading) -> Reply:
    """Takes back the word that was chosen, or says that there is none."""
    name = talk.catalogue.customers[_customer(reading)].name
    if reading.word is None:
        return notice(wording.own_words(name), wording.NO_OWN_WORDS)
    product = customer_words.forget(talk.tx, _customer(reading), reading.word)
    return notice(wording.word_forgotten(reading.word), wording.asked_again(name), 原来指=product.name)


def _customer(reading: Reading) -> int:
    return (reading.customer and reading.customer.id) or 0


def _ask(talk: Talk, reading: Reading) -> Question | None:
    """The list, each word with its product: choosing one takes it back."""
    known = customer_words.words_of(talk.tx, _customer(reading))
    if reading.word or not known:
        return None
    choices = tuple(Choice(wording.own_word(word.word, word.product.name), word.word) for word in known[:_MOST])
    return Question(questions.which_word(talk.catalogue.customers[_customer(reading)].name), choices)


def _type(talk: Talk, reading: Reading, text: str) -> Reading:
    known = {word.word for word in customer_words.words_of(talk.tx, _customer(reading))}
    return _choose(reading, text) if text in known else reading


def _choose(reading: Reading, value: Any) -> Reading:
    return reading.model_copy(update={"word": value})


FIELDS = (CUSTOMER, Field("word", _ask, _type, _choose))
