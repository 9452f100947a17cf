"""Runs migrations on the connection it is given; alone (`alembic revision --autogenerate`) on the configured database."""

import warnings
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, TypeDecorator

from store import guards
from store.database import open_engine
from store.models import Base
from store.models.base import Document
from store.settings import load_settings


def render_item(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Writes our column types as what they are in the database, so that old migrations do not follow the code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    if item is Document:
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=render_item)
    with context.begin_transaction(), warnings.catch_warnings():
        # Batch mode looks at the tables around the one that it makes anew; SQLite cannot show an index over an expression.
        warnings.filterwarnings("ignore", message="Skipped unsupported reflection of expression-based index")
        context.run_migrations()
        guards.put_up(connection)


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    engine = open_engine(load_settings().database)
    with engine.connect() as own:
        migrate(own)
    engine.dispose()
