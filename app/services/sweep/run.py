"""Comparing everything that evidence leads to with Jira, and mending what differs (design 4).

It finds what neither webhooks nor the poll can tell: issues that are gone or out of sight, that came back without being
updated, queries with `now()` or `currentUser()`, and whatever both of them lost.
"""

from collections.abc import Mapping

from sqlalchemy import select

from app.db import issues as store
from app.db.models import RematchRow
from app.domain.batches import batched
from app.domain.model import Evidence, EvidenceKind
from app.errors import Alarm, AppError
from app.services import members, pages, scores
from app.services.runs import Progress, quiet, recorded
from app.services.sweep.look import Before, Counts, Looking, before, matching
from app.services.sweep.loss import loss_of
from app.services.sync import note_outage
from app.world import World

SWEEP = "sweep"
REPAIRS = ("joined", "left", "unseen", "back", "changed")


def sweep(world: World, progress: Progress = quiet, *, accept: bool = False) -> Counts:
    """Compare the evidence of all open cycles with Jira and mend what differs; the pages follow.

    Returns the counts of the run: ids that searches gave (`searched`), issues asked for (`asked`), repairs in all
    (`repaired`) and by kind (`REPAIRS`), queries that Jira refused, new values measured. Raises Alarm, when all else is
    done, if suspiciously much is gone: that is taken over only when a person says so (`accept`). An outage is written
    down and raised, as by the poll; what was mended until then stays.
    """
    site = world.need_jira().site
    with recorded(world, SWEEP) as counts:
        counts |= dict.fromkeys(("searched", "asked", "repaired", *REPAIRS, "refused", "measured"), 0)
        try:
            alarm = _compare(world, counts, progress, accept)
        except AppError as error:
            note_outage(world, site, error)
            raise
        finally:
            counts["repaired"] = sum(counts[name] for name in REPAIRS)
        counts["measured"] = scores.measure(world)
        with world.session() as session:
            if store.take_news(session, site) or counts["measured"]:
                pages.ring(world, session)
            if alarm:
                pages.ring_sync_health(world, session)
        if alarm:
            raise Alarm(alarm, "If that is right: `plainsight sweep --accept`.")
        return dict(counts)


def _compare(world: World, counts: Counts, progress: Progress, accept: bool) -> str:
    """Returns what is suspicious, if anything is."""
    stored = before(world)
    found = matching(world, stored.evidence, counts, progress)
    looking = Looking(world, stored, counts, progress)
    looking.look(set(stored.issues).union(*found.values()))
    loss = loss_of(stored, found, looking.found, accept)
    counts["unseen"] += _hide(world, stored, loss.to_hide)
    for number, item in enumerate(stored.evidence):
        progress("Comparing evidence", number, len(stored.evidence))
        taken = members.Taken()
        if item.kind is not EvidenceKind.JQL:
            taken = members.resettle(world, item, _candidates(item, stored, found, looking))
        elif item.id in found and not loss.keeps_back(item):
            taken = _settle_query(world, item, stored.members[item.id], found[item.id], looking)
        counts["joined"] += taken.joined
        counts["left"] += taken.left
    progress("", len(stored.evidence), len(stored.evidence))
    return loss.alarm


def _hide(world: World, stored: Before, lost: set[str]) -> int:
    """Absent means unknown (decision 6): they count on and are not shown. What was stored meanwhile is newer."""
    site, hidden = world.need_jira().site, 0
    for batch in batched(sorted(lost), store.SQL_BATCH):
        with world.session() as session:
            store.one_at_a_time(session)
            rows = store.known(session, site, batch)
            still = [key for key, row in rows.items() if row.updated_at == stored.issues[key][0]]
            hidden += store.mark_absent(session, site, still, {}, world.now())
    return hidden


def _candidates(item: Evidence, stored: Before, found: Mapping[str, set[str]], looking: Looking) -> set[str]:
    """Ids of issues that may be evidence by their own state; that state decides."""
    now = stored.members[item.id] | found.get(item.id, set())
    match item.kind:
        case EvidenceKind.KEYS:
            named = (looking.ids.get(key) for key in item.value.upper().split())
            return now.union(one for one in named if one)
        case EvidenceKind.EPIC:
            return now | looking.below
        case EvidenceKind.LINK if item.anchor_id in looking.seen and item.anchor_id:
            return now | looking.linked[item.id] | {item.anchor_id}
    return now


def _settle_query(world: World, item: Evidence, had: set[str], has: set[str], looking: Looking) -> members.Taken:
    """What differs between then and now joins or leaves. Issues that Jira does not show stay. The search index lags: of
    those that changed just now, or wait to be asked for again, the next poll decides."""
    taken, site, now = members.Taken(), world.need_jira().site, world.now()
    joining, leaving = (has & looking.seen) - had, (had & looking.seen) - has
    if not joining | leaving:
        return taken
    with world.session() as session:
        store.one_at_a_time(session)
        waiting = set(session.scalars(select(RematchRow.issue_id).where(RematchRow.site == site)))
        young = (joining | leaving) & looking.young
        members.ask_again(session, site, young)
        joining = store.stored(session, site, joining - young - waiting)
        taken.joined = store.join(session, item.id, site, joining, now, founding=False)
        taken.left = store.leave(session, item.id, site, leaving - young - waiting, now)
    return taken
