"""The message of a version that we write: our digest's tag first, then why it was written."""

import re

_TAG = re.compile(r"\[[0-9a-f]{8}\]")
MESSAGE_LIMIT = 255  # UTF-16 units: Confluence counts as Java does


def tag(digest: str) -> str:
    return f"[{digest[:8]}]"


def message(digest: str, words: str) -> str:
    """The version message: the tag first, so that no limit can cut it off, then why, on one line."""
    text = " ".join(f"{tag(digest)} {words}".split())
    if _units(text) <= MESSAGE_LIMIT:
        return text
    while _units(text) > MESSAGE_LIMIT - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def has_tag(version_message: str, digest: str) -> bool:
    return version_message.startswith(tag(digest))


def has_any_tag(version_message: str) -> bool:
    """Whether it looks like a message of ours, whatever was written then."""
    return _TAG.match(version_message) is not None
