"""A place as it stands at one moment, database and site, to be put back for the next test."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

from app.db.base import Base
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document


@dataclass(frozen=True)
class Snapshot:
    """Rows by table, documents by table of the site (they are replaced, never changed in place)."""

    at: datetime
    rows: Mapping[str, list[Any]]
    documents: Mapping[str, Mapping[str, Document]]


def take(engine: Engine, site: Site) -> Snapshot:
    with engine.connect() as connection:
        rows = {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in Base.metadata.sorted_tables
        }
    documents = {name: dict(table._documents) for name, table in site.store._tables.items()}
    return Snapshot(site.now(), rows, documents)


def restore_rows(engine: Engine, snapshot: Snapshot) -> None:
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            rows = snapshot.rows[table.name]
            if rows:
                connection.execute(table.insert(), rows)
            if engine.dialect.name == "postgresql" and table.autoincrement_column is not None:
                # Numbers that we gave ourselves do not move the sequence on.
                name = f"pg_get_serial_sequence('{table.name}', 'id')"
                connection.execute(text(f"SELECT setval({name}, (SELECT coalesce(max(id), 0) + 1 FROM {table.name}))"))


def restore_site(site: Site, snapshot: Snapshot) -> None:
    for name, documents in snapshot.documents.items():
        for key, document in documents.items():
            site.store.table(name).load(key, document)
