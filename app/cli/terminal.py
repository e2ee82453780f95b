"""What all commands share: the house opened for them, the two streams, a progress bar, how lines are told."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from app import logs, settings
from app.house import House
from app.settings import Settings
from app.world import Sites

OpenHouse = Callable[[Settings], AbstractContextManager[House]]
OpenSites = Callable[[Settings], AbstractContextManager[Sites]]
out = Console()
err = Console(stderr=True)


class Opened:
    """The house, or only its sites, opened for a command; main says how they are put together."""

    how: OpenHouse
    how_sites: OpenSites

    @classmethod
    @contextmanager
    def house(cls, **given: object) -> Iterator[House]:
        configured = settings.load(**given)
        logs.set_up(configured)
        with cls.how(configured) as house:
            yield house

    @classmethod
    @contextmanager
    def sites(cls, configured: Settings) -> Iterator[Sites]:
        """The sites alone, without a database: for answers that are tried before they are written down."""
        with cls.how_sites(configured) as sites:
            yield sites


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal, silence elsewhere."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, total: bar.update(task, description=what[:60], completed=done, total=total or None)


def tell(line: str, style: str = "") -> None:
    """One line as it is: nothing in it is read as markup, nothing is cut or wrapped."""
    out.print(line, style=style or None, highlight=False, markup=False, soft_wrap=True)


def in_words(counts: dict[str, Any]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items() if count) or "nothing changed"
