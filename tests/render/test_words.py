"""Every message is in every catalogue, with its placeholders, and no catalogue holds words that nobody says."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from app.catalogues import FOLDER, catalogue, languages, translate
from app.domain.model import Health
from app.errors import Invalid
from app.voice import HEALTH_WORDS, WORDS

ROOT = Path(__file__).parent.parent.parent
IN_PYTHON = ("_", "N_")
IN_TEMPLATES = ("_", "N_", "each", "head", "term")


@cache
def messages() -> frozenset[str]:
    return frozenset(_extracted())


def _extracted() -> Iterator[str]:
    for path in ROOT.glob("app/**/*.py"):
        for _, message, _, _ in extract_from_file("python", path, keywords=dict.fromkeys(IN_PYTHON)):
            yield str(message)
    for path in ROOT.glob("templates/**/*.j2"):
        with path.open("rb") as file:
            for _, _, words, _ in babel_extract(file, IN_TEMPLATES, (), {"trim_blocks": "true", "silent": "false"}):
                yield from filter(None, [words] if isinstance(words, str) else words or ())


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w*)\}", text))


def entries(language: str) -> dict[str, str]:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return {str(entry.id): "" if entry.fuzzy else str(entry.string) for entry in read_po(file) if entry.id}


@pytest.mark.parametrize("language", languages())
def test_a_language_knows_every_message(language: str) -> None:
    missing = sorted(message for message in messages() if not entries(language).get(message))
    listed = "\n\n".join(f'msgid "{message}"\nmsgstr ""' for message in missing)
    assert not missing, f"Translate these in templates/locales/{language}.po:\n\n{listed}"


@pytest.mark.parametrize("language", languages())
def test_a_language_knows_no_message_that_nobody_says(language: str) -> None:
    stale = sorted(set(entries(language)) - messages())
    assert not stale, f"Delete these from templates/locales/{language}.po: {stale}"


@pytest.mark.parametrize("language", languages())
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    wrong = [message for message, words in entries(language).items() if placeholders(message) != placeholders(words)]
    assert not wrong


def test_every_health_has_words_in_both_languages() -> None:
    assert set(HEALTH_WORDS) == set(Health)
    said = {language: {translate(HEALTH_WORDS[health], language) for health in Health} for language in ("ko", "en")}
    assert said["ko"] == {"위험", "주의", "갱신지연", "대기", "순조", "완료"}
    assert {words.upper() for words in said["en"]} == {
        *("OFF TRACK", "AT RISK", "OUTDATED", "PENDING", "ON TRACK", "DONE")
    }


def test_every_code_has_a_translation() -> None:
    assert not [words for words in WORDS.values() if words not in catalogue("ko")]


def test_an_unknown_language_says_which_there_are() -> None:
    with pytest.raises(Invalid, match=r"'xx'.*en, ko.*templates/locales/xx\.po"):
        catalogue("xx")
