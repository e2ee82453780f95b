"""Where the sandbox keeps its documents: in memory, written through to one SQLite file if a path is given."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Document = dict[str, Any]


class Table:
    """Documents of one kind by id. Change a document and `put` it again; a change without `put` is not kept."""

    def __init__(self, store: "Store", name: str) -> None:
        self._store = store
        self.name = name
        self._documents: dict[str, Document] = {}

    def get(self, key: str | int) -> Document | None:
        return self._documents.get(str(key))

    def put(self, key: str | int, document: Document) -> Document:
        self._documents[str(key)] = document
        self._store.write(self.name, str(key), document)
        return document

    def put_many(self, documents: dict[str, Document]) -> None:
        """One write for many documents: for seeding thousands of issues."""
        self._documents.update(documents)
        self._store.write_many(self.name, documents)

    def delete(self, key: str | int) -> None:
        self._documents.pop(str(key), None)
        self._store.write(self.name, str(key), None)

    def clear(self) -> None:
        gone: dict[str, Document | None] = dict.fromkeys(self._documents)
        self._documents.clear()
        self._store.write_many(self.name, gone)

    def load(self, key: str, document: Document) -> None:
        self._documents[key] = document

    def __iter__(self) -> Iterator[Document]:
        return iter(list(self._documents.values()))

    def __len__(self) -> int:
        return len(self._documents)

    def __contains__(self, key: str | int) -> bool:
        return str(key) in self._documents


class Store:
    """All tables of one site. `lock` guards every request that changes something, as the real site does."""

    def __init__(self, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self._tables: dict[str, Table] = {}
        self._database = sqlite3.connect(path, check_same_thread=False) if path else None
        if self._database:
            self._open(self._database)

    def _open(self, database: sqlite3.Connection) -> None:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE IF NOT EXISTS documents (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id))")
        for kind, key, body in database.execute("SELECT kind, id, body FROM documents ORDER BY rowid"):
            self.table(kind).load(key, json.loads(body))

    def table(self, name: str) -> Table:
        return self._tables.setdefault(name, Table(self, name))

    def next_id(self, sequence: str, start: int = 10000) -> int:
        """The next number of a named sequence, kept over restarts."""
        with self.lock:
            counter = self.table("sequences").get(sequence) or {"value": start - 1}
            counter = {"value": counter["value"] + 1}
            self.table("sequences").put(sequence, counter)
            return int(counter["value"])

    def write(self, kind: str, key: str, document: Document | None) -> None:
        self.write_many(kind, {key: document})

    def write_many(self, kind: str, documents: "dict[str, Document | None] | dict[str, Document]") -> None:
        if not self._database:
            return
        with self.lock, self._database:
            for key, document in documents.items():
                if document is None:
                    self._database.execute("DELETE FROM documents WHERE kind=? AND id=?", (kind, key))
                else:
                    self._database.execute(
                        "INSERT INTO documents VALUES (?,?,?) ON CONFLICT (kind, id) DO UPDATE SET body=excluded.body",
                        (kind, key, json.dumps(document, ensure_ascii=False)),
                    )

    def clear(self) -> None:
        """Forget everything; tables that callers hold stay valid and are empty."""
        with self.lock:
            for table in list(self._tables.values()):
                table.clear()

    def close(self) -> None:
        if self._database:
            self._database.close()
