"""The file format `okrs.yaml`: OKRs, KPIs, evidence and pages as people write them (docs/okrs-file.md)."""

from app.okrs_file.json_schema import json_schema
from app.okrs_file.read import read, read_text
from app.okrs_file.values import Definitions
from app.okrs_file.write import write_text

__all__ = ["Definitions", "json_schema", "read", "read_text", "write_text"]
