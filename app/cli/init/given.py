"""Answers that need not be asked for: options and files of the command, the environment, and what is there already."""

import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pydantic import SecretStr

from app import settings
from app.cli.init.questions import MADE, Answers, Question, nothing, questions
from app.db.session import holds_password
from app.errors import Invalid
from app.settings import ENV_FILE, PREFIX, SECRETS_DIR


def present(folder: Path) -> Answers:
    """What the environment and the files of the folder say already. Raises Invalid for what cannot be used."""
    found = settings.load(_env_file=folder / ENV_FILE)
    names = [question.name for question in questions()] + [MADE]
    return {name: _text(getattr(found, name)) for name in names if name in found.model_fields_set}


def of_options(options: Mapping[str, str | Path | None]) -> Answers:
    """The answers given as options, by their settings' names; hidden ones are read from the files that are named.
    Raises Invalid, a line for each that cannot be used."""
    found, wrong = Answers(), []
    for question in questions():
        value = options.get(question.name)
        if value is None:
            continue
        try:
            found[question.name] = _read(question, _content(value) if isinstance(value, Path) else value)
        except Invalid as error:
            wrong.append(f"  {question.option}: {error.message}")
    if wrong:
        raise Invalid("These answers cannot be used:\n" + "\n".join(wrong))
    return found


def completed(answers: Answers) -> Answers:
    """The answers with what is proposed for the missing ones. Raises Invalid that lists those nobody can propose; what
    is derived from others is not listed beside them."""
    missing: list[str] = []
    for question in questions():
        if not question.applies(answers):
            continue
        answers[question.name] = answers.get(question.name, "") or question.proposal(answers)
        derived = missing and question.proposal is not nothing
        if not answers[question.name] and not question.empty and not derived:
            missing.append(f"  {question.option}, or {question.variable} in the environment: {question.asks}")
    if missing:
        raise Invalid("These answers are missing:\n" + "\n".join(missing))
    return answers


def overruling(answers: Answers) -> Iterator[str]:
    """A word for each variable of the environment that goes on saying something else than the files."""
    for name in (SECRETS_DIR, *(question.variable for question in questions())):
        told = os.environ.get(name, "")
        if told and told != answers.get(name.removeprefix(PREFIX).lower()):
            yield f"{name} is set in the environment and wins over what was written: unset it."


def _read(question: Question, text: str) -> str:
    text = text.strip()
    answer = question.read(text) if text else ""
    if question.name == "database_url" and answer and holds_password(answer):
        raise Invalid(f"a password in an option can be seen by others; set {question.variable} in the environment.")
    return answer


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}.") from None


def _text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return ",".join(map(_text, value))
    return value.isoformat() if isinstance(value, date) else str(value if value is not None else "")
