"""The words of the product in each language, read once from templates/locales/*.po: a new language is a new file."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from app.errors import Invalid

FOLDER = Path(__file__).parent.parent / "templates" / "locales"


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages there are, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.po")))


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """English message → message in the language. Raises `Invalid` for a language without a catalogue."""
    if language not in languages():
        known = ", ".join(languages())
        raise Invalid(
            f"There is no language {language!r}: choose from {known}, or add templates/locales/{language}.po."
        )
    with (FOLDER / f"{language}.po").open("rb") as file:
        entries = read_po(file, locale=language, abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string and not entry.fuzzy}


def translate(message: str, language: str) -> str:
    """The message in the language, its `{placeholders}` still open; one that no catalogue knows comes back as it is."""
    return catalogue(language).get(message, message)
