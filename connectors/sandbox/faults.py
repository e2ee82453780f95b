"""Faults that tests and demos switch on: which one strikes which request.

A fault is a JSON object. Which requests it strikes: `path` (regular expression, searched; default all), `method`
(default all), `skip` (let this many pass first), `count` (strike this often; default for ever), `probability` (0
to 1). What it does, one or more of: `status` with `headers` and `body` (answer this instead), `delay` (seconds,
before anything else), `lose_answer` (act, then close the connection), `login_page` (200 with HTML), `empty_page`
(a search page with no issues and a token), `repeat_token` (a search page whose token is the one that asked for
it). To add a kind, name it in KINDS and act on it in `traffic.py` or in the handler concerned.
"""

import itertools
import random
import re
from typing import Any

from connectors.sandbox.site import Site

KINDS = ("status", "delay", "lose_answer", "login_page", "empty_page", "repeat_token")
KEYS = frozenset({*KINDS, "path", "method", "skip", "count", "probability", "headers", "body"})
_numbers = itertools.count(1)


def add(site: Site, fault: dict[str, Any]) -> dict[str, Any]:
    """Switch a fault on. Raises ValueError that says what is wrong with it."""
    unknown = sorted(set(fault) - KEYS)
    if unknown:
        raise ValueError(f"unknown in a fault: {', '.join(unknown)}; known are {', '.join(sorted(KEYS))}")
    if not any(kind in fault for kind in KINDS):
        raise ValueError(f"a fault does one of: {', '.join(KINDS)}")
    if "status" in fault and not (isinstance(fault["status"], int) and 200 <= fault["status"] <= 599):
        raise ValueError(f"status must be a number from 200 to 599, not {fault['status']!r}")
    try:
        re.compile(fault.get("path", ""))
    except re.error as error:
        raise ValueError(f"path is not a regular expression: {error}") from None
    made = {**fault, "id": next(_numbers), "struck": 0}
    with site.faults_lock:
        site.faults.append(made)
    return made


def remove(site: Site, fault_id: int | None = None) -> None:
    """Switch one fault off, or all."""
    with site.faults_lock:
        site.faults[:] = [fault for fault in site.faults if fault_id is not None and fault["id"] != fault_id]


def strike(site: Site, method: str, path: str, kinds: tuple[str, ...] = KINDS) -> dict[str, Any] | None:
    """The first fault of these kinds that strikes this request now, counted as struck; or None."""
    if not site.faults:
        return None
    with site.faults_lock:
        for fault in site.faults:
            if _concerns(fault, method, path, kinds) and _due(fault):
                fault["struck"] += 1
                return dict(fault)
    return None


def _concerns(fault: dict[str, Any], method: str, path: str, kinds: tuple[str, ...]) -> bool:
    return (
        any(kind in fault for kind in kinds)
        and fault.get("method", method).upper() == method
        and re.search(fault.get("path", ""), path) is not None
    )


def _due(fault: dict[str, Any]) -> bool:
    if fault.get("skip", 0) > 0:
        fault["skip"] -= 1
        return False
    if "count" in fault and fault["struck"] >= fault["count"]:
        return False
    return random.random() < float(fault.get("probability", 1))
