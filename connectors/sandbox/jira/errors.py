"""The refusals of the Jira half, in Jira's words."""

from connectors.sandbox.access import Refusal

NO_ISSUE = "Issue does not exist or you do not have permission to see it."


def bad_request(*messages: str, fields: dict[str, str] | None = None) -> Refusal:
    """400 with errorMessages, or errors by field."""
    return Refusal(400, {"errorMessages": list(messages), "errors": fields or {}})


def not_found(message: str = NO_ISSUE) -> Refusal:
    """404, for what is not there and for what the caller may not see."""
    return Refusal(404, {"errorMessages": [message], "errors": {}})
