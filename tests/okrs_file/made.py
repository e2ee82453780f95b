"""Definitions for tests: from a file that uses every key there is, and what two of them have in common."""

from dataclasses import replace
from pathlib import Path

from app.okrs_file import Definitions, read, read_text
from app.services.sources import SOURCES

FILE = Path(__file__).with_name("everything.yaml")
CHECKS = {name: source.parse for name, source in SOURCES.items()}


def everything() -> Definitions:
    return read(FILE, sources=CHECKS)


def reread(text: str, time_zone: str = "Asia/Seoul") -> Definitions:
    return read_text(text, time_zone=time_zone, sources=CHECKS)


def comparable(definitions: Definitions) -> Definitions:
    """Metrics by id: their order means nothing."""
    return replace(definitions, metrics=tuple(sorted(definitions.metrics, key=lambda one: one.id)))
