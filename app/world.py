"""Everything outside the pure code, in one frozen value that services are handed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from app.db.session import Sessions
from app.errors import Unfitting
from app.ports import IssueTracker, Queue, Wiki
from app.settings import Settings


@dataclass(frozen=True)
class Sites:
    """The configured sites alone, without a database; None where an address is not set. `now` is aware, UTC."""

    settings: Settings
    now: Callable[[], datetime]
    jira: IssueTracker | None = None
    wiki: Wiki | None = None


@dataclass(frozen=True)
class World:
    """`session` opens a short writing transaction, `reading` one consistent state; `now` is aware, UTC."""

    settings: Settings
    session: Sessions
    reading: Sessions
    queue: Queue
    now: Callable[[], datetime]
    jira: IssueTracker | None = None
    wiki: Wiki | None = None

    @property
    def sites(self) -> Sites:
        return Sites(self.settings, self.now, self.jira, self.wiki)

    def today(self) -> date:
        """The day it is in the configured zone."""
        return self.now().astimezone(self.settings.zone).date()

    def need_jira(self) -> IssueTracker:
        if self.jira is None:
            raise Unfitting("No Jira site is configured. Set PLAINSIGHT_JIRA_URL and PLAINSIGHT_JIRA_TOKEN.")
        return self.jira

    def need_wiki(self) -> Wiki:
        if self.wiki is None:
            raise Unfitting(
                "No Confluence site is configured. Set PLAINSIGHT_CONFLUENCE_URL, PLAINSIGHT_CONFLUENCE_TOKEN "
                "and PLAINSIGHT_CONFLUENCE_SPACE."
            )
        return self.wiki
