"""Questions in Confluence's query language, the same on Cloud and Data Center."""

import math
import re
from datetime import timedelta


def quoted(text: str) -> str:
    """A text of the language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def titled(space_key: str, title: str) -> str | None:
    """Pages whose title has these words in this order; None where there is no word to look for. What is not a letter or
    a digit would be read as an operator of the index."""
    words = " ".join(re.findall(r"\w+", title))
    phrase = quoted(f'"{words}"')
    return f"type = page and space = {quoted(space_key)} and title ~ {phrase}" if words else None


def comments(space_key: str, since: timedelta) -> str:
    """Comments in a space made that long ago at most, by the site's own clock, in whole minutes: a date would be read
    in the account's time zone."""
    minutes = max(1, math.ceil(since.total_seconds() / 60))
    return f'type = comment and space = {quoted(space_key)} and created >= now("-{minutes}m") order by created asc'
