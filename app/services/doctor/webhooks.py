"""Webhooks: are they set up, do they arrive, and if they are refused, why?"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.db.models import InboxRow, IssueRow, RefusedDeliveryRow
from app.domain.finding import Finding
from app.services.doctor.findings import ago, fine, look, wrong
from app.services.instructions import unreachable
from app.world import World

POINT = "webhooks"
GUIDE = "`plainsight webhook instructions` says what to enter in Jira."
QUIET = timedelta(hours=1)
"""How much newer than the last webhook a change may be before we say that only the poll noticed it."""
REASONS: Mapping[str, tuple[str, str]] = {
    "unsigned": (
        "carried no signature",
        f"Give the webhook in Jira a secret, that of PLAINSIGHT_WEBHOOK_SECRETS. {GUIDE}",
    ),
    "method": ("were signed in another way than sha256", f"Are they Jira's? {GUIDE}"),
    "forged": (
        "were signed with another secret than ours, or forged",
        "Copy the secret into the webhook in Jira once more: `plainsight webhook instructions --show-secret`.",
    ),
    "unreadable": ("were signed but no JSON object", "In Jira, leave “Exclude body” of the webhook off."),
    "too_large": ("were larger than any of Jira's", "Are they Jira's? If not, let the proxy keep them away."),
}
"""What was wrong with refused deliveries, and what to do. `no_secret` is told by itself."""


def check_webhooks(world: World) -> Iterator[Finding]:
    """Whether pages follow within seconds. Nothing where no Jira is configured."""
    if not world.settings.jira_url:
        return
    site = world.jira.site if world.jira else ""
    with world.reading() as session:
        last = session.scalar(select(func.max(InboxRow.received_at)))
        changed = session.scalar(select(func.max(IssueRow.changed_at)).where(IssueRow.site == site))
        rows = list(session.scalars(select(RefusedDeliveryRow).order_by(RefusedDeliveryRow.reason)))
    since = [row for row in rows if last is None or row.at > last]
    if not world.settings.webhook_secrets:
        yield _no_secret(since)
        return
    refused = list(_refused(since, world.now()))
    yield from refused
    if last is not None:
        yield _last(last, changed, world.now())
    elif not refused:
        cure = f"{GUIDE} Then change any issue there, and look again."
        yield look(POINT, "A secret is set, but no webhook has arrived yet.", cure)
    if world.settings.public_url and (why := unreachable(world.settings)):
        yield look(POINT, why, GUIDE)


def _no_secret(since: Sequence[RefusedDeliveryRow]) -> Finding:
    rang = sum(row.count for row in since if row.reason == "no_secret")
    said = "No secret is set, so every webhook is refused, and pages follow by the poll only."
    return look(POINT, f"{said} Jira has rung all the same, {rang} times so far." if rang else said, GUIDE)


def _refused(since: Sequence[RefusedDeliveryRow], now: datetime) -> Iterator[Finding]:
    for row in since:
        if row.reason in REASONS:
            what, cure = REASONS[row.reason]
            said = f"Some are refused, {row.count} so far: they {what}. The last one came {ago(row.at, now)}."
            yield wrong(POINT, said, cure)


def _last(last: datetime, changed: datetime | None, now: datetime) -> Finding:
    arrived = f"The last one arrived {ago(last, now)}"
    if changed is not None and changed - last > QUIET:
        said = f"{arrived}; issues have changed since then, and only the poll noticed."
        return look(POINT, said, f"Is the webhook still enabled in Jira? {GUIDE}")
    return fine(POINT, f"{arrived}.")
