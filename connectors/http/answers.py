"""What came back, judged: a value, a setback that may pass, or a typed error in words an admin can act on."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from requests import Response

from app.errors import AppError, AuthFailed, Conflict, Forbidden, Gone, NotFound, Rejected, RemoteError, Transient
from connectors.http import waits
from connectors.http.reasons import plain, reason_of

LOGIN_FAILURES = frozenset({"AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED", "AUTHORISATION_FAILED"})
"""Values of `x-seraph-loginreason`; the first comes with 200 and no issues when a token has expired."""

REFUSALS: dict[int, tuple[type[RemoteError], str]] = {
    403: (Forbidden, "Give its account the permission (or its token the scope) for this."),
    404: (NotFound, "It is not there, the account may not see it, or the site's address is wrong."),
    409: (Conflict, "Somebody else wrote first; it is read and decided anew."),
    410: (Gone, "Atlassian removed this call: update Plainsight."),
    413: (Rejected, "It is too large."),
}

AGAIN = frozenset({408, 425})
Form = dict[str, tuple[str | None, bytes, str]]
"""The parts of a multipart body by their names: file name (None: a plain field), content, media type."""
_LOGIN_PAGE = re.compile(
    r"type=[\"']?password|<title>[^<]*(log[ -]?in|sign[ -]?in|로그인)|samlrequest|\bsso\b", re.IGNORECASE
)
_LOGIN_PATH = re.compile(r"log-?in|sign-?in|saml|sso|oauth|authorize", re.IGNORECASE)


@dataclass(frozen=True)
class Call:
    """One request. `reads` tells that doing it twice changes nothing; `product` names the site in messages. `form`:
    the parts of a multipart body, instead of a JSON one."""

    product: str
    site: str
    method: str
    path: str
    reads: bool
    body: Any = None
    params: dict[str, object] | None = None
    form: Form | None = None

    def says(self, what: str) -> str:
        """A sentence: which site, which call, what came."""
        return f"{self.product} {self.site}: {self.method} /{self.path} {what}."

    @property
    def token_advice(self) -> str:
        name = self.product.upper()
        return (
            f"Check PLAINSIGHT_{name}_EMAIL and PLAINSIGHT_{name}_TOKEN: the token may be wrong, expired or revoked. A "
            f"token with scopes needs the address https://api.atlassian.com/ex/{name.lower()}/<cloud id>."
        )


@dataclass(frozen=True)
class Value:
    """The JSON of a successful answer; None where there was none to give."""

    json: Any


@dataclass(frozen=True)
class Setback:
    """A failure that may pass. `wait`: seconds the site told; `limited`: 429; `unsent`: it never reached the site."""

    error: Transient
    wait: float | None = None
    limited: bool = False
    unsent: bool = False
    reason: str = ""


def judge(call: Call, response: Response, now: datetime) -> Value | Setback:
    """Raises AuthFailed, Forbidden, NotFound, Conflict, Gone or Rejected for what trying again cannot help."""
    _check_login(call, response)
    status = response.status_code
    if status == 429:
        reason = plain(response.headers.get("RateLimit-Reason", "")) or "429 Too Many Requests"
        error = Transient(call.says(f"was refused by a rate limit ({reason})"))
        return Setback(error, waits.told(response.headers, now), limited=True, reason=reason)
    if status >= 500 or status in AGAIN:
        return _setback(call, f"answered {_status(response)}", waits.told(response.headers, now))
    if 300 <= status < 400:
        raise _moved(call, response)
    if status >= 400:
        raise _refused(call, response)
    return _value(call, response)


def _check_login(call: Call, response: Response) -> None:
    told = {part.strip() for part in response.headers.get("x-seraph-loginreason", "").split(",")}
    failed = sorted(told & LOGIN_FAILURES)
    if failed:
        raise AuthFailed(call.says(f"answered {response.status_code}, login refused ({failed[0]})"), call.token_advice)
    if response.status_code == 401:
        raise AuthFailed(call.says(f"answered {_status(response)}"), call.token_advice)


def _setback(call: Call, what: str, wait: float | None = None) -> Setback:
    doubt = "" if call.reads else "It may have been carried out all the same: look before repeating it."
    return Setback(Transient(call.says(what), doubt or "Trying again later can help.", sent=not call.reads), wait)


def _refused(call: Call, response: Response) -> AppError:
    kind, mend = REFUSALS.get(response.status_code, (Rejected, ""))
    return kind(call.says(f"answered {_status(response)}"), mend)


def _status(response: Response) -> str:
    """`400 Bad Request: Atlassian's own reason`."""
    reason = "a web page instead of data" if _is_page(response) else reason_of(response)
    title = f"{response.status_code} {plain(response.reason or '')}".strip()
    return f"{title}: {reason.rstrip('. ')}" if reason else title


def _moved(call: Call, response: Response) -> AppError:
    """A redirect is never followed: it could carry the token to another host, and turns a POST into a GET."""
    target = urlsplit(urljoin(response.url, response.headers.get("Location", "")))
    address = f"{target.scheme}://{target.netloc.rpartition('@')[2]}{plain(target.path)}"
    said, variable = call.says(f"was redirected ({response.status_code}) to {address}"), f"{call.product.upper()}_URL"
    if address.endswith(f"/{call.path}"):  # the same call elsewhere: the site has moved, or wants https
        return Rejected(said, f"Write {address.removesuffix(f'/{call.path}')} into PLAINSIGHT_{variable}.")
    if target.hostname != urlsplit(response.url).hostname or _LOGIN_PATH.search(target.path):
        mend = "This looks like a login page (SSO proxy?) or a moved site: let the API through without it, or mend the"
        return AuthFailed(said, f"{mend} address PLAINSIGHT_{variable}.")
    return Rejected(said, f"Write the site's present address into PLAINSIGHT_{variable}.")


def _value(call: Call, response: Response) -> Value | Setback:
    if response.status_code == 204:
        return Value(None)
    if _is_page(response):
        return _page(call, response)
    try:
        return Value(json.loads(response.content))
    except ValueError:
        return _setback(call, f"answered {response.status_code} with an incomplete or unreadable body")


def _is_page(response: Response) -> bool:
    kind = response.headers.get("Content-Type", "")
    return kind.startswith("text/html") or response.content.lstrip()[:1] == b"<"


def _page(call: Call, response: Response) -> Setback:
    what = f"answered {response.status_code} with a web page instead of data"
    if _LOGIN_PAGE.search(response.content[:100_000].decode(errors="replace")):
        mend = "It looks like a login page: an SSO proxy stands before the API, or the address is wrong."
        raise AuthFailed(call.says(what), f"{mend} {call.token_advice}")
    return _setback(call, f"{what} (maintenance, or an address that is not the site's: check it)")
