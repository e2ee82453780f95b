"""Rich text both ways: plain text to Atlassian's document format, and back."""

from connectors.sandbox.store import Document


def to_document(text: Document | str | None) -> Document | None:
    """The document a v3 answer carries. A document stays as it is; text becomes one paragraph per line."""
    if text is None or isinstance(text, dict):
        return text
    return {"type": "doc", "version": 1, "content": [_paragraph(line) for line in text.splitlines()]}


def to_text(document: Document | str | None) -> str | None:
    """The text a v2 answer carries."""
    if document is None or isinstance(document, str):
        return document
    return "\n".join(_words(block) for block in document.get("content", []))


def _paragraph(line: str) -> Document:
    return {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []}


def _words(node: Document) -> str:
    return str(node.get("text", "")) + "".join(_words(inner) for inner in node.get("content", []))
