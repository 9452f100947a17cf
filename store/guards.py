"""Append-only tables refuse UPDATE and DELETE in the database itself (design: house.md, decision 7)."""

from sqlalchemy import Connection, inspect, text

from store.models import APPEND_ONLY

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only: what it says is never changed or deleted', TG_TABLE_NAME; END $$
"""


def put_up(connection: Connection) -> None:
    """Puts up the triggers of every append-only table that exists; run after each migration, since batch mode drops them."""
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(text(_POSTGRESQL_FUNCTION))
    standing = set(inspect(connection).get_table_names())
    for name in standing & {model.__tablename__ for model in APPEND_ONLY}:
        for statement in _on_postgresql(name) if postgresql else _on_sqlite(name):
            connection.execute(text(statement))


def _on_postgresql(table: str) -> list[str]:
    return [
        f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    ]


def _on_sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_refuse_{change} BEFORE {change} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: what it says is never changed or deleted'); END"
        for change in ("update", "delete")
    ]
