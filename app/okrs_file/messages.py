"""What pydantic found wrong, said in our words and with the line of the file."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.okrs_file.document import Block, Rows
from app.okrs_file.problems import Problems, nearest

# One sentence for each type of error; {…} are pydantic's own values and `given`. Others keep pydantic's sentence.
SENTENCES = {
    "string_type": "it must be a text, not {given}; write it in quotes if it is one.",
    "decimal_type": "it must be a number, not {given}.",
    "decimal_parsing": "it must be a number, not {given}.",
    "int_type": "it must be a whole number, not {given}.",
    "int_parsing": "it must be a whole number, not {given}.",
    "int_from_float": "it must be a whole number, not {given}.",
    "bool_type": "it must be true or false, not {given}.",
    "bool_parsing": "it must be true or false, not {given}.",
    "list_type": "it must be a list; begin each item with `- `.",
    "model_type": "it must be a mapping (`key: value`), not {given}.",
    "model_attributes_type": "it must be a mapping (`key: value`), not {given}.",
    "dict_type": "it must be a mapping (`key: value`), not {given}.",
    "date_type": "it must be a date such as 2026-10-01, not {given}.",
    "datetime_type": "it must be a date, or a time such as 2026-10-05T09:00+09:00, not {given}.",
    "string_too_short": "it is empty; give a text.",
    "string_too_long": "it is too long; {max_length} characters at most.",
    "string_pattern_mismatch": "{given} cannot be an id: letters A–Z, digits, dots, hyphens and underscores only, "
    "beginning with a letter or digit.",
    "greater_than": "it must be more than {gt}.",
    "greater_than_equal": "it must be {ge} or more.",
    "less_than_equal": "it must be {le} or less.",
    "too_short": "it is empty; give at least {min_length}, or leave it out.",
    "too_long": "it has too many items; {max_length} at most.",
}


def report(problems: Problems, model: type[BaseModel], block: Block, error: ValidationError) -> None:
    """Add what `error` says about `block`, which was to become a `model`."""
    for detail in error.errors(include_url=False):
        _report_one(problems, model, block, detail)


def _report_one(problems: Problems, model: type[BaseModel], block: Block, detail: ErrorDetails) -> None:
    loc = [part for part in detail["loc"] if not str(part).startswith("<")]
    value, line, where = _find(block, loc)
    if detail["type"] == "extra_forbidden":
        known = _keys(_models_at(model, detail["loc"][:-1]))
        message = f"this key is unknown.{nearest(str(loc[-1]), known)}"
    elif detail["type"] == "missing":
        message = f'"{loc[-1]}" is missing; add it.'
        where = where.rpartition(".")[0]
    elif detail["type"] in ("enum", "literal_error"):
        choices = _choices(detail["ctx"]["expected"])
        message = f"{_given(value)} is none of {', '.join(choices)}.{_near(value, choices)}"
    elif sentence := SENTENCES.get(detail["type"]):
        message = sentence.format_map({**detail.get("ctx", {}), "given": _given(value)})
    else:
        message = f"{detail['msg'][0].lower()}{detail['msg'][1:].rstrip('.')}."
    problems.add(line, where, message)


def _find(block: Block, loc: list[int | str]) -> tuple[object, int, str]:
    """The value at `loc`, the line it stands on (of what is around it, where it is missing) and its name."""
    value: object = block
    line, where = block.line, block.where
    for part in loc:
        if isinstance(value, Block):
            line, where = value.line_of(str(part)), value.path(str(part))
            value = value.get(str(part))
        elif isinstance(value, Rows) and isinstance(part, int) and part < len(value):
            line, where = value.lines[part], f"{where}[{part + 1}]"
            value = value[part]
    return value, line, where


def _given(value: object) -> str:
    if isinstance(value, Block):
        return "a mapping"
    if isinstance(value, Rows):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _choices(expected: str) -> list[str]:
    return [choice.strip().strip("'") for choice in expected.replace(" or ", ", ").split(",")]


def _near(value: object, choices: list[str]) -> str:
    said = nearest(value, choices) if isinstance(value, str) else ""
    return said if "mean" in said else ""


def _models_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[type[BaseModel]]:
    """The models that may stand at a place: fields are followed by their names, list items and unions as they are."""
    models = [model]
    for part in loc:
        if isinstance(part, int) or part.startswith("<"):
            continue
        fields: Iterator[Any] = (m.model_fields[part].annotation for m in models if part in m.model_fields)
        models = [found for annotation in fields for found in _models_in(annotation)]
    return models


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _keys(models: list[type[BaseModel]]) -> list[str]:
    fields: list[Mapping[str, Any]] = [model.model_fields for model in models]
    return [field.alias or name for group in fields for name, field in group.items()]
