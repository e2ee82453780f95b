"""What a query is asked of and by whom: the state it looks names up in, the account and its time zone."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.sandbox.jira.tracker import Tracker
from connectors.sandbox.store import Document


@dataclass(frozen=True)
class Context:
    """`user` None is an anonymous caller, who sees nothing."""

    tracker: Tracker
    user: Document | None
    now: datetime
    zone: ZoneInfo

    def issue(self, key_or_id: str) -> Document | None:
        """An issue the caller may see, or None."""
        found = self.tracker.issue(key_or_id)
        return found if found and self.tracker.sees(self.user, found) else None

    def project(self, key_or_id: str) -> Document | None:
        """A project the caller may see, by key, id or name, or None."""
        found = self.tracker.project(key_or_id) or next(
            (p for p in self.tracker.projects if p["name"].lower() == key_or_id.lower()), None
        )
        return found if found and self.tracker.may_browse(self.user, found) else None


def context_of(tracker: Tracker, user: Document | None) -> Context:
    """The context of a caller at this moment."""
    zone = ZoneInfo(user["timeZone"]) if user else ZoneInfo("UTC")
    return Context(tracker, user, tracker.site.now(), zone)
