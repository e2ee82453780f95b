"""The parameters of modes and sources: what there are, and reading them; a refusal names the parameter and the cure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Literal

from app.domain.model import Period
from app.errors import Invalid

PLACES = 6
LIMIT = Decimal(10**12)
RISING_RANK = (
    "{mode}: {what} is a rising target, but with unit `rank` a smaller number is better, so this would get worse. "
    "Give a target that falls, or, if this counts something (results on page one, say), use unit `count`."
)


@dataclass(frozen=True)
class Parameter:
    """What a mode or a source may be told. `about` is a sentence for the file's schema, which editors show.

    `kind`: a `number` (exact), a `whole` one from 1 to `most`, a `choice` among `options`, a `flag` (true or false), or
    `words` (a list of texts). `default` is what it is unless given; None: nothing, or the reader finds out."""

    name: str
    about: str
    kind: Literal["number", "whole", "choice", "flag", "words"] = "number"
    required: bool = False
    options: tuple[str, ...] = ()
    default: str | bool | None = None
    most: int = 0


def period_of(default: Period, about: str) -> Parameter:
    """The parameter `period`."""
    return Parameter("period", about, "choice", options=tuple(Period), default=default)


def known(mode: str, raw: Mapping[str, object], takes: tuple[Parameter, ...]) -> None:
    """Raise Invalid for a parameter that the mode does not have: a misspelt one must not fall silently to a default."""
    names = [one.name for one in takes]
    for key in raw:
        if key not in names:
            near = get_close_matches(str(key), names, n=1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            raise Invalid(
                f"{mode}: `{key}` is not a parameter of this mode; it has {', '.join(names) or 'none'}.{hint}"
            )


def _given(mode: str, raw: Mapping[str, object], key: str, cure: str) -> object:
    if raw.get(key) is None:
        raise Invalid(f"{mode}: `{key}` is missing; give {cure}.")
    return raw[key]


def number(mode: str, raw: Mapping[str, object], key: str) -> Decimal:
    """A number in the metric's unit, exact: text, int or Decimal; a float is read as the digits it is written with."""
    given = _given(mode, raw, key, f"a number, for example {key}: 20")
    text = repr(float(given)) if isinstance(given, float) else str(given)
    try:
        if isinstance(given, bool):
            raise InvalidOperation
        value = Decimal(text.strip())
    except InvalidOperation:
        raise Invalid(
            f"{mode}: `{key}` is {text[:40]!r}, which is not a number; write it like 2.5, without unit or separators."
        ) from None
    if not value.is_finite() or value.adjusted() > LIMIT.adjusted() or abs(value) > LIMIT:
        raise Invalid(f"{mode}: `{key}` is out of range; give a number within ±{LIMIT:,}, or a larger unit.")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -PLACES and value != round(value, PLACES):
        raise Invalid(f"{mode}: `{key}` has more than {PLACES} decimal places; give at most {PLACES}.")
    return value


def whole(mode: str, raw: Mapping[str, object], one: Parameter) -> int:
    """A whole number from 1 to its `most`."""
    value = number(mode, raw, one.name)
    if value != int(value) or not 1 <= value <= one.most:
        raise Invalid(f"{mode}: `{one.name}` is {value}; give a whole number from 1 to {one.most}.")
    return int(value)


def choice(mode: str, raw: Mapping[str, object], one: Parameter) -> str:
    """One of the words in its `options`."""
    given = raw.get(one.name)
    if given is None and one.default is not None:
        return str(one.default)
    words = " or ".join(one.options)
    given = _given(mode, raw, one.name, words)
    if given not in one.options:
        raise Invalid(f"{mode}: `{one.name}` is {str(given)[:40]!r}; give {words}.")
    return str(given)


def flag(mode: str, raw: Mapping[str, object], one: Parameter) -> bool:
    """True or false."""
    given = raw.get(one.name)
    if given is None:
        return bool(one.default)
    if not isinstance(given, bool):
        raise Invalid(f"{mode}: `{one.name}` is {str(given)[:40]!r}; give true or false.")
    return given


def period(mode: str, raw: Mapping[str, object], one: Parameter) -> Period:
    """`week`, `month` or `quarter`."""
    return Period(choice(mode, raw, one))


def refuse_rising_rank(mode: str, unit: str, rising: bool, what: str) -> None:
    """Raise Invalid when a metric with unit `rank` is asked to rise."""
    if rising and unit.strip() == "rank":
        raise Invalid(RISING_RANK.format(mode=mode, what=what))


def refuse_standstill(mode: str, baseline: Decimal, target: Decimal) -> None:
    """Raise Invalid when there is no way to go, so that no progress can be computed."""
    if baseline == target:
        raise Invalid(
            f"{mode}: baseline and target are both {baseline}, so there is nothing to progress through. "
            "Give the value at the start as `baseline` and a different one as the target."
        )
