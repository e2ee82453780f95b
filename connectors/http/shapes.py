"""JSON from outside taken as the shape we expect, or as an empty one: what is odd is left out, never a crash."""

from typing import Any


def a_dict(sent: object) -> dict[str, Any]:
    return sent if isinstance(sent, dict) else {}


def a_list(sent: object) -> list[Any]:
    return sent if isinstance(sent, list) else []


def dicts(sent: object) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [item for item in a_list(sent) if isinstance(item, dict)]
