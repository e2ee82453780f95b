"""Links between issues, and from issues to elsewhere on the web."""

from connectors.sandbox.jira import events
from connectors.sandbox.jira.catalogue import LinkType
from connectors.sandbox.jira.errors import bad_request
from connectors.sandbox.jira.tracker import Tracker
from connectors.sandbox.store import Document


def link(tracker: Tracker, kind: LinkType, source: Document, destination: Document) -> Document:
    """`source` <outward name> `destination`. One that is there already is answered again, and nobody is told."""
    if source["id"] == destination["id"]:
        raise bad_request("You cannot link an issue to itself.")
    ends = {"type": kind.id, "source": source["id"], "destination": destination["id"]}
    for end in tracker.entry(source).links:
        known = tracker.links.get(end.link)
        if known and ends.items() <= known.items():
            return known
    made = {"id": str(tracker.site.store.next_id("jira_link")), **ends}
    tracker.put_link(made)
    events.link_event(tracker, "issuelink_created", made)
    return made


def unlink(tracker: Tracker, found: Document) -> None:
    tracker.remove_link(found)
    events.link_event(tracker, "issuelink_deleted", found)


def put_remote(tracker: Tracker, issue: Document, body: Document) -> tuple[Document, bool]:
    """Create, or replace the one of the same globalId; members not sent become null. Tells whether it is new."""
    told = body.get("object") or {}
    missing = [name for name in ("url", "title") if not told.get(name)]
    if missing:
        raise bad_request(fields={name: f"'{name}' is required." for name in missing})
    global_id = body.get("globalId")
    if global_id is not None and len(global_id) > 255:
        raise bad_request(fields={"globalId": "The globalId may have 255 characters at most."})
    known = next((one for one in tracker.remotes(issue["id"]) if global_id and one["globalId"] == global_id), None)
    link_id = known["id"] if known else str(tracker.site.store.next_id("jira_remote_link"))
    made = remote(link_id, issue["id"], body)
    tracker.put_remote(made)
    return made, known is None


def remote(link_id: str, issue_id: str, body: Document) -> Document:
    """The document of a remote link; what the body leaves out is None."""
    return {
        "id": link_id,
        "issue": issue_id,
        "globalId": body.get("globalId"),
        "application": body.get("application"),
        "relationship": body.get("relationship"),
        "object": body["object"],
    }
