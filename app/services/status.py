"""How the service stands: what is wrong, sites, pages and their problems, refused evidence, what waits, last runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.db import jobs, load, private, records
from app.db.models import InboxRow, PageRow, RefusedDeliveryRow, RunRow, SyncRow
from app.domain.lines import Line
from app.domain.straying import advice
from app.domain.sync_health import sync_health
from app.domain.sync_health.findings import SAYS
from app.domain.sync_health.keys import MASK, masked
from app.domain.sync_health.views import Finding, UnansweredView
from app.render import render_line
from app.services.sync_health import facts_in
from app.world import World


def read(world: World, *, to_everybody: bool = False) -> dict[str, Any]:
    """JSON-ready; times in ISO 8601. To everybody without what people wrote on pages of private teams, and without the
    keys of issues that are not to be shown."""
    with world.reading() as session:
        facts = facts_in(world, session)
        health = sync_health(facts, world.now(), world.settings.time_zone)
        secret = private.pages(session) if to_everybody else frozenset()
        hidden = private.key_results(session) if to_everybody else frozenset()

        def told(text: str) -> str:
            return masked(text, facts.visible) if to_everybody else text

        return {
            "findings": [_finding(one) for one in health.findings],
            "sites": [_site(row, told(row.error)) for row in session.scalars(select(SyncRow).order_by(SyncRow.site))],
            "pages": [_page(row, is_private=row.id in secret) for row in load.in_force(session, PageRow)],
            "unanswered_comments": [_unanswered(one) for one in health.unanswered],
            "refused_evidence": [
                {
                    "evidence": row.id,
                    "key_result": row.key_result_id,
                    "reason": MASK if row.key_result_id in hidden else told(row.error),
                }
                for row in records.refused_evidence(session)
            ],
            "parked_jobs": [{"kind": job.kind, "reason": told(job.error)} for job in jobs.parked(session)],
            "waiting_deliveries": session.scalar(select(func.count()).where(InboxRow.done_at.is_(None))),
            "refused_deliveries": [_refused(row) for row in session.scalars(select(RefusedDeliveryRow))],
            "runs": [_run(row, told(row.error)) for row in sorted(records.last_runs(session), key=lambda row: -row.id)],
        }


def _finding(one: Finding) -> dict[str, Any]:
    """As the sync-health page and `/metrics` have it, in English."""
    says = render_line(Line(SAYS[one.code], {"count": one.count}), "en")
    return {"finding": one.code, "count": one.count, "is_problem": one.is_problem, "says": says}


def _unanswered(one: UnansweredView) -> dict[str, Any]:
    return {"page": one.page, "problem": one.problem}


def _site(row: SyncRow, error: str) -> dict[str, Any]:
    return {
        "site": row.site,
        "in_sync": row.out_since is None,
        "ok_at": _iso(row.ok_at),
        "out_since": _iso(row.out_since),
        "error": error,
    }


def _page(row: PageRow, *, is_private: bool) -> dict[str, Any]:
    """Of a private team's page nothing that people wrote."""
    strayed = [one | {"detail": ""} if is_private else one for one in row.strayed]
    return {
        "page": row.id,
        "state": row.state,
        "problem": row.problem.partition(", near «")[0] if is_private else row.problem,
        "address": None if is_private else row.wiki_url,  # the title stands in it
        "version": row.wiki_version,
        "published_at": _iso(row.published_at),
        "next_due_at": _iso(row.next_due_at),
        "is_final": row.final_at is not None,
        "is_marked": row.marked,
        "pictures_problem": row.pictures_problem,
        "lost_comments": ["" if is_private else one["text"] for one in row.lost_comments],
        "strayed": [one | {"advice": advice(one["kind"], row.state == "lost")} for one in strayed],
    }


def _refused(row: RefusedDeliveryRow) -> dict[str, Any]:
    return {"reason": row.reason, "count": row.count, "at": _iso(row.at)}


def _run(row: RunRow, error: str) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "started_at": _iso(row.started_at),
        "finished_at": _iso(row.finished_at),
        "seconds": (row.finished_at - row.started_at).total_seconds() if row.finished_at else None,
        "counts": row.counts,
        "error": error,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
