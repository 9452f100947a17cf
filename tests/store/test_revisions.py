from store.revisions import bump, current
from store.transaction import Store


def test_every_change_makes_a_new_revision_that_others_see_after_the_commit(store: Store) -> None:
    with store.transaction() as tx:
        assert current(tx) == 0
        bump(tx)
        assert current(tx) == 1
        bump(tx)
        with store.reading() as before:
            assert current(before) == 0
    with store.reading() as after:
        assert current(after) == 2
