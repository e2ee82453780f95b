"""How the service fares, for the page that says so; its heartbeats move once an hour, what is wrong is said at once."""

from app.db import records
from app.db import sync_health as store
from app.domain.report import read
from app.domain.sync_health import news, sync_health
from app.domain.sync_health.facts import Expiry
from app.domain.sync_health.views import SyncHealthView
from app.world import World


def look(world: World) -> SyncHealthView:
    """How everything stands now."""
    settings, now = world.settings, world.now()
    stated = ("Jira", settings.jira_token_expires_on), ("Confluence", settings.confluence_token_expires_on)
    with world.reading() as session:
        facts = store.facts(
            session,
            now,
            site=world.jira.site if world.jira else None,
            expects_webhooks=bool(settings.webhook_secrets),
            expiries=[Expiry(product, on) for product, on in stated if on],
        )
    return sync_health(facts, now, settings.time_zone)


def still_true(world: World, page_id: str, now: SyncHealthView) -> SyncHealthView | None:
    """What the page says already, where it is of this hour and nothing has become worse or better since."""
    with world.reading() as session:
        stored = records.last_report(session, page_id)
    try:
        said = read(SyncHealthView, stored["sync_health"])  # type: ignore[index]
    except (KeyError, TypeError, ValueError):  # never written, or by a version that stored another shape
        return None
    return said if said.hour == now.hour and news(said) == news(now) else None
