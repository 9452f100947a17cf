import threading

from sqlalchemy import select

from store.models import Word
from store.staging import staging
from store.transaction import Store


def words(store: Store) -> dict[str, str]:
    with store.reading() as tx:
        return {word.word: word.means for word in tx.session.scalars(select(Word))}


def test_others_write_while_rows_are_staged(store: Store) -> None:
    with staging(store) as stage:
        move = stage.load(Word, [{"word": "a", "means": "1", "kind": "type"}, {"word": "b", "means": "1", "kind": "type"}])
        other = threading.Thread(target=add, args=(store, "c"))
        other.start()
        other.join(5)
        assert words(store) == {"c": "1"}
        with stage.swap() as tx:
            move(tx)
    assert words(store) == {"a": "1", "b": "1", "c": "1"}


def test_rows_that_stand_change_only_where_asked(store: Store) -> None:
    add(store, "a")
    rows = [{"word": "a", "means": "2", "kind": "type"}, {"word": "b", "means": "2", "kind": "type"}]
    with staging(store) as stage:
        keep = stage.load(Word, rows, key=["word", "kind"])
        change = stage.load(Word, rows[:1], key=["word", "kind"], changing=["means"])
        with stage.swap() as tx:
            keep(tx)
            tx.session.flush()
        assert words(store) == {"a": "1", "b": "2"}
        with stage.swap() as tx:
            change(tx)
    assert words(store) == {"a": "2", "b": "2"}


def test_what_fails_leaves_nothing(store: Store) -> None:
    try:
        with staging(store) as stage:
            move = stage.load(Word, [{"word": "a", "means": "1", "kind": "type"}])
            with stage.swap() as tx:
                move(tx)
                raise KeyError
    except KeyError:
        pass
    assert words(store) == {}


def add(store: Store, word: str) -> None:
    with store.transaction() as tx:
        tx.session.add(Word(word=word, means="1", kind="type"))
