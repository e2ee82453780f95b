"""A report as JSON: the same report gives the same text, wherever and whenever it is written."""

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from app.domain.numbers import twelve_places

Value = TypeVar("Value")


def plain(value: object) -> object:
    """The value in JSON's types: numbers as their digits, progress to 12 places, times in ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Fraction):
        return str(twelve_places(value))
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def canonical(value: object) -> str:
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(kind: type[Value], stored: object) -> Value:
    """The value that `plain` made this of: a dataclass of texts, whole numbers, dates, times, tuples and dataclasses,
    optional ones too. Raises TypeError, KeyError or ValueError for what was stored in another shape."""
    found: Value = _read(kind, stored)
    return found


def _read(kind: Any, stored: Any) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{field.name: _read(hints[field.name], stored[field.name]) for field in fields(kind)})
    if get_origin(kind) is UnionType:
        wanted = next(one for one in get_args(kind) if one is not type(None))
        return None if stored is None else _read(wanted, stored)
    if get_origin(kind) is tuple:
        kinds = get_args(kind)
        if kinds[-1] is Ellipsis:
            return tuple(_read(kinds[0], one) for one in stored)
        return tuple(_read(one, part) for one, part in zip(kinds, stored, strict=True))
    if kind in (date, datetime):
        return kind.fromisoformat(stored)
    if not isinstance(stored, kind):
        raise TypeError(f"{stored!r} is not {kind.__name__}")
    return stored
