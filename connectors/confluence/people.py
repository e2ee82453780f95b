"""People and groups in Confluence's JSON of API v1, the same on Cloud and Data Center."""

from app.ports import Audience
from connectors.http.shapes import a_dict, dicts


def person(sent: object) -> str:
    """The id of an account (Cloud) or its key (Data Center); accounts that were deleted may have none."""
    told = a_dict(sent)
    return str(told.get("accountId") or told.get("userKey") or told.get("username") or "")


def audience(sent: object) -> Audience:
    """Whom one operation is restricted to."""
    told = a_dict(a_dict(sent).get("restrictions"))
    people = (person(one) for one in dicts(a_dict(told.get("user")).get("results")))
    groups = (str(one.get("name") or "") for one in dicts(a_dict(told.get("group")).get("results")))
    return Audience(tuple(filter(None, people)), tuple(filter(None, groups)))
