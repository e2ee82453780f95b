"""What no schema can say and schemathesis must know: who is in `okrs.yaml`, and how Jira signs."""

from typing import Any

import requests
import schemathesis

from tests.web.service import signature


class Signed(requests.auth.AuthBase):
    """As Jira does it, whatever the body is."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        request.headers["x-hub-signature"] = signature(body.encode() if isinstance(body, str) else body)
        return request


@schemathesis.hook
def before_call(_context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    if case.path == "/webhooks/jira":
        kwargs["auth"] = Signed()
    if case.meta.generation.mode.is_positive and isinstance(case.body, dict) and "by" in case.body:
        case.body["by"] = "ada"
