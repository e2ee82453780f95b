"""OKRs as code: read a file, plan what applying it would do, apply it, export what there is."""

from app.services.okrs.apply import apply, plan, read, refuse_unexplained
from app.services.okrs.export import Exported, export, schema, schema_text
from app.services.okrs.plan import Action, Difference, Entry, Plan, legible

__all__ = [
    "Action",
    "Difference",
    "Entry",
    "Exported",
    "Plan",
    "apply",
    "export",
    "legible",
    "plan",
    "read",
    "refuse_unexplained",
    "schema",
    "schema_text",
]
