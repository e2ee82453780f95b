"""Alembic migrations, one file each; the same on SQLite and PostgreSQL."""
