"""What a Jira site says of itself and of what our account may see, read for those who set Plainsight up."""

from collections.abc import Iterator, Sequence

from app.domain.batches import batched
from app.errors import Rejected
from app.ports import JiraSite, Project, Projects
from connectors.http import Remote
from connectors.http.shapes import a_dict, a_list, dicts

SERVER_INFO = "rest/api/2/serverInfo"
"""In v2, so that Data Center, which has no v3, answers too."""
SEARCH = "rest/api/3/project/search"
PAGE = 50


def read_site(remote: Remote) -> JiraSite:
    """Rejected: what answers is no Jira. Source: GET /serverInfo, which asks for no login."""
    sent = a_dict(remote.get(SERVER_INFO))
    if not sent.get("version"):
        raise Rejected(f"Jira {remote.site}: /{SERVER_INFO} answered, but not as Jira does.")
    return JiraSite(
        title=str(sent.get("serverTitle") or "Jira"),
        deployment=str(sent.get("deploymentType") or "Server"),  # Jira Server did not say so before 7.2
        version=str(sent["version"]),
    )


def read_projects(remote: Remote, keys: Sequence[str] = ()) -> Projects:
    """Source: GET /project/search, with the right to browse, 50 keys at a time."""
    if not keys:
        return _page(remote, {})
    pages = [_page(remote, {"keys": list(some)}) for some in batched(sorted(set(keys)), PAGE)]
    return Projects(tuple(project for page in pages for project in page.some), sum(page.total for page in pages))


def _page(remote: Remote, which: dict[str, object]) -> Projects:
    sent = a_dict(remote.get(SEARCH, {"action": "browse", "maxResults": PAGE, **which}))
    some = tuple(_projects(a_list(sent.get("values"))))
    total = sent.get("total")
    return Projects(some, total if isinstance(total, int) else len(some))


def _projects(sent: list[object]) -> Iterator[Project]:
    for one in dicts(sent):
        if one.get("key"):
            yield Project(str(one["key"]), str(one.get("name") or one["key"]))
