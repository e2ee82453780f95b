"""Issue keys in texts that Jira or people wrote: those of issues that may not be shown are made unreadable."""

import re
from collections.abc import Collection, Iterable

# A key in any case; not the name of a host (app-1.example.com) and not a part of a longer word.
_KEY = re.compile(r"(?<![\w.-])[A-Za-z][A-Za-z0-9_]+-[1-9][0-9]*(?![\w-]|\.\w)")
MASK = "•••"


def keys_in(texts: Iterable[str]) -> set[str]:
    """Everything in the texts that looks like an issue key, in capitals."""
    return {key.upper() for text in texts for key in _KEY.findall(text)}


def masked(text: str, visible: Collection[str]) -> str:
    """The text without the keys of issues that are not known to be visible to all: Jira's refusal of a query names
    issues that it hides from us."""
    return _KEY.sub(lambda found: found[0] if found[0].upper() in visible else MASK, text)
