"""Webhook deliveries: proven, noted down once, and drained by asking Jira for the present state (design 3)."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db import issues as store
from app.db.models import InboxRow
from app.db.session import insert_into
from app.errors import AppError, Unauthorized, Unreadable
from app.services import pages, scores, sync
from app.services.runs import recorded
from app.world import World

AT_ONCE = 10_000
"""Deliveries drained in one run; a statement takes only so many parameters."""
BODY_LIMIT = 25 * 1024 * 1024
"""Bytes; Atlassian never sends more (atlassian.md §3)."""


@dataclass(frozen=True)
class Delivery:
    """What is kept of a delivery: who rang, and whether Jira said that it was deleted."""

    identifier: str
    event: str
    issue_ids: tuple[str, ...]
    deleted: bool


class Unproven(Unauthorized):
    """A delivery that did not prove its sender. `reason` is one word: `no_secret`, `unsigned`, `method`, `forged`."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def check_signature(body: bytes, signature: str | None, secrets: Iterable[str]) -> None:
    """`X-Hub-Signature: sha256=<hex>` over the raw body, against each secret in constant time; else Unproven."""
    secrets = tuple(secrets)
    if not secrets:
        raise Unproven(
            "no_secret", "Webhooks are refused until a secret is set: PLAINSIGHT_WEBHOOK_SECRETS here, and in Jira."
        )
    if not signature:
        raise Unproven(
            "unsigned", "This webhook is not signed. Set the secret of the webhook in Jira; see docs/webhooks.md."
        )
    method, _, given = signature.partition("=")
    if method.lower() != "sha256":
        raise Unproven("method", f"This webhook is signed with {method[:20]!r}; only sha256 is accepted.")
    expected = [hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for secret in secrets]
    if not any(hmac.compare_digest(good.encode(), given.strip().lower().encode()) for good in expected):
        raise Unproven("forged", "The signature of this webhook does not fit. Is its secret the one set here?")


def read_delivery(body: bytes, identifier: str | None) -> Delivery:
    """Who rang. Liberal in what it takes: members may be missing, ids may be numbers, unknown events ring nobody.

    Without an identifier (Data Center) the body itself is the identifier. Raises Unreadable if it is no JSON object.
    """
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("This webhook is not JSON; nothing was stored.") from None
    if not isinstance(payload, dict):
        raise Unreadable("This webhook is not a JSON object; nothing was stored.")
    event = str(payload.get("webhookEvent") or payload.get("issue_event_type_name") or "unknown")[:255]
    return Delivery(
        identifier=(identifier or hashlib.sha256(body).hexdigest())[:255],
        event=_storable(event),
        issue_ids=tuple(dict.fromkeys(_issue_ids(payload))),
        deleted=event == "jira:issue_deleted",
    )


def _storable(text: str) -> str:
    """Without what a database refuses: one such text would keep all that is committed with it from being stored."""
    return text.encode(errors="replace").decode().replace("\0", "")


def _issue_ids(payload: Mapping[str, Any]) -> Iterable[str]:
    link = payload.get("issueLink")
    named = [_member(payload.get("issue"), "id")]
    named += [_member(link, "sourceIssueId"), _member(link, "destinationIssueId")]
    for value in named:
        if isinstance(value, int | str) and re.fullmatch(r"[0-9]{1,32}", str(value)):
            yield str(value)


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def accept(world: World, deliveries: Sequence[Delivery]) -> None:
    """Note deliveries down, each identifier once, in one commit; those that rang somebody make the drain due."""
    with world.session() as session:
        for delivery in deliveries:
            _insert_once(session, delivery, world)
        if any(delivery.issue_ids for delivery in deliveries):
            world.queue.enqueue(session, pages.DRAIN)


def _insert_once(session: Session, delivery: Delivery, world: World) -> None:
    now = world.now()
    values = {
        "identifier": delivery.identifier,
        "received_at": now,
        "event": delivery.event,
        "issue_ids": list(delivery.issue_ids),
        "deleted": delivery.deleted,
        "done_at": None if delivery.issue_ids else now,
    }
    session.execute(insert_into(session, InboxRow).values(values).on_conflict_do_nothing(index_elements=["identifier"]))


def drain(world: World) -> None:
    """Ask Jira for everything that rang, take it in, and let the pages follow. Rows are done only when that is."""
    with world.reading() as session:
        rang = list(
            session.scalars(select(InboxRow).where(InboxRow.done_at.is_(None)).order_by(InboxRow.id).limit(AT_ONCE))
        )
    if not rang:
        return
    with recorded(world, pages.DRAIN) as counts:
        ids = tuple(dict.fromkeys(issue_id for row in rang for issue_id in row.issue_ids))
        deleted = {issue_id: True for row in rang if row.deleted for issue_id in row.issue_ids}
        try:
            counts |= {"deliveries": len(rang), "rang": len(ids)} | sync.refresh(world, ids, deleted)
        except AppError as error:
            sync.note_outage(world, world.need_jira().site, error)
            raise
        scores.measure(world)
        with world.session() as session:
            session.execute(
                update(InboxRow).where(InboxRow.id.in_([row.id for row in rang])).values(done_at=world.now())
            )
            if len(rang) == AT_ONCE:
                world.queue.enqueue(session, pages.DRAIN)
            if store.take_news(session, world.need_jira().site):
                pages.ring(world, session)
