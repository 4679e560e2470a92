"""Say where a PostgreSQL answers on which tests may create databases: DATABASE_URL, else the usual local ones."""

import getpass
import os
import sys

import psycopg

USERS = dict.fromkeys(("rongtong", "postgres", getpass.getuser()))


def answers(address: str) -> bool:
    """Whether one can sign in at ``address`` (to the database that always exists) and create databases."""
    server, _slash, _name = address.rpartition("/")
    try:
        with psycopg.connect(f"{server}/postgres", connect_timeout=2) as connection:
            row = connection.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def main() -> None:
    given = os.environ.get("DATABASE_URL", "")
    usual = [f"postgresql://{user}@127.0.0.1:5432/rongtong" for user in USERS]
    candidates = [given] if given.startswith("postgres") else usual
    sys.stdout.write(next((address for address in candidates if answers(address)), ""))


if __name__ == "__main__":
    main()
