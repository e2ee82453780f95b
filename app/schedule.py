"""Cron text and a time zone in, the next time out (design 9, 13); the only place where zones decide anything."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from app.errors import Invalid

HOW = "Give five fields, minute hour day month weekday, such as 0 8 * * MON-FRI."


def next_due(cron: str, zone: str, after: datetime) -> datetime:
    """The first time later than `after`, aware and UTC. As in Debian's cron: a fixed time that a clock change skips
    is due right after the gap, one that occurs twice is due the first time only; 0 and 7 are Sunday.

    Raises Invalid for text or a zone that cannot be read, and for a date that never comes."""
    if after.tzinfo is None:
        raise ValueError(f"naive time {after!r}: give an aware one")
    if len(cron.split()) != 5:
        raise Invalid(f"The schedule {cron!r} does not have five fields. {HOW}")
    try:
        for local in CronSim(cron, after.astimezone(_zone(zone))):
            # In the hour that occurs twice, cronsim may answer with the earlier of the two, which has passed.
            if (moment := local.astimezone(UTC)) > after:
                return moment
    except CronSimError as error:
        raise Invalid(f"The schedule {cron!r} cannot be read: {str(error).lower()}. {HOW}") from None
    raise Invalid(f"The schedule {cron!r} never comes due. {HOW}")


def check(cron: str, zone: str) -> None:
    """Raises Invalid, as next_due would."""
    next_due(cron, zone, datetime(2026, 1, 1, tzinfo=UTC))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a plain name, a folder of zones
        raise Invalid(f"{name!r} is not a time zone; give one such as Asia/Seoul or UTC.") from None
