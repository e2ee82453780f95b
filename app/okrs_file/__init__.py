"""The file format `okrs.yaml`: OKRs, KPIs, evidence and pages as people write them (docs/okrs-file.md)."""

from app.okrs_file.read import read, read_text
from app.okrs_file.schema import json_schema
from app.okrs_file.values import Definitions

__all__ = ["Definitions", "json_schema", "read", "read_text"]
