"""The files of an installation: what is to be written and what is there, and writing all of it or nothing."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dotenv import dotenv_values
from pydantic import SecretStr

from app.cli.init import env_file
from app.cli.init.questions import MADE, Answers, questions
from app.db.session import holds_password
from app.domain.model import Period
from app.domain.periods import label, span_of
from app.errors import Invalid
from app.services.okrs import schema_text
from app.settings import ENV_FILE, PREFIX, SECRETS_DIR, Settings

STARTER = Path(__file__).parents[3] / "templates" / "starter" / "okrs.yaml"
CYCLE, FIRST_DAY, LAST_DAY = "2026-Q4", "2026-10-01", "2026-12-31"
"""What stands in the starter, which is itself a good file."""

PRIVATE = 0o600
OKRS, SCHEMA, IGNORE = "okrs.yaml", "okrs.schema.json", ".gitignore"
SECRETS = "secrets"


@dataclass(frozen=True)
class Planned:
    """A file as it shall be, None: gone; and as it is, None: not there. `mode` is that of a new one."""

    path: Path
    text: str | None
    before: str | None
    mode: int = 0o644

    @property
    def is_new(self) -> bool:
        return self.before is None


def planned(folder: Path, answers: Answers, today: date) -> list[Planned]:
    """What has to be written into the folder, secrets first and the settings last. Files that are as they shall be
    are left out, and so is a file of OKRs that is there. Raises Invalid for one that cannot be read."""
    env = folder / ENV_FILE
    filed = dotenv_values(env)
    at = filed.get(SECRETS_DIR) or SECRETS
    kept = _secrets(answers, filed)
    files = list(_files_of_secrets(folder / at, kept))
    new = {IGNORE: ignored(at)}
    if _present(folder / OKRS) is None:
        new |= {OKRS: starter(today), SCHEMA: schema_text()}
    files += [Planned(folder / name, text, None) for name, text in new.items() if _present(folder / name) is None]
    files.append(_settings(env, answers, kept, at))
    return [file for file in files if file.text != file.before]


def starter(today: date) -> str:
    """The example of a file of OKRs, its cycle the quarter that `today` is in."""
    quarter = span_of(Period.QUARTER, today)
    text = STARTER.read_text(encoding="utf-8").replace(CYCLE, label(Period.QUARTER, today))
    text = text.replace(FIRST_DAY, quarter.starts_on.isoformat())
    return text.replace(LAST_DAY, quarter.ends_on.isoformat())


def ignored(secrets: str) -> str:
    """What must not come into a repository."""
    inside = "" if Path(secrets).is_absolute() else f"{secrets.rstrip('/')}/\n"
    return f"{ENV_FILE}\n{inside}plainsight.db*\n"


def unignored(folder: Path) -> Iterator[str]:
    """A word about what an own .gitignore leaves open."""
    lines = {line.strip().rstrip("/") for line in (_present(folder / IGNORE) or "").splitlines()}
    at = dotenv_values(folder / ENV_FILE).get(SECRETS_DIR) or SECRETS
    open_still = [line for line in ignored(at).split() if line.rstrip("/") not in lines]
    if open_still:
        yield f"Keep these out of your repository; {IGNORE} does not name them: {', '.join(open_still)}"


def write(files: Sequence[Planned]) -> None:
    """All of them or none: each is laid beside its place first, and then they are put there. Invalid: the folder or a
    file cannot be written."""
    with ExitStack() as undo:
        try:
            for file, beside in [(file, _lay(file, undo)) for file in files]:
                _put(file, beside)
        except OSError as error:
            raise Invalid(f"{error.filename} cannot be written: {error.strerror}.") from None
        undo.pop_all()


def _put(file: Planned, beside: Path | None) -> None:
    if beside is None:
        file.path.unlink(missing_ok=True)
    else:
        beside.replace(file.path)


def _lay(file: Planned, undo: ExitStack) -> Path | None:
    if file.text is None:
        return None
    for missing in reversed([one for one in file.path.parents if not one.exists()]):
        missing.mkdir(mode=0o700 if missing == file.path.parent and file.mode == PRIVATE else 0o777)
        undo.callback(_remove, missing)
    beside = file.path.with_name(file.path.name + ".new")
    mode = file.mode if file.is_new or file.mode == PRIVATE else file.path.stat().st_mode & 0o777
    beside.unlink(missing_ok=True)
    undo.callback(beside.unlink, missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as written:
        written.write(file.text)
    return beside


def _remove(folder: Path) -> None:
    with suppress(OSError):  # it is not empty any more
        folder.rmdir()


def _settings(env: Path, answers: Answers, kept: dict[str, str], at: str) -> Planned:
    secret = [name for name, text in kept.items() if text]
    values = {one.name: answers.get(one.name, "") for one in questions() if not one.hidden and one.name not in secret}
    before = _present(env)
    if before is None:
        return Planned(env, env_file.new_text(values, secret, at), None)
    return Planned(env, env_file.changed_text(before, values, secret, at), before)


def _secrets(answers: Answers, filed: Mapping[str, str | None]) -> dict[str, str]:
    """The secrets by name; empty: there is none. Those that were not asked for come out of the file of settings, where
    they stand in the open. A database's address is a secret if it holds a password."""
    found = {one.name: answers.get(one.name, "") for one in questions() if one.hidden}
    found[MADE] = answers[MADE]
    url = answers["database_url"]
    found["database_url"] = url if holds_password(url) else ""
    for name, field in Settings.model_fields.items():
        in_the_open = filed.get(PREFIX + name.upper())
        if isinstance(field.default, SecretStr) and name not in found and in_the_open:
            found[name] = in_the_open
    return found


def _files_of_secrets(folder: Path, kept: dict[str, str]) -> Iterator[Planned]:
    for name, text in kept.items():
        path = folder / f"{PREFIX}{name}".lower()
        yield Planned(path, f"{text}\n" if text else None, _present(path), PRIVATE)


def _present(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read: {error}. Move it away, or mend it.") from None
