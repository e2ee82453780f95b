"""The Jira site: does it answer, as whom, and what may that account see?"""

from collections.abc import Generator, Iterator, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain import jql
from app.domain.finding import Finding
from app.errors import AppError
from app.ports import Account, IssueTracker, Project, Projects
from app.services.doctor.account import clock, plain_http, refused, token_end
from app.services.doctor.findings import failed, fine, look, tried, wrong
from app.world import Sites

NAMED = 5
"""Projects that are named in a line."""
SEARCHED = 50
"""Projects that the search is tried over."""
Met = Account | AppError | None
"""The account as which we were let in, why we were not, or None: there was nothing to ask."""


def check_jira(sites: Sites) -> Generator[Finding, None, Met]:
    """One finding at a time, as they are made; ends with the first refusal, lest the account be locked. Never raises
    an AppError."""
    tracker, settings = sites.jira, sites.settings
    if tracker is None:
        yield look(
            "Jira", "No Jira site is set: no issues are read.", "Set PLAINSIGHT_JIRA_URL, or run `plainsight init`."
        )
        return None
    about = tried(tracker.about)
    if isinstance(about, AppError):
        yield refused("Jira", tracker.site, settings, about)
        yield from clock("Jira", tracker.ahead)
        return about
    if about.deployment != "Cloud":
        said = f"{tracker.site} is Jira {about.version} for Data Center or Server, which is not supported yet."
        yield wrong("Jira address", said, "Plainsight works with Jira Cloud: give its address in PLAINSIGHT_JIRA_URL.")
        return None
    yield fine("Jira address", f"Jira Cloud answers at {tracker.site}.")
    yield from plain_http("Jira", settings.jira_url, tracker.site)
    yield from clock("Jira", tracker.ahead)
    account = tried(tracker.myself)
    if isinstance(account, AppError):
        yield refused("Jira", tracker.site, settings, account)
    else:
        yield fine("Jira account", f"The token belongs to {account.name} ({account.id}).")
    yield token_end("Jira", settings.jira_token_expires_on, sites.now().astimezone(settings.zone).date())
    if not isinstance(account, AppError):
        yield from _time_zone(sites, account)
        yield from _sight(tracker, settings.projects, account)
    return account


def _time_zone(sites: Sites, account: Account) -> Iterator[Finding]:
    """Jira reads dates in queries in the zone of the account's profile (atlassian.md §2.3)."""
    ours, now = sites.settings.zone, sites.now()
    try:
        theirs = ZoneInfo(account.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return
    if now.astimezone(theirs).utcoffset() != now.astimezone(ours).utcoffset():
        said = f"Jira reads dates in queries as of {account.time_zone}, and days are meant in {ours.key} here."
        cure = f"If evidence is found by queries with dates, set the account's time zone to {ours.key} in its profile."
        yield look("Jira time zone", said, cure)


def _sight(tracker: IssueTracker, wanted: Sequence[str], account: Account) -> Iterator[Finding]:
    """Projects, then the very search that the service makes, in them."""
    visible = tried(lambda: tracker.projects(wanted))
    if isinstance(visible, AppError):
        yield failed("Jira projects", visible)
        return
    yield from _projects(visible, wanted, account)
    if visible.some:
        yield from _search(tracker, visible.some)


def _projects(visible: Projects, wanted: Sequence[str], account: Account) -> Iterator[Finding]:
    rights = f"give {account.name} the permission Browse Projects there"
    seen = {project.key.upper() for project in visible.some}
    missing = [key for key in wanted if key.upper() not in seen]
    if missing:
        said = f"The account does not see {', '.join(missing)}, which PLAINSIGHT_PROJECTS names."
        yield wrong("Jira projects", said, f"Is it a key, the part of WEB-12 before the hyphen? Then {rights}.")
    elif not visible.some:
        yield wrong("Jira projects", "The account sees no project at all.", f"In the projects' settings, {rights}.")
    if visible.some:
        names = ", ".join(f"{project.key} ({project.name})" for project in visible.some[:NAMED])
        more = visible.total - NAMED
        yield fine("Jira projects", f"The account sees {names}{f' and {more} more' if more > 0 else ''}.")


def _search(tracker: IssueTracker, projects: Sequence[Project]) -> Iterator[Finding]:
    """An ended token is let in here as nobody, and sees nothing; the connector tells by a header (atlassian.md §6)."""
    question = jql.one_of("project", [project.key for project in projects[:SEARCHED]])
    issues = tried(lambda: next(iter(tracker.search(question)), []))
    if isinstance(issues, AppError):
        yield failed("Jira search", issues)
        return
    if issues:
        yield fine("Jira search", f"It answers as this account: it finds issues, {issues[0].key} for example.")
    else:
        cure = "Is there an issue in them? If there is, its security level or the permission scheme hides it."
        yield look("Jira search", "It finds no issue in these projects.", cure)
    fields = tried(tracker.points_fields)
    if isinstance(fields, AppError):
        yield failed("Jira story points", fields)
    elif fields:
        yield fine("Jira story points", f"They are read from {', '.join(fields)}.")
    else:
        cure = "Only key results measured by points miss them. The field is found by its type or its usual names."
        yield look("Jira story points", "No field for story points was found.", cure)
