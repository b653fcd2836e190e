"""Writing a computed part of a table: only what differs, so that repeats cost little and leave no dead rows."""

from __future__ import annotations

from collections.abc import Sequence


def upsert(table: str, key: Sequence[str], values: Sequence[str], rows: str, place: str) -> str:
    """The statement that makes a place of a table what `rows` says: what is gone goes, only differences are written.

    Not MERGE: with NOT MATCHED BY SOURCE it reads the whole table, whatever the place is. NOT IN, for its list is
    hashed (no key is null); NOT EXISTS is joined, and PostgreSQL thinks that the list has one row: loops within loops.
    """
    keys = ", ".join(key)
    old, new = ", ".join(f"o.{name}" for name in values), ", ".join(f"excluded.{name}" for name in values)
    names = ", ".join((*key, *values))
    return f"""
        WITH n AS MATERIALIZED ({rows}),
             gone AS (DELETE FROM {table} o WHERE {place} AND ({keys}) NOT IN (SELECT {keys} FROM n))
        INSERT INTO {table} AS o ({names}) SELECT {names} FROM n
        ON CONFLICT ({keys}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in values)}
        WHERE ({old}) IS DISTINCT FROM ({new})"""
