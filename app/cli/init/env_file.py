"""The text of the .env file: a new one with every setting in it, or one that is there with just its values changed."""

import re
from collections.abc import Collection, Mapping
from io import StringIO

from dotenv.parser import parse_stream
from pydantic import SecretStr

from app.settings import PREFIX, SECRETS_DIR, Settings

HEAD = """\
# Settings of Plainsight, written by `plainsight init`. Run it again to change them, or edit this file.
# Those that begin with # are as they are shown unless you say otherwise. An empty one counts as not given.
# Variables of the environment win over the files of secrets, and those over this file.

# The folder in which secrets have a file each, seen from this file
"""
PLAIN = re.compile(r"[\w@%+:,./~-]*")


def new_text(values: Mapping[str, str], secrets: Collection[str], folder: str) -> str:
    """A file with every setting: `values` by name, those that lie in files of the folder, the rest commented out."""
    lines = [HEAD, f"{SECRETS_DIR}={_quoted(folder)}\n"]
    for name, field in Settings.model_fields.items():
        if name in secrets:
            line = _elsewhere(name, folder)
        else:
            line = _line(name, values[name]) if name in values else f"# {_line(name, _default(name))}"
        lines.append(f"\n# {field.description}\n{line}")
    return "".join(lines)


def changed_text(text: str, values: Mapping[str, str], secrets: Collection[str], folder: str) -> str:
    """The text with these values; whatever else stands in it stays, but for secrets, which now lie in files."""
    wanted = {SECRETS_DIR: f"{SECRETS_DIR}={_quoted(folder)}\n"}
    wanted |= {_variable(name): _line(name, value) for name, value in values.items()}
    wanted |= {_variable(name): _elsewhere(name, folder) for name in secrets}
    gone = {_elsewhere(name, folder) for name in Settings.model_fields if name not in secrets}
    lines, placed = [], set[str]()
    for binding in parse_stream(StringIO("".join(line for line in _lines(text) if line not in gone))):
        key, original = (binding.key or "").upper(), binding.original.string
        if key not in wanted:
            lines.append(original)
        elif key not in placed:
            placed.add(key)
            lines.append(original[: len(original) - len(original.lstrip())] + wanted[key])
    there = set(_lines("".join(lines)))
    return "".join([*lines, *(line for key, line in wanted.items() if key not in placed and line not in there)])


def _lines(text: str) -> list[str]:
    """The lines, each with its end."""
    lines = text.splitlines(keepends=True)
    return [*lines[:-1], lines[-1].rstrip("\n") + "\n"] if lines else []


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _line(name: str, value: str) -> str:
    return f"{_variable(name)}={_quoted(value)}\n"


def _elsewhere(name: str, folder: str) -> str:
    return f"# {_variable(name)}: in the file {folder}/{_variable(name).lower()}\n"


def _quoted(value: str) -> str:
    return value if PLAIN.fullmatch(value) else "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _default(name: str) -> str:
    value = Settings.model_fields[name].default
    if isinstance(value, SecretStr) or value is None:
        return ""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
