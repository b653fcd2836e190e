"""What tests of sandboxes leave behind goes with them."""

from openapi.sandbox import databases


def remove_all() -> None:
    """Every database of a sandbox, and the seed."""
    with databases._server() as session:
        rows = session.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [databases.base_name()]
        ).fetchall()
        for (name,) in rows:
            databases._drop(session, name)
