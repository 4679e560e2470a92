"""What an operator asks of the database itself."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def pending_migrations() -> list[str]:
    """The migrations that this version has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def version() -> str:
    """The database's name and version, as an operator knows it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        (number,) = cursor.fetchone()
    return f"{'SQLite' if connection.vendor == 'sqlite' else 'PostgreSQL'} {number}"


def journal_mode() -> str:
    """SQLite's journal mode (``wal`` is wanted); empty for other databases."""
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        return str(cursor.fetchone()[0])
