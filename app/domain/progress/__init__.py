"""The progress modes; to add one, write its module beside these and name it in MODES."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from app.domain.progress.boolean import BOOLEAN
from app.domain.progress.from_to import FROM_TO
from app.domain.progress.periods import PERIODS
from app.domain.progress.recurring import RECURRING
from app.domain.progress.relative import RELATIVE
from app.domain.progress.scoring import Expected, Facts, Mode, Reading, Score, Tally, gather
from app.errors import Invalid

__all__ = ["MODES", "Expected", "Facts", "Mode", "Reading", "Score", "Tally", "gather", "mode_of"]

MODES: Mapping[str, Mode[Any]] = {
    "from_to": FROM_TO,
    "relative": RELATIVE,
    "periods": PERIODS,
    "recurring": RECURRING,
    "boolean": BOOLEAN,
}


def mode_of(name: str) -> Mode[Any]:
    """The mode of that name; Invalid with the names that there are."""
    if name not in MODES:
        near = get_close_matches(name, MODES, n=1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        raise Invalid(f"`{name}` is not a progress mode; there are {', '.join(MODES)}.{hint}")
    return MODES[name]
