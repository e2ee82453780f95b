"""The service itself: its database, whether it reads Jira, what waits for somebody, who may use it."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app import schedule
from app.db import jobs, load, migrate, records
from app.db.models import KeyResultRow, PageRow, SyncRow, TokenRow
from app.domain.finding import Finding
from app.domain.hosts import is_loopback, names_loopback
from app.domain.straying import advice
from app.services.doctor.findings import ago, fine, look, wrong
from app.world import World

GRACE = timedelta(minutes=5)
"""How late a poll may be before we ask whether anybody runs the service."""
MAKE_A_TOKEN = "Make one: `plainsight token create NAME`."
AGAIN = "Mend what it says; `plainsight publish PAGE` tries at once. docs/operating.md explains each."


def check_service(world: World) -> Iterator[Finding]:
    """What the database says. Raises SQLAlchemyError where it stops answering."""
    with world.reading() as session:
        yield _database(session)
        yield from _definitions(session)
        yield from _reading(world, session)
        yield from _waiting(session)
        yield from _pages(session)
        yield _access(world, session)
    settings = world.settings
    local = world.now().astimezone(settings.zone)
    yield fine("settings", f"Days are meant in {settings.time_zone}, where it is {local:%Y-%m-%d %H:%M} now.")
    yield fine("settings", f"Pages are in {' and '.join(settings.languages)}.")


def _database(session: Session) -> Finding:
    bound = session.get_bind()
    assert isinstance(bound, Engine)
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(bound.dialect.name, bound.dialect.name)
    return fine("database", f"{kind} answers, with the tables of revision {migrate.present(bound) or 'none'}.")


def _definitions(session: Session) -> Iterator[Finding]:
    if not session.scalar(select(func.count()).where(KeyResultRow.archived_at.is_(None))):
        cure = "Write okrs.yaml (docs/okrs-file.md) and run `plainsight apply okrs.yaml`."
        yield look("OKRs", "There are none yet.", cure)


def _reading(world: World, session: Session) -> Iterator[Finding]:
    """Whether Jira is read as often as it should be."""
    if world.jira is None:
        return
    state = session.get(SyncRow, world.jira.site)
    if state is not None and state.out_since is not None:
        yield wrong(
            "sync", f"Jira could not be read since {ago(state.out_since, world.now())}: {state.error}", "See above."
        )
    elif state is None or state.ok_at is None:
        yield look("sync", "Jira was never read yet.", "Start `plainsight serve`, or run `plainsight sync` once.")
    else:
        settings = world.settings
        due = schedule.next_due(settings.poll_schedule, settings.time_zone, state.ok_at)
        due = schedule.next_due(settings.poll_schedule, settings.time_zone, due)
        read = f"Jira was read {ago(state.ok_at, world.now())}"
        if due + GRACE < world.now():
            said = f"{read}, although PLAINSIGHT_POLL_SCHEDULE is {settings.poll_schedule}."
            yield look("sync", said, "Is `plainsight serve` running?")
        else:
            yield fine("sync", f"{read}.")


def _waiting(session: Session) -> Iterator[Finding]:
    for job in jobs.parked(session):
        cure = "Mend what it says; the clock, a webhook or a command tries it again."
        yield wrong("jobs", f"The job {job.kind} waits for somebody: {job.error}", cure)
    for row in records.refused_evidence(session):
        cure = "Mend it in okrs.yaml and apply the file, or give the account the right."
        yield wrong("evidence", f"Jira refuses evidence {row.id} of {row.key_result_id}: {row.error}", cure)


def _pages(session: Session) -> Iterator[Finding]:
    for row in load.in_force(session, PageRow):
        said = f"{row.id}: {row.state}, {row.problem}"
        if row.state in ("failed", "lost"):
            yield wrong("pages", said, AGAIN)
        elif row.state == "conflict":
            yield look("pages", said, AGAIN)
        else:  # the others were found astray for the very reason that they tell
            for one in row.strayed:
                detail = f", {one['detail']}" if one["detail"] else ""
                yield look("pages", f"{row.id} was {one['kind']}{detail}.", advice(one["kind"], is_lost=False))


def _access(world: World, session: Session) -> Finding:
    """Who may use the REST API."""
    tokens = session.scalar(select(func.count()).select_from(TokenRow)) or 0
    host, port = world.settings.host, world.settings.port
    if tokens:
        return fine("access", f"The REST API on {host}:{port} asks for one of {tokens} tokens.")
    if world.settings.public_url and not names_loopback(world.settings.public_url):
        said = "The service can be reached from elsewhere (PLAINSIGHT_PUBLIC_URL), and there is no API token."
        return look("access", f"{said} Until there is one, the REST API answers nobody.", MAKE_A_TOKEN)
    if is_loopback(host):
        return fine("access", f"Without any API token the service listens on this machine only ({host}:{port}).")
    said = f"PLAINSIGHT_HOST is {host}, but there is no API token: the service will not start."
    return wrong("access", said, f"{MAKE_A_TOKEN} Or leave PLAINSIGHT_HOST at 127.0.0.1.")
