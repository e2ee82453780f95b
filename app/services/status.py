"""How the service stands: sites, pages and their problems, evidence that Jira refuses, what waits, the last runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.db import jobs, load, records
from app.db.models import InboxRow, PageRow, RefusedDeliveryRow, RunRow, SyncRow
from app.domain.straying import advice
from app.world import World


def read(world: World) -> dict[str, Any]:
    """JSON-ready; times in ISO 8601."""
    with world.reading() as session:
        return {
            "sites": [_site(row) for row in session.scalars(select(SyncRow).order_by(SyncRow.site))],
            "pages": [_page(row) for row in load.in_force(session, PageRow)],
            "refused_evidence": [
                {"evidence": row.id, "key_result": row.key_result_id, "reason": row.error}
                for row in records.refused_evidence(session)
            ],
            "parked_jobs": [{"kind": job.kind, "reason": job.error} for job in jobs.parked(session)],
            "waiting_deliveries": session.scalar(select(func.count()).where(InboxRow.done_at.is_(None))),
            "refused_deliveries": [_refused(row) for row in session.scalars(select(RefusedDeliveryRow))],
            "runs": [_run(row) for row in sorted(records.last_runs(session), key=lambda row: -row.id)],
        }


def _site(row: SyncRow) -> dict[str, Any]:
    return {
        "site": row.site,
        "in_sync": row.out_since is None,
        "ok_at": _iso(row.ok_at),
        "out_since": _iso(row.out_since),
        "error": row.error,
    }


def _page(row: PageRow) -> dict[str, Any]:
    return {
        "page": row.id,
        "state": row.state,
        "problem": row.problem,
        "address": row.wiki_url,
        "version": row.wiki_version,
        "published_at": _iso(row.published_at),
        "next_due_at": _iso(row.next_due_at),
        "lost_comments": [one["text"] for one in row.lost_comments],
        "strayed": [one | {"advice": advice(one["kind"], row.state == "lost")} for one in row.strayed],
    }


def _refused(row: RefusedDeliveryRow) -> dict[str, Any]:
    return {"reason": row.reason, "count": row.count, "at": _iso(row.at)}


def _run(row: RunRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "started_at": _iso(row.started_at),
        "finished_at": _iso(row.finished_at),
        "seconds": (row.finished_at - row.started_at).total_seconds() if row.finished_at else None,
        "counts": row.counts,
        "error": row.error,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
