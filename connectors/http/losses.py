"""Requests that got no whole answer: what happened, and whether they can have reached the site."""

import ssl
from collections.abc import Iterator

import requests
from urllib3.exceptions import LocationParseError, NameResolutionError, NewConnectionError

from app.errors import Invalid, Transient
from connectors.http.answers import Call, Setback

NONSENSE = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidHeader,
    LocationParseError,
)


def lost(call: Call, error: Exception) -> Setback:
    """The setback for a failed exchange. Raises Invalid where the address itself makes no sense."""
    if isinstance(error, NONSENSE):
        raise Invalid(call.says("cannot be sent"), "The site's address is not a usable web address.") from error
    chain = tuple(_chain(error))
    unsent = isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError) or any(
        isinstance(cause, NewConnectionError | ssl.SSLCertVerificationError) for cause in chain
    )
    sent = not call.reads and not unsent
    mend = "It may have been carried out all the same: look before repeating it." if sent else ""
    return Setback(Transient(call.says(_words(error, chain)), mend, sent=sent), unsent=unsent)


def _words(error: Exception, chain: tuple[BaseException, ...]) -> str:
    """Our own words: the libraries' would carry addresses with their queries into logs."""
    if any("WRONG_VERSION_NUMBER" in str(cause) for cause in chain):
        return "failed: what answers there does not speak https (http, or another port?)"
    if any(isinstance(cause, ssl.SSLError) for cause in chain) or isinstance(error, requests.exceptions.SSLError):
        return "failed: the site's certificate is not trusted (private authority? set REQUESTS_CA_BUNDLE)"
    if isinstance(error, requests.exceptions.ProxyError):
        return "failed: the proxy refused or cannot be reached (HTTPS_PROXY, NO_PROXY)"
    if any(isinstance(cause, NameResolutionError) for cause in chain):
        return "failed: the host's name cannot be resolved (check the address and DNS)"
    if isinstance(error, requests.ConnectTimeout):
        return "failed: no connection within the time allowed (firewall, proxy?)"
    if any(isinstance(cause, NewConnectionError) for cause in chain):
        return "failed: the connection was refused, or there is no way to the host (check address and network)"
    if isinstance(error, requests.Timeout):
        return "failed: no answer within the time allowed"
    return "failed: the connection broke off before the whole answer came"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it wraps: requests and urllib3 keep causes in `args`, `reason` and `__cause__`."""
    for _ in range(8):
        if error is None:
            return
        yield error
        inner = getattr(error, "reason", None) or next((arg for arg in error.args if isinstance(arg, Exception)), None)
        error = inner if isinstance(inner, BaseException) else error.__cause__
