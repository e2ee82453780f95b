"""How the service fares, for the page that says so; its heartbeats move once an hour, what is wrong is said at once."""

from sqlalchemy.orm import Session

from app.db import records
from app.db import sync_health as store
from app.domain.report import read
from app.domain.sync_health import news, sync_health
from app.domain.sync_health.facts import Expiry, SyncFacts
from app.domain.sync_health.views import SyncHealthView
from app.world import World


def look(world: World) -> SyncHealthView:
    """How everything stands now."""
    with world.reading() as session:
        facts = facts_in(world, session)
    return sync_health(facts, world.now(), world.settings.time_zone)


def facts_in(world: World, session: Session, *, last_runs_only: bool = False) -> SyncFacts:
    """All that tells how everything stands now; with the runs of the last day, unless the last of each kind will do."""
    settings = world.settings
    stated = ("Jira", settings.jira_token_expires_on), ("Confluence", settings.confluence_token_expires_on)
    return store.facts(
        session,
        world.now(),
        site=world.jira.site if world.jira else None,
        expects_webhooks=bool(settings.webhook_secrets),
        expiries=[Expiry(product, on) for product, on in stated if on],
        last_runs_only=last_runs_only,
    )


def still_true(world: World, page_id: str, now: SyncHealthView) -> SyncHealthView | None:
    """What the page says already, where it is of this hour and nothing has become worse or better since."""
    with world.reading() as session:
        stored = records.last_report(session, page_id)
    try:
        said = read(SyncHealthView, stored["sync_health"])  # type: ignore[index]
    except (KeyError, TypeError, ValueError):  # never written, or by a version that stored another shape
        return None
    return said if said.hour == now.hour and news(said) == news(now) else None
