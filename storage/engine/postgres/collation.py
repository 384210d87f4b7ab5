"""PostgreSQL compares our texts byte by byte, as SQLite does.

Each server sorts by a locale of its own, whose rules change with the system under it: the same
names would come in another order, and an index that was built under the old rules no longer finds
its rows. So no column keeps the server's collation.
"""

from typing import Final

from sqlalchemy import Connection

_OF_OTHER_ORDER: Final = """
    SELECT quote_ident(tables.relname) AS name, array_agg(quote_ident(columns.attname)) AS columns,
      array_agg(format_type(columns.atttypid, columns.atttypmod)) AS types
    FROM pg_attribute AS columns JOIN pg_class AS tables ON tables.oid = columns.attrelid
    WHERE tables.relnamespace = current_schema()::regnamespace AND tables.relkind = 'r'
      AND columns.attnum > 0 AND NOT columns.attisdropped AND columns.attcollation NOT IN (
        0, (SELECT oid FROM pg_collation WHERE collname = 'C'))
    GROUP BY tables.relname
"""
_TRIGGERS: Final = """
    SELECT quote_ident(triggers.tgname) AS name, quote_ident(tables.relname) AS of_table,
      pg_get_triggerdef(triggers.oid) AS definition
    FROM pg_trigger AS triggers JOIN pg_class AS tables ON tables.oid = triggers.tgrelid
    WHERE tables.relnamespace = current_schema()::regnamespace AND NOT triggers.tgisinternal
"""


def compare_bytes(connection: Connection) -> None:
    """Have every text of a PostgreSQL database compared by its bytes."""
    found = connection.exec_driver_sql(_OF_OTHER_ORDER).all()
    if not found:
        return
    # PostgreSQL refuses to touch a column that a trigger names.
    tables = {name for name, *_ in found}
    triggers = [
        row for row in connection.exec_driver_sql(_TRIGGERS).all() if row.of_table in tables
    ]
    for row in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {row.name} ON {row.of_table}")
    for name, columns, types in found:
        changes = ", ".join(
            f'ALTER COLUMN {column} TYPE {kind} COLLATE "C"'
            for column, kind in zip(columns, types, strict=True)
        )
        connection.exec_driver_sql(f"ALTER TABLE {name} {changes}")
    for row in triggers:
        connection.exec_driver_sql(row.definition)
