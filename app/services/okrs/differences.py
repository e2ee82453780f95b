"""How columns differ, told in the words of the file: `owner minji → jun`, not `owner_id`."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.services.okrs.plan import Difference

Columns = Mapping[str, Any]
Told = dict[str, str | None]

LANGUAGES = ("ko", "en")
REFERENCES = ("parent", "team", "person", "cycle", "owner", "objective", "key_result", "metric", "supports")
KEYS = {
    **{f"{name}_id": name for name in REFERENCES},
    "corridor_healthy": "corridor.healthy",
    "corridor_watch": "corridor.watch",
    "own_page": "page",
}
"""Columns that the file has another name for."""

PROMISES = ("metric", "mode")
"""What a key result promises, with the parameters of its mode."""


def differences(before: Columns, after: Columns) -> tuple[Difference, ...]:
    """The fields that differ: promises first, by name. A text that both languages share is told once."""
    old, new = _told(before), _told(after)
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    names.sort(key=lambda name: (0, name) if is_promise(name, before, after) else (1, ""))
    return tuple(_shared(Difference(name, old.get(name), new.get(name)) for name in names))


def is_promise(name: str, before: Columns, after: Columns) -> bool:
    """Whether a field is of those that a key result promises."""
    return name in PROMISES or name in before.get("params", {}) or name in after.get("params", {})


def title(columns: Columns) -> str:
    """What a definition is called, for whoever reads the plan."""
    for name in ("title", "name"):
        if f"{name}_ko" in columns:
            return str(columns[f"{name}_en"] or columns[f"{name}_ko"])
    return str(columns["name"]) if "name" in columns else f"{columns['kind']} {columns['value']}"


def _told(columns: Columns) -> Told:
    told: Told = {}
    for name, value in columns.items():
        base, _, language = name.rpartition("_")
        if name == "params":
            told |= {key if key not in columns else f"progress.{key}": _word(inner) for key, inner in value.items()}
        elif language in LANGUAGES:
            told[f"{base}.{language}"] = value or None
        else:
            told[KEYS.get(name, name)] = _word(value)
    return told


def _shared(found: Iterable[Difference]) -> Iterator[Difference]:
    """One for both languages, where these differ in the same way."""
    all_ = {one.field: one for one in found}
    for name, one in all_.items():
        base, _, language = name.rpartition(".")
        other = all_.get(f"{base}.{'en' if language == 'ko' else 'ko'}") if language in LANGUAGES else None
        if other is None or (other.before, other.after) != (one.before, one.after):
            yield one
        elif language == LANGUAGES[0]:
            yield Difference(base, one.before, one.after)


def _word(value: object) -> str | None:
    if value in (None, ""):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(map(str, value)) or None
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_word(inner)}" for name, inner in value.items() if inner)
    return str(value)
