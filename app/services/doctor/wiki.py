"""The Confluence site: does it answer, as whom, and may that account write where the pages go?"""

from collections.abc import Generator, Iterator

from app.domain.finding import Finding
from app.errors import AppError
from app.ports import Operation, Wiki, WikiSpace
from app.services.doctor.account import DATA_CENTER, PROFILE, TOKENS, clock, plain_http, refused, token_end
from app.services.doctor.findings import failed, fine, look, tried, wrong
from app.services.doctor.jira import Met
from app.settings import Settings
from app.world import Sites

CREATE: Operation = ("create", "page")
UPDATE: Operation = ("update", "page")
SCOPES = (
    "read:page, write:page, read:space, read:hierarchical-content, read:confluence-user, write:confluence-content, "
    "search:confluence"
)
MORE_SCOPES = (
    "pictures: read:attachment, write:confluence-file; private teams: read:confluence-content.all, "
    "read:confluence-groups; check-ins in comments: read:comment, write:comment"
)


def check_confluence(sites: Sites) -> Generator[Finding, None, Met]:
    """One finding at a time, as they are made; ends with the first refusal, lest the account be locked. Never raises
    an AppError."""
    wiki, settings = sites.wiki, sites.settings
    if wiki is None:
        cure = "Set PLAINSIGHT_CONFLUENCE_URL and PLAINSIGHT_CONFLUENCE_SPACE, or run `plainsight init`."
        yield look("Confluence", "No Confluence site is set: nothing is published.", cure)
        return None
    deployment = tried(wiki.deployment)
    account = deployment if isinstance(deployment, AppError) else tried(wiki.myself)
    if isinstance(account, AppError):
        yield refused("Confluence", wiki.site, settings, account, deployment if isinstance(deployment, str) else "")
    else:
        yield fine("Confluence address", f"Confluence {deployment} answers at {wiki.site}.")
        yield from plain_http("Confluence", settings.confluence_url, wiki.site)
        yield fine("Confluence account", f"The token belongs to {account.name} ({account.id}).")
    if sites.jira is None or deployment == DATA_CENTER:
        yield from clock("Confluence", wiki.ahead)
    today = sites.now().astimezone(settings.zone).date()
    if settings.confluence_token.get_secret_value():
        where = PROFILE if deployment == DATA_CENTER else TOKENS
        yield token_end("Confluence", settings.confluence_token_expires_on, today, where)
    elif sites.jira is None:  # else it was told there
        yield token_end("Jira", settings.jira_token_expires_on, today)
    if not isinstance(account, AppError):
        yield from _place(wiki, settings)
    return account


def _place(wiki: Wiki, settings: Settings) -> Iterator[Finding]:
    """Where the pages go, and whether they may."""
    if not settings.confluence_space:
        cure = "Set PLAINSIGHT_CONFLUENCE_SPACE to the key in its address: …/spaces/OKR/… has the key OKR."
        yield wrong("Confluence space", "No space is set, so no page can be written.", cure)
        return
    space = tried(lambda: wiki.space(settings.confluence_space))
    if isinstance(space, AppError):
        yield failed("Confluence space", space)
        return
    yield fine("Confluence space", f"The account sees {space.key} ({space.name}).")
    yield _parent(wiki, space, settings.confluence_parent)
    yield _rights(wiki, space)
    if "api.atlassian.com/" in settings.confluence_url:
        cure = f"Its scopes cannot be asked for; writing needs these: {SCOPES}. For {MORE_SCOPES}."
        yield look("Confluence scopes", "The token is one with scopes.", cure)


def _parent(wiki: Wiki, space: WikiSpace, page_id: str) -> Finding:
    point = "Confluence parent page"
    cure = "PLAINSIGHT_CONFLUENCE_PARENT is the number in the page's address: …/pages/123456/… or …?pageId=123456."
    if not page_id and space.homepage_id is None:
        return look(point, "The space has no home page: our pages go to its top.", f"Or name a page. {cure}")
    if not page_id:
        return fine(point, "The pages go below the space's home page.")
    page = tried(lambda: wiki.page(page_id))
    if isinstance(page, AppError):
        return failed(point, page, f"{cure} If it is that, the account may not see the page.")
    if page.space_id != space.id:
        return wrong(point, f"“{page.title}” is in another space than {space.key}.", cure)
    if page.status != "current":
        return wrong(point, f"“{page.title}” is {page.status}: nothing can be put below it.", f"Restore it. {cure}")
    return fine(point, f"The pages go below “{page.title}”.")


def _rights(wiki: Wiki, space: WikiSpace) -> Finding:
    """Who may add pages may edit and label them, save where a page is restricted."""
    point = "Confluence rights"
    operations = tried(lambda: wiki.space_operations(space.id))
    if isinstance(operations, AppError):
        return failed(point, operations)
    if CREATE in operations:
        return fine(point, f"The account may create pages in {space.key}, and so edit and label them.")
    if operations:
        cure = (
            "In the space's settings, under Space permissions, let the account add pages; an archived space takes none."
        )
        return wrong(point, f"The account may read {space.key} but not create pages in it.", cure)
    return look(point, "Confluence does not tell what the account may do there.", "`plainsight publish` will show it.")
