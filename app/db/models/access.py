"""The table of those who may use the REST API."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class TokenRow(Base):
    """A bearer token, known by its SHA-256 alone (`digest`, hex). `start` are its first characters, for people to tell
    tokens apart. `used_at` is kept to the day."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    start: Mapped[str] = mapped_column(String(16))
    read_only: Mapped[bool]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
