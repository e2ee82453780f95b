"""Atlassian's own reason, out of the several shapes that its error bodies have."""

from collections.abc import Iterator

from requests import Response

LONGEST = 500


def reason_of(response: Response) -> str:
    """The reason in one line of at most 500 characters, or an empty text.

    Shapes: `{errorMessages: […], errors: {field: text}}` (Jira), `{errors: [{title, detail}]}` (Confluence v2),
    `{message, data: {errors: [{message: {translation}}]}}` (Confluence v1), `{code, message}` (the gateway).
    """
    try:
        body = response.json()
    except ValueError:
        return ""
    seen = dict.fromkeys(text for text in map(plain, _texts(body)) if text)
    return plain("; ".join(seen))


def plain(text: object) -> str:
    """One line, without control characters, cut to 500."""
    printable = "".join(sign if sign.isprintable() else " " for sign in str(text))
    line = " ".join(printable.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _texts(body: object) -> Iterator[object]:
    if not isinstance(body, dict):
        return
    yield from _listed(body.get("errorMessages"))
    errors = body.get("errors")
    if isinstance(errors, dict):
        yield from (f"{field}: {text}" for field, text in errors.items())
    else:
        yield from _listed(errors)
    if body.get("message"):
        yield body["message"]
    elif isinstance(body.get("data"), dict):
        yield from _listed(body["data"].get("errors"))


def _listed(items: object) -> Iterator[object]:
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict):
            yield item
            continue
        message = item.get("message")
        if isinstance(message, dict):
            message = message.get("translation") or message.get("key")
        words = (item.get("title"), item.get("detail"), message)
        yield ": ".join(plain(word) for word in words if word)
