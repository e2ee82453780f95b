"""How the service itself fares: facts in, and out of them the part of a report that the sync-health page alone has."""

from app.domain.sync_health.build import news, sync_health

SYNC_HEALTH = "sync_health"
"""The kind of the page."""

__all__ = ["SYNC_HEALTH", "news", "sync_health"]
