"""What hangs below content: pages below a page, comments below a page or a comment."""

from connectors.sandbox.confluence.cloud.call import Call, Route
from connectors.sandbox.confluence.core import comments, pages
from connectors.sandbox.confluence.core.refusal import Refused
from connectors.sandbox.confluence.core.spaces import may_view
from connectors.sandbox.confluence.datacenter.forms import API, comment_form, expanded, listing, page_form
from connectors.sandbox.store import Document


def child_pages(call: Call) -> Document:
    page, wanted = call.visible(call.path("id")), expanded(call)
    found = pages.children_of(call.site, page["id"], frozenset({"current"}))

    def form(below: Document) -> Document | None:
        return page_form(call, below, wanted) if may_view(call.site, below, call.user) else None

    return listing(call, found, form)


def child_comments(call: Call) -> Document:
    """Of a page its own, or with `depth=all` their answers as well; of a comment its answers."""
    wanted, locations = expanded(call), set(call.several("location"))
    found = [comment_form(call, one, wanted) for one in _comments(call)]
    fitting = [one for one in found if not locations or one["extensions"]["location"] in locations]
    return listing(call, fitting, dict)


def _comments(call: Call) -> list[Document]:
    try:
        page = call.visible(call.path("id"))
    except Refused:
        comment = comments.comment_of(call.site, call.path("id"))
        call.visible(comment["pageId"])
        return comments.answers_of(call.site, comment)
    footer = comments.comments_of(call.site, page["id"], "footer")
    roots = [one for one in footer if call.query("depth") == "all" or not one["parentCommentId"]]
    return roots + comments.comments_of(call.site, page["id"], "inline")


ROUTES = (
    Route("GET", f"{API}/content/{{id}}/child/page", child_pages),
    Route("GET", f"{API}/content/{{id}}/child/comment", child_comments),
)
