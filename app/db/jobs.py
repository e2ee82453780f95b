"""The tables of the lease engine, the clock and the rate gate, and the questions asked of them; all disposable."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Select, String, Text, case, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.session import insert_into


class Job(Base):
    """One job, waiting, running or parked; at most one of each (kind, key).

    `due_at` is when a worker may take it: its time while it waits, the end of the lease while it runs, NULL when it is
    parked. `lease` names the run that holds it; `again_at` is when to run once more, because it was rung meanwhile."""

    __tablename__ = "job"
    kind: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    again_at: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(String(32))
    failures: Mapped[int] = mapped_column(default=0)
    crashes: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    failed_at: Mapped[datetime | None]


class Tick(Base):
    """The clock struck `at` for this kind; the row's uniqueness lets N replicas fire once."""

    __tablename__ = "tick"
    kind: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True, index=True)


class RateLimit(Base):
    """No request to this site before that time, and why."""

    __tablename__ = "rate_limit"
    site: Mapped[str] = mapped_column(String(255), primary_key=True)
    not_before: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Claim:
    """The right to run a job until its lease ends. `failures` counts runs that failed in a row, `crashes` those of
    them that ended in a bug or with their worker's death."""

    kind: str
    key: str
    lease: str
    failures: int
    crashes: int


@dataclass(frozen=True)
class Parked:
    """A job that waits for somebody to mend what `error` says; enqueuing it again revives it."""

    kind: str
    key: str
    error: str
    at: datetime


def enqueue(session: Session, kind: str, key: str, due_at: datetime) -> None:
    """A throttle: a waiting job keeps its time, a running one is run once more, a parked one is revived."""
    new = insert_into(session, Job).values(kind=kind, key=key, due_at=due_at)
    rung = new.excluded.due_at
    session.execute(
        new.on_conflict_do_update(
            index_elements=[Job.kind, Job.key],
            set_={
                "due_at": func.coalesce(Job.due_at, rung),
                "again_at": case((Job.lease.is_not(None), func.coalesce(Job.again_at, rung))),
            },
        )
    )


def next_due(session: Session, kinds: Collection[str]) -> datetime | None:
    """When the earliest of these jobs may be taken; None: nothing waits."""
    return session.scalar(select(func.min(Job.due_at)).where(Job.kind.in_(kinds)))


def claim(session: Session, kinds: Collection[str], now: datetime, until: datetime) -> Claim | None:
    """Take the job that has been due longest, those whose lease ran out included, and hold it until then."""
    due = select(Job).where(Job.kind.in_(kinds), Job.due_at <= now).order_by(Job.due_at)
    job = session.scalars(due.limit(1).with_for_update(skip_locked=True)).first()
    if job is None:
        return None
    if job.lease is not None:  # its worker died, or was too slow to renew
        job.failures, job.crashes = job.failures + 1, job.crashes + 1
    job.lease, job.due_at, job.again_at = uuid4().hex, until, None
    return Claim(job.kind, job.key, job.lease, job.failures, job.crashes)


def renew(session: Session, held: Claim, until: datetime) -> bool:
    """Hold on to it; False when it was lost to another worker."""
    mine = update(Job).where(Job.kind == held.kind, Job.key == held.key, Job.lease == held.lease)
    return session.scalar(mine.values(due_at=until).returning(Job.kind)) is not None


def done(session: Session, held: Claim) -> None:
    job = session.scalars(_of(held)).first()
    if job is None:
        return
    if job.again_at is None:
        session.delete(job)
    else:
        _release(job, job.again_at)
        job.failures, job.crashes, job.error, job.failed_at = 0, 0, "", None


def postpone(session: Session, held: Claim, at: datetime, error: str, now: datetime) -> None:
    """Run it again at `at`, with the counts of `held`; what rang meanwhile joins that run."""
    job = session.scalars(_of(held)).first()
    if job is not None:
        _release(job, at)
        job.failures, job.crashes, job.error, job.failed_at = held.failures, held.crashes, error, now


def park(session: Session, held: Claim, error: str, now: datetime) -> None:
    """Run it no more, until it is rung again; or was, meanwhile."""
    job = session.scalars(_of(held)).first()
    if job is not None:
        _release(job, job.again_at)
        job.failures, job.crashes, job.error, job.failed_at = 0, 0, error, now


def parked(session: Session) -> list[Parked]:
    """What waits for somebody, the newest first."""
    jobs = session.scalars(select(Job).where(Job.due_at.is_(None)).order_by(Job.failed_at.desc()))
    return [Parked(job.kind, job.key, job.error, job.failed_at) for job in jobs if job.failed_at is not None]


def is_at_hand(session: Session, kind: str, since: datetime) -> bool:
    """Whether such a job waits, runs, or was parked since then."""
    there = Job.due_at.is_not(None) | (Job.failed_at > since)
    return session.scalar(select(Job.kind).where(Job.kind == kind, there).limit(1)) is not None


def strike(session: Session, kind: str, at: datetime, forget_before: datetime) -> bool:
    """Record that the clock struck; True for the first to say so. Strikes before `forget_before` are deleted."""
    session.execute(delete(Tick).where(Tick.at < forget_before))
    row = insert_into(session, Tick).values(kind=kind, at=at).on_conflict_do_nothing()
    return session.scalar(row.returning(Tick.kind)) is not None


def pause(session: Session, site: str, until: datetime, reason: str) -> None:
    """One statement, atomic: the later of two pauses stands."""
    new = insert_into(session, RateLimit).values(site=site, not_before=until, reason=reason)
    session.execute(
        new.on_conflict_do_update(
            index_elements=[RateLimit.site],
            set_={"not_before": new.excluded.not_before, "reason": new.excluded.reason},
            where=RateLimit.not_before < new.excluded.not_before,
        )
    )


def paused_until(session: Session, site: str) -> datetime | None:
    return session.scalar(select(RateLimit.not_before).where(RateLimit.site == site))


def _of(held: Claim) -> Select[Job]:
    # Locked, so that a ring still being committed is seen and not overwritten.
    mine = select(Job).where(Job.kind == held.kind, Job.key == held.key, Job.lease == held.lease)
    return mine.with_for_update()


def _release(job: Job, due_at: datetime | None) -> None:
    job.due_at, job.again_at, job.lease = due_at, None, None
