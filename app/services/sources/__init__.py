"""Sources of metrics; to add one that reads our own store, write its module here and name it in SOURCES."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.domain.progress.parameters import Parameter
from app.services.sources import share_done


@dataclass(frozen=True)
class Source:
    """Where a metric's values come from.

    `takes` says what `parse(params)` reads; that raises Invalid for parameters it does not take.
    `measure(session, metric id, unit, params)` gives the value now, None when it is unknown; a source without it gets
    its values from people.
    """

    takes: tuple[Parameter, ...]
    parse: Callable[[Mapping[str, Any]], object]
    measure: Callable[[Session, str, str, Mapping[str, Any]], Decimal | None] | None = None


def _no_params(params: Mapping[str, Any]) -> None:
    share_done.refuse_unknown("manual", params, ())


SOURCES: Mapping[str, Source] = {
    "manual": Source((), _no_params),
    "jira.share_done": Source(share_done.TAKES, share_done.parse, share_done.measure),
}
