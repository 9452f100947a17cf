"""Where a figure is taken: a home of its own, a database of either kind, the programs as processes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sandbox.settings import demo_settings
from store.clock import Clock, SystemClock
from store.migrate import bring_up_to_date
from store.settings import Settings
from store.transaction import Store
from tests.support.approvals import NO_APPROVALS
from tests.support.postgres import postgres_server
from tests.support.product import Product, free_port
from tests.support.servers import own_folder
from tests.support.waiting import wait_until

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@contextmanager
def fresh(database: str, clock: Clock | None = None) -> Iterator[Store]:
    """A migrated database of this kind in a home of its own; WeCom's door is open, nobody stands behind its API."""
    with ExitStack() as stack:
        home = stack.enter_context(own_folder("bench-"))
        settings = demo_settings(Settings(home=home, trade=NO_APPROVALS, http_port=free_port(), log_level="INFO"), free_port())
        settings = settings.model_copy(update={"movable_clock": False, "database_url": stack.enter_context(_url(database))})
        bring_up_to_date(settings)
        store = Store(settings, clock or SystemClock())
        stack.callback(store.close)
        yield store


@contextmanager
def _url(database: str) -> Iterator[str]:
    if database == SQLITE:
        yield ""
        return
    with postgres_server() as server, server.migrated() as url:
        yield url


@contextmanager
def serving(settings: Settings) -> Iterator[Product]:
    """The product's serve process alone, without workers."""
    product = Product(settings)
    product.serve.start()
    try:
        wait_until(lambda: product.status("/healthz") == 200, 60)
        yield product
    except BaseException:
        print(_tail(product.serve.log))
        raise
    finally:
        product.serve.stop()


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-4000:]
