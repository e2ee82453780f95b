"""The REST API: one module for each kind of thing, all of them in one list; a new one is one entry here."""

from fastapi import APIRouter, Depends

from app.web.access import caller
from app.web.api import check_ins, key_results, kpis, metrics, objectives, organisation, pages, runs, status
from app.web.problems import problems

ROUTERS = (
    organisation.router,
    objectives.router,
    key_results.router,
    check_ins.router,
    kpis.router,
    metrics.router,
    pages.router,
    runs.router,
    status.router,
)
TAGS = (
    ("Organisation", "Cycles, teams and people."),
    ("OKRs", "Objectives and key results with the values that their pages show."),
    ("Check-ins", "What people said of key results; check in."),
    ("KPIs", "KPIs with the values that the board shows."),
    ("Metrics", "What is measured, and every measurement."),
    ("Pages", "Status pages: how they stand, what would change, publish now."),
    ("Runs", "What the service does by itself, and how it stands; sync now."),
    ("Webhooks", "Where Jira rings."),
    ("Health", "For those who watch the process."),
)

router = APIRouter(prefix="/api/v1", dependencies=[Depends(caller)], responses=problems(401, 403, 503))
for one in ROUTERS:
    router.include_router(one)
